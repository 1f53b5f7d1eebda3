"""What somebody has put into the file past the program: shown harmless, and never a reason to fail."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.announcements import AnnouncementDetail, Content
from core.changes import Receipt
from core.directory import INSTALLATION, Role
from core.following import cursor_at
from core.history import AccountAmended, Details, Record
from core.identity import LONGEST_TEXT
from core.queries import (
    QUERIES,
    AccountById,
    Accounts,
    AccountsByKey,
    AnnouncementById,
    Announcements,
    CardViews,
    Cell,
    ContactOn,
    CurrentNotice,
    DifferencesBetween,
    EmailCounts,
    HowMany,
    HsaIdHolders,
    InverseOf,
    NearAccounts,
    NewsSince,
    OrganisationById,
    Organisations,
    OwnPreferences,
    Query,
    SortBy,
    Standing,
    WholeCatalogue,
    Writes,
)
from core.text import is_plain, shown
from core.wire import encode
from storage.open import OpenStorage, open_storage
from tests.builders import (
    MONEY,
    NEWS,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SCHOOL,
    TODAY,
    amend,
    changeset,
    grant,
    register,
)

HOSTILE = (
    "\x1b[31mröd\x1b]0;titel\x07",
    "\x9b2J\x85",
    "Anna\u202eneppA",
    "e\u0301\u0301\u0301\u0301\u0301",
    "\u0301lone",
    "[@click=app.quit]Anna[/]",
    "=cmd|' /C calc'!A0",
    "a\nb\tc\x00d",
    "å" * 10_000,
    "",
)
EVERYWHERE = INSTALLATION
HERE = NORTH_ADMINISTRATOR

QUESTIONS: dict[type[Query[Any]], Query[Any]] = {
    Accounts: Accounts(day=TODAY, standing=Standing.ANY, limit=500),
    AccountsByKey: AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=frozenset({"user-1", "left"})),
    HsaIdHolders: HsaIdHolders(day=TODAY, organisation_id=NORTH, hsa_ids=frozenset({"X"})),
    EmailCounts: EmailCounts(organisation_id=NORTH, emails=frozenset({"X"})),
    AccountById: AccountById(day=TODAY, organisation_id=NORTH, account_id="user-1"),
    Cell: Cell(organisation_id=NORTH, account_id="user-1", permission_id=SCHOOL),
    OrganisationById: OrganisationById(organisation_id=NORTH),
    WholeCatalogue: WholeCatalogue(day=TODAY),
    Writes: Writes(organisation_id=NORTH),
    NewsSince: NewsSince(organisation_ids=frozenset({NORTH}), cursor=cursor_at({NORTH: 0})),
    DifferencesBetween: DifferencesBetween(organisation_id=NORTH, from_day=date(2025, 1, 1), until_day=TODAY),
    InverseOf: InverseOf(organisation_id=NORTH, changeset_id="seed-6"),
    CardViews: CardViews(organisation_id=NORTH),
    ContactOn: ContactOn(day=TODAY),
    Announcements: Announcements(organisation_id=NORTH, account_id="admin-1", moment=NOW),
    AnnouncementById: AnnouncementById(
        organisation_id=NORTH, account_id="admin-1", moment=NOW, announcement_id=NEWS
    ),
    NearAccounts: NearAccounts(day=TODAY, search="ana anderson"),
    Organisations: Organisations(search="sundsvall"),
    HowMany: HowMany(organisation_id=None, e_service_id=MONEY),
    OwnPreferences: OwnPreferences(),
    CurrentNotice: CurrentNotice(organisation_id=NORTH, account_id="admin-1", moment=NOW),
}


def test_every_kind_of_question_is_asked_here() -> None:
    assert set(QUESTIONS) == set(QUERIES)


def spoil(path: Path, table: str, column: str, value: object) -> None:
    """Put a value into a column of every row, past all checks but that it is unique."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))


