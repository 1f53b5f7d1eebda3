"""A server and its clients in one process: what a storage is over HTTP, with nothing left out but the socket.

The contract's tests speak as whoever they like. Here each gets the credential of the account that the actor
has, since a server takes nobody's word for who calls, and the server's clock shows the moment of the test.
Whoever sets up a database does it on the server's own machine, past HTTP, as ``behorig init`` does.
"""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from typing import Any, TypeVar

import httpx

from core.changes import Changeset, Receipt
from core.days import day_of, start_of
from core.directory import INSTALLATION, Actor, Role
from core.journal import AnyEntry
from core.ports import Membership, Refused, Storage
from core.queries import AccountById, Query
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
        self.transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]  # its own types of ASGI
        self._clients: dict[str, HttpStorage] = {}

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
        query = AccountById(
            day=day_of(now), organisation_id=actor.organisation_id, account_id=actor.account_id
        )
        found = await self.backing.ask(query, INSTALLATION, now)
        return self.client(NOBODY if found is None else found.row.account.hsa_id)

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
        return await storage.ask(query, actor, now)

    async def _must_refuse(self, storage: Storage, query: Query[Any], actor: Actor, now: datetime) -> None:
        """See that the server does not answer a question that the role may not ask.

        What a storage would answer by its scope alone, which the contract is about, is then asked behind it.
        """
        try:
            await storage.ask(query, actor, now)
        except NotAllowedError as error:
            assert error.refusal == Refusal("not_your_role", "", {"role": actor.role.value})
        else:
            raise AssertionError(f"{actor.role} was answered {query}")

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Rehearse as an actor."""
        return await (await self.of(actor, now)).rehearse(changeset, actor, now)

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write as an actor."""
        return await (await self.of(actor, now)).commit(changeset, actor, now)

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
