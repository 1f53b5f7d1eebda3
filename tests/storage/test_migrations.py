"""The schema's history: up, down and up again with data, and an older file brought up to date."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from core.changes import Receipt
from core.directory import INSTALLATION
from core.identity import HsaId, Id
from core.ports import StorageError
from core.queries import Accounts
from core.tokens import Presented, Token
from storage.open import new_sqlite, open_storage
from storage.sql import migrate as migration
from storage.sql import open as opening
from storage.sql.indexes import metadata
from storage.sql.migrate import migrate
from storage.sql.search import pieces
from storage.sql.storage import SqlStorage
from storage.sql.version import SCHEMA_VERSION
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, TODAY, amend, changeset
from tests.storage.integrity import assert_whole, contents


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "storage.sql:migrations")
    return ScriptDirectory.from_config(config)


def shape(path: Path) -> list[tuple[str, str, list[str]]]:
    """Give tables and indexes as SQLite has them: the parts of each statement, in no order."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'account_search%' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        ).fetchall()
    return sorted((kind, name, parts(sql)) for kind, name, sql in rows)


def parts(sql: str) -> list[str]:
    """Split what stands between the outer brackets of a statement at its commas."""
    found, depth = [""], 0
    for character in " ".join(sql.replace('"', "").split()):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 1:
            found.append("")
        else:
            found[-1] += character
    head, _, first = found[0].partition("(")
    last, _, tail = found[-1].rpartition(")")
    inner = [first, *found[1:-1], last] if len(found) > 1 else [first.rpartition(")")[0]]
    return [head.strip(), tail.strip(), *sorted(part.strip() for part in inner)]


def test_the_last_revision_is_the_version_that_this_program_knows() -> None:
    directory = script()
    assert directory.get_current_head() == SCHEMA_VERSION
    revisions = [each.revision for each in directory.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True), "one line, in order"
    assert len(directory.get_heads()) == len(directory.get_bases()) == 1
    assert all(len(each) == 4 and each.isdecimal() for each in revisions)


async def test_the_migrations_make_what_the_program_believes_there_is(tmp_path: Path) -> None:
    migrated, described = tmp_path / "migrated.db", tmp_path / "described.db"
    async with new_sqlite(migrated):
        pass
    engine = create_engine(f"sqlite:///{described}")
    metadata.create_all(engine)
    engine.dispose()
    assert shape(migrated) == shape(described)
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        difference = compare_metadata(
            MigrationContext.configure(
                connection,
                opts={"include_name": lambda name, kind, _: not str(name).startswith("account_search")},
            ),
            metadata,
        )
    engine.dispose()
    assert difference == []


async def test_down_and_up_again_with_data(file: Path) -> None:
    before = shape(file)
    migrate(file, "")
    assert [name for _, name, _ in shape(file)] == []
    migrate(file)
    assert shape(file) == before
    storage = await open_storage(str(file))
    page = await storage.ask(Accounts(day=TODAY), INSTALLATION, NOW)
    assert page.total == 0
    await storage.close()


async def test_each_earlier_version_is_brought_up_to_date_with_its_data(file: Path) -> None:
    before, kept = shape(file), contents(file)
    for revision in script().walk_revisions():
        migrate(file, revision.revision)
        went_down = contents(file)
        migrate(file)
        assert shape(file) == before
        after = contents(file)
        assert after.keys() == kept.keys()
        for table in went_down.keys() - {"alembic_version", "sqlite_stat1"}:
            assert after[table] == kept[table], (revision.revision, table)
        assert_whole(file)


BESIDE_THE_CHAINS = {"tokens", "preferences"}
"""Tables of later versions that nothing else can be made again from: an older program does without."""


async def test_tokens_and_preferences_go_with_their_tables_and_nothing_else_does(file: Path) -> None:
    storage = await open_storage(str(file))
    assert isinstance(storage, SqlStorage)
    expires = NOW + timedelta(days=1)
    token = Token(id=Id("a"), hsa_id=HsaId("SE5565594230-1337"), name="", created=NOW, expires=expires)
    await storage.tokens().create(token, b"h" * 32)
    assert await storage.tokens().presented("a", b"h" * 32) == Presented(token, True, ())
    await storage.close()
    before, kept = shape(file), contents(file)
    migrate(file, "0006")
    went_down = contents(file)
    assert kept.keys() - went_down.keys() == BESIDE_THE_CHAINS
    migrate(file)
    assert shape(file) == before
    after = contents(file)
    assert [after.pop(name) for name in BESIDE_THE_CHAINS] == [[], []]
    assert {name: rows for name, rows in kept.items() if name not in BESIDE_THE_CHAINS} == after
    assert_whole(file)


