"""The gate in front of everything: each request has an id, a time limit, a line in the log and its figures.

It is plain ASGI around the framework, so that nothing comes past it: a request that no route takes, one
whose headers are wrong, one that fails.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from litestar.enums import ScopeType

from core.refusal import Refusal
from storage.http.problems import Kind, ProblemError
from storage.http.routes import CHANGES
from storage.http.server.limits import busy, source_of
from storage.http.server.log import where
from storage.http.server.served import CSP, PASSAGE, Passage, Served, language_of, told

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

METHODS: Final = ("GET", "HEAD", "POST")
REQUEST_ID: Final = "X-Request-Id"
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_OF_EACH_ANSWER: Final = {
    b"x-content-type-options": b"nosniff",
    b"content-security-policy": CSP.encode(),
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
}


class Gate:
    """An ASGI application around the server's own."""

    def __init__(self, app: ASGIApp, served: Served, paths: Mapping[re.Pattern[str], frozenset[str]]) -> None:
        """Stand before ``app``; ``paths`` are all of its addresses with the methods that each takes."""
        self.served = served
        self._app = app
        # One look for all of them: there are some thirty, and each request is looked at.
        self._paths = re.compile("|".join(f"({pattern.pattern})" for pattern in paths))
        self._methods = tuple(paths.values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with what is wrong with it."""
        if scope["type"] == ScopeType.HTTP:
            await self._request(dict(scope), receive, send)
        else:
            # What a process begins and ends with; there are no web sockets, and the framework says so.
            await self._app(scope, receive, send)

    async def _request(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        served = self.served
        passage = self._passage(scope)
        scope[PASSAGE] = passage
        method = scope["method"]
        answer = _Answer(scope, receive, send, passage)
        served.metrics.open.inc()
        try:
            try:
                self._check(scope, passage)
                if method == "HEAD":
                    scope["method"] = "GET"
                async with asyncio.timeout(None if scope["path"] == CHANGES else served.limits.seconds):
                    await self._app(scope, answer.receive, answer.send)  # type: ignore[arg-type]  # it is one
            except TimeoutError:
                if not answer.has_begun:
                    # What was on its way to the storage may still be written: the id of a changeset tells.
                    raise busy(HTTPStatus.SERVICE_UNAVAILABLE, "server_slow", 1) from None
                answer.status = answer.status or 499
        except ProblemError as error:
            await self._tell(error, passage, answer)
        except Exception as error:  # noqa: BLE001 - the last place at which anything is caught: it is logged
            if not passage.client_left:
                self.failed(error, passage)
            if not answer.has_begun:
                await self._tell(failure(), passage, answer)
        finally:
            served.metrics.open.dec()
            self._note(method, scope, passage, answer)

    def _passage(self, scope: Mapping[str, Any]) -> Passage:
        client = scope.get("client")
        peer = client[0] if client else None
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            if name in (b"x-forwarded-for", b"x-request-id", b"accept-language"):
                headers.setdefault(name, []).append(value)
        source = source_of(peer, headers.get(b"x-forwarded-for", ()), self.served.trusted)
        given = headers.get(b"x-request-id", [b""])[0].decode("latin-1")
        # Only a proxy of ours has a say in what the log calls a request.
        is_ours = source != peer and _REQUEST_ID.fullmatch(given)
        return Passage(
            request_id=given if is_ours else secrets.token_hex(12),
            source=source,
            peer=peer,
            language=language_of(headers.get(b"accept-language", ())),
            started=self.served.seconds(),
        )

    def _check(self, scope: Mapping[str, Any], passage: Passage) -> None:
        """Refuse what no route has to look at."""
        served = self.served
        wait = served.sources.wait(passage.source)
        if wait > 0:
            served.metrics.limited.labels("source").inc()
            raise busy(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", wait)
        if {b"transfer-encoding", b"content-length"} <= {name for name, _ in scope["headers"]}:
            # Somebody between may have gone by the other one: what follows may not be this caller's
            # (RFC 9112, 6.1).
            raise ProblemError(
                Kind.REQUEST,
                HTTPStatus.BAD_REQUEST,
                Refusal("request_form"),
                headers={"Connection": "close"},
            )
        path, method = scope["path"], scope["method"]
        found = self._paths.fullmatch(path)
        if found is None or found.lastindex is None:
            raise ProblemError(Kind.REQUEST, HTTPStatus.NOT_FOUND, Refusal("no_such_address"))
        allowed = self._methods[found.lastindex - 1]
        if method not in allowed:
            raise ProblemError(
                Kind.REQUEST,
                HTTPStatus.METHOD_NOT_ALLOWED,
                Refusal("no_such_method"),
                headers={"Allow": ", ".join(sorted(allowed))},
            )

    def failed(self, error: Exception, passage: Passage) -> None:
        """Log a fault of our own."""
        self.served.metrics.faults.inc()
        self.served.log.error("fault", request=passage.request_id, **where(error))

    async def _tell(self, error: ProblemError, passage: Passage, answer: _Answer) -> None:
        status, headers, body = told(self.served, passage, error)
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        raw.append((b"content-length", str(len(body)).encode()))
        await answer.send({"type": "http.response.start", "status": status, "headers": raw})
        await answer.send({"type": "http.response.body", "body": body, "more_body": False})

    def _note(self, method: str, scope: Mapping[str, Any], passage: Passage, answer: _Answer) -> None:
        served = self.served
        seconds = served.seconds() - passage.started
        route = str(scope.get("path_template") or "none")
        method = method if method in METHODS else "other"
        served.metrics.answered(method, route, answer.status, None if route == CHANGES else seconds)
        served.log.info(
            "request",
            request=passage.request_id,
            caller=passage.caller,
            method=method,
            route=route,
            status=answer.status,
            milliseconds=round(seconds * 1000, 1),
            bytes=answer.sent,
            **({"error": passage.error} if passage.error else {}),
        )


def failure() -> ProblemError:
    """Give the problem of a fault of our own, which says nothing of it."""
    return ProblemError(Kind.FAILED, HTTPStatus.INTERNAL_SERVER_ERROR, Refusal("server_failed"))


class _Answer:
    """What goes out, with what stands in every answer, and what of the request was not read."""

    def __init__(self, scope: Mapping[str, Any], receive: Receive, send: Send, passage: Passage) -> None:
        self.status = 0
        self.sent = 0
        self._receive, self._send = receive, send
        self._passage = passage
        self._is_head = scope["method"] == "HEAD"
        self._unread = any(
            name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
            for name, value in scope["headers"]
        )

    @property
    def has_begun(self) -> bool:
        """Whether the client has the status already."""
        return self.status != 0

    async def receive(self) -> Any:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._passage.client_left = True
        elif not message.get("more_body", False):
            self._unread = False
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = dict(_OF_EACH_ANSWER)
            given = [(name.lower(), value) for name, value in message.get("headers", ())]
            for name, _ in given:
                headers.pop(name, None)
            headers[REQUEST_ID.lower().encode()] = self._passage.request_id.encode()
            if self._unread:
                # What is left of a body that nobody wants is not waited for.
                headers[b"connection"] = b"close"
            message["headers"] = [*given, *headers.items()]
        elif message["type"] == "http.response.body":
            if self._is_head:
                message["body"] = b""
            self.sent += len(message.get("body", b""))
        await self._send(message)
