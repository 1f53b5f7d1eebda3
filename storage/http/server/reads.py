"""The resources: one for each kind of question, made of the list that both ends share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from core.days import day_of
from core.ports import Membership
from core.queries import Query
from core.service import Service
from storage.http.problems import nothing_here
from storage.http.routes import (
    CHANGES,
    LONGEST_SEGMENT,
    ME,
    QUESTIONS,
    ROUTES,
    Route,
    may_be_nothing,
    parameters,
    posted_question,
    question_of,
    refuse,
)
from storage.http.server.answers import JSON, fresh, must_take, plain, posted
from storage.http.server.caller import acting
from storage.http.server.served import passage_of, served_by


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who the caller is: the HSA-id that was vouched for, and the accounts that it has.

    ``is_demo`` says that the data is invented, and ``now`` is the server's own moment.
    """

    hsa_id: str
    memberships: tuple[Membership, ...]
    is_demo: bool
    now: str


@get(ME, name="me")
async def me(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the caller which accounts there are to act by."""
    must_take(request, JSON)
    no_parameters(request)
    served, passage = served_by(request), passage_of(request)
    answer = Me(
        hsa_id=passage.hsa_id,
        memberships=passage.memberships,
        is_demo=served.is_demo,
        now=served.clock().isoformat(),
    )
    return plain(answer, HTTPStatus.OK)


def no_parameters(request: Request[Any, Any, Any]) -> None:
    """Refuse parameters where there are none: :class:`core.refusal.WrongValueError`."""
    for name, _ in parameters(request.scope["query_string"]):
        raise refuse("parameter_unknown", name[:50])


async def question(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Answer a question that was posted because it fits in no address."""
    must_take(request, JSON)
    no_parameters(request)
    service = acting(request)
    query = posted_question(await posted(request))
    return plain(await _found(request, service, query, ""), HTTPStatus.OK)


async def _found(request: Request[Any, Any, Any], service: Service, query: Query[Any], subject: str) -> Any:
    async with served_by(request).turnstile.turn():
        found = await service.ask(query)
    if found is None and may_be_nothing(type(query)):
        raise nothing_here(subject)
    return found


def _handler(route: Route) -> HTTPRouteHandler:
    async def answer(request: Request[Any, Any, Any]) -> Response[bytes]:
        must_take(request, JSON)
        service = acting(request)
        now = service.now()
        # Answers tell what was not there, and no more of it than an id can be.
        segments = {name: str(each)[:LONGEST_SEGMENT] for name, each in request.path_params.items()}
        query = question_of(route, segments, request.scope["query_string"], (day_of(now), now))
        subject = segments[route.fields[-1]] if route.fields else ""
        return fresh(request, await _found(request, service, query, subject))

    path = route.path
    for name in route.fields:
        path = path.replace(f"{{{name}}}", f"{{{name}:str}}")
    return get(path, name=f"GET {route.path}")(answer)


def handlers(most_keyed: int) -> tuple[HTTPRouteHandler, ...]:
    """Give what answers questions; ``most_keyed`` are the bytes of one that is posted."""
    whole = post(QUESTIONS, name="questions", status_code=HTTPStatus.OK, request_max_body_size=most_keyed)
    return (me, whole(question), *(_handler(route) for route in ROUTES if route.path != CHANGES))
