"""The settings of DESIGN 5 are in force on every connection, read back from SQLite itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from core.directory import INSTALLATION
from core.queries import Accounts
from storage.open import OpenStorage, new_sqlite
from storage.sql.engine import sqlite_engine
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, TODAY, changeset, register

WANTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "temp_store": 2,
    "cache_size": -4000,
}


async def test_every_connection_of_a_storage_has_the_settings(storage: OpenStorage) -> None:
    """Seen from inside each statement's own connection, readers and writer, while they are at work."""
    seen: dict[object, dict[str, object]] = {}

    def look(connection: object, cursor: object, _statement: str, *_others: object) -> None:
        driver = connection.connection.driver_connection  # type: ignore[attr-defined]  # SQLAlchemy's Connection
        seen[driver] = {
            name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in (*WANTED, "query_only")
        }

    event.listen(Engine, "before_cursor_execute", look)
    try:
        questions = [storage.ask(Accounts(day=TODAY), INSTALLATION, NOW) for _ in range(30)]
        await asyncio.gather(*questions)
        await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    for settings in seen.values():
        assert {name: settings[name] for name in WANTED} == WANTED
    # One reader that cannot write, one writer, also when many ask at once.
    assert sorted(str(settings["query_only"]) for settings in seen.values()) == ["0", "1"]


async def test_a_reader_cannot_write(file: Path) -> None:
    engine = sqlite_engine(file, "read")
    with engine.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM accounts")
    engine.dispose()


async def test_a_write_takes_the_lock_before_it_reads(storage: OpenStorage) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert statements[0] == "BEGIN IMMEDIATE"
    first = next(statement for statement in statements[1:] if "alembic_version" not in statement)
    assert "FROM organisations" in first, "the organisation's row is the lock: it is read before all else"


async def test_building_fast_waits_for_the_disk_at_the_end_only(tmp_path: Path) -> None:
    levels: list[int] = []

    def look(connection: object, *_others: object) -> None:
        driver = connection.connection.driver_connection  # type: ignore[attr-defined]  # SQLAlchemy's Connection
        levels.append(driver.execute("PRAGMA synchronous").fetchone()[0])

    async with new_sqlite(tmp_path / "new.db", fast=True) as storage:
        event.listen(Engine, "before_cursor_execute", look)
        try:
            await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
        finally:
            event.remove(Engine, "before_cursor_execute", look)
    assert set(levels) == {0}
