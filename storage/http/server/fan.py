"""One look at the database for all who follow: it is asked what is new once, and each is woken by what is its own.

The server follows the organisations that somebody follows, and is told only that something was written in
one. What it was each stream then asks in its caller's own name, within its own scope.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, asynccontextmanager, suppress

from core.directory import INSTALLATION
from core.ports import Storage, StorageError
from core.queries import MOST_FOLLOWED, NewsSince


class Woken:
    """Somebody who is woken when something was written in one of some organisations."""

    def __init__(self, organisation_ids: Iterable[str]) -> None:
        """Wait for these."""
        self.organisation_ids = frozenset(organisation_ids)
        self.event = asyncio.Event()


class _Group:
    """Some organisations that are followed together: at most as many as one question may name."""

    def __init__(self, storage: Storage) -> None:
        self.wanted: Counter[str] = Counter()
        self.sleepers: set[Woken] = set()
        self._storage = storage
        self._cursor: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._followed: frozenset[str] = frozenset()
        self._ready = asyncio.Event()

    def has_room(self, organisation_ids: frozenset[str]) -> bool:
        """Say whether these can be followed as well."""
        return len(organisation_ids | self.wanted.keys()) <= MOST_FOLLOWED

    async def enter(self, woken: Woken) -> None:
        """Follow what somebody waits for; when this returns, whatever is written from then on wakes."""
        self.sleepers.add(woken)
        self.wanted.update(woken.organisation_ids)
        if self._task is None or self._task.done() or not woken.organisation_ids <= self._followed:
            await self.stop()
            self._followed = frozenset(self.wanted)
            self._ready = asyncio.Event()
            self._task = asyncio.create_task(self._follow(self._ready))
        await self._ready.wait()

    async def leave(self, woken: Woken) -> None:
        """Forget somebody; who was the last one ends it."""
        self.sleepers.discard(woken)
        self.wanted.subtract(woken.organisation_ids)
        self.wanted = +self.wanted
        if not self.sleepers:
            await self.stop()

    async def stop(self) -> None:
        """Follow nothing any more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _follow(self, ready: asyncio.Event) -> None:
        try:
            query = NewsSince(organisation_ids=self._followed, cursor=self._cursor)
            async with aclosing(self._storage.follow(query, INSTALLATION)) as told:
                async for news in told:
                    self._cursor = news.cursor
                    ready.set()
                    for woken in self.sleepers:
                        if news.touched & woken.organisation_ids:
                            woken.event.set()
        except StorageError:
            # Each stream hears of it when it asks by itself; the next one who comes begins anew.
            pass
        finally:
            # Nobody waits for a place that is not coming. A group that begins anew has another event.
            ready.set()
            if self._task is asyncio.current_task():
                for woken in self.sleepers:
                    woken.event.set()


class Fan:
    """All who follow, in as few groups as can be."""

    def __init__(self, storage: Storage) -> None:
        """Ask ``storage``, in nobody's name: only which organisations were touched is looked at."""
        self._storage = storage
        self._groups: list[_Group] = []

    @asynccontextmanager
    async def woken(self, organisation_ids: frozenset[str]) -> AsyncGenerator[Woken]:
        """Give somebody who is woken by what is written from now on in organisations."""
        woken = Woken(organisation_ids)
        group = next((each for each in self._groups if each.has_room(woken.organisation_ids)), None)
        if group is None:
            group = _Group(self._storage)
            self._groups.append(group)
        try:
            await group.enter(woken)
            yield woken
        finally:
            await group.leave(woken)
            if not group.sleepers and group in self._groups:
                self._groups.remove(group)
