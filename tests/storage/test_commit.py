"""The one way to write: whole or not at all, and the tables just what the log says."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from core import changes as c
from core.changes import Receipt
from core.directory import INSTALLATION, OrganisationKind, Role
from core.identity import Id, Title
from core.ports import Refused, StorageError
from core.queries import AccountById, Accounts, SortBy
from storage.open import OpenStorage, open_storage
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    PRESCHOOL,
    RETIRED,
    SCHOOL,
    SHARED_ID,
    SOUTH,
    SUPPORT,
    TODAY,
    WARDS,
    actor,
    amend,
    changeset,
    deregister,
    end,
    grant,
    hsa_id,
    register,
    reregister,
    revoke,
)
from tests.storage.integrity import assert_whole, contents

EVERYTHING: tuple[c.AnyChange, ...] = (
    register("new-1", "Ny", "Nilsson"),
    grant("new-1", SCHOOL),
    revoke("new-1", SCHOOL),
    grant("new-1", SCHOOL),
    register("new-2", "Nora", "Öst"),
    amend("user-5", given_name="Karin"),
    revoke("user-1", SCHOOL),
    grant("user-1", SCHOOL),
    deregister("user-3", 1, ["grundskola", "sista-dagen"]),
    reregister("left", 2),
    grant("left", PRESCHOOL),
)


async def write(storage: OpenStorage, *changes: c.AnyChange, id: str = "write-1") -> Receipt:
    answer = await storage.commit(changeset(NORTH, *changes, id=id), NORTH_ADMINISTRATOR, NOW)
    assert isinstance(answer, Receipt), answer
    return answer


def test_the_small_country_is_whole(file: Path) -> None:
    assert_whole(file)


async def test_after_writes_of_every_sort_the_tables_are_what_the_log_says(
    storage: OpenStorage, file: Path
) -> None:
    held = await storage.ask(
        AccountById(day=TODAY, organisation_id=NORTH, account_id="user-3"), NORTH_ADMINISTRATOR, NOW
    )
    assert held is not None
    changes = [
        deregister("user-3", 1, sorted(held.row.all_granted))
        if isinstance(each, c.DeregisterAccount)
        else each
        for each in EVERYTHING
    ]
    await write(storage, *changes)
    answer = await storage.commit(changeset(NORTH, end(WARDS), id="write-2"), SUPPORT, NOW)
    assert isinstance(answer, Receipt)
    founded = await storage.commit(
        changeset(
            "kommun-0001",
            c.RegisterOrganisation(organisation_kind=OrganisationKind.MUNICIPALITY, name=Title("Åbo kommun")),
            register("first"),
            c.AppointAdministrator(account_id=Id("first")),
            id="founding",
        ),
        INSTALLATION,
        NOW,
    )
    assert isinstance(founded, Receipt)
    assert_whole(file)


async def test_hsa_ids_change_hands_within_one_write(storage: OpenStorage, file: Path) -> None:
    """Each takes the id of the next, and a new colleague the one that is left over."""
    first, second, third = hsa_id("A1"), hsa_id("A2"), hsa_id("A3")
    await write(storage, amend("user-1", hsa=first), amend("user-2", hsa=second), id="before")
    await write(
        storage,
        amend("user-1", 2, hsa=third),
        amend("user-2", 2, hsa=first),
        register("new-1", hsa=second),
        id="after",
    )
    assert_whole(file)


async def test_a_repeated_write_gives_the_first_receipt_and_changes_nothing(
    storage: OpenStorage, file: Path
) -> None:
    first = await write(storage, grant("user-2", SCHOOL))
    before = contents(file)
    again = await write(storage, grant("user-2", SCHOOL))
    assert again.repeated
    assert (again.first_number, again.last_number, again.written_at) == (
        first.first_number,
        first.last_number,
        first.written_at,
    )
    assert contents(file) == before


async def test_the_same_id_with_other_content_or_by_another_is_refused(
    storage: OpenStorage, file: Path
) -> None:
    await write(storage, grant("user-2", SCHOOL))
    before = contents(file)
    other = changeset(NORTH, grant("user-2", PRESCHOOL), id="write-1")
    second = actor(NORTH, "admin-2", Role.ADMINISTRATOR)
    for content, who in (
        (other, NORTH_ADMINISTRATOR),
        (changeset(NORTH, grant("user-2"), id="write-1"), second),
    ):
        answer = await storage.commit(content, who, NOW)
        assert isinstance(answer, Refused)
        assert [each.code for each in answer.refusals] == ["changeset_id_reused"]
    assert contents(file) == before


async def test_a_receipt_is_not_found_from_another_organisation(storage: OpenStorage) -> None:
    await write(storage, grant("user-2", SCHOOL))
    south = actor(SOUTH, "south-admin", Role.ADMINISTRATOR)
    answer = await storage.commit(changeset(NORTH, grant("user-2", SCHOOL), id="write-1"), south, NOW)
    assert isinstance(answer, Refused)
    assert [each.code for each in answer.refusals] == ["not_found"]


async def test_a_refused_write_leaves_nothing(storage: OpenStorage, file: Path) -> None:
    before = contents(file)
    answer = await storage.commit(
        changeset(NORTH, register("new-1"), grant("nobody", SCHOOL)), NORTH_ADMINISTRATOR, NOW
    )
    assert isinstance(answer, Refused)
    assert contents(file) == before


async def test_a_rehearsal_writes_nothing(storage: OpenStorage, file: Path) -> None:
    before = contents(file)
    decision = await storage.rehearse(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
    assert decision.events
    assert contents(file) == before


class BreakError(Exception):
    """What a test throws into the middle of a write."""


@pytest.mark.parametrize(
    "table", ["organisations", "changesets", "events", "accounts", "account_search", "grants"]
)
async def test_a_write_that_breaks_at_any_table_leaves_nothing(
    storage: OpenStorage, file: Path, table: str
) -> None:
    before = contents(file)

    def snap(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement.startswith((f"INSERT INTO {table}", f"UPDATE {table}")):
            raise BreakError

    # After the statement, so that its rows are written and must be taken back.
    event.listen(Engine, "after_cursor_execute", snap)
    try:
        with pytest.raises(BreakError):
            await write(storage, register("new-1"), grant("new-1", SCHOOL), grant("user-2", SCHOOL))
    finally:
        event.remove(Engine, "after_cursor_execute", snap)
    assert contents(file) == before
    await write(storage, register("new-1"), grant("new-1", SCHOOL))
    assert_whole(file)


async def test_a_cancelled_write_is_whole_or_not_there_and_leaves_no_transaction(
    storage: OpenStorage, file: Path
) -> None:
    for number in range(8):
        task = asyncio.create_task(write(storage, register(f"new-{number}"), id=f"cancelled-{number}"))
        await asyncio.sleep(0.001 * number)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    # The next write gets the lock, and asks the interrupted ones again without doubling them.
    for number in range(8):
        await write(storage, register(f"new-{number}"), id=f"cancelled-{number}")
    await storage.close()
    assert_whole(file)


async def test_a_cancelled_read_leaves_no_transaction(storage: OpenStorage, file: Path) -> None:
    for _ in range(20):
        task = asyncio.create_task(storage.ask(Accounts(day=TODAY), INSTALLATION, NOW))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await write(storage, register("new-1"))
    await storage.close()
    # A read that was left open would hold the log, and it could not be taken away.
    assert not file.with_name(f"{file.name}-wal").exists()


async def test_permissions_sort_by_what_is_in_force_before_and_after_a_retirement_is_counted(
    storage: OpenStorage, file: Path
) -> None:
    """The count is kept as of the last write; the list is right before one and after it."""
    orders = []
    for number in range(2):
        page = await storage.ask(
            Accounts(day=TODAY, sort_by=SortBy.PERMISSIONS, descending=True), NORTH_ADMINISTRATOR, NOW
        )
        counts = [len(row.granted) for row in page.rows]
        assert counts == sorted(counts, reverse=True)
        orders.append([row.account.id for row in page.rows])
        assert any(RETIRED in row.all_granted for row in page.rows)
        if number == 0:
            await write(storage, revoke(SHARED_ID, PRESCHOOL), grant(SHARED_ID, PRESCHOOL))
    assert orders[0] == orders[1]
    assert_whole(file)


async def test_a_running_program_is_stopped_when_another_has_brought_the_schema_up_to_date(
    storage: OpenStorage, file: Path
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError) as caught:
        await write(storage, register("new-1"))
    assert caught.value.refusal.code == "storage_newer"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM accounts WHERE id = 'new-1'").fetchone() == (0,)


async def test_the_same_writes_make_the_same_bytes(tmp_path: Path, country_template: Path) -> None:
    copies = [Path(shutil.copyfile(country_template, tmp_path / f"{number}.db")) for number in range(2)]
    for copy in copies:
        storage = await open_storage(str(copy))
        await write(storage, *EVERYTHING[:8])
        await storage.close()
    assert contents(copies[0]) == contents(copies[1])
