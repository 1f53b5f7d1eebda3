"""A storage between the program and the file, to lose an answer or to hold one back until its time."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

from core.ports import StorageError
from core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from core.changes import Changeset, Receipt
    from core.directory import Actor
    from core.journal import AnyEntry
    from core.ports import Membership, Refused, Storage
    from core.queries import News, NewsSince, Query
    from core.rules import Decision

R = TypeVar("R")


class Between:
    """Passes all on to a storage, and the answers back, but for what a test asks for."""

    def __init__(self, storage: Storage) -> None:
        """Stand before a storage."""
        self.storage = storage
        self.loses_answers = False
        """Whether a write is made and its answer lost, as with a line that is cut."""
        self.closing: asyncio.Event | None = None
        """What the end waits for once the file is let go of."""
        self.is_closed = False
        self.held: type[Query[object]] | None = None
        """A kind of question whose answers are held back; each goes on as :meth:`let_go` says."""
        self.waiting: list[tuple[Query[object], asyncio.Event]] = []
        """The questions whose answers are held back, in the order in which they were asked."""

        self.is_away: StorageError | None = None
        """What every question and write gets while the storage cannot be reached."""
        self.goes_in_write = ""
        """Where it goes away in a write: ``before`` the write comes through, or ``after`` that.

        With ``answer`` only the answer is lost on the way, and there is contact again at once.
        """
        self._cut = asyncio.Event()
        self._asked: list[type[Query[object]]] = []

    def asked(self, kind: type[Query[object]]) -> int:
        """Give how many questions of a kind there were."""
        return self._asked.count(kind)

    def go_away(self, code: str) -> None:
        """Be away from now on, also for those who follow."""
        self.is_away = StorageError(Refusal(code, "storage"))
        self.cut()

    def come_back(self) -> None:
        """Answer again."""
        self.is_away = None
        self.goes_in_write = ""

    def cut(self) -> None:
        """Let those who follow learn that the line is cut."""
        self._cut.set()

    def _reach(self) -> None:
        if self.is_away is not None:
            raise self.is_away

    def let_go(self, place: int = 0) -> None:
        """Let one of the answers go that are held back."""
        _query, event = self.waiting.pop(place)
        event.set()

    async def identify(self, hsa_id: str) -> tuple[Membership, ...]:
        """Pass on."""
        return await self.storage.identify(hsa_id)

    async def ask(self, query: Query[R], actor: Actor, now: datetime) -> R:
        """Pass on, and hold the answer back where that is asked for."""
        self._reach()
        self._asked.append(type(query))
        answer = await self.storage.ask(query, actor, now)
        if self.held is not None and isinstance(query, self.held):
            event = asyncio.Event()
            self.waiting.append((query, event))
            await event.wait()
        return answer

    async def follow(self, query: NewsSince, actor: Actor) -> AsyncGenerator[News]:
        """Pass on, until the line is cut."""
        self._reach()
        self._cut.clear()
        async with aclosing(self.storage.follow(query, actor)) as told:
            while True:
                news = asyncio.ensure_future(anext(told))
                cut = asyncio.ensure_future(self._cut.wait())
                try:
                    await asyncio.wait((news, cut), return_when=asyncio.FIRST_COMPLETED)
                    if not news.done():
                        self._reach()
                    try:
                        answer = await news
                    except StopAsyncIteration:
                        return
                finally:
                    for each in (news, cut):
                        each.cancel()
                    await asyncio.gather(news, cut, return_exceptions=True)
                yield answer

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Pass on."""
        self._reach()
        return await self.storage.rehearse(changeset, actor, now)

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Pass on; the answer may be lost."""
        if self.goes_in_write == "before":
            self.go_away("storage_lost")
        self._reach()
        answer = await self.storage.commit(changeset, actor, now)
        if self.goes_in_write == "after":
            self.go_away("storage_lost")
        self._reach()
        if self.goes_in_write == "answer":
            raise StorageError(Refusal("storage_lost", "storage"))
        if self.loses_answers:
            raise StorageError(Refusal("storage_failed", "storage"))
        return answer

    async def note(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Pass on."""
        self._reach()
        return await self.storage.note(entry, actor, now)

    async def close(self) -> None:
        """Pass on; the end may take its time."""
        await self.storage.close()
        if self.closing is not None:
            self.is_closed = True
            await self.closing.wait()