def texts(value: object) -> Iterator[str]:
    """Give every text in an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        for each in msgspec.structs.asdict(value).values():
            yield from texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts(key)
            yield from texts(each)
    elif isinstance(value, tuple | frozenset | list):
        for each in value:
            yield from texts(each)


def prose(value: object) -> Iterator[str]:
    """Give every text of several lines in an answer: those of announcements, which may be long."""
    if isinstance(value, AnnouncementDetail | Content):
        yield value.text
    elif isinstance(value, msgspec.Struct):
        for each in msgspec.structs.asdict(value).values():
            yield from prose(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from prose(each)


def assert_harmless(answer: object) -> None:
    lines = set()
    for text in prose(answer):
        assert len(text) <= LONGEST_TEXT + 1
        lines.add(text)
        for line in text.split("\n"):
            assert shown(line, len(line)) == line
    for text in texts(answer):
        if text in lines:
            continue
        assert len(text) <= 2_000
        for character in text:
            assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, text


async def ask_everything(storage: OpenStorage) -> None:
    """Ask every kind of question, near and far, and look at every text that comes back."""
    for question in QUESTIONS.values():
        for scope in (EVERYWHERE, HERE):
            answer = await storage.ask(question, scope, NOW)
            # The changes of an inverse hold checked values, and cursors are opaque.
            if not isinstance(question, InverseOf):
                assert_harmless(answer)
    for sort_by in SortBy:
        then = Accounts(day=TODAY, as_of=TODAY, sort_by=sort_by, standing=Standing.ANY)
        assert_harmless(await storage.ask(then, HERE, NOW))
    for search in ("anna", "x", "röd", "a b"):
        assert_harmless(
            await storage.ask(Accounts(day=TODAY, search=search, standing=Standing.ANY), HERE, NOW)
        )
    assert_harmless(await storage.identify("TSTNMT2321000156-TWICE"))


COLUMNS = (
    ("accounts", "given_name"),
    ("accounts", "family_name"),
    ("accounts", "email"),
    ("accounts", "hsa_id"),
    ("account_versions", "given_name"),
    ("account_versions", "email"),
    ("account_versions", "name_key"),
    ("account_versions", "role"),
    ("account_versions", "active"),
    ("account_versions", "version"),
    ("account_versions", "until_number"),
    ("organisations", "name"),
    ("organisations", "code"),
    ("organisations", "organisation_number"),
    ("e_services", "name"),
    ("permissions", "short_name"),
    ("permissions", "target_group"),
    ("permissions", "payment"),
    ("permission_names", "name"),
    ("changesets", "actor_name"),
    ("changesets", "actor_id"),
    ("changesets", "actor_organisation_id"),
    ("changesets", "note"),
    ("changesets", "undoes"),
    ("changesets", "undone_by"),
    ("changesets", "at"),
    ("card_views", "actor_name"),
    ("card_views", "actor_id"),
    ("card_views", "account_id"),
    ("card_views", "at"),
    ("announcements", "title"),
    ("announcements", "action"),
    ("announcements", "e_service_id"),
    ("announcements", "permission_ids"),
    ("announcement_texts", "text"),
    ("announcement_corrections", "what"),
    ("announcement_reads", "at"),
    ("announcement_handled", "actor_name"),
    ("announcement_handled", "at"),
    ("preferences", "profile"),
    ("preferences", "switches"),
    ("preferences", "at"),
)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_hostile_text_in_a_column_is_shown_harmless(file: Path, table: str, column: str) -> None:
    storage = await open_storage(str(file))
    for value in HOSTILE:
        spoil(file, table, column, value)
        await ask_everything(storage)
    await storage.close()


WRONG = (None, 7, -1, 2.5, b"\xff\xfe", "no such thing", 10**18)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("accounts", "role"),
        ("accounts", "active"),
        ("accounts", "version"),
        ("accounts", "grant_count"),
        ("accounts", "name_key"),
        ("accounts", "search_key"),
        ("accounts", "registered_number"),
        ("organisations", "kind"),
        ("organisations", "sort_key"),
        ("permissions", "launched_on"),
        ("permissions", "retired_on"),
        ("permission_names", "from_day"),
        ("grants", "until_at"),
        ("agreements", "from_at"),
        ("events", "data"),
        ("meta", "is_demo"),
        ("announcements", "kind"),
        ("announcements", "published_at"),
        ("announcements", "number"),
        ("announcements", "version"),
        ("announcements", "effective_on"),
        ("announcements", "begins"),
        ("announcements", "ends"),
        ("announcements", "corrected_on"),
        ("announcements", "withdrawn_on"),
        ("announcement_texts", "search_key"),
        ("announcement_corrections", "on_day"),
        *COLUMNS,
    ],
)
async def test_a_wrong_value_is_no_reason_to_fail(file: Path, table: str, column: str) -> None:
    """Also of another type than its column: SQLite takes any, unless told otherwise."""
    storage = await open_storage(str(file))
    for value in WRONG:
        try:
            spoil(file, table, column, value)
        except sqlite3.IntegrityError:
            continue  # SQLite itself keeps it out
        await ask_everything(storage)
    await storage.close()


async def test_text_that_is_no_text_at_all_is_shown_harmless(file: Path) -> None:
    """Bytes that are not UTF-8, said to be text: the driver refuses to read such a row."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE accounts SET family_name = CAST(x'41ff9b42' AS TEXT) WHERE id = 'user-1'")
        connection.execute("UPDATE accounts SET given_name = CAST(x'eda080' AS TEXT) WHERE id = 'user-2'")
    storage = await open_storage(str(file))
    await ask_everything(storage)
    row = await storage.ask(AccountById(day=TODAY, organisation_id=NORTH, account_id="user-1"), HERE, NOW)
    assert row is not None
    assert row.row.account.family_name == "A\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}B"
    # And one can go on working, on this account too.
    answer = await storage.commit(
        changeset(NORTH, amend("user-1", family_name="Andersson"), register("new-1")),
        NORTH_ADMINISTRATOR,
        NOW,
    )
    assert isinstance(answer, Receipt), answer
    await storage.close()


