"""Open an SQLite file, or make one: what must be true of it before anything is read."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from storage.sql import schema
from storage.sql.engine import READERS, read_tolerantly, sqlite_engine
from storage.sql.errors import is_undecodable, told
from storage.sql.location import check_file, check_folder, refuse
from storage.sql.storage import SqlStorage
from storage.sql.version import APPLICATION_ID, SCHEMA_VERSION
from storage.sql.wakers import Glancing, Read, Waker, data_version

_IS_DEMO: Final = select(schema.meta.c.is_demo)
_VERSION: Final = "SELECT version_num FROM alembic_version"


def open_sqlite(path: Path, mounts: str, *, busy_seconds: float) -> SqlStorage:
    """Open a database that is there, bringing an older one up to date first."""
    check_file(path, mounts)
    with told(path):
        readers = sqlite_engine(path, "read", busy_seconds=busy_seconds)
        try:
            with readers.connect() as connection:
                version = check_schema(connection, path)
                is_demo = version == SCHEMA_VERSION and connection.execute(_IS_DEMO).scalar() == 1
        except BaseException:
            readers.dispose()
            raise
        if version < SCHEMA_VERSION:
            readers.dispose()
            # Deferred: Alembic takes as long to import as everything else here.
            from storage.sql.migrate import keep_copy, migrate

            keep_copy(path, version)
            migrate(path)
            return open_sqlite(path, mounts, busy_seconds=busy_seconds)
    writers = sqlite_engine(path, "write", busy_seconds=busy_seconds)
    return SqlStorage(SqliteDatabase(path, readers, writers, is_demo=is_demo))


def version_of(path: Path, mounts: str) -> str:
    """Give the version of a file's schema; one that is not ours, or newer, is refused."""
    check_file(path, mounts)
    with told(path):
        engine = sqlite_engine(path, "read")
        try:
            with engine.connect() as connection:
                return check_schema(connection, path)
        finally:
            engine.dispose()


def bring_up_to_date(path: Path, mounts: str) -> Path | None:
    """Bring an older file up to date, after a copy of it was laid beside it, and give the copy."""
    version = version_of(path, mounts)
    if version == SCHEMA_VERSION:
        return None
    # Deferred: Alembic takes as long to import as everything else here.
    from storage.sql.migrate import keep_copy, migrate

    copy = keep_copy(path, version)
    migrate(path)
    return copy


class SqliteDatabase:
    """A file as a :class:`storage.sql.database.Database`; ``path`` is told in errors."""

    read_at_once = READERS
    write_at_once = 1

    def __init__(self, path: Path, readers: Engine, writers: Engine, *, is_demo: bool) -> None:
        """Take an engine for questions and one, with a single connection, for writes."""
        self.readers = readers
        self.writers = writers
        self.is_demo = is_demo
        self._path = path

    def told(self) -> AbstractContextManager[None]:
        """Turn what SQLite says into a :class:`core.ports.StorageError`."""
        return told(self._path)

    def waker(self, read: Read, closing: asyncio.Event) -> Waker:
        """Look at the file once a second, which costs next to nothing."""
        return Glancing(read, data_version, closing)

    def may_pass(self, error: BaseException) -> bool:
        """Say no: a write has the file for itself, and waits for it as long as it may."""
        del error
        return False

    def read_tolerantly(self, connection: Connection, error: BaseException) -> bool:
        """Read texts that are not UTF-8, where one of them was the error."""
        if not (isinstance(error, SQLAlchemyError) and is_undecodable(error)):
            return False
        read_tolerantly(connection)
        return True


def check_schema(connection: Connection, path: Path) -> str:
    """Refuse a file that is not ours or newer than this program, and give the version of its schema."""
    if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
        raise refuse("storage_not_ours", path=str(path))
    version = str(connection.exec_driver_sql(_VERSION).scalar())
    if not (version.isdecimal() and len(version) == len(SCHEMA_VERSION)):
        raise refuse("storage_damaged", path=str(path))
    if version > SCHEMA_VERSION:
        raise refuse("storage_newer", path=str(path), found=version, known=SCHEMA_VERSION)
    return version


class NewFile:
    """A database in the making, under another name beside its place until it is whole.

    Nobody ever sees half of it: :meth:`finish` puts it in its place at once, and refuses where
    something is there already.
    """

    def __init__(self, path: Path, mounts: str, *, demo: bool, fast: bool) -> None:
        """Make an empty database with its schema."""
        self.path = path
        self._demo = demo
        check_folder(path, mounts)
        if os.path.lexists(path):
            raise refuse("storage_exists", path=str(path))
        self._part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        with told(self.path):
            try:
                self._make(demo=demo)
            except BaseException:
                self.drop()
                raise
        self._readers = sqlite_engine(self._part, "read")
        self._writer = sqlite_engine(self._part, "build" if fast else "write")

    def _make(self, *, demo: bool) -> None:
        from storage.sql.migrate import mark, migrate

        self._part.touch(mode=0o600, exist_ok=False)
        mark(self._part)
        migrate(self._part)
        writer = sqlite_engine(self._part, "write")
        try:
            with writer.begin() as connection:
                created = datetime.now(UTC).isoformat(timespec="seconds")
                connection.execute(
                    insert(schema.meta), {"id": 1, "is_demo": int(demo), "created_at": created}
                )
        finally:
            writer.dispose()

    @contextmanager
    def rows(self) -> Iterator[Connection]:
        """Give a connection to fill its tables by, in one transaction, without the way of changesets."""
        with told(self.path), self._writer.begin() as connection:
            yield connection

    def storage(self) -> SqlStorage:
        """Give the storage to fill it through; it is closed before :meth:`finish`."""
        return SqlStorage(SqliteDatabase(self.path, self._readers, self._writer, is_demo=self._demo))

    def finish(self) -> None:
        """Put the database in its place, whole and on the disk."""
        self._readers.dispose()
        self._writer.dispose()
        with told(self.path):
            writer = sqlite_engine(self._part, "write")
            try:
                with writer.connect() as connection:
                    # Outside a transaction, hence on the driver's connection: the log is emptied into
                    # the file, and closing the last connection takes the log away.
                    driver = connection.connection.driver_connection
                    if driver is not None:
                        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                writer.dispose()
            with self._part.open("rb") as file:
                os.fsync(file.fileno())
            try:
                # A link, since renaming would replace what somebody else has put there meanwhile.
                os.link(self._part, self.path)
            except FileExistsError as error:
                raise refuse("storage_exists", path=str(self.path)) from error
            finally:
                self.drop()
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def drop(self) -> None:
        """Take the unfinished file away, with what SQLite has laid beside it."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._part.with_name(self._part.name + suffix).unlink(missing_ok=True)
