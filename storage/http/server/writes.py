"""The one write there is, a changeset, and beside it the notes that are no part of the history.

Notes are a resource of their own because they are nothing like changesets: nobody's permissions change by
them, they stand in no chain, and who has looked at what may be forgotten one day (``core.journal``).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from core.changes import Changeset
from core.journal import AnyEntry
from core.ports import Refused
from core.refusal import Refusal, WrongValueError
from core.wire import decode
from storage.http.problems import refused
from storage.http.routes import CHANGESETS, NOTES, PREFIX, parameters, wrong
from storage.http.server.answers import JSON, must_take, plain, posted
from storage.http.server.caller import acting
from storage.http.server.reads import no_parameters
from storage.http.server.served import served_by

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
DRY_RUN: Final = "dry_run"


async def write(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Write a changeset, or with ``dry_run`` tell what it would do."""
    must_take(request, JSON)
    service = acting(request)
    is_dry = _is_dry(request)
    # decode makes the type of what it is told to read.
    changeset = decode(await posted(request), Changeset)
    for key in request.headers.getall(IDEMPOTENCY_KEY, []):
        if key.strip('"') != changeset.id:
            raise WrongValueError(Refusal("idempotency_key", "id", {"header": IDEMPOTENCY_KEY}))
    async with served_by(request).turnstile.turn():
        if is_dry:
            return plain(await service.rehearse(changeset), HTTPStatus.OK)
        answer = await service.commit(changeset)
    if isinstance(answer, Refused):
        raise refused(answer.refusals)
    at = f"{PREFIX}/organisations/{quote(answer.organisation_id)}/writes?changeset_id="
    return plain(
        answer,
        HTTPStatus.OK if answer.repeated else HTTPStatus.CREATED,
        {"Location": f"{at}{quote(answer.changeset_id)}"},
    )


def _is_dry(request: Request[Any, Any, Any]) -> bool:
    given = parameters(request.scope["query_string"])
    for name, text in given:
        if name != DRY_RUN:
            raise wrong("parameter_unknown", name[:50])
        if text not in ("true", "false"):
            raise wrong("parameter_form", name)
    if len(given) > 1:
        raise wrong("parameter_twice", DRY_RUN)
    return given == [(DRY_RUN, "true")]


async def note(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Keep a note beside the history."""
    must_take(request, JSON)
    service = acting(request)
    no_parameters(request)
    entry: AnyEntry = decode(await posted(request), AnyEntry)  # type: ignore[arg-type]  # a union is no type
    async with served_by(request).turnstile.turn():
        answer = await service.note(entry)
    if answer is not None:
        raise refused(answer.refusals)
    return Response(b"", status_code=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


def handlers(most_keyed: int, most_body: int) -> tuple[HTTPRouteHandler, ...]:
    """Give what takes writes, each with the most bytes that it reads."""
    return (
        post(CHANGESETS, name="changesets", status_code=200, request_max_body_size=most_keyed)(write),
        post(NOTES, name="notes", status_code=200, request_max_body_size=most_body)(note),
    )
