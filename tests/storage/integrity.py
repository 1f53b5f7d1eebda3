"""Whether a database is whole, read by the bare driver: nothing of the storage's own reading is trusted.

The chain of each organisation verifies up to its head, and everything else in the tables is just what
replaying the chain gives.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg

from core import history as h
from core.catalogue import Permission
from core.directory import AUTHORITY
from core.identity import hsa_key
from core.support import DatedPart
from core.text import search_key, sort_key
from core.wire import decode
from storage.sql.search import pieces


def assert_whole(path: Path) -> None:
    """Assert that the file is sound and its tables are what its chains say."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        _assert_tables(connection)
        _assert_search(connection)


def assert_whole_on_server(url: str) -> None:
    """Assert that the tables of a PostgreSQL database are what its chains say."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        found = contents_on_server(url)
        for name, (columns, rows) in _rows_on_server(url).items():
            connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            places = ", ".join("?" * len(columns))
            plain = ([str(each) if isinstance(each, list) else each for each in row] for row in rows)
            connection.executemany(f"INSERT INTO {name} VALUES ({places})", plain)
        _assert_tables(connection)
        expected = {
            search_id: set(pieces(key).split(" "))
            for search_id, key in connection.execute("SELECT search_id, search_key FROM accounts")
        }
    assert {row[0]: set(row[1]) for row in found["account_search"]} == expected


def _assert_tables(connection: sqlite3.Connection) -> None:
    """Assert that everything but the search index is what the chains say."""
    permissions: dict[str, Permission] = {}
    contact: tuple[DatedPart, ...] = ()
    for organisation in connection.execute("SELECT * FROM organisations").fetchall():
        state, former = _assert_chain(connection, organisation)
        permissions.update(state.permissions)
        contact += state.contact
        _assert_organisation(organisation, state)
        _assert_accounts(connection, organisation, state, former)
    _assert_catalogue(connection, permissions)
    _assert_contact(connection, contact)
    _assert_announcements(connection)
    _assert_counts(connection)


def _assert_chain(
    connection: sqlite3.Connection, organisation: sqlite3.Row
) -> tuple[h.State, dict[str, list[str]]]:
    """Assert that a chain is whole; give what replay gives, and the names that accounts had before."""
    here = organisation["id"]
    rows = connection.execute(
        "SELECT e.*, c.id AS changeset_id, c.at, c.actor_organisation_id, c.actor_id, c.actor_name, c.note,"
        " coalesce(c.undoes, '') AS undoes FROM events e LEFT JOIN changesets c"
        " ON c.organisation_id = e.organisation_id AND c.number = e.changeset_number"
        " WHERE e.organisation_id = ? ORDER BY e.number",
        (here,),
    ).fetchall()
    stored = [h.StoredRecord(number=row["number"], data=row["data"], hash=row["hash"].hex()) for row in rows]
    assert h.first_fault(stored) is None
    assert (stored[-1].number, stored[-1].hash) == (organisation["head_number"], organisation["head_hash"])
    records = [decode(row["data"], h.Record) for row in rows]
    for row, record in zip(rows, records, strict=True):
        assert record.number == row["number"]
        assert record.organisation_id == here
        for name in (
            "changeset_id",
            "at",
            "actor_organisation_id",
            "actor_id",
            "actor_name",
            "note",
            "undoes",
        ):
            assert getattr(record, name) == row[name], name
        assert row["kind"] == record.event.__struct_config__.tag
        assert row["account_id"] == getattr(record.event, "account_id", None)
        assert row["permission_id"] == getattr(record.event, "permission_id", None)
    _assert_changesets(connection, here, len(records))
    former = _assert_versions(connection, here, records)
    _assert_intervals(connection, here, records)
    return h.replay(here, (record.event for record in records)), former


def _assert_changesets(connection: sqlite3.Connection, here: str, events: int) -> None:
    """Assert that the changesets share the events out among themselves, without gap or overlap."""
    following = 1
    for first, last in connection.execute(
        "SELECT number, last_number FROM changesets WHERE organisation_id = ? ORDER BY number", (here,)
    ):
        assert first == following
        following = last + 1
    assert following == events + 1
    undone: dict[str, str] = {}
    changesets = connection.execute(
        "SELECT id, undoes, undone_by FROM changesets WHERE organisation_id = ? ORDER BY number DESC", (here,)
    )
    for changeset_id, undoes, undone_by in changesets:
        assert undone_by == undone.get(changeset_id), "an undoing that is undone itself undoes nothing"
        if undoes is not None and undone_by is None:
            undone[undoes] = changeset_id
    wrong = connection.execute(
        "SELECT count(*) FROM events e JOIN changesets c ON c.organisation_id = e.organisation_id"
        " AND c.number = e.changeset_number WHERE e.organisation_id = ?"
        " AND e.number NOT BETWEEN c.number AND c.last_number",
        (here,),
    ).fetchone()
    assert wrong[0] == 0


def _assert_versions(
    connection: sqlite3.Connection, here: str, records: list[h.Record]
) -> dict[str, list[str]]:
    """Assert that there is an interval for each account that a write touched, as replay leaves it.

    Gives what each account was called after each write, but for names like the one that it has now.
    """
    names: dict[str, list[str]] = {}
    expected: list[tuple[Any, ...]] = []
    is_open: dict[str, tuple[Any, ...]] = {}
    state = h.State(here)
    for _, some in groupby(records, key=lambda record: record.changeset_id):
        touched: dict[str, int] = {}
        for record in some:
            state.apply(record.event)
            if isinstance(record.event, h.AccountEvent):
                touched[record.event.account_id] = record.number
        for account_id, number in touched.items():
            if account_id in is_open:
                expected.append((*is_open.pop(account_id), number))
            now = state.accounts[account_id]
            names.setdefault(account_id, []).append(now.name)
            is_open[account_id] = (
                *(account_id, now.hsa_id, now.given_name, now.family_name, now.email),
                *(now.role.value, int(now.active), now.version),
                *(hsa_key(now.hsa_id), sort_key(now.family_name, now.given_name), sort_key(now.email)),
                *(search_key(now.name, now.hsa_id, now.email), number),
            )
    expected.extend((*row, None) for row in is_open.values())
    found = connection.execute(
        "SELECT id, hsa_id, given_name, family_name, email, role, active, version, hsa_key, name_key,"
        " email_key, search_key, from_number, until_number FROM account_versions WHERE organisation_id = ?",
        (here,),
    )
    assert Counter(map(tuple, found)) == Counter(expected)
    return {
        account_id: [name for name in had if search_key(name) != search_key(state.accounts[account_id].name)]
        for account_id, had in names.items()
    }


def _assert_intervals(connection: sqlite3.Connection, here: str, records: list[h.Record]) -> None:
    """Assert that intervals say the same as the log (DESIGN 3)."""
    grants: list[tuple[Any, ...]] = []
    agreements: list[tuple[Any, ...]] = []
    is_open: dict[tuple[str, ...], tuple[int, str]] = {}
    for record in records:
        match record.event:
            case h.PermissionGranted(account_id=account_id, permission_id=permission_id):
                is_open[account_id, permission_id] = (record.number, record.at)
            case h.PermissionRevoked(account_id=account_id, permission_id=permission_id):
                began = is_open.pop((account_id, permission_id))
                grants.append((account_id, permission_id, *began, record.number, record.at))
            case h.AgreementSigned(e_service_id=e_service_id):
                is_open[(e_service_id,)] = (record.number, record.at)
            case h.AgreementEnded(e_service_id=e_service_id):
                agreements.append((e_service_id, *is_open.pop((e_service_id,)), record.number, record.at))
            case _:
                pass
    for key, began in is_open.items():
        (grants if len(key) == 2 else agreements).append((*key, *began, None, None))
    columns = "from_number, from_at, until_number, until_at"
    for table, subject, expected in (
        ("grants", "account_id, permission_id", grants),
        ("agreements", "e_service_id", agreements),
    ):
        found = connection.execute(
            f"SELECT {subject}, {columns} FROM {table} WHERE organisation_id = ?", (here,)
        )
        assert Counter(map(tuple, found)) == Counter(expected), table


def _assert_organisation(row: sqlite3.Row, state: h.State) -> None:
    now = state.organisation
    assert now is not None
    assert (row["kind"], row["name"], row["code"], row["organisation_number"], row["sort_key"]) == (
        now.kind.value,
        now.name,
        now.code,
        now.number,
        sort_key(now.name),
    )


def _assert_accounts(
    connection: sqlite3.Connection, organisation: sqlite3.Row, state: h.State, former: dict[str, list[str]]
) -> None:
    rows = connection.execute(
        "SELECT * FROM accounts WHERE organisation_id = ?", (organisation["id"],)
    ).fetchall()
    assert {row["id"] for row in rows} == set(state.accounts)
    for row in rows:
        now = state.accounts[row["id"]]
        assert (row["hsa_id"], row["given_name"], row["family_name"], row["email"]) == (
            now.hsa_id,
            now.given_name,
            now.family_name,
            now.email,
        )
        assert (row["role"], row["active"], row["version"]) == (now.role.value, int(now.active), now.version)
        assert row["hsa_key"] == hsa_key(now.hsa_id)
        assert row["name_key"] == sort_key(now.family_name, now.given_name)
        assert row["email_key"] == sort_key(now.email)
        had = dict.fromkeys(search_key(name) for name in former[now.id])
        assert row["search_key"] == "\n".join((search_key(now.name, now.hsa_id, now.email), *had))
        assert row["search_id"] >> 32 == organisation["number"]
    held = connection.execute(
        "SELECT account_id, permission_id FROM grants WHERE organisation_id = ? AND until_number IS NULL",
        (organisation["id"],),
    )
    assert set(map(tuple, held)) == state.granted
    served = connection.execute(
        "SELECT e_service_id FROM agreements WHERE organisation_id = ? AND until_number IS NULL",
        (organisation["id"],),
    )
    assert {row[0] for row in served} == state.agreements


def _assert_catalogue(connection: sqlite3.Connection, permissions: dict[str, Permission]) -> None:
    rows = connection.execute("SELECT * FROM permissions ORDER BY position").fetchall()
    assert [row["id"] for row in rows] == list(permissions)
    for row in rows:
        now = permissions[row["id"]]
        assert (row["e_service_id"], row["short_name"]) == (now.e_service_id, now.short_name)
        assert row["launched_on"] == now.launched_on.isoformat()
        assert row["retired_on"] == (None if now.retired_on is None else now.retired_on.isoformat())
        names = connection.execute(
            "SELECT name, from_day FROM permission_names WHERE permission_id = ? ORDER BY position",
            (row["id"],),
        ).fetchall()
        assert [tuple(name) for name in names] == [
            (each.name, None if each.from_day is None else each.from_day.isoformat()) for each in now.names
        ]


def _assert_contact(connection: sqlite3.Connection, contact: tuple[DatedPart, ...]) -> None:
    rows = connection.execute("SELECT part, value, from_day FROM contact_parts ORDER BY from_day, part")
    assert [tuple(row) for row in rows] == [
        (each.part.value, each.value, each.from_day.isoformat()) for each in contact
    ]


def _assert_announcements(connection: sqlite3.Connection) -> None:
    """Assert that announcements are what Migrationsverket's chain says, in its order."""
    rows = connection.execute(
        "SELECT number, data FROM events WHERE organisation_id = ? ORDER BY number", (AUTHORITY,)
    ).fetchall()
    events = [(row["number"], decode(row["data"], h.Record).event) for row in rows]
    known = h.replay(AUTHORITY, (event for _, event in events)).announcements
    numbers = {
        event.announcement_id: number
        for number, event in events
        if isinstance(event, h.AnnouncementPublished)
    }
    found = {row["id"]: row for row in connection.execute("SELECT * FROM announcements").fetchall()}
    assert set(found) == set(known)
    by_place = sorted(found, key=lambda each: found[each]["number"])
    expected = sorted(known, key=lambda each: (_minute(known[each].content.published_at), numbers[each]))
    assert by_place == expected
    for announcement_id, now in known.items():
        row, content = found[announcement_id], now.content
        assert (row["organisation_id"], row["kind"], row["title"], row["e_service_id"], row["action"]) == (
            AUTHORITY,
            content.kind.value,
            content.title,
            content.e_service_id,
            content.action,
        )
        for name in ("published_at", "begins", "ends"):
            moment = getattr(content, name)
            assert row[name] == (None if moment is None else moment.isoformat(timespec="microseconds"))
        corrected = now.corrections[-1].on if now.corrections else None
        days = {"effective_on": content.effective_on, "withdrawn_on": now.withdrawn_on}
        for name, day in {**days, "corrected_on": corrected}.items():
            assert row[name] == (None if day is None else day.isoformat())
        assert row["version"] == now.version
        assert tuple(row["permission_ids"].split()) == content.permission_ids
        texts = connection.execute(
            "SELECT text, search_key FROM announcement_texts WHERE announcement_id = ?", (announcement_id,)
        ).fetchall()
        assert [tuple(each) for each in texts] == [(content.text, search_key(content.title, content.text))]
        corrections = connection.execute(
            "SELECT on_day, what FROM announcement_corrections WHERE announcement_id = ? ORDER BY position",
            (announcement_id,),
        ).fetchall()
        assert [tuple(each) for each in corrections] == [
            (each.on.isoformat(), each.what) for each in now.corrections
        ]


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _assert_counts(connection: sqlite3.Connection) -> None:
    """Assert that each account's count is of the open grants whose permissions are counted."""
    wrong = connection.execute(
        "SELECT id, grant_count FROM accounts a WHERE grant_count <> (SELECT count(*) FROM grants g"
        " JOIN permissions p ON p.id = g.permission_id AND p.counted = 1"
        " WHERE g.organisation_id = a.organisation_id AND g.account_id = a.id AND g.until_number IS NULL)"
    ).fetchall()
    assert [tuple(row) for row in wrong] == []


def _assert_search(connection: sqlite3.Connection) -> None:
    """Assert that the search index has, for every piece of every account, just the accounts that have it."""
    expected: dict[str, set[int]] = {}
    for search_id, key in connection.execute("SELECT search_id, search_key FROM accounts"):
        for piece in pieces(key).split(" "):
            expected.setdefault(piece, set()).add(search_id)
    connection.execute(
        "CREATE VIRTUAL TABLE temp.found USING fts5vocab('main', 'account_search', 'instance')"
    )
    found: dict[str, set[int]] = {}
    for term, search_id in connection.execute("SELECT term, doc FROM temp.found"):
        found.setdefault(term, set()).add(search_id)
    assert found == expected


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table, to compare before and after."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for (name,) in names
        }


def contents_on_server(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table of a PostgreSQL database."""
    return {name: sorted(rows, key=repr) for name, (_, rows) in _rows_on_server(url).items()}


def _rows_on_server(url: str) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = {}
        for (name,) in names:
            rows = connection.execute(f'SELECT * FROM "{name}"'.encode())
            assert rows.description is not None
            found[name] = ([each.name for each in rows.description], rows.fetchall())
        return found
