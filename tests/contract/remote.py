"""A server and its clients in one process: what a storage is over HTTP, with nothing left out but the socket.

The contract's tests speak as whoever they like. Here each gets the credential of the account that the actor
has, since a server takes nobody's word for who calls, and the server's clock shows the moment of the test.
Whoever sets up a database does it on the server's own machine, past HTTP, as ``behorig init`` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import date, datetime
from io import StringIO
from typing import Any, TypeVar

import httpx
import pytest

from core.changes import Changeset, Receipt
from core.days import day_of, start_of
from core.directory import INSTALLATION, Actor, Role
from core.journal import AnyEntry
from core.ports import Membership, Refused, Storage
from core.queries import AccountById, News, NewsSince, Query
from core.refusal import NotAllowedError, Refusal
from core.rules import Decision
from storage.http.callers import Call, Caller, NotSignedInError
from storage.http.client import HttpStorage
from storage.http.server.app import make_app
from storage.http.server.gate import Gate
from storage.http.server.limits import Limits, Rate
from storage.http.server.log import log_to
from storage.http.server.served import Served
from tests.builders import NOW
from tests.contract.described import Described

R = TypeVar("R")

NOBODY = "SE5565594230-1337"
"""An HSA-id that is vouched for, of somebody who has no account."""

GENEROUS = Limits(
    caller=Rate(each_second=1e6, at_once=1e6),
    source=Rate(each_second=1e6, at_once=1e6),
    stranger=Rate(each_second=1e6, at_once=1e6),
)
"""Limits that no test meets which is about something else."""


class ByName:
    """A way to sign in for tests: the credential is the HSA-id."""

    async def caller(self, call: Call, now: datetime) -> Caller | None:
        """Believe what stands in the header."""
        for value in call.values("authorization"):
            scheme, _, name = value.decode("ascii", "replace").partition(" ")
            if scheme != "Test" or not name:
                raise NotSignedInError(Refusal("not_signed_in"))
            return Caller(hsa_id=name, way="test", key=f"test-{len(name)}")
        return None


class Name:
    """The credentials of a client in a test."""

    def __init__(self, hsa_id: str) -> None:
        self.hsa_id = hsa_id

    async def header(self) -> str | None:
        """Give the HSA-id."""
        return f"Test {self.hsa_id}"

    async def refused(self) -> bool:
        """Say that there is nothing better."""
        return False


class InProcess(httpx.AsyncBaseTransport):
    """Takes requests to an ASGI application and gives its answers piece by piece, as a socket would.

    httpx's own transport waits for the end of an answer, which that to somebody who follows does not have.
    """

    def __init__(self, app: Any, client: tuple[str, int] | None = ("127.0.0.1", 1)) -> None:
        self._app, self._peer = app, client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Run the application until its answer begins."""
        body = b"".join([piece async for piece in request.stream])  # type: ignore[union-attr]  # it is async
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.partition(b"?")[0],
            "query_string": request.url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (request.url.host, request.url.port),
            "client": self._peer,
        }
        pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        begun: asyncio.Future[tuple[int, list[tuple[bytes, bytes]]]] = (
            asyncio.get_running_loop().create_future()
        )
        gone = asyncio.Event()
        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": body, "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                if begun.cancelled():
                    return  # the client has gone before the answer began: nobody hears it
                begun.set_result((message["status"], list(message["headers"])))
                return
            if message.get("body"):
                pieces.put_nowait(message["body"])
            if not message.get("more_body", False):
                pieces.put_nowait(None)

        async def run() -> None:
            try:
                await self._app(scope, receive, send)
            except BaseException as error:
                if not begun.done():
                    begun.set_exception(error)
                raise
            finally:
                pieces.put_nowait(None)

        task = asyncio.create_task(run())
        status, headers = await begun
        return httpx.Response(status, headers=headers, stream=_Pieces(pieces, gone, task))


class _Pieces(httpx.AsyncByteStream):
    def __init__(
        self, pieces: asyncio.Queue[bytes | None], gone: asyncio.Event, task: asyncio.Task[None]
    ) -> None:
        self._pieces, self._gone, self._task = pieces, gone, task

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            yield piece

    async def aclose(self) -> None:
        """Hang up, and see the application come to its end."""
        self._gone.set()
        await self._task


