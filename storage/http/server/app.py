"""The server as an ASGI application, put together of its parts."""

from __future__ import annotations

import re
from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from litestar import Litestar, Request, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from core.ports import StorageError
from core.refusal import Refusal, WrongValueError
from storage.http.problems import Kind, ProblemError, problem_of
from storage.http.routes import ALIVE, CHANGES, READY, SIGN_IN
from storage.http.server import changes, reads, writes
from storage.http.server.answers import JSON
from storage.http.server.caller import OPEN, let_in
from storage.http.server.gate import Gate, failure
from storage.http.server.log import where
from storage.http.server.openapi import describe
from storage.http.server.served import Served, passage_of, served_by, told

if TYPE_CHECKING:
    from litestar.types import ExceptionHandlersMap

NOBODY = "SE5565594230-1337"
"""An HSA-id to ask the storage about, to see that it answers; whether anybody has it does not matter."""


def make_app(served: Served) -> Gate:
    """Put the server together; what it gives is an ASGI application."""
    limits = served.limits
    found: list[HTTPRouteHandler] = [
        *reads.handlers(limits.most_keyed),
        *writes.handlers(limits.most_keyed, limits.most_body),
        changes.handler(served),
        sign_in,
        alive,
        ready,
        *describe.handlers(),
    ]
    app = Litestar(
        found,
        guards=[let_in],
        exception_handlers=_ON_ERRORS,
        openapi_config=None,
        logging_config=None,
        state=State({"served": served}),
        request_max_body_size=limits.most_body,
    )
    return Gate(app, served, _paths(app))


def _paths(app: Litestar) -> dict[re.Pattern[str], frozenset[str]]:
    """Give every address that there is, with the methods that it takes."""
    found: dict[str, set[str]] = defaultdict(set)
    for route in app.routes:
        for handler in route.route_handler_map if hasattr(route, "route_handler_map") else ():
            if handler != "OPTIONS":  # nothing is shared with pages of other origins
                found[route.path_format].add(str(handler))
    for path, methods in found.items():
        if "GET" in methods and path != CHANGES:
            methods.add("HEAD")
    return {
        re.compile(re.sub(r"\{[a-z_]+\}", "[^/]+", path)): frozenset(methods)
        for path, methods in found.items()
    }


# What is open ------------------------------------------------------------------------------------


@get(ALIVE, name="alive", opt={OPEN: True})
async def alive() -> Response[bytes]:
    """Say that the process runs."""
    return Response(b'{"status":"alive"}', media_type=JSON)


@get(READY, name="ready", opt={OPEN: True})
async def ready(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say whether requests are answered: the storage does, and nobody has told the server to end."""
    served = served_by(request)
    if not served.stopping.is_set():
        try:
            await served.storage.identify(NOBODY)
        except StorageError as error:
            served.log.warning("storage", code=error.refusal.code)
        else:
            return Response(b'{"status":"ready"}', media_type=JSON)
    return Response(b'{"status":"not ready"}', status_code=HTTPStatus.SERVICE_UNAVAILABLE, media_type=JSON)


@get(SIGN_IN, name="sign-in", opt={OPEN: True})
async def sign_in(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell how one can sign in. It holds no secret."""
    return Response(served_by(request).sign_in, media_type=JSON)


# What goes wrong ---------------------------------------------------------------------------------


def _tell(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer with what went wrong, as a problem."""
    served, passage = served_by(request), passage_of(request)
    if isinstance(error, ProblemError):
        found = error
    elif isinstance(error, WrongValueError | StorageError):
        found = problem_of(error)
        if isinstance(error, StorageError):
            served.log.warning("storage", request=passage.request_id, code=error.refusal.code)
    elif isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        found = _of_framework(error)
    elif passage.client_left:
        # It sent less than it said; nobody reads this, and nothing of ours failed.
        found = ProblemError(Kind.REQUEST, HTTPStatus.BAD_REQUEST, Refusal("request_form"))
    else:
        served.metrics.faults.inc()
        served.log.error("fault", request=passage.request_id, **where(error))
        found = failure()
    status, headers, body = told(served, passage, found)
    return Response(body, status_code=status, headers=headers, media_type=headers.pop("Content-Type"))


def _of_framework(error: HTTPException) -> ProblemError:
    """Give the problem of what the framework refuses before we see it."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return ProblemError(Kind.REQUEST, HTTPStatus.NOT_FOUND, Refusal("no_such_address"))
    return ProblemError(Kind.REQUEST, HTTPStatus.BAD_REQUEST, Refusal("request_form"))


_ON_ERRORS: ExceptionHandlersMap = {
    ProblemError: _tell,
    WrongValueError: _tell,
    StorageError: _tell,
    HTTPException: _tell,
    HTTPStatus.INTERNAL_SERVER_ERROR.value: _tell,
}
