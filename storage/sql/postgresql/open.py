"""Open a PostgreSQL database, or make its content: what must be true of it before anything is read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, text

from storage.sql import schema
from storage.sql.postgresql.address import Address
from storage.sql.postgresql.engine import READERS, SCHEMA, WRITERS, postgresql_engine
from storage.sql.postgresql.errors import may_pass, refuse, told_postgresql
from storage.sql.storage import SqlStorage
from storage.sql.turns import EVERYBODY, MAKING
from storage.sql.version import SCHEMA_VERSION
from storage.sql.wakers import Glancing, Read, Waker, sum_of_heads

OLDEST_SERVER: Final = 15

_SERVER: Final = "SELECT pg_catalog.current_setting('server_version_num')"
_ENCODING: Final = "SELECT pg_catalog.current_setting('server_encoding')"
_TABLES: Final = text(
    "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = :schema AND tablename = ANY(:names)"
)
_VERSION: Final = "SELECT version_num FROM alembic_version"
_IS_DEMO: Final = select(schema.meta.c.is_demo)
_OURS: Final = ("alembic_version", "account_search", *schema.metadata.tables)


class PostgresqlDatabase:
    """A database on a server as a :class:`storage.sql.database.Database`."""

    def __init__(
        self, address: Address, readers: Engine, writers: Engine, *, is_demo: bool, one_by_one: bool = False
    ) -> None:
        """Take an engine for questions and one for writes."""
        self.readers = readers
        self.writers = writers
        self.is_demo = is_demo
        self.read_at_once = 1 if one_by_one else READERS
        self.write_at_once = 1 if one_by_one else WRITERS
        self._address = address

    def told(self) -> AbstractContextManager[None]:
        """Turn what PostgreSQL says into a :class:`core.ports.StorageError`."""
        return told_postgresql(self._address)

    def waker(self, read: Read, closing: asyncio.Event) -> Waker:
        """Let the heads be looked at once a second."""
        return Glancing(read, sum_of_heads, closing)

    def may_pass(self, error: BaseException) -> bool:
        """Say whether two that met, or a line that was lost, are the reason."""
        return may_pass(error)

    def read_tolerantly(self, connection: Connection, error: BaseException) -> bool:
        """Say no: a server keeps no text that cannot be read."""
        del connection, error
        return False


def open_postgresql(address: Address, *, busy_seconds: float) -> SqlStorage:
    """Open a database of this program's version; nothing is ever changed by opening it.

    Others may be working with it by an older program at this moment, so it is brought up to date by
    whoever decides that (``behorig migrate``), not by whoever comes first.
    """
    readers = postgresql_engine(address, "read", busy_seconds=busy_seconds)
    try:
        with told_postgresql(address), readers.connect() as connection:
            version = check_database(connection, address)
            if version < SCHEMA_VERSION:
                raise refuse("storage_older", address, found=version, known=SCHEMA_VERSION)
            is_demo = connection.execute(_IS_DEMO).scalar() == 1
    except BaseException:
        readers.dispose()
        raise
    writers = postgresql_engine(address, "write", busy_seconds=busy_seconds)
    return SqlStorage(PostgresqlDatabase(address, readers, writers, is_demo=is_demo))


def check_database(connection: Connection, address: Address) -> str:
    """Refuse a database that is not ours or newer than this program, and give the version of its schema."""
    check_server(connection, address)
    there = tables(connection)
    if not there:
        raise refuse("storage_empty", address)
    if not {"alembic_version", "meta", "organisations"} <= there:
        raise refuse("storage_not_ours", address, path=address.shown)
    version = str(connection.exec_driver_sql(_VERSION).scalar())
    if not (version.isdecimal() and len(version) == len(SCHEMA_VERSION)):
        raise refuse("storage_damaged", address, error="alembic_version")
    if version > SCHEMA_VERSION:
        raise refuse("storage_newer", address, found=version, known=SCHEMA_VERSION)
    return version


def check_server(connection: Connection, address: Address) -> None:
    """Refuse a server that is too old, and a database whose texts are not UTF-8."""
    found = int(connection.exec_driver_sql(_SERVER).scalar_one()) // 10_000
    if found < OLDEST_SERVER:
        raise refuse("storage_old_server", address, found=found, known=OLDEST_SERVER)
    encoding = str(connection.exec_driver_sql(_ENCODING).scalar())
    if encoding != "UTF8":
        raise refuse("storage_encoding", address, encoding=encoding)


def tables(connection: Connection) -> set[str]:
    """Give which of our tables there are."""
    return set(connection.execute(_TABLES, {"schema": SCHEMA, "names": list(_OURS)}).scalars())


# Bringing it up to date -----------------------------------------------------------------------------

_ALONE: Final = text("SELECT pg_advisory_xact_lock(:key)")


def version_of(address: Address, *, busy_seconds: float) -> str:
    """Give the version of a database's schema, whatever it is; one that is not ours is refused."""
    engine = postgresql_engine(address, "read", busy_seconds=busy_seconds, at_once=1)
    try:
        with told_postgresql(address), engine.connect() as connection:
            return check_database(connection, address)
    finally:
        engine.dispose()


