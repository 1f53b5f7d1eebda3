"""What others write: as a page from a place on, or as it is written (server-sent events).

Who follows is looked at again at intervals and before anything is told: a token that was revoked, an account
that was deregistered or has another role now ends the stream.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response, Stream

from core.days import day_of
from core.ports import StorageError
from core.queries import News, NewsSince
from core.refusal import WrongValueError
from core.service import Service
from core.wire import encode
from storage.http.callers import NotSignedInError
from storage.http.problems import ProblemError
from storage.http.routes import CHANGES, ROUTES, question_of, wrong
from storage.http.server.answers import JSON, fresh, must_take
from storage.http.server.caller import acting, look_again
from storage.http.server.fan import Fan
from storage.http.server.limits import busy
from storage.http.server.served import Passage, Served, passage_of, served_by

EVENTS: Final = "text/event-stream"
LAST: Final = "Last-Event-ID"
STILL: Final = b": still here\n\n"
RETRY: Final = b"retry: 2000\n\n"

_ROUTE: Final = next(route for route in ROUTES if route.kind is NewsSince)


class Streams:
    """How many follow, in all and of each caller."""

    def __init__(self, served: Served) -> None:
        """Count those of a server."""
        self._served = served
        self._of: Counter[str] = Counter()

    @asynccontextmanager
    async def one(self, caller: str) -> AsyncGenerator[None]:
        """Be one of them while the block runs; :class:`ProblemError` where there are enough."""
        limits, metrics = self._served.limits, self._served.metrics
        if self._of[caller] >= limits.streams_each:
            metrics.limited.labels("streams_each").inc()
            raise busy(HTTPStatus.TOO_MANY_REQUESTS, "too_many_streams", limits.heartbeat)
        if self._of.total() >= limits.streams:
            metrics.limited.labels("streams").inc()
            raise busy(HTTPStatus.SERVICE_UNAVAILABLE, "server_busy", limits.heartbeat)
        self._of[caller] += 1
        metrics.streams.inc()
        try:
            yield
        finally:
            metrics.streams.dec()
            self._of[caller] -= 1
            if not self._of[caller]:
                del self._of[caller]


def handler(served: Served) -> HTTPRouteHandler:
    """Give what answers who follows."""
    fan, streams = Fan(served.storage), Streams(served)

    async def changes(request: Request[Any, Any, Any]) -> Response[Any]:
        service = acting(request)
        query = _question(request, service)
        if EVENTS not in request.headers.get("accept", ""):
            must_take(request, JSON)
            async with served.turnstile.turn():
                return fresh(request, await service.ask(query))
        passage = passage_of(request)
        # What is wrong with the question is told as for any other, before the stream begins.
        told = _told(request, served, service, query, fan, streams, passage)
        return Stream(await _begun(told), media_type=EVENTS, headers={"Cache-Control": "no-store"})

    return get(CHANGES, name="changes")(changes)


def _question(request: Request[Any, Any, Any], service: Service) -> NewsSince:
    now = service.now()
    query = question_of(_ROUTE, {}, request.scope["query_string"], (day_of(now), now))
    if not isinstance(query, NewsSince):
        raise TypeError(type(query).__name__)
    if not query.organisation_ids:
        raise wrong("parameter_missing", "organisation_ids")
    last = request.headers.getall(LAST.lower(), [])
    # A browser that lost the line says by this header where it was.
    return msgspec.structs.replace(query, cursor=last[-1]) if last else query


async def _begun(told: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    first = await anext(told)

    async def whole() -> AsyncGenerator[bytes]:
        try:
            yield first
            async for each in told:
                yield each
        finally:
            await told.aclose()

    return whole()


async def _told(
    request: Request[Any, Any, Any],
    served: Served,
    service: Service,
    query: NewsSince,
    fan: Fan,
    streams: Streams,
    passage: Passage,
) -> AsyncGenerator[bytes]:
    """Give the lines of a stream."""
    async with streams.one(passage.caller), fan.woken(query.organisation_ids) as woken:
        is_first, checked = True, served.seconds()
        while True:
            woken.event.clear()
            news = await service.ask(query)
            query = msgspec.structs.replace(query, cursor=news.cursor)
            if is_first or news.touched:
                yield (RETRY if is_first else b"") + _event(news)
                is_first = False
            if news.more:
                continue
            while not woken.event.is_set():
                if served.stopping.is_set():
                    yield _end("server_stopping")
                    return
                if not await _waits(woken.event, served):
                    yield STILL
                if served.seconds() - checked >= served.limits.recheck:
                    break
            code = await _why_not(request, service)
            checked = served.seconds()
            if code is not None:
                yield _end(code)
                return


async def _waits(event: asyncio.Event, served: Served) -> bool:
    """Wait until something was written or the server ends; ``False`` when it is time for a sign of life."""
    waiting = [asyncio.ensure_future(each.wait()) for each in (event, served.stopping)]
    try:
        done, _ = await asyncio.wait(
            waiting, timeout=served.limits.heartbeat, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for each in waiting:
            each.cancel()
    return bool(done)


async def _why_not(request: Request[Any, Any, Any], service: Service) -> str | None:
    """Tell why somebody may not follow any more, or ``None``."""
    try:
        await look_again(request)
        if acting(request).actor != service.actor:
            return "actor_gone"
    except NotSignedInError as error:
        return error.refusal.code
    except ProblemError as error:
        return error.refusals[0].code
    except (StorageError, WrongValueError) as error:
        return error.refusal.code
    return None


def _event(news: News) -> bytes:
    return b"id: " + news.cursor.encode("ascii") + b"\nevent: news\ndata: " + encode(news) + b"\n\n"


def _end(code: str) -> bytes:
    return b"event: end\ndata: " + encode({"code": code}) + b"\n\n"