async def test_hostile_events_are_shown_harmless_and_unreadable_ones_are_counted(file: Path) -> None:
    hostile = Details(hsa_id=HOSTILE[0], given_name=HOSTILE[1], family_name=HOSTILE[2], email=HOSTILE[3])
    event = AccountAmended(account_id="user-1", version=2, before=hostile, after=hostile)
    record = Record(
        organisation_id=NORTH,
        number=5,
        at=HOSTILE[0],
        changeset_id="x",
        actor_organisation_id=HOSTILE[1],
        actor_id="y",
        actor_name=HOSTILE[2],
        note=HOSTILE[3],
        undoes="",
        event=event,
    )
    with closing(sqlite3.connect(file)) as connection, connection:
        numbers = [
            row[0]
            for row in connection.execute(
                "SELECT number FROM events WHERE organisation_id = ? AND account_id = 'user-1'", (NORTH,)
            )
        ]
        connection.execute(
            "UPDATE events SET data = ?, kind = 'account_amended' WHERE organisation_id = ? AND number = ?",
            (encode(record), NORTH, numbers[0]),
        )
        for data, number in ((b"{", numbers[1]), (b"\xff" * 30, numbers[2])):
            connection.execute(
                "UPDATE events SET data = ? WHERE organisation_id = ? AND number = ?", (data, NORTH, number)
            )
    storage = await open_storage(str(file))
    await ask_everything(storage)
    page = await storage.ask(Writes(organisation_id=NORTH, account_id="user-1"), HERE, NOW)
    assert sum(row.matching - len(row.events) for row in page.rows) == 2
    for row in page.rows:
        if row.matching != len(row.events):
            inverse = await storage.ask(
                InverseOf(organisation_id=NORTH, changeset_id=row.changeset_id), HERE, NOW
            )
            assert [each.code for each in inverse.refusals] == ["undo_not_possible"]
    await storage.close()


async def test_a_role_that_there_is_not_gives_nothing(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE accounts SET role = 'installation' WHERE id = 'user-1'")
        connection.execute("UPDATE accounts SET role = 'god' WHERE id = 'admin-1'")
        connection.execute("UPDATE permissions SET launched_on = 'soon' WHERE id = ?", (SCHOOL,))
    storage = await open_storage(str(file))
    page = await storage.ask(Accounts(day=TODAY, limit=500), HERE, NOW)
    roles = {row.account.id: row.account.role for row in page.rows}
    assert (roles["user-1"], roles["admin-1"]) == (Role.USER, Role.USER)
    refused = await storage.rehearse(changeset(NORTH, grant("user-2", SCHOOL)), NORTH_ADMINISTRATOR, NOW)
    assert [each.code for each in refused.refusals] == ["actor_gone"]
    catalogue = await storage.ask(WholeCatalogue(day=TODAY), EVERYWHERE, NOW)
    school = catalogue.permission(SCHOOL)
    assert school is not None
    assert school.launched_on == date.max
    await storage.close()


@given(st.lists(st.text(max_size=60), max_size=6))
def test_texts_that_are_plain_together_are_shown_as_they_are(several: list[str]) -> None:
    if is_plain("".join(several)):
        assert [shown(each) for each in several] == several


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=40))
def test_what_is_plain_at_a_glance_is_what_would_be_shown(text: str) -> None:
    if is_plain(text):
        assert unicodedata.normalize("NFC", text) == text
        assert not any(unicodedata.category(each)[0] in "CM" for each in text)
        assert shown(text) == text
