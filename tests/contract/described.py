"""Every status that a server gives in a test is one that its OpenAPI document tells of, for that resource."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import Any

from storage.http.server.openapi.document import document

_NOWHERE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS})
_OTHER_METHOD = frozenset({HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.TOO_MANY_REQUESTS})


@cache
def _resources() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    # An address with an id may look like one with a word in its place: the word goes first.
    paths = sorted(document()["paths"].items(), key=lambda each: each[0].count("{"))
    return tuple((re.compile(re.sub(r"\{[a-z_]+\}", "[^/]+", path)), methods) for path, methods in paths)


def statuses_of(method: str, path: str) -> frozenset[int]:
    """Give the statuses that a request may be answered with; ``HEAD`` is answered as ``GET`` is."""
    for pattern, methods in _resources():
        if pattern.fullmatch(path):
            operation = methods.get("get" if method == "HEAD" else method.lower())
            if operation is None:
                return _OTHER_METHOD
            return frozenset(int(status) for status in operation["responses"])
    return _NOWHERE


class Described:
    """An ASGI application around a server's, in which a status that is not described fails the test."""

    def __init__(self, app: Any) -> None:
        self._app = app
        _resources()  # made now, and not while somebody waits for the first answer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let a request through."""

        async def looked_at(message: Any) -> None:
            if message["type"] == "http.response.start":
                method, path, status = scope["method"], scope["path"], message["status"]
                known = statuses_of(method, path)
                assert status in known, f"{method} {path}: {status} is not described, but {sorted(known)}"
            await send(message)

        await self._app(scope, receive, looked_at)