async def test_keys_of_the_version_before_are_made_anew(file: Path, tmp_path: Path) -> None:
    """Those were without former names, and of another folding; so was what the index was fed with."""
    storage = await open_storage(str(file))
    for step, change in enumerate(
        (
            amend("user-6", 1, family_name="Sǽmundur"),
            amend("user-6", 2, family_name="Västlund"),
            amend("user-2", 1, family_name="Biŋŋá"),
        )
    ):
        at = changeset(NORTH, change, id=f"renamed-{step}")
        assert isinstance(await storage.commit(at, NORTH_ADMINISTRATOR, NOW), Receipt)
    await storage.close()
    assert_whole(file)
    kept = contents(file)
    migrate(file, "0005")
    with closing(sqlite3.connect(file)) as connection:
        for search_id, key in connection.execute("SELECT search_id, search_key FROM accounts").fetchall():
            old = "\n".join(key.split("\n")[:3]).replace("n", "ŋ")
            for command, fed in (("'delete', ", key), ("", old)):
                columns = "account_search, rowid, pieces" if command else "rowid, pieces"
                connection.execute(
                    f"INSERT INTO account_search ({columns}) VALUES ({command}?, ?)", (search_id, pieces(fed))
                )
            connection.execute("UPDATE accounts SET search_key = ? WHERE search_id = ?", (old, search_id))
        for table, keys in (
            ("accounts", ("name_key", "email_key")),
            ("account_versions", ("name_key", "email_key", "search_key")),
            ("organisations", ("sort_key",)),
            ("announcement_texts", ("search_key",)),
        ):
            for name in keys:
                connection.execute(f"UPDATE {table} SET {name} = replace({name}, 'n', 'ŋ')")
        connection.commit()
    # In batches of a few rows each, which end within an organisation and within an account's versions.
    folder = Path(shutil.copytree(Path(script().dir), tmp_path / "few_at_once"))
    revision = folder / "versions" / "version_0006.py"
    text = revision.read_text(encoding="utf-8")
    assert "AT_ONCE = 1_000" in text
    write(revision, text.replace("AT_ONCE = 1_000", "AT_ONCE = 2"))
    migrate(file, SCHEMA_VERSION, scripts=str(folder))
    after = contents(file)
    made_anew = {each for each in kept if each.startswith(("account_search", "sqlite_"))}
    for table in kept.keys() - made_anew - BESIDE_THE_CHAINS:
        assert after[table] == kept[table], table
    assert_whole(file)
    storage = await open_storage(str(file))
    for search in ("samundur", "ostlund", "vastlund"):
        found = await storage.ask(Accounts(day=TODAY, search=search), NORTH_ADMINISTRATOR, NOW)
        assert [row.account.id for row in found.rows] == ["user-6"], search
    await storage.close()


NEXT = f"{int(SCHEMA_VERSION) + 1:04}"

# A later revision, as one will look: a table that has data is made anew with a column more.
LATER = '''
"""One more column.

Revision ID: {next}
Revises: {last}
"""

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{last}"


def upgrade() -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.add_column(sa.Column("telephone", sa.Text, nullable=False, server_default=""))
        batch.create_check_constraint("short", sa.text("length(telephone) < 40"))
    {fail}


def downgrade() -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.drop_constraint("short", type_="check")
        batch.drop_column("telephone")
'''


def later_revision(fail: str = "") -> str:
    return LATER.format(fail=fail, next=NEXT, last=SCHEMA_VERSION)


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A history with one revision more than the program has."""
    source = Path(script().dir)
    folder = Path(shutil.copytree(source, tmp_path / "later"))
    (folder / "versions" / f"version_{NEXT}.py").write_text(later_revision(), encoding="utf-8")
    return folder


@pytest.fixture
def program_of_tomorrow(later: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as it will be when it knows that revision."""
    monkeypatch.setattr(opening, "SCHEMA_VERSION", NEXT)
    plain = migration.migrate
    monkeypatch.setattr(migration, "migrate", lambda path: plain(path, NEXT, scripts=str(later)))
    return later


def test_up_down_and_up_keep_the_data_of_a_table_made_anew(file: Path, later: Path) -> None:
    first = contents(file)
    indexes = [row for row in shape(file) if row[0] == "index"]
    migrate(file, NEXT, scripts=str(later))
    assert {row[-1] for row in contents(file)["accounts"]} == {""}
    assert [row for row in shape(file) if row[0] == "index"] == indexes
    migrate(file, SCHEMA_VERSION, scripts=str(later))
    assert contents(file) == first
    migrate(file, NEXT, scripts=str(later))
    migrate(file, SCHEMA_VERSION, scripts=str(later))
    assert contents(file) == first
    assert_whole(file)


async def test_an_older_file_is_brought_up_to_date_and_a_copy_is_kept(
    file: Path, program_of_tomorrow: Path
) -> None:
    before = contents(file)
    storage = await open_storage(str(file))
    assert (await storage.ask(Accounts(day=TODAY), INSTALLATION, NOW)).total > 0
    await storage.close()
    assert contents(file)["alembic_version"] == [(NEXT,)]
    copy = file.with_name(f"{file.name}.version-{SCHEMA_VERSION}")
    assert contents(copy) == before
    assert_whole(copy)
    # Another time, such as after going back to the copy: the first copy is not written over.
    migrate(file, SCHEMA_VERSION, scripts=str(program_of_tomorrow))
    await (await open_storage(str(file))).close()
    assert contents(file.with_name(f"{file.name}.version-{SCHEMA_VERSION}-2")) == before
    assert contents(copy) == before


async def test_a_migration_that_fails_leaves_the_file_as_it_was(
    file: Path, program_of_tomorrow: Path
) -> None:
    broken = later_revision('op.execute("INSERT INTO no_such_table VALUES (1)")')
    write(program_of_tomorrow / "versions" / f"version_{NEXT}.py", broken)
    before, tables = contents(file), shape(file)
    with pytest.raises(StorageError) as caught:
        await open_storage(str(file))
    assert caught.value.refusal.code == "storage_failed"
    assert (contents(file), shape(file)) == (before, tables)
    assert_whole(file)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    # A compiled version of the same second would be taken for this one.
    os.utime(path, (0, 0))
