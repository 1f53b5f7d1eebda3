"""Copy a whole database to another address, from a file to a server or back, and prove the copy.

The copy is made under another name, or in a schema of its own, and is in its place only once it was read
back and is the same row for row. So a copy that breaks off leaves nothing, and one that ends is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from core.ports import StorageError
from core.refusal import Refusal
from storage.open import BUSY_SECONDS, canonical, is_postgresql, sqlite_path, told, version_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.sql.open import NewFile
    from storage.sql.postgresql.open import NewContent


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What was copied: how many rows each table has, without those that are empty."""

    rows: dict[str, int]


def copy_storage(source: str, target: str, *, mounts: str | None = None) -> Copied:
    """Copy a database into one that is not there yet (a file), or is empty (a server).

    Both are SQL databases. A server of behorig gives and takes no whole database: its one write is a
    changeset of one actor, and the history holds those of many. Run it where the database is.

    Raises:
        StorageError: the source is not of this program's version (``storage_older``), the target holds
            something (``storage_exists``, ``storage_filled``), both are the same (``copy_same``), or what
            was written is not what was read (``copy_differs``). The target is as it was before.
    """
    # Deferred, as all that brings SQLAlchemy.
    from storage.sql.copy import copy_rows, differing, sums_of

    for each in (source, target):
        if each.startswith(("http://", "https://")):
            raise StorageError(Refusal("copy_remote", "storage"))
    if canonical(source) == canonical(target):
        raise StorageError(Refusal("copy_same", "storage"))
    found, needed = version_of(source, mounts=mounts)
    if found != needed:
        raise StorageError(
            Refusal("storage_older", "storage", {"path": told(source), "found": found, "known": needed})
        )
    new = _new(target, mounts)
    try:
        with _reading(source) as old, new.rows() as connection:
            was = copy_rows(old, connection)
        with new.rows() as connection:
            table = differing(was, sums_of(connection))
        if table is not None:
            raise StorageError(Refusal("copy_differs", "storage", {"table": table}))
        new.finish()
    except BaseException:
        new.drop()
        raise
    return Copied(rows={each.table: each.rows for each in was if each.rows})


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    """Open a database for reading, all of it as it is at one moment."""
    if is_postgresql(url):
        from storage.sql.postgresql.address import address_of
        from storage.sql.postgresql.engine import postgresql_engine
        from storage.sql.postgresql.errors import told_postgresql

        address = address_of(url)
        meaning = told_postgresql(address)
        engine = postgresql_engine(address, "read", busy_seconds=BUSY_SECONDS, at_once=1, is_long=True)
    else:
        from storage.sql.engine import sqlite_engine
        from storage.sql.errors import told as told_sqlite

        path = sqlite_path(url)
        meaning = told_sqlite(path)
        engine = sqlite_engine(path, "read")
    with meaning:
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def _new(url: str, mounts: str | None) -> NewFile | NewContent:
    if is_postgresql(url):
        from storage.sql.postgresql.address import address_of
        from storage.sql.postgresql.open import NewContent

        return NewContent(address_of(url), demo=False, busy_seconds=BUSY_SECONDS)
    from storage.sql.mounts import mount_table
    from storage.sql.open import NewFile

    return NewFile(sqlite_path(url), mount_table() if mounts is None else mounts, demo=False, fast=True)
