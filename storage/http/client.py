"""The client's end: a server as a :class:`core.ports.Storage`.

What is asked of it goes over the line and comes back as the same answer, refusal or error that the
server's own storage gave. The server decides everything: who the caller is, what the time is, what may be
seen and written.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from core.changes import Changeset, Receipt
from core.directory import Actor, Role
from core.identity import hsa_key
from core.journal import AnnouncementHandled, AnnouncementsRead, AnyEntry, PreferencesChosen
from core.ports import Membership, Refused, StorageError
from core.queries import News, NewsSince, Query
from core.refusal import NotAllowedError, Refusal, WrongValueError
from core.rules import Decision
from core.text import shown
from core.wire import decode, encode
from storage.http.address import canonical
from storage.http.problems import MEDIA_TYPE, Kind, Problem, error_of
from storage.http.routes import (
    ACCOUNT_HEADER,
    CHANGESETS,
    ME,
    NOTES,
    ORGANISATION_HEADER,
    ROLE_HEADER,
    Asked,
    answer_type,
    may_be_nothing,
    request_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

R = TypeVar("R")

TRIES: Final = 3
FIRST_PAUSE: Final = 0.2
"""Seconds before the second try; each later one waits three times as long, give or take a half."""
LONGEST_PAUSE: Final = 10.0
"""Seconds that a server may ask for; one that asks for more is not waited for."""
TIMES: Final = httpx.Timeout(connect=5.0, read=35.0, write=35.0, pool=35.0)
"""A server ends a request after half a minute by itself, and tells so."""
STREAM_TIMES: Final = httpx.Timeout(connect=5.0, read=45.0, write=35.0, pool=35.0)
"""A server gives a sign of life every quarter of a minute to who follows."""
LARGEST_ANSWER: Final = 64_000_000
"""Bytes: more than twenty thousand rows, the most that is asked for at once."""
LARGEST_KEPT: Final = 500_000
MOST_KEPT_BYTES: Final = 2_000_000
"""Bytes of answers that are kept, to be shown again when the server says that they still hold."""

EVENTS: Final = "text/event-stream"
_LATER: Final = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_REPEATABLE: Final = (AnnouncementsRead, AnnouncementHandled, PreferencesChosen)
"""Notes that say the same when they are left twice."""


class Credentials(Protocol):
    """What lets a client in."""

    async def header(self) -> str | None:
        """Give the value of ``Authorization`` for the next request, ``None`` where none is needed.

        Raises:
            StorageError: there is nothing that could be brought.
        """
        ...

    async def refused(self) -> bool:
        """Hear that the server did not take the last one; say whether it is worth trying once more."""
        ...


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who the server takes the caller for; a newer one may tell more."""

    hsa_id: str
    memberships: tuple[Membership, ...]
    is_demo: bool
    now: datetime


class _Answer(msgspec.Struct, frozen=True):
    status: int
    headers: Any
    body: bytes


class _Kept(msgspec.Struct, frozen=True):
    tag: str
    answer: Any
    size: int


def refuse(code: str, **params: str | int | bool) -> StorageError:
    """Give the error of a server that can not be reached, or does not answer as one of ours."""
    return StorageError(Refusal(code, "storage", params))


