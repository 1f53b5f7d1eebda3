"""What somebody did to the history in the file is found, and the first event that does not fit is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.ports import StorageError
from core.verify import ChainReport, fingerprint
from storage.open import OpenStorage, verify_storage
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, changeset, register

PLACES = 200
OTHER_MOMENT = "2001-01-01T00:00:00.000000+00:00"

Place = tuple[str, int]
"""An organisation and the number of an event in it."""
Tampering = Callable[[sqlite3.Connection, Place, random.Random], Place]
"""Changes the file at an event and gives the first place that does not fit from then on."""


def faults(path: Path) -> list[tuple[str, int, str]]:
    """Give organisation, number and code of every fault that is told."""
    return [
        (each.organisation_id, each.fault.number, each.fault.code)
        for each in verify_storage(str(path))
        if each.fault is not None
    ]


def all_places(connection: sqlite3.Connection) -> list[Place]:
    return connection.execute("SELECT organisation_id, number FROM events ORDER BY 1, 2").fetchall()


# What somebody may do ---------------------------------------------------------------------------------


def _bytes_changed(column: str) -> Tampering:
    def tamper(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
        (data,) = connection.execute(
            f"SELECT {column} FROM events WHERE (organisation_id, number) = (?, ?)", place
        ).fetchone()
        at = chance.randrange(len(data))
        wrong = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        connection.execute(
            f"UPDATE events SET {column} = ? WHERE (organisation_id, number) = (?, ?)", (wrong, *place)
        )
        return place

    return tamper


def _column_changed(column: str, value: object) -> Tampering:
    def tamper(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
        connection.execute(
            f"UPDATE events SET {column} = ? WHERE (organisation_id, number) = (?, ?)", (value, *place)
        )
        return place

    return tamper


def _changeset_column_changed(column: str, value: object) -> Tampering:
    def tamper(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
        (first,) = connection.execute(
            "SELECT changeset_number FROM events WHERE (organisation_id, number) = (?, ?)", place
        ).fetchone()
        connection.execute(
            f"UPDATE changesets SET {column} = ? WHERE (organisation_id, number) = (?, ?)",
            (value, place[0], first),
        )
        return place[0], first

    return tamper


def _removed(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    connection.execute("DELETE FROM events WHERE (organisation_id, number) = (?, ?)", place)
    return place


def _removed_and_closed_up(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    """The numbers after it are moved down, so that there is no gap."""
    _removed(connection, place, chance)
    organisation_id = place[0]
    later = connection.execute(
        "SELECT number FROM events WHERE organisation_id = ? AND number > ? ORDER BY number", place
    ).fetchall()
    for (each,) in later:
        connection.execute(
            "UPDATE events SET number = number - 1 WHERE (organisation_id, number) = (?, ?)",
            (organisation_id, each),
        )
    return place


def _inserted(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    """Room is made, and a copy of the event stands in it twice."""
    organisation_id, number = place
    later = connection.execute(
        "SELECT number FROM events WHERE organisation_id = ? AND number > ? ORDER BY number DESC", place
    ).fetchall()
    for (each,) in later:
        connection.execute(
            "UPDATE events SET number = number + 1 WHERE (organisation_id, number) = (?, ?)",
            (organisation_id, each),
        )
    connection.execute(
        "INSERT INTO events SELECT organisation_id, number + 1, changeset_number, kind, account_id,"
        " permission_id, data, hash FROM events WHERE (organisation_id, number) = (?, ?)",
        place,
    )
    return organisation_id, number + 1


def _swapped(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    organisation_id, number = place
    others = [each for each in all_places(connection) if each[0] == organisation_id and each != place]
    other = chance.choice(others)
    columns = "kind, account_id, permission_id, data, hash"
    rows = [
        connection.execute(
            f"SELECT {columns} FROM events WHERE (organisation_id, number) = (?, ?)", each
        ).fetchone()
        for each in (place, other)
    ]
    for row, each in zip(rows, (other, place), strict=True):
        connection.execute(
            f"UPDATE events SET ({columns}) = (?, ?, ?, ?, ?) WHERE (organisation_id, number) = (?, ?)",
            (*row, *each),
        )
    return organisation_id, min(number, other[1])


def _changeset_removed(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    (first,) = connection.execute(
        "SELECT changeset_number FROM events WHERE (organisation_id, number) = (?, ?)", place
    ).fetchone()
    here = place[0], first
    connection.execute("DELETE FROM events WHERE (organisation_id, changeset_number) = (?, ?)", here)
    connection.execute("DELETE FROM changesets WHERE (organisation_id, number) = (?, ?)", here)
    return here


def _truncated(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    connection.execute("DELETE FROM events WHERE organisation_id = ? AND number >= ?", place)
    connection.execute("DELETE FROM changesets WHERE organisation_id = ? AND number >= ?", place)
    return place


def _head_rewritten(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    """The head says that the history ends at an earlier event, or at one that is not there."""
    organisation_id = place[0]
    (last,) = connection.execute(
        "SELECT head_number FROM organisations WHERE id = ?", (organisation_id,)
    ).fetchone()
    wrong = chance.choice([each for each in range(1, last + 3) if each != last])
    connection.execute("UPDATE organisations SET head_number = ? WHERE id = ?", (wrong, organisation_id))
    return organisation_id, last + 1


def _head_hash_rewritten(connection: sqlite3.Connection, place: Place, chance: random.Random) -> Place:
    (last,) = connection.execute("SELECT head_number FROM organisations WHERE id = ?", place[:1]).fetchone()
    connection.execute(
        "UPDATE organisations SET head_hash = ? WHERE id = ?", (chance.randbytes(32).hex(), place[0])
    )
    return place[0], last + 1


TAMPERINGS: dict[str, Tampering] = {
    "data": _bytes_changed("data"),
    "hash": _bytes_changed("hash"),
    "removed": _removed,
    "removed and closed up": _removed_and_closed_up,
    "inserted": _inserted,
    "swapped": _swapped,
    "truncated": _truncated,
    "changeset removed": _changeset_removed,
    "head number": _head_rewritten,
    "head hash": _head_hash_rewritten,
    "kind": _column_changed("kind", "organisation_amended"),
    "account": _column_changed("account_id", "somebody"),
    "permission": _column_changed("permission_id", "something"),
    "no data": _column_changed("data", "a text"),
    "moment": _changeset_column_changed("at", OTHER_MOMENT),
    "actor": _changeset_column_changed("actor_id", "somebody"),
    "actor's home": _changeset_column_changed("actor_organisation_id", "somewhere"),
    "actor's name": _changeset_column_changed("actor_name", "Någon Annan"),
    "note": _changeset_column_changed("note", "en annan anteckning"),
    "undoes": _changeset_column_changed("undoes", "another"),
    "id": _changeset_column_changed("id", "another"),
}


def test_what_is_changed_removed_or_inserted_at_200_random_places_is_found(
    file: Path, tmp_path: Path
) -> None:
    chance = random.Random("verify")
    assert faults(file) == []
    with closing(sqlite3.connect(file)) as connection:
        places = all_places(connection)
    kinds = list(TAMPERINGS)
    for turn in range(PLACES):
        copy = Path(shutil.copyfile(file, tmp_path / "copy.db"))
        kind, place = kinds[turn % len(kinds)], chance.choice(places)
        with closing(sqlite3.connect(copy)) as connection, connection:
            before = connection.total_changes
            expected = TAMPERINGS[kind](connection, place, chance)
            assert connection.total_changes > before
        # Whatever was done, it is told of that organisation alone, and just there.
        assert [each[:2] for each in faults(copy)] == [expected], (turn, kind, place)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE events SET changeset_number = 1 WHERE number > 20", "changeset"),
        ("UPDATE changesets SET last_number = last_number - 1 WHERE number = 1", "changeset"),
        ("UPDATE changesets SET last_number = 'many' WHERE number = 1", "changeset"),
        ("DELETE FROM changesets WHERE number = 1", "changeset"),
        ("UPDATE events SET number = 0 WHERE number = 1", "extra"),
        ("UPDATE organisations SET head_number = 'last'", "head"),
    ],
)
def test_each_other_way_to_lie_is_found(file: Path, statement: str, code: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)
    assert code in {each[2] for each in faults(file)}


def test_an_organisation_that_was_taken_out_leaves_its_events(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM organisations WHERE id = ?", (NORTH,))
    assert faults(file) == [(NORTH, 1, "extra")]


async def test_a_write_without_events_is_found_and_a_real_one_fits(storage: OpenStorage, file: Path) -> None:
    await storage.commit(changeset(NORTH, register("new-1"), id="more"), NORTH_ADMINISTRATOR, NOW)
    assert faults(file) == []
    with closing(sqlite3.connect(file)) as connection, connection:
        (last,) = connection.execute(
            "SELECT head_number FROM organisations WHERE id = ?", (NORTH,)
        ).fetchone()
        connection.execute(
            "INSERT INTO changesets SELECT organisation_id, number + 1, number + 1, 'empty', content_hash,"
            " at, actor_organisation_id, actor_id, actor_name, note, undoes, undone_by FROM changesets"
            " WHERE id = 'more'"
        )
    assert faults(file) == [(NORTH, last + 1, "changeset")]


def test_the_moment_is_told_where_it_can_be_read(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE events SET data = replace(data, 'Anna', 'Arne') WHERE number = 20")
        connection.execute("UPDATE events SET data = CAST(data AS BLOB)")
        connection.execute("UPDATE events SET data = x'00' WHERE number = 2")
    told = {each.fault.number: each.fault.at for each in verify_storage(str(file)) if each.fault is not None}
    assert told[2] == ""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE events SET hash = x'11' WHERE number = 1")
    (first, *_) = [each.fault for each in verify_storage(str(file)) if each.fault is not None]
    assert (first.number, first.at[:4]) == (1, "2025")


def test_the_fingerprint_is_of_all_heads(file: Path) -> None:
    reports = list(verify_storage(str(file)))
    assert fingerprint(reports) == fingerprint(reversed(reports))
    shorter = [*reports[1:], ChainReport(organisation_id="x", name="", records=1, head="", fault=None)]
    assert fingerprint(shorter) != fingerprint(reports)


def test_nothing_is_written_and_what_cannot_be_read_is_told(file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    assert faults(file) == []
    assert file.read_bytes() == before
    with pytest.raises(StorageError) as caught:
        faults(tmp_path / "nothing.db")
    assert caught.value.refusal.code == "storage_missing"
    other = tmp_path / "other.db"
    other.write_bytes(b"not a database" * 1000)
    with pytest.raises(StorageError):
        faults(other)


async def test_a_long_chain_needs_no_more_memory_than_a_short_one(storage: OpenStorage, file: Path) -> None:
    def peak() -> int:
        tracemalloc.start()
        try:
            assert faults(file) == []
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    for turn in range(2):
        crowd = [register(f"c{turn}x{place}") for place in range(5_000)]
        await storage.commit(changeset(NORTH, *crowd, id=f"crowd-{turn}"), NORTH_ADMINISTRATOR, NOW)
        if turn == 0:
            first = peak()
    assert peak() < 1.2 * first
