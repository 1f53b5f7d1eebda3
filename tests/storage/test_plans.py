"""How SQLite goes about the lists: always by an index in their order, never over the whole table.

Asked of SQLite itself (``EXPLAIN QUERY PLAN``) for the very statements that are sent.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from core.directory import INSTALLATION, Actor, Role
from core.queries import (
    AccountById,
    Accounts,
    AccountsByKey,
    AnnouncementById,
    Announcements,
    Cell,
    CurrentNotice,
    DifferencesBetween,
    Direction,
    EmailCounts,
    HowMany,
    HsaIdHolders,
    NearAccounts,
    OrganisationById,
    OwnPreferences,
    Query,
    SortBy,
    Standing,
    Writes,
)
from storage.open import OpenStorage
from storage.sql import accounts as listing
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, SCHOOL, TODAY

EVERYWHERE = INSTALLATION
HERE = NORTH_ADMINISTRATOR

GROWING = {
    "accounts",
    "account_versions",
    "began",
    "grants",
    "events",
    "changesets",
    "announcements",
    "announcement_reads",
}
"""The tables that may be great. Those who are not users are few, and have an index of their own."""


async def plans(storage: OpenStorage, path: Path, query: Query[Any], by: Actor) -> list[list[str]]:
    """Give the plan of each statement that a question sends, line by line."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, text: str, parameters: Any, *_others: object) -> None:
        if text.startswith("SELECT"):
            statements.append((text, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await storage.ask(query, by, NOW)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(path)) as connection:
        return [
            [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters)]
            for text, parameters in statements
            # To count all that there are, up to a limit, is to go along an index from its beginning.
            if not text.endswith("FROM accounts\n LIMIT ? OFFSET ?) AS anon_1")
        ]


def assert_by_index(plan: list[list[str]]) -> None:
    """Assert that no line scans a growing table, but by an index of which it takes a part."""
    assert plan
    for line in (line for lines in plan for line in lines):
        scanned = re.match(r"SCAN (\w+)(.*)", line)
        if scanned is None or (scanned[1] == "staff" and scanned[2] == " USING INDEX ix_accounts_staff"):
            continue
        assert scanned[1] not in GROWING, plan


@pytest.mark.parametrize("by", [HERE, EVERYWHERE], ids=["here", "everywhere"])
@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort_by", SortBy)
@pytest.mark.parametrize("standing", Standing)
async def test_a_page_is_read_in_the_order_of_an_index(
    storage: OpenStorage, file: Path, by: Actor, descending: bool, sort_by: SortBy, standing: Standing
) -> None:
    question = Accounts(day=TODAY, sort_by=sort_by, descending=descending, standing=standing, limit=2)
    # The day's counts are kept from the first write on; a page before that is none of these.
    if sort_by is SortBy.PERMISSIONS:
        await _count(storage)
    first = await storage.ask(question, by, NOW)
    pages = [question]
    if first.after is not None:
        pages += [
            Accounts(
                day=TODAY,
                sort_by=sort_by,
                descending=descending,
                standing=standing,
                limit=2,
                cursor=first.after,
                direction=direction,
            )
            for direction in Direction
        ]
    for page in pages:
        plan = await plans(storage, file, page, by)
        assert_by_index(plan)
        name = {"name": "name", "hsa_id": "hsa_id", "email": "email", "permissions": "grants"}[sort_by]
        index = f"ix_accounts_{'all_' if by is EVERYWHERE else ''}by_{name}"
        for lines in plan:
            walks = [line for line in lines if line.startswith("SEARCH accounts")]
            if any("MATERIALIZE page" in line for line in lines):
                assert walks, plan
                assert all(index in line for line in walks), plan
            # The one sort is of the page itself, or of two pages of which the better part is taken.
            sorts = sum("TEMP B-TREE" in line for line in lines)
            assert sorts <= (3 if standing is Standing.ANY else 1), plan


async def _count(storage: OpenStorage) -> None:
    from tests.builders import NORTH_ADMINISTRATOR, NOW, changeset, register

    await storage.commit(changeset(NORTH, register("counted")), NORTH_ADMINISTRATOR, NOW)


@pytest.mark.parametrize("by", [HERE, EVERYWHERE], ids=["here", "everywhere"])
@pytest.mark.parametrize("few", [0, 3_000], ids=["many match", "few match"])
@pytest.mark.parametrize(
    "question",
    [
        Accounts(day=TODAY, search="ann"),
        Accounts(day=TODAY, search="a"),
        Accounts(day=TODAY, search="anna sundsvall", in_organisations=True),
        Accounts(day=TODAY, search="sundsvalls", in_organisations=True),
        Accounts(day=TODAY, search="anna andersson", permission_id=SCHOOL),
        Accounts(day=TODAY, permission_id=SCHOOL),
        Accounts(day=TODAY, e_service_id="ersattning"),
        Accounts(day=TODAY, permission_id=SCHOOL, lacking=True),
        Accounts(day=TODAY, role=Role.ADMINISTRATOR),
        Accounts(day=TODAY, role=Role.USER),
    ],
    ids=lambda question: f"{question.search or question.permission_id or question.role or 'service'}",
)
async def test_a_search_and_a_filter_scan_no_table(
    storage: OpenStorage,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: Accounts,
    by: Actor,
    few: int,
) -> None:
    monkeypatch.setattr(listing, "FEW", few)
    assert_by_index(await plans(storage, file, question, by))