class HttpStorage:
    """A server at an address, for one person. It holds connections until :meth:`close`."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        authority: str = "",
        proxy: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Talk to the server at ``url``; nothing is sent before something is asked.

        ``authority`` is a file of the authorities that the server's certificate is checked by, ``""`` for
        those of the system, and ``proxy`` the address of a proxy. Nothing is taken from the environment or
        ``~/.netrc``, which might add credentials or another way.
        """
        self.url = canonical(url)
        self.is_demo = False
        self._closing = asyncio.Event()
        self._server = urlsplit(self.url).hostname or ""
        self._credentials = credentials
        self._pause, self._chance = pause, chance
        self._kept: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self._kept_bytes = 0
        try:
            context = ssl.create_default_context(cafile=authority or None)
        except (OSError, ssl.SSLError) as error:
            raise refuse("server_authority", path=authority) from error
        self._client = httpx.AsyncClient(
            verify=context,
            proxy=proxy or None,
            transport=transport,
            timeout=TIMES,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=10, max_keepalive_connections=4),
            headers={"user-agent": "behorig", "accept": "application/json", "accept-encoding": "gzip"},
        )

    # The protocol --------------------------------------------------------------------------------

    async def me(self) -> Me:
        """Give who the server takes the caller for, with the accounts there are to act by."""
        answer = await self._sent(Asked(method="GET", target=ME), {}, again=True)
        found = self._read(answer, Me)
        self.is_demo = found.is_demo
        return found

    async def identify(self, hsa_id: str) -> tuple[Membership, ...]:
        """Give the active accounts that an HSA-id has: only the caller's own are told of."""
        me = await self.me()
        return me.memberships if hsa_key(me.hsa_id) == hsa_key(hsa_id) else ()

    async def ask(self, query: Query[R], actor: Actor, now: datetime) -> R:
        """Answer a question as the server does, for whoever the actor is by now; its clock is what counts."""
        asked = request_of(query)
        kind: type[Query[Any]] = type(query)
        headers = _as(actor)
        key = (asked.target, *headers.values())
        kept = self._kept.get(key) if asked.body is None else None
        if kept is not None:
            headers["If-None-Match"] = kept.tag
        answer = await self._sent(asked, headers, again=True)
        if kept is not None and answer.status == HTTPStatus.NOT_MODIFIED:
            self._kept.move_to_end(key)
            found: R = kept.answer
            return found
        problem = self._problem(answer)
        if problem is None:
            found = self._read(answer, answer_type(kind))
            if asked.body is None:
                self._keep(key, answer, found)
            return found
        if problem.kind is Kind.NOT_FOUND and may_be_nothing(kind):
            return None  # type: ignore[return-value]  # that kind of question may be answered so
        raise self._error(problem, actor)

    async def follow(self, query: NewsSince, actor: Actor) -> AsyncGenerator[News]:
        """Give what is written from a place on, as the server tells it, until the reader or :meth:`close`.

        Where the line is lost it is a :class:`StorageError`: the last place is where to go on from.
        """
        asked = request_of(query)
        headers = {**_as(actor), "Accept": EVENTS, "Accept-Encoding": "identity"}
        credential = await self._credentials.header()
        if credential is not None:
            headers["Authorization"] = credential
        if asked.body is not None:
            raise WrongValueError(Refusal("cursor", "cursor"))
        try:
            async with self._client.stream(
                asked.method, f"{self.url}{asked.target}", headers=headers, timeout=STREAM_TIMES
            ) as answer:
                sort = answer.headers.get("content-type", "").partition(";")[0]
                if answer.status_code != HTTPStatus.OK or sort != EVENTS:
                    await answer.aread()
                    whole = _Answer(answer.status_code, answer.headers, answer.content)
                    problem = self._problem(whole)
                    if problem is None:
                        raise self._odd(whole)
                    raise self._error(problem, actor)
                async for name, data in self._events(answer):
                    if name == "news":
                        yield self._read_event(data, News)
                    elif name == "end":
                        self._ended(self._read_event(data, dict[str, str]).get("code", ""), actor)
        except (httpx.HTTPError, httpx.StreamError, ssl.SSLError, OSError) as error:
            if self._closing.is_set():
                return
            raise self._away(error) from error
        if not self._closing.is_set():
            raise refuse("server_away", server=self._server)

    async def _events(self, answer: httpx.Response) -> AsyncGenerator[tuple[str, bytes]]:
        """Take a stream apart into events, until it or this storage ends."""
        pieces, buffer = aiter(answer.aiter_raw()), b""
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            while True:
                piece = asyncio.ensure_future(anext(pieces, b""))
                try:
                    await asyncio.wait((piece, closing), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not piece.done():
                        piece.cancel()
                        with suppress(asyncio.CancelledError):
                            await piece
                if piece.cancelled() or not (found := piece.result()):
                    return
                buffer += found
                if len(buffer) > LARGEST_ANSWER:
                    raise refuse("server_answer", server=self._server, status=answer.status_code)
                *whole, buffer = buffer.split(b"\n\n")
                for each in whole:
                    fields = dict(line.split(b": ", 1) for line in each.split(b"\n") if b": " in line)
                    if b"event" in fields:
                        yield fields[b"event"].decode("ascii", "replace"), fields.get(b"data", b"")
        finally:
            closing.cancel()

    def _read_event(self, data: bytes, kind: type[R]) -> R:
        try:
            return decode(data, kind)
        except WrongValueError as error:
            raise refuse("server_answer", server=self._server, status=200) from error

    def _ended(self, code: str, actor: Actor) -> NoReturn:
        """Say why the server ended a stream."""
        if code == "actor_gone":
            raise NotAllowedError(Refusal("actor_gone", actor.account_id))
        if code == "server_stopping":
            raise refuse("server_away", server=self._server)
        raise StorageError(Refusal(shown(code), "storage"))

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Decide a changeset on the server without writing anything."""
        asked = Asked(method="POST", target=f"{CHANGESETS}?dry_run=true", body=encode(changeset))
        answer = await self._sent(asked, _as(actor), again=True)
        problem = self._problem(answer)
        if problem is None:
            return self._read(answer, Decision)
        return Decision(refusals=self._refusals(problem, actor))

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write a changeset. It is sent again where no answer came: its id makes that harmless."""
        headers = {**_as(actor), "Idempotency-Key": str(changeset.id)}
        asked = Asked(method="POST", target=CHANGESETS, body=encode(changeset))
        answer = await self._sent(asked, headers, again=True)
        problem = self._problem(answer)
        if problem is None:
            return self._read(answer, Receipt)
        return Refused(self._refusals(problem, actor))

    async def note(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Keep a note. One that would count twice is not sent again where no answer came."""
        asked = Asked(method="POST", target=NOTES, body=encode(entry))
        answer = await self._sent(asked, _as(actor), again=isinstance(entry, _REPEATABLE))
        problem = self._problem(answer)
        if problem is None:
            if answer.status != HTTPStatus.NO_CONTENT:
                raise self._odd(answer)
            return None
        return Refused(self._refusals(problem, actor))

    async def close(self) -> None:
        """Let go of the connections; who follows is at the end."""
        self._closing.set()
        await self._client.aclose()

    # The line ------------------------------------------------------------------------------------

    async def _sent(self, asked: Asked, headers: Mapping[str, str], *, again: bool) -> _Answer:
        """Send a request and give the answer; ``again`` says that it may be sent twice without harm.

        One that the server did not hear, or turned away unheard, may always.
        """
        pause, has_renewed, tries = FIRST_PAUSE, False, 0
        while True:
            tries += 1
            wanted = 0.0
            try:
                answer = await self._once(asked, headers)
            except StorageError as error:
                unheard = isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout)
                is_away = error.refusal.code == "server_away"
                if not is_away or tries >= TRIES or not (again or unheard):
                    raise
            else:
                if answer.status == HTTPStatus.UNAUTHORIZED and not has_renewed:
                    has_renewed = True
                    if await self._credentials.refused():
                        tries -= 1
                        continue
                unheard = answer.status == HTTPStatus.TOO_MANY_REQUESTS
                wanted = _seconds(answer.headers.get("retry-after", ""))
                if (
                    answer.status not in _LATER
                    or tries >= TRIES
                    or not (again or unheard)
                    or wanted > LONGEST_PAUSE
                ):
                    return answer
            # Everybody who was turned away at the same moment comes back at another one.
            await self._pause(wanted + pause * (0.5 + self._chance()))
            pause *= 3

    async def _once(self, asked: Asked, headers: Mapping[str, str]) -> _Answer:
        sent = dict(headers)
        credential = await self._credentials.header()
        if credential is not None:
            sent["Authorization"] = credential
        if asked.body is not None:
            sent["Content-Type"] = "application/json"
        body = bytearray()
        try:
            async with self._client.stream(
                asked.method, f"{self.url}{asked.target}", headers=sent, content=asked.body
            ) as answer:
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > LARGEST_ANSWER:
                        raise refuse("server_answer", server=self._server, status=answer.status_code)
                return _Answer(answer.status_code, answer.headers, bytes(body))
        except httpx.DecodingError as error:
            raise refuse("server_answer", server=self._server, status=0) from error
        except (httpx.HTTPError, httpx.StreamError, ssl.SSLError, OSError) as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> StorageError:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return refuse("server_certificate", server=self._server, reason=cause.verify_message)
            cause = cause.__cause__ or cause.__context__
        return refuse("server_away", server=self._server)

    # What came back ------------------------------------------------------------------------------

    def _read(self, answer: _Answer, kind: type[R]) -> R:
        """Read an answer as what was asked for; anything else is no answer of a server of ours."""
        problem = self._problem(answer)
        if problem is not None:
            raise self._error(problem, None)
        try:
            return decode(answer.body, kind)
        except WrongValueError as error:
            raise self._odd(answer) from error

    def _problem(self, answer: _Answer) -> Problem | None:
        """Give the problem that an answer is, ``None`` where it is what was asked for."""
        sort = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED) and sort == "application/json":
            return None
        if answer.status == HTTPStatus.NO_CONTENT:
            return None
        if sort != MEDIA_TYPE:
            raise self._odd(answer)
        try:
            return decode(answer.body, Problem)
        except WrongValueError as error:
            raise self._odd(answer) from error

    def _odd(self, answer: _Answer) -> StorageError:
        """Give the error of an answer that a server of ours would not give."""
        if answer.status in _LATER:
            return refuse("server_away", server=self._server)
        if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            return refuse("server_elsewhere", server=self._server)
        return refuse("server_answer", server=self._server, status=answer.status)

    def _refusals(self, problem: Problem, actor: Actor) -> tuple[Refusal, ...]:
        """Give why a write was refused; what is no refusal of a write is raised."""
        found = error_of(problem)
        if isinstance(found, tuple):
            return found
        if problem.code == "actor_gone":
            return (Refusal("actor_gone", actor.account_id),)
        raise self._error(problem, actor)

    def _error(self, problem: Problem, actor: Actor | None) -> Exception:
        """Give what the storage at the other end raised."""
        found = error_of(problem)
        if problem.code == "actor_gone" and actor is not None:
            return NotAllowedError(Refusal("actor_gone", actor.account_id))
        if isinstance(found, tuple):
            return refuse("server_answer", server=self._server, status=problem.status)
        if problem.kind is Kind.FAILED:
            return refuse("server_failed", server=self._server, request=problem.request_id)
        return found

    def _keep(self, key: tuple[str, ...], answer: _Answer, found: Any) -> None:
        tag, size = answer.headers.get("etag", ""), len(answer.body)
        former = self._kept.pop(key, None)
        self._kept_bytes -= 0 if former is None else former.size
        if not tag or size > LARGEST_KEPT:
            return
        self._kept[key] = _Kept(tag, found, size)
        self._kept_bytes += size
        while self._kept_bytes > MOST_KEPT_BYTES:
            self._kept_bytes -= self._kept.popitem(last=False)[1].size


def _as(actor: Actor) -> dict[str, str]:
    """Give the headers that choose among one's own accounts, and refuse to act by another than one thinks."""
    if actor.role is Role.INSTALLATION:
        # It sets up a database on its own machine, and there is nothing that could vouch for it.
        raise NotAllowedError(Refusal("not_your_role", "", {"role": actor.role.value}))
    for text in (actor.organisation_id, actor.account_id):
        if not text.isascii() or not text.isprintable():
            raise WrongValueError(Refusal("id_form", "id"))
    return {
        ORGANISATION_HEADER: actor.organisation_id,
        ACCOUNT_HEADER: actor.account_id,
        ROLE_HEADER: actor.role.value,
    }


def _seconds(text: str) -> float:
    """Read ``Retry-After``; a date, which no server of ours sends, counts as nothing."""
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0.0
