"""What :class:`storage.sql.storage.SqlStorage` works through: a database of one kind or the other."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

    from sqlalchemy import Connection, Engine

    from storage.sql.wakers import Read, Waker


class PassingError(Exception):
    """What was decided no longer fits what is there: the whole is to be done again from its beginning."""


class Database(Protocol):
    """Connections to one database, and what its errors mean.

    ``readers`` cannot write, and a transaction of theirs is one snapshot. ``read_at_once`` and
    ``write_at_once`` are how many threads there are for each. ``is_demo`` says whether HSA-ids of test
    form are taken.
    """

    readers: Engine
    writers: Engine
    read_at_once: int
    write_at_once: int
    is_demo: bool

    def told(self) -> AbstractContextManager[None]:
        """Turn what the database says into a :class:`core.ports.StorageError`."""
        ...

    def waker(self, read: Read, closing: asyncio.Event) -> Waker:
        """Give what tells a reader when something may have been written; ``closing`` ends its waiting.

        It may ask the database by ``read``, which does so in one of the threads that read.
        """
        ...

    def may_pass(self, error: BaseException) -> bool:
        """Say whether doing the whole again may succeed, such as where two writes met."""
        ...

    def read_tolerantly(self, connection: Connection, error: BaseException) -> bool:
        """Let a connection read what an error says cannot be read, and say whether it can."""
        ...
