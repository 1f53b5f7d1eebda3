"""Connections to an SQLite file: the settings that hold on each, and how a transaction begins.

SQLAlchemy's engine is used synchronously, in threads of ours. Python's SQLite drivers for asyncio
are a thread for each connection as well, but hop to it for every statement; here a whole question
or a whole write is one hop. That is faster, costs no import of greenlets and the ORM at start, and a
cancelled ``await`` cannot stop in the middle of a transaction, since nothing awaits inside one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

BUSY_SECONDS: Final = 5.0
"""How long a write waits for another process before it is refused as locked."""

READERS: Final = 1
"""How many questions are answered at the same time.

A second one would only serve a question that nobody waits for any more, a search overtaken by the next letter
say, and its connection, thread and heap would keep four megabytes more of the same file.
"""

# The order matters: busy_timeout first, since the others may have to wait.
_SETTINGS: Final = {
    "busy_timeout": int(BUSY_SECONDS * 1000),
    "foreign_keys": 1,
    # Written is written, also when the power goes (DESIGN 5).
    "synchronous": 2,
    # A file from elsewhere may hold views and triggers that call functions, and damaged cells.
    "trusted_schema": 0,
    "cell_size_check": 1,
    # Sorting needs no files with names of people in a shared folder.
    "temp_store": 2,
    # In KiB, hence the sign: enough for the upper parts of the trees of a million accounts. With half
    # of it, a page of a list from among them takes half as long again.
    "cache_size": -4000,
}

Kind = Literal["read", "write", "build"]


def sqlite_engine(path: Path, kind: Kind, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Make an engine for a file that exists or, for ``build``, shall be made.

    ``read`` gives up to :data:`READERS` connections on which nothing can be written. ``write`` gives
    one on which every transaction begins with ``BEGIN IMMEDIATE``: the write lock is taken before
    anything is read, so that nothing can change between a decision and its write. ``build`` is
    ``write`` without waiting for the disk, for a file that nobody else knows of yet.
    """
    mode = "rwc" if kind == "build" else "rw"
    engine = create_engine(
        URL.create("sqlite", database=f"file:{_quoted(path)}", query={"mode": mode, "uri": "true"}),
        poolclass=QueuePool,
        pool_size=READERS if kind == "read" else 1,
        max_overflow=0,
        # A statement that fails tells no values: they may be names of people.
        hide_parameters=True,
    )
    settings: dict[str, int | str] = {**_SETTINGS, "busy_timeout": int(busy_seconds * 1000)}
    if kind == "read":
        settings["query_only"] = 1
    else:
        # It is kept in the file, and set again for one that was copied by other means.
        settings["journal_mode"] = "wal"
    if kind == "build":
        settings |= {"synchronous": 0, "cache_size": -64_000}
    begin = "BEGIN" if kind == "read" else "BEGIN IMMEDIATE"

    def configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver is not to begin transactions by itself: it begins them too late.
        connection.isolation_level = None
        for name, value in settings.items():
            connection.execute(f"PRAGMA {name} = {value}")

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", start)
    return engine


def read_tolerantly(connection: Connection) -> None:
    """Let a connection read texts that are not UTF-8: what cannot be read becomes ``�``."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.text_factory = _tolerant


def _tolerant(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _quoted(path: Path) -> str:
    """Give a path for a ``file:`` address (SQLite's "URI Filenames"): only ?, # and % mean something."""
    text = str(path.absolute())
    return text.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