def migrate_postgresql(
    address: Address,
    to: str = SCHEMA_VERSION,
    *,
    busy_seconds: float,
    scripts: str = "storage.sql:migrations",
    schema_name: str = SCHEMA,
) -> None:
    """Bring a database's schema to a version, up or down, in one transaction: wholly or not at all.

    Nobody writes meanwhile. Who still runs an older program is stopped at the next write
    (:mod:`storage.sql.commit`).
    """
    # Deferred: Alembic takes as long to import as everything else here.
    from storage.sql.migrate import run_migrations

    engine = postgresql_engine(address, "migrate", busy_seconds=busy_seconds, schema=schema_name)
    try:
        with told_postgresql(address), engine.begin() as connection:
            check_server(connection, address)
            connection.execute(_ALONE, {"key": EVERYBODY})
            run_migrations(connection, to, scripts)
            _analyze(connection)
    finally:
        engine.dispose()


def _analyze(connection: Connection) -> None:
    """Let the server look at how the tables are filled now, rather than when it gets round to it."""
    for name in sorted(tables(connection)):
        connection.exec_driver_sql(f"ANALYZE {SCHEMA}.{name}")


# Making its content ---------------------------------------------------------------------------------

_PART: Final = "behorig_new"
_HOLD: Final = text("SELECT pg_try_advisory_lock(:key)")


class NewContent:
    """The content of an empty database in the making, in a schema of its own until it is whole.

    Nobody ever sees half of it: :meth:`finish` moves it to its place in one transaction. What a killed
    process left is taken away by the next one; a lock says whether the other is still at work.
    """

    def __init__(self, address: Address, *, demo: bool, busy_seconds: float) -> None:
        """Make the schema, with nothing in it."""
        self._address = address
        self._demo = demo
        self._busy = busy_seconds
        self._maker = postgresql_engine(address, "migrate", busy_seconds=busy_seconds)
        self._holder: Connection | None = None
        try:
            with told_postgresql(address):
                self._holder = self._maker.connect()
                self._begin(self._holder)
        except BaseException:
            self._let_go()
            raise
        try:
            self._make()
        except BaseException:
            self.drop()
            raise

    def _begin(self, holder: Connection) -> None:
        check_server(holder, self._address)
        if tables(holder):
            raise refuse("storage_filled", self._address)
        if not holder.execute(_HOLD, {"key": MAKING}).scalar():
            raise refuse("storage_locked", self._address, error="init")
        holder.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_PART} CASCADE")
        holder.exec_driver_sql(f"CREATE SCHEMA {_PART}")
        # The lock is the session's and stays.
        holder.commit()

    def _make(self) -> None:
        migrate_postgresql(self._address, busy_seconds=self._busy, schema_name=_PART)
        with self.rows() as connection:
            created = datetime.now(UTC).isoformat(timespec="seconds")
            connection.execute(
                insert(schema.meta), {"id": 1, "is_demo": int(self._demo), "created_at": created}
            )

    @contextmanager
    def rows(self) -> Iterator[Connection]:
        """Give a connection to fill its tables by, in one transaction, without the way of changesets."""
        engine = postgresql_engine(self._address, "migrate", busy_seconds=self._busy, schema=_PART)
        try:
            with told_postgresql(self._address), engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def storage(self) -> SqlStorage:
        """Give the storage to fill it through; it is closed before :meth:`finish`."""
        readers, writers = (
            postgresql_engine(self._address, kind, busy_seconds=self._busy, schema=_PART, at_once=1)
            for kind in ("read", "write")
        )
        return SqlStorage(
            PostgresqlDatabase(self._address, readers, writers, is_demo=self._demo, one_by_one=True)
        )

    def finish(self) -> None:
        """Move everything to its place, at once."""
        with self.rows() as connection:
            if tables(connection):
                # Made by other means meanwhile.
                raise refuse("storage_filled", self._address)
            for name in _OURS:
                connection.exec_driver_sql(f"ALTER TABLE {_PART}.{name} SET SCHEMA {SCHEMA}")
            connection.exec_driver_sql(f"DROP SCHEMA {_PART}")
            _analyze(connection)
        self._let_go()

    def drop(self) -> None:
        """Take the unfinished content away."""
        try:
            with self.rows() as connection:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_PART} CASCADE")
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._holder is not None:
            self._holder.close()
            self._holder = None
        self._maker.dispose()
