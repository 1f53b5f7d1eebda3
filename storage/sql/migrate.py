"""Make a database's schema, and bring an older one up to date.

An older SQLite file is brought up to date when it is opened, after a copy of it was laid beside it:
the file and the program that opens it are on one machine, so nobody else decides when. Whoever still
runs the older program is stopped at the next write (:mod:`storage.sql.commit`), and the copy is the
way back.

Alembic is imported here and nowhere else, since a start should not wait for it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from core.ports import StorageError
from core.refusal import Refusal
from storage.sql.engine import sqlite_engine
from storage.sql.errors import told
from storage.sql.statistics import fix_statistics
from storage.sql.version import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate(path: Path, to: str = SCHEMA_VERSION, *, scripts: str = "storage.sql:migrations") -> None:
    """Bring a file's schema to a version, up or down, in one transaction: wholly or not at all."""
    engine = sqlite_engine(path, "write")
    try:
        with engine.connect() as connection:
            # Making a table anew would otherwise take along what refers to it. The setting cannot be
            # changed inside a transaction, so it is on the driver's connection, before one begins.
            driver = connection.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                raise TypeError("an SQLite file is opened with sqlite3")
            driver.execute("PRAGMA foreign_keys = 0")
            with connection.begin():
                run_migrations(connection, to, scripts)
                if to:
                    fix_statistics(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise StorageError(Refusal("storage_failed", "storage", {"error": "foreign_key_check"}))
    finally:
        engine.dispose()


def run_migrations(connection: Connection, to: str, scripts: str) -> None:
    """Run the revisions from the version that a database has to another, inside its transaction.

    A database without any is taken for an empty one; ``""`` is the version of nothing at all.
    """
    config = Config()
    config.set_main_option("script_location", scripts)
    config.attributes["connection"] = connection
    if _version(connection) > to:
        command.downgrade(config, "base" if to == "" else to)
    else:
        command.upgrade(config, to)


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return "" if row is None else str(row[0])


def mark(path: Path) -> None:
    """Write into a new file's header whose it is, and set it to write-ahead logging."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")


def keep_copy(path: Path, version: str) -> Path:
    """Lay a whole copy of a database beside it, named after its version, and give its path.

    A copy that is there already is left as it is; the new one is numbered.
    """
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        with told(path), closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        for number in count(1):
            copy = path.with_name(f"{path.name}.version-{version}" + (f"-{number}" if number > 1 else ""))
            try:
                os.link(part, copy)
            except FileExistsError:
                continue
            return copy
    finally:
        part.unlink(missing_ok=True)
    raise AssertionError("counting has no end")