@pytest.mark.parametrize("by", [HERE, EVERYWHERE], ids=["here", "everywhere"])
@pytest.mark.parametrize(
    "question",
    [
        AccountById(day=TODAY, organisation_id=NORTH, account_id="user-1"),
        HsaIdHolders(day=TODAY, organisation_id=NORTH, hsa_ids=frozenset({"TSTNMT2321000156-1", "x"})),
        EmailCounts(organisation_id=NORTH, emails=frozenset({"a@b.example", "c@d.example"})),
        Cell(organisation_id=NORTH, account_id="user-1", permission_id=SCHOOL),
        OrganisationById(organisation_id=NORTH),
        HowMany(organisation_id=NORTH, e_service_id="ersattning"),
        HowMany(organisation_id=NORTH, e_service_id="ersattning", permission_id=SCHOOL),
        NearAccounts(day=TODAY, search="andresson"),
        NearAccounts(day=TODAY, search="anna sunsdvall"),
        NearAccounts(day=TODAY, search="anan sundsvall"),
        NearAccounts(day=TODAY, search="tstnmt2321000156-usre2"),
        Writes(organisation_id=NORTH),
        Writes(organisation_id=NORTH, account_id="user-1"),
        AccountsByKey(day=TODAY, as_of=TODAY, organisation_id=NORTH, account_ids=frozenset({"user-1"})),
        DifferencesBetween(organisation_id=NORTH, from_day=TODAY, until_day=TODAY),
        Writes(organisation_id=NORTH, actor_id="admin-1"),
        Announcements(organisation_id=NORTH, account_id="admin-1", moment=NOW),
        Announcements(organisation_id=NORTH, account_id="admin-1", moment=NOW, unread_only=True),
        AnnouncementById(organisation_id=NORTH, account_id="admin-1", moment=NOW, announcement_id="nyhet"),
        CurrentNotice(organisation_id=NORTH, account_id="admin-1", moment=NOW),
        OwnPreferences(),
        Writes(organisation_id=NORTH, permission_id=SCHOOL),
        Writes(organisation_id=NORTH, event_kind="account_amended"),
        Writes(organisation_id=NORTH, permission_id=SCHOOL, event_kind="permission_granted"),
        Writes(organisation_id=NORTH, account_id="user-1", permission_id=SCHOOL, event_kind="x"),
        Writes(organisation_id=NORTH, from_day=TODAY, until_day=TODAY),
        Writes(organisation_id=NORTH, account_id="user-1", actor_id="admin-1", until_day=TODAY),
    ],
    ids=lambda question: type(question).__name__,
)
async def test_no_other_question_scans_a_table(
    storage: OpenStorage, file: Path, question: Query[Any], by: Actor
) -> None:
    assert_by_index(await plans(storage, file, question, by))


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (Writes(organisation_id=NORTH, account_id="user-1"), "ix_events_account"),
        (Writes(organisation_id=NORTH, account_id="user-1", permission_id=SCHOOL), "ix_events_account"),
        (Writes(organisation_id=NORTH, permission_id=SCHOOL), "ix_events_permission"),
        (Writes(organisation_id=NORTH, event_kind="role_changed"), "ix_events_kind"),
        (Writes(organisation_id=NORTH, from_day=TODAY), "ix_changesets_at"),
    ],
    ids=["account", "cell", "permission", "kind", "day"],
)
async def test_each_filter_of_the_history_has_an_index(
    storage: OpenStorage, file: Path, question: Writes, index: str
) -> None:
    """Also where it looks into each write, which the plan of the other tests would let pass."""
    found = await plans(storage, file, question, HERE)
    lines = [line for lines in found for line in lines if index in line]
    assert lines, found
    if index.startswith("ix_events"):
        looked = [line for lines in found for line in lines if "SEARCH events" in line]
        assert all(line.count("=?") >= 2 for line in looked), found
        inside = [line for line in looked if "changeset_number" in line]
        assert inside or index == "ix_events_account", found


@pytest.mark.parametrize("few", [0, 3_000], ids=["many match", "few match"])
@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("sort_by", [SortBy.NAME, SortBy.HSA_ID, SortBy.EMAIL])
async def test_a_page_of_the_past_is_gathered_or_read_in_the_order_of_an_index(
    storage: OpenStorage,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    sort_by: SortBy,
    standing: Standing,
    few: int,
) -> None:
    monkeypatch.setattr(listing, "FEW_THEN", few)
    question = Accounts(day=TODAY, as_of=TODAY, sort_by=sort_by, standing=standing, limit=2)
    found = await plans(storage, file, question, HERE)
    assert_by_index(found)
    index = "ix_account_versions_began" if few else f"ix_account_versions_by_{sort_by}"
    page = next(lines for lines in found if any("MATERIALIZE page" in line for line in lines))
    assert any(index in line for line in page), page
    counted = [lines for lines in found if not any("page" in line for line in lines)]
    assert any("ix_account_versions_began" in line for lines in counted for line in lines), found
