"""The schema's history on PostgreSQL: the same revisions, up, down and up again with data."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from core.ports import StorageError
from storage.open import migrate_storage, new_postgresql, open_storage, version_of
from storage.sql.indexes import metadata
from storage.sql.postgresql.address import address_of
from storage.sql.postgresql.open import migrate_postgresql
from storage.sql.version import SCHEMA_VERSION
from tests.storage.integrity import assert_whole_on_server, contents_on_server
from tests.storage.test_migrations import NEXT, later_revision, script, write


def migrate(url: str, to: str = SCHEMA_VERSION, **more: str) -> None:
    migrate_postgresql(address_of(url), to, busy_seconds=5, **more)


_SHAPE = (
    """SELECT table_name, column_name, data_type, is_nullable, collation_name
    FROM information_schema.columns WHERE table_schema = 'public'""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace""",
)


def shape(url: str) -> list[tuple[Any, ...]]:
    """Give columns, indexes and constraints as PostgreSQL has them."""
    with psycopg.connect(url) as connection:
        found = []
        for statement in _SHAPE:
            found += connection.execute(statement.encode()).fetchall()
        return sorted(found, key=repr)


async def test_the_migrations_make_what_the_program_believes_there_is(empty: str) -> None:
    async with new_postgresql(empty):
        pass
    engine = create_engine("postgresql+psycopg://", connect_args=address_of(empty).parameters)
    with engine.connect() as connection:
        # What it is compared with says for SQLite too how columns are; here it is asked for PostgreSQL.
        difference = compare_metadata(
            MigrationContext.configure(
                connection,
                opts={
                    "include_name": lambda name, kind, _: not str(name).startswith("account_search"),
                    "compare_type": True,
                },
            ),
            metadata,
        )
    engine.dispose()
    assert difference == []


def test_every_text_compares_byte_by_byte(on_server: str) -> None:
    """Whatever language the database sorts by: one of the servers here sorts by Swedish."""
    texts = [row for row in shape(on_server) if len(row) == 5 and row[2] in ("text", "character varying")]
    assert len(texts) > 50
    assert {row[0] for row in texts if row[4] != "C"} == {"alembic_version"}


def test_down_and_up_again_with_data(on_server: str) -> None:
    before = shape(on_server)
    migrate(on_server, "")
    assert {row[0] for row in shape(on_server) if len(row) == 5} == {"alembic_version"}
    migrate(on_server)
    assert shape(on_server) == before
    assert contents_on_server(on_server)["accounts"] == []


def test_each_earlier_version_is_brought_up_to_date_with_its_data(on_server: str) -> None:
    before, kept = shape(on_server), contents_on_server(on_server)
    for revision in script().walk_revisions():
        migrate(on_server, revision.revision)
        went_down = contents_on_server(on_server)
        assert version_of(on_server)[0] == revision.revision
        migrate_storage(on_server)
        assert shape(on_server) == before
        after = contents_on_server(on_server)
        assert after.keys() == kept.keys()
        for table in went_down.keys() - {"alembic_version"}:
            assert after[table] == kept[table], (revision.revision, table)
        assert_whole_on_server(on_server)


def test_keys_of_the_version_before_are_made_anew(on_server: str) -> None:
    """Those were of another folding; so was what the index was fed with."""
    kept = contents_on_server(on_server)
    migrate(on_server, "0005")
    with psycopg.connect(on_server) as connection:
        for table, keys in (
            ("accounts", ("name_key", "email_key", "search_key")),
            ("account_versions", ("name_key", "email_key", "search_key")),
            ("organisations", ("sort_key",)),
            ("announcement_texts", ("search_key",)),
        ):
            for name in keys:
                connection.execute(f"UPDATE {table} SET {name} = replace({name}, 'n', 'ŋ')".encode())
        connection.execute("UPDATE account_search SET pieces = array_replace(pieces, 'n', 'ŋ')")
    migrate(on_server)
    after = contents_on_server(on_server)
    # What stands beside the chains went with its table; an older program does without.
    apart = {"account_search", "preferences"}
    assert after["preferences"] == []
    assert {table: after[table] for table in kept if table not in apart} == {
        table: kept[table] for table in kept if table not in apart
    }
    assert_whole_on_server(on_server)


async def test_an_older_database_is_refused_until_somebody_migrates_it(on_server: str) -> None:
    """Others may be working with it: whoever comes first does not decide for them."""
    migrate(on_server, "0005")
    before = contents_on_server(on_server)
    with pytest.raises(StorageError) as caught:
        await open_storage(on_server)
    assert caught.value.refusal.code == "storage_older"
    assert caught.value.refusal.params["found"] == "0005"
    assert contents_on_server(on_server) == before
    migrate_storage(on_server)
    await (await open_storage(on_server)).close()


async def test_a_newer_database_is_refused(on_server: str) -> None:
    with psycopg.connect(on_server) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (lambda: migrate_storage(on_server), lambda: version_of(on_server)):
        with pytest.raises(StorageError) as caught:
            attempt()
        assert caught.value.refusal.code == "storage_newer"
    with pytest.raises(StorageError) as caught:
        await open_storage(on_server)
    assert caught.value.refusal.code == "storage_newer"


def test_a_migration_that_fails_leaves_the_database_as_it_was(on_server: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(Path(script().dir), tmp_path / "later"))
    revision = folder / "versions" / f"version_{NEXT}.py"
    before, tables = contents_on_server(on_server), shape(on_server)
    write(revision, later_revision('op.execute("INSERT INTO no_such_table VALUES (1)")'))
    with pytest.raises(StorageError) as caught:
        migrate(on_server, NEXT, scripts=str(folder))
    assert caught.value.refusal.code == "storage_failed"
    assert (contents_on_server(on_server), shape(on_server)) == (before, tables)
    write(revision, later_revision())
    migrate(on_server, NEXT, scripts=str(folder))
    assert {row[-1] for row in contents_on_server(on_server)["accounts"]} == {""}
    migrate(on_server, SCHEMA_VERSION, scripts=str(folder))
    assert (contents_on_server(on_server), shape(on_server)) == (before, tables)
