"""A file that somebody has edited by hand: every column of every table, each with values that do not belong.

Whatever there is, a question is answered, a list has an end, and a write is made, refused, or stopped
with "damaged": never with an error that nobody expects.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pytest

from core.catalogue import Permission
from core.changes import AnyChange, Receipt
from core.directory import Actor
from core.ports import StorageError
from core.queries import AccountById, Accounts, Direction, SortBy, WholeCatalogue, Writes
from storage.open import OpenStorage, open_storage
from storage.sql import schema
from tests.builders import (
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SCHOOL,
    SUPPORT,
    TODAY,
    amend,
    changeset,
    end,
    grant,
    register,
    revoke,
)
from tests.storage.test_hostile_rows import EVERYWHERE, HERE, QUESTIONS, spoil

COLUMNS = [(table.name, column.name) for table in schema.metadata.sorted_tables for column in table.columns]
VALUES = (7, 2.5, b"\xff\xfe", "no such thing", 2**63 - 1)
LISTED = ("accounts", "changesets", "organisations")
"""The tables by which lists are sorted."""
DAYS = ("20261123", "2026-W48-1", "", "2026-11-23T00:00", 7, b"2026-01-01")


async def walk(storage: OpenStorage, query: Accounts | Writes) -> None:
    """Go through a list to its end, which must come."""
    cursor: str | None = None
    for _ in range(40):
        asked = msgspec.structs.replace(query, cursor=cursor)
        page = await (
            storage.ask(asked, HERE, NOW)
            if isinstance(asked, Accounts)
            else storage.ask(asked, EVERYWHERE, NOW)
        )
        backwards = isinstance(query, Accounts) and query.direction is Direction.BEFORE
        cursor = page.before if backwards else page.after
        if cursor is None:
            return
    pytest.fail(f"no end: {query}")


async def ask_all(storage: OpenStorage) -> None:
    for question in QUESTIONS.values():
        for scope in (HERE, EVERYWHERE):
            await storage.ask(question, scope, NOW)


async def walk_all(storage: OpenStorage) -> None:
    for sort_by in SortBy:
        for direction in Direction:
            await walk(
                storage,
                Accounts(day=TODAY, organisation_id=NORTH, sort_by=sort_by, direction=direction, limit=2),
            )
    await walk(storage, Writes(organisation_id=NORTH, limit=1))


async def write(storage: OpenStorage, actor: Actor, *changes: AnyChange) -> str:
    """Try to write, and give what came of it: "written", "refused", or what kind of error it was."""
    try:
        answer = await storage.commit(changeset(NORTH, *changes), actor, NOW)
    except StorageError as error:
        return error.refusal.code
    return "written" if isinstance(answer, Receipt) else "refused"


@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_a_value_that_does_not_belong_ends_nothing(
    file: Path, tmp_path: Path, table: str, column: str
) -> None:
    for place, value in enumerate(VALUES):
        edited = tmp_path / f"edited-{place}.sqlite"
        shutil.copy(file, edited)
        try:
            spoil(edited, table, column, value)
        except sqlite3.Error:
            continue  # SQLite itself keeps it out
        storage = await open_storage(str(edited))
        await ask_all(storage)
        if table in LISTED:
            await walk_all(storage)
        new = register("new-1")
        for actor, changes in (
            (NORTH_ADMINISTRATOR, (amend("user-1", email="x@y.example"), grant("user-6", SCHOOL), new)),
            (NORTH_ADMINISTRATOR, (revoke("user-1", SCHOOL),)),
            (SUPPORT, (end(MONEY),)),
        ):
            came = await write(storage, actor, *changes)
            assert came in ("written", "refused", "storage_damaged"), value
        await storage.close()


@pytest.mark.parametrize("column", ["launched_on", "retired_on"])
async def test_a_list_and_a_card_agree_on_what_is_in_force(file: Path, column: str) -> None:
    storage = await open_storage(str(file))
    for value in DAYS:
        spoil(file, "permissions", column, value)
        catalogue = await storage.ask(WholeCatalogue(day=TODAY), EVERYWHERE, NOW)
        in_force = {each.id for each in catalogue.permissions if _holds(each, TODAY)}
        for row in (await storage.ask(Accounts(day=TODAY, organisation_id=NORTH, limit=500), HERE, NOW)).rows:
            assert row.granted == row.all_granted & in_force, value
            query = AccountById(day=TODAY, organisation_id=NORTH, account_id=row.account.id)
            detail = await storage.ask(query, HERE, NOW)
            assert detail is not None
            assert detail.row.granted == row.granted
    await storage.close()


def _holds(permission: Permission, day: date) -> bool:
    return permission.is_launched(day) and not permission.is_retired(day)


HEADS = (
    ("head_hash", "0" * 64),
    ("head_hash", "no such thing"),
    ("head_hash", b"\xff"),
    ("head_number", 7),
    ("head_number", 2**63 - 1),
    ("head_number", "no such thing"),
    ("number", 2**40),
    ("number", "no such thing"),
)


@pytest.mark.parametrize(("column", "value"), HEADS)
async def test_nothing_is_added_after_a_head_that_is_not_the_last_record(
    file: Path, column: str, value: object
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE organisations SET {column} = ? WHERE id = ?", (value, NORTH))
    storage = await open_storage(str(file))
    assert await write(storage, NORTH_ADMINISTRATOR, register("new-1")) == "storage_damaged"
    await storage.close()


async def test_a_record_after_the_head_is_not_written_over(file: Path) -> None:
    """Also where the head was set back to an earlier record, with that record's own hash."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "UPDATE organisations SET head_number = 9, head_hash = (SELECT lower(hex(hash)) FROM events"
            " WHERE organisation_id = ? AND number = 9) WHERE id = ?",
            (NORTH, NORTH),
        )
    storage = await open_storage(str(file))
    assert await write(storage, NORTH_ADMINISTRATOR, register("new-1")) == "storage_damaged"
    await storage.close()


@pytest.mark.parametrize("value", ["zzzz", "2026-11-23", b"\xff", 7, "9999-99-99T00:00:00.000000+00:00"])
async def test_a_moment_that_is_none_is_not_carried_on(file: Path, value: object) -> None:
    spoil(file, "changesets", "at", value)
    storage = await open_storage(str(file))
    answer = await storage.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    assert isinstance(answer, Receipt), answer
    assert answer.written_at == "2026-11-23T08:12:00.000000+00:00"
    await storage.close()


async def test_undoings_that_lead_in_a_circle_come_to_an_end(file: Path) -> None:
    storage = await open_storage(str(file))
    for id, change, undoes in (
        ("one", grant("user-6"), None),
        ("two", revoke("user-6"), "one"),
    ):
        answer = await storage.commit(
            changeset(NORTH, change, id=id, undoes=undoes), NORTH_ADMINISTRATOR, NOW
        )
        assert isinstance(answer, Receipt), answer
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE changesets SET undoes = 'two' WHERE id = 'one'")
    made = changeset(NORTH, grant("user-6"), id="three", undoes="two")
    assert isinstance(await storage.commit(made, NORTH_ADMINISTRATOR, NOW), Receipt)
    await storage.close()
