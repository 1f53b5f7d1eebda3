"""What is told of a PostgreSQL database that cannot be worked with, and what holds on its connections."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncGenerator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, event

from core.changes import Receipt
from core.ports import StorageError
from core.queries import Accounts
from storage.open import OpenStorage, canonical, new_postgresql, open_storage, told, verify_storage
from storage.sql.postgresql import open as opening
from storage.sql.postgresql.address import address_of
from storage.sql.postgresql.engine import postgresql_engine
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    changeset,
    grant,
    register,
)
from tests.contract.implementations import fill_country, write_country
from tests.postgresql import WITH_PASSWORD, Server, of_system, of_wheel, system_programs
from tests.storage.integrity import assert_whole_on_server, contents_on_server

EVERYBODY = Accounts(day=TODAY)


@pytest.fixture
async def storage(on_server: str) -> AsyncGenerator[OpenStorage]:
    """The copy, open; a write waits for another for a third of a second."""
    opened = await open_storage(on_server, busy_seconds=0.3)
    yield opened
    await opened.close()


async def code_of_opening(url: str) -> str:
    with pytest.raises(StorageError) as caught:
        await open_storage(url)
    assert "path" in caught.value.refusal.params
    return caught.value.refusal.code


def replace(url: str, old: str, new: str) -> str:
    assert old in url
    return url.replace(old, new, 1)


# What cannot be opened ----------------------------------------------------------------------------


async def test_a_server_that_is_not_there_is_told_as_that(tmp_path: Path) -> None:
    assert await code_of_opening(f"postgresql://me@/country?host={tmp_path}") == "storage_unreachable"
    assert await code_of_opening("postgresql://me@127.0.0.1:1/country") == "storage_unreachable"
    assert await code_of_opening("postgresql://me@no.such.host.invalid/country") == "storage_unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://host:port/x",
        "postgresql://host/x?no_such_setting=1",
        "postgresql://[::1/x",
        "postgresql://a\0b/x",
    ],
)
async def test_an_address_that_is_not_understood_is_refused(url: str) -> None:
    with pytest.raises(StorageError) as caught:
        await open_storage(url)
    assert caught.value.refusal.code == "storage_address"


async def test_who_is_not_let_in_is_told_whether_a_password_was_asked_for(
    postgresql: Server, on_server: str
) -> None:
    postgresql.execute(f"DROP ROLE IF EXISTS {WITH_PASSWORD}")
    postgresql.execute(f"CREATE ROLE {WITH_PASSWORD} LOGIN PASSWORD 'hemligt'")
    url = replace(on_server, "postgres@", f"{WITH_PASSWORD}@")
    assert await code_of_opening(url) == "storage_password"
    assert await code_of_opening(replace(url, "@", ":fel@")) == "storage_sign_in"
    # The right one is let in, and has no rights there.
    assert await code_of_opening(replace(url, "@", ":hemligt@")) == "storage_rights"
    assert await code_of_opening(replace(on_server, "postgres@", "nobody_known@")) == "storage_sign_in"
    assert await code_of_opening(postgresql.url("no_such_database")) == "storage_sign_in"
    postgresql.execute(f"DROP ROLE {WITH_PASSWORD}")


async def test_a_password_is_in_nothing_that_is_told(on_server: str) -> None:
    secret = "s3kret-w0rd"
    for url in (
        replace(on_server, "postgres@", f"{WITH_PASSWORD}:{secret}@"),
        f"postgresql://me:{secret}@127.0.0.1:1/x",
        f"{on_server}&password={secret}",
        f"postgresql://me:{secret}@host:port/x",
        f"{on_server}&no_such_setting={secret}",
    ):
        try:
            await (await open_storage(url)).close()
        except StorageError as error:
            seen = "".join(traceback.format_exception(error)) + repr(error.refusal)
            assert secret not in seen, url
        try:
            address = address_of(url)
        except StorageError:
            continue
        engine = postgresql_engine(address, "read", busy_seconds=1)
        shown = (repr(address), address.shown, address.canonical, repr(engine), str(engine.url), told(url))
        assert secret not in "".join((*shown, canonical(url)))


async def test_what_is_empty_or_somebody_elses_is_refused(empty: str) -> None:
    assert await code_of_opening(empty) == "storage_empty"
    with psycopg.connect(empty) as connection:
        connection.execute("CREATE TABLE accounts (id int)")
    assert await code_of_opening(empty) == "storage_not_ours"
    with psycopg.connect(empty) as connection:
        connection.execute("DROP TABLE accounts")
        connection.execute("CREATE TABLE of_others (id int)")
    assert await code_of_opening(empty) == "storage_empty"


async def test_a_database_of_another_encoding_is_refused(postgresql: Server) -> None:
    postgresql.drop("latin")
    options = "ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
    assert await code_of_opening(postgresql.create("latin", options)) == "storage_encoding"
    postgresql.drop("latin")


async def test_a_server_that_is_too_old_is_refused(on_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OLDEST_SERVER", 99)
    assert await code_of_opening(on_server) == "storage_old_server"


def test_the_same_database_has_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE"):
        monkeypatch.delenv(each, raising=False)
    wanted = "postgresql://db.example:5432/behorig"
    for url in (
        "postgresql://db.example/behorig",
        "postgres://anna:secret@DB.example:5432/behorig?sslmode=require",
        "postgresql://bo@/behorig?host=db.example&password=secret",
    ):
        assert canonical(url) == wanted
    assert canonical("postgresql://db.example:5433/behorig") != wanted
    assert told("postgresql://anna:secret@db.example/behorig") == "postgresql://anna@db.example:5432/behorig"


# What holds on every connection -------------------------------------------------------------------


async def test_every_connection_has_the_settings(storage: OpenStorage) -> None:
    seen: dict[int, dict[str, str]] = {}

    def look(connection: object, cursor: object, _statement: str, *_others: object) -> None:
        driver = connection.connection.driver_connection  # type: ignore[attr-defined]  # SQLAlchemy's Connection
        found = driver.execute("SELECT name, setting FROM pg_settings").fetchall()
        seen[driver.info.backend_pid] = dict(found)

    event.listen(Engine, "before_cursor_execute", look)
    try:
        await asyncio.gather(*(storage.ask(EVERYBODY, SUPPORT, NOW) for _ in range(8)))
        await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert {each["transaction_read_only"] for each in seen.values()} == {"on", "off"}
    for settings in seen.values():
        assert settings["plan_cache_mode"] == "force_custom_plan"
        assert settings["search_path"] == "public,pg_temp"
        assert settings["TimeZone"] == "UTC"
        assert settings["lock_timeout"] == "300"
        assert (settings["statement_timeout"], settings["idle_in_transaction_session_timeout"]) == (
            "60000",
        ) * 2
        assert settings["application_name"] == "behorig"
        reads = settings["transaction_read_only"] == "on"
        assert settings["transaction_isolation"] == ("repeatable read" if reads else "read committed")


async def test_a_database_that_can_only_be_read_is_read(postgresql: Server, on_server: str) -> None:
    name = on_server.partition("?")[0].rpartition("/")[2]
    postgresql.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    storage = await open_storage(on_server)
    try:
        assert (await storage.ask(EVERYBODY, SUPPORT, NOW)).total > 0
        with pytest.raises(StorageError) as caught:
            await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
        assert caught.value.refusal.code == "storage_replica"
    finally:
        await storage.close()


async def test_organisations_write_beside_each_other(storage: OpenStorage, on_server: str) -> None:
    """While one is held by somebody, another is written; the first is told that it is held."""
    with psycopg.connect(on_server) as other:
        other.execute("SELECT 1 FROM organisations WHERE id = %s FOR UPDATE", (NORTH,))
        write = changeset(SOUTH, register("new-1"))
        assert isinstance(await storage.commit(write, SOUTH_ADMINISTRATOR, NOW), Receipt)
        before = contents_on_server(on_server)
        with pytest.raises(StorageError) as caught:
            await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
        assert caught.value.refusal.code == "storage_locked"
        assert contents_on_server(on_server) == before
    assert isinstance(
        await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW), Receipt
    )
    assert_whole_on_server(on_server)


# A line that breaks -------------------------------------------------------------------------------

_END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def end_all(url: str) -> int:
    """Break the line of everybody who is connected."""
    with psycopg.connect(url) as connection:
        return len(connection.execute(_END_ALL).fetchall())


async def test_after_a_broken_line_it_goes_on(storage: OpenStorage, on_server: str) -> None:
    before = await storage.ask(EVERYBODY, SUPPORT, NOW)
    await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    assert end_all(on_server) >= 2
    assert (await storage.ask(EVERYBODY, SUPPORT, NOW)).total == before.total + 1
    assert end_all(on_server) >= 1
    await storage.commit(changeset(NORTH, register("new-2")), NORTH_ADMINISTRATOR, NOW)
    assert (await storage.ask(EVERYBODY, SUPPORT, NOW)).total == before.total + 2
    assert_whole_on_server(on_server)


async def test_a_write_whose_line_breaks_in_the_middle_is_written_once(on_server: str) -> None:
    storage = await open_storage(on_server, busy_seconds=20)
    try:
        with psycopg.connect(on_server) as other:
            other.execute("SELECT 1 FROM organisations WHERE id = %s FOR UPDATE", (NORTH,))
            write = changeset(NORTH, register("new-1"), grant("new-1"))
            writing = asyncio.create_task(storage.commit(write, NORTH_ADMINISTRATOR, NOW))
            broken = await asyncio.to_thread(_end_one_that_waits, on_server)
            assert broken == 1
            other.rollback()
            receipt = await writing
        assert isinstance(receipt, Receipt)
        assert not receipt.repeated
    finally:
        await storage.close()
    assert_whole_on_server(on_server)


def _end_one_that_waits(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(20_000):
            ended = connection.execute(f"{_END_ALL} AND wait_event_type = 'Lock'".encode()).fetchall()
            if ended:
                return len(ended)
    return 0


async def test_a_server_that_was_restarted_is_met_again() -> None:
    own = of_wheel() if system_programs() is None else of_system()
    try:
        url = own.create("country")
        await fill_country(url)
        storage = await open_storage(url)
        before = await storage.ask(EVERYBODY, SUPPORT, NOW)
        await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
        own.restart()
        assert (await storage.ask(EVERYBODY, SUPPORT, NOW)).total == before.total + 1
        await storage.commit(changeset(NORTH, register("new-2")), NORTH_ADMINISTRATOR, NOW)
        own.close()
        with pytest.raises(StorageError) as caught:
            await storage.ask(EVERYBODY, NORTH_ADMINISTRATOR, NOW)
        assert caught.value.refusal.code == "storage_unreachable"
        await storage.close()
    finally:
        own.close()


# Making the content -------------------------------------------------------------------------------


def names(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        return {row[0] for row in found}


async def _begin_and_stop(url: str) -> None:
    async with new_postgresql(url, demo=True) as storage:
        await write_country(storage)
        # Nobody sees it yet.
        assert await code_of_opening(url) == "storage_empty"
        raise KeyboardInterrupt


async def test_content_is_made_whole_or_not_at_all(empty: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        await _begin_and_stop(empty)
    assert names(empty) == set()
    await fill_country(empty)
    assert_whole_on_server(empty)
    storage = await open_storage(empty)
    assert storage.is_demo
    await storage.close()
    before = contents_on_server(empty)
    with pytest.raises(StorageError) as caught:
        await fill_country(empty)
    assert caught.value.refusal.code == "storage_filled"
    assert contents_on_server(empty) == before
    assert {each.partition(".")[0] for each in names(empty)} == {"public"}


async def test_two_cannot_make_the_content_at_once_and_what_a_killed_one_left_is_taken_away(
    empty: str,
) -> None:
    async with new_postgresql(empty):
        with pytest.raises(StorageError) as caught:
            async with new_postgresql(empty):
                pass
        assert caught.value.refusal.code == "storage_locked"
    assert {each.partition(".")[0] for each in names(empty)} == {"public"}
    with psycopg.connect(empty) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("CREATE SCHEMA behorig_new")
        connection.execute("CREATE TABLE behorig_new.half (id int)")
    await fill_country(empty)
    assert_whole_on_server(empty)


# What somebody did to it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            "UPDATE events SET data = data || '\\x20' WHERE organisation_id = 'kommun-2281' AND number = 7",
            "changed",
        ),
        ("UPDATE events SET kind = 'x' WHERE organisation_id = 'kommun-2281' AND number = 7", "column"),
        ("DELETE FROM events WHERE organisation_id = 'kommun-2281' AND number = 7", "missing"),
        ("UPDATE organisations SET head_hash = repeat('0', 64) WHERE id = 'kommun-2281'", "head"),
    ],
)
def test_what_was_done_to_the_history_is_found(on_server: str, change: str, code: str) -> None:
    assert [each.fault for each in verify_storage(on_server) if each.fault is not None] == []
    with psycopg.connect(on_server) as connection:
        assert connection.execute(change.encode()).rowcount == 1
    faults = [each.fault for each in verify_storage(on_server) if each.fault is not None]
    assert [(each.organisation_id, each.code) for each in faults] == [(NORTH, code)]
    if code != "head":
        assert faults[0].number == 7


async def test_a_head_that_is_not_the_last_event_is_written_to_by_nobody(
    storage: OpenStorage, on_server: str
) -> None:
    with psycopg.connect(on_server) as connection:
        connection.execute("UPDATE organisations SET head_hash = '' WHERE id = %s", (NORTH,))
    with pytest.raises(StorageError) as caught:
        await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    assert caught.value.refusal.code == "storage_damaged"


async def test_texts_that_postgresql_has_not_are_asked_about_and_not_found(storage: OpenStorage) -> None:
    for text in ("\0", "a\0b", "\ud800"):
        for query in (
            Accounts(day=TODAY, search=text),
            Accounts(day=TODAY, organisation_id=text),
            Accounts(day=TODAY, permission_id=text),
        ):
            assert (await storage.ask(query, SUPPORT, NOW)).rows == ()
        assert await storage.identify(text) == ()
