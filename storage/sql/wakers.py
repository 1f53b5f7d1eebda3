"""How a reader who follows learns that something may have been written, without asking for it all the time.

A waker is made before the first look at the data, and remembers: whatever is written after that ends the
next wait, also when it came while the reader was busy.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection

Read = Callable[[Callable[["Connection"], object]], Awaitable[object]]
"""Asks something in one of the threads that read."""

LOOK_SECONDS: Final = 1.0
"""How often a file is looked at: what another person writes is on the screen about so much later."""


class Waker(Protocol):
    """Tells when something may have been written."""

    async def __aenter__(self) -> Waker:
        """Begin to pay attention; what is written from now on is told."""
        ...

    async def __aexit__(self, *_: object) -> None:
        """Pay no more attention."""
        ...

    async def changed(self) -> None:
        """Return once something may have been written since the last time, or the storage is closing."""
        ...


class Glancing:
    """Compares at intervals a value that differs once something may have been written."""

    def __init__(self, read: Read, glance: Callable[[Connection], object], closing: asyncio.Event) -> None:
        """Ask ``glance`` by ``read``; ``closing`` ends a wait."""
        self._read = read
        self._glance = glance
        self._closing = closing
        self._seen: object = None

    async def __aenter__(self) -> Glancing:
        """Look for the first time."""
        self._seen = await self._read(self._glance)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is held."""

    async def changed(self) -> None:
        """Look at intervals until the value differs."""
        while True:
            try:
                await asyncio.wait_for(self._closing.wait(), LOOK_SECONDS)
            except TimeoutError:
                pass
            else:
                return
            seen = await self._read(self._glance)
            if seen != self._seen:
                self._seen = seen
                return


def data_version(connection: Connection) -> object:
    """Give what differs once another connection has written to the file (SQLite's ``data_version``).

    The number means something on one connection only, so that goes with it.
    """
    driver = connection.connection.driver_connection
    return driver, connection.exec_driver_sql("PRAGMA data_version").scalar()


_ALL_HEADS: Final = "SELECT sum(head_number) FROM organisations"


def sum_of_heads(connection: Connection) -> object:
    """Give what differs once anything was written: each write adds to the head of a chain.

    There is ``NOTIFY`` on PostgreSQL, but of the transactions that notify only one can commit at a time on
    the whole server, a standby cannot ``LISTEN``, and neither goes through a pooler. There are some hundred
    heads.
    """
    return connection.exec_driver_sql(_ALL_HEADS).scalar()