class Remote:
    """A storage that is asked over HTTP, as whoever the test likes."""

    def __init__(self, backing: Storage, limits: Limits = GENEROUS) -> None:
        self.backing = backing
        self.now = NOW
        self.log = StringIO()
        self.served = Served(
            storage=backing,
            ways=[ByName()],
            clock=lambda: self.now,
            new_id=lambda: "fresh",
            sentence=lambda refusal, language: f"{language}: {refusal.code}",
            log=log_to(self.log, lambda: self.now),
            is_demo=True,
            limits=limits,
        )
        self.app: Gate = make_app(self.served)
        self.transport = InProcess(Described(self.app))
        self._clients: dict[str, HttpStorage] = {}
        self._hsa_ids: dict[tuple[str, str], str] = {}

    def client(self, hsa_id: str) -> HttpStorage:
        """Give the client of a person."""
        found = self._clients.get(hsa_id)
        if found is None:
            found = self._clients[hsa_id] = HttpStorage(
                "http://localhost:8080", Name(hsa_id), transport=self.transport
            )
        return found

    async def of(self, actor: Actor, now: datetime) -> Storage:
        """Give what an actor speaks to: the own client, or the database for who sets it up."""
        self.now = now
        if actor.role is Role.INSTALLATION:
            return self.backing
        return self.client(await self._hsa_id(actor, now))

    async def _hsa_id(self, actor: Actor, now: datetime) -> str:
        """Give the HSA-id by which an actor calls; it is looked up anew after each write."""
        place = actor.organisation_id, actor.account_id
        if place not in self._hsa_ids:
            query = AccountById(day=day_of(now), organisation_id=place[0], account_id=place[1])
            found = await self.backing.ask(query, INSTALLATION, now)
            self._hsa_ids[place] = NOBODY if found is None else found.row.account.hsa_id
        return self._hsa_ids[place]

    async def identify(self, hsa_id: str) -> tuple[Membership, ...]:
        """Ask as the one whose HSA-id it is: nobody is told of others'."""
        client = self.client(hsa_id if hsa_id.isascii() and hsa_id.isprintable() and hsa_id else NOBODY)
        return await client.identify(hsa_id)

    async def ask(self, query: Query[R], actor: Actor, now: datetime) -> R:
        """Ask as an actor. Who asks about tomorrow does so tomorrow: nobody but support is told before."""
        storage = await self.of(actor, now)
        if actor.role is not Role.SUPPORT:
            day: date | None = getattr(query, "day", None)
            morning = now if day is None or day <= day_of(now) else start_of(day)
            self.now = max(now, morning, getattr(query, "moment", now))
        if actor.role not in query.asked_by:
            await self._must_refuse(storage, query, actor, now)
            return await self.backing.ask(query, actor, now)
        try:
            return await storage.ask(query, actor, now)
        except NotAllowedError as error:
            # A server asks who the caller is now; the contract is about what a storage answers whom it is
            # told of. Who was dismissed or deregistered by a write of the test is refused, and no one else.
            if error.refusal.code not in ("actor_gone", "no_account") or await self._is_still(actor, now):
                raise
            return await self.backing.ask(query, actor, now)

    async def _is_still(self, actor: Actor, now: datetime) -> bool:
        """Say whether an account is active and has the role that the test takes it to have."""
        query = AccountById(
            day=day_of(now), organisation_id=actor.organisation_id, account_id=actor.account_id
        )
        found = await self.backing.ask(query, INSTALLATION, now)
        return found is not None and found.row.account.active and found.row.account.role is actor.role

    async def _must_refuse(self, storage: Storage, query: Query[Any], actor: Actor, now: datetime) -> None:
        """See that the server does not answer a question that the role may not ask.

        What a storage would answer by its scope alone, which the contract is about, is then asked behind it.
        """
        with pytest.raises(NotAllowedError) as caught:
            await storage.ask(query, actor, now)
        refusal = caught.value.refusal
        if refusal.code in ("actor_gone", "no_account"):
            # As above: refused before anybody looks at the question.
            assert not await self._is_still(actor, now)
        else:
            assert refusal == Refusal("not_your_role", "", {"role": actor.role.value})

    async def follow(self, query: NewsSince, actor: Actor) -> AsyncGenerator[News]:
        """Follow as an actor."""
        storage = await self.of(actor, self.now)
        async with aclosing(storage.follow(query, actor)) as told:
            async for news in told:
                yield news

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Rehearse as an actor."""
        return await (await self.of(actor, now)).rehearse(changeset, actor, now)

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write as an actor."""
        answer = await (await self.of(actor, now)).commit(changeset, actor, now)
        self._hsa_ids.clear()
        return answer

    async def note(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Note as an actor."""
        return await (await self.of(actor, now)).note(entry, actor, now)

    async def close(self) -> None:
        """Close the clients; what is behind the server is closed by who opened it."""
        for client in self._clients.values():
            await client.close()


def faults(remote: Remote) -> list[Any]:
    """Give the lines of the log that tell of a fault of the server's own."""
    return [line for line in remote.log.getvalue().splitlines() if '"fault"' in line]
