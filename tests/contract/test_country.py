"""Support's search over the country: organisations' names, guesses, and what a change touches."""

import msgspec
import pytest

from core.directory import AUTHORITY, INSTALLATION, Actor
from core.queries import Accounts, HowMany, NearAccounts, Organisations, Reached, SortBy, Standing
from tests.builders import (
    CHILDREN,
    LAST_DAY,
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    PRESCHOOL,
    SCHOOL,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    WARDS,
)
from tests.contract.window import Window

COUNTRY = Accounts(day=TODAY, in_organisations=True, standing=Standing.ANY)

SEARCHES = {
    "anna sundsvall": ["Anna Andersson", "Anna-Karin Ängström"],
    "sundsvall anna": ["Anna Andersson", "Anna-Karin Ängström"],
    "malmo": ["Sven Slutat", "Stig Sund", "Sara Syd", "Sonja Söder", "Tove Två"],
    "malmo s": ["Sven Slutat", "Stig Sund", "Sara Syd", "Sonja Söder", "Tove Två"],
    "tove malmo": ["Tove Två"],
    "tove sundsvall": ["Tove Två"],
    "migrations": ["Siv Stöd", "Sten Stöd", "Mia Verk"],
    "lamnat kommun": ["Lena Lämnat"],
    "sund": [
        "Anna Andersson",
        "Eva Ek",
        "Lena Lämnat",
        "Nils Nord",
        "Élise Nyström",
        "Stig Sund",
        "Tove Två",
        "Örjan Zetterström",
        "Zoë Åkesson",
        "Anna-Karin Ängström",
        "Åke Öman",
        "Bo Östlund",
    ],
    "stig sund": ["Stig Sund"],
    "anna malmo": [],
    "undsvall": [],
    "twice": ["Tove Två", "Tove Två"],
}


@pytest.mark.parametrize("search", SEARCHES)
async def test_words_may_also_name_the_organisation(window: Window, search: str) -> None:
    page = await window.ask(msgspec.structs.replace(COUNTRY, search=search), SUPPORT)
    assert [row.account.name for row in page.rows] == SEARCHES[search]
    assert page.total == len(SEARCHES[search])


@pytest.mark.parametrize("sort_by", SortBy)
async def test_such_a_list_is_gone_through_page_by_page(window: Window, sort_by: SortBy) -> None:
    for search in ("sund", "s", "k", "anna sundsvall", "a s", "% _"):
        query = msgspec.structs.replace(COUNTRY, search=search, sort_by=sort_by, limit=2)
        whole = (await window.ask(msgspec.structs.replace(query, limit=100), SUPPORT)).rows
        assert tuple(await window.walk(query, SUPPORT)) == whole
        assert tuple(await window.walk(query, SUPPORT, backwards=True)) == whole


@pytest.mark.parametrize("few", [0, 1, 1000])
async def test_names_that_are_common_find_the_same(
    window: Window, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    from storage.sql import accounts, places

    monkeypatch.setattr(places, "MOST_PLACES", few)
    monkeypatch.setattr(accounts, "FEW", few)
    for search, names in SEARCHES.items():
        page = await window.ask(msgspec.structs.replace(COUNTRY, search=search), SUPPORT)
        assert [row.account.name for row in page.rows] == names


async def test_at_home_the_own_organisations_name_finds_everybody(window: Window) -> None:
    for search in ("malmo", "sara malmo", "sara"):
        query = msgspec.structs.replace(COUNTRY, search=search)
        found = await window.names(query, SOUTH_ADMINISTRATOR)
        everybody = await window.names(msgspec.structs.replace(query, search=""), SOUTH_ADMINISTRATOR)
        assert found == (everybody if search == "malmo" else ["Sara Syd"])
    assert await window.names(msgspec.structs.replace(COUNTRY, search="sundsvall"), SOUTH_ADMINISTRATOR) == []


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("andresson", ["Anna Andersson"]),
        ("anna andresson", ["Anna Andersson"]),
        ("amna andersson", ["Anna Andersson"]),
        ("lemnat", ["Lena Lämnat"]),
        ("ostlnud", ["Bo Östlund"]),
        ("bo sunsdvall", ["Bo Östlund"]),
        ("stig mamlo", ["Stig Sund"]),
        ("tstnmt2321000156-user3x", ["Zoë Åkesson"]),
        ("tstnmt2321000156-usre3", ["Zoë Åkesson"]),
        ("tstnmt2321000165-user3", ["Zoë Åkesson"]),
        ("krokodil", []),
        ("anna", []),
        ("", []),
        ("x y z", []),
    ],
)
async def test_one_typing_error_is_guessed(window: Window, search: str, names: list[str]) -> None:
    found = await window.ask(NearAccounts(day=TODAY, search=search), SUPPORT)
    assert [row.account.name for row in found] == names


async def test_guesses_are_no_more_than_asked_for(window: Window) -> None:
    found = await window.ask(NearAccounts(day=TODAY, search="sunsdvall", limit=3), SUPPORT)
    assert [row.account.name for row in found] == ["Anna Andersson", "Eva Ek", "Lena Lämnat"]


@pytest.mark.parametrize("by", [NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR])
async def test_a_guess_stays_within_the_scope(window: Window, by: Actor) -> None:
    found = await window.ask(NearAccounts(day=TODAY, search="kmmun"), by)
    assert {row.account.organisation_id for row in found} <= {by.organisation_id}


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ("", [SOUTH, AUTHORITY, NORTH]),
        ("kommun", [NORTH]),
        ("malm", [SOUTH]),
        ("sundsvalls kom", [NORTH]),
        ("alla", []),
    ],
)
async def test_organisations_are_found_by_how_their_words_begin(
    window: Window, search: str, ids: list[str]
) -> None:
    assert [each.id for each in await window.ask(Organisations(search=search), SUPPORT)] == ids


@pytest.mark.parametrize(
    ("organisation_id", "e_service_id", "permission_id", "reached"),
    [
        (None, MONEY, SCHOOL, (2, 4, 4)),
        (NORTH, MONEY, SCHOOL, (1, 2, 2)),
        (None, MONEY, None, (2, 6, 9)),
        (NORTH, WARDS, None, (1, 1, 1)),
        (SOUTH, WARDS, None, (0, 0, 0)),
        (None, WARDS, CHILDREN, (1, 1, 1)),
        (None, WARDS, SCHOOL, (1, 0, 0)),
        (None, MONEY, LAST_DAY, (2, 1, 1)),
        (None, MONEY, PRESCHOOL, (2, 2, 2)),
        (None, "nothing", None, (0, 0, 0)),
    ],
)
async def test_what_a_change_touches_is_counted(
    window: Window,
    organisation_id: str | None,
    e_service_id: str,
    permission_id: str | None,
    reached: tuple[int, int, int],
) -> None:
    query = HowMany(organisation_id=organisation_id, e_service_id=e_service_id, permission_id=permission_id)
    for by in (SUPPORT, INSTALLATION):
        organisations, accounts, grants = reached
        assert await window.ask(query, by) == Reached(
            organisations=organisations, accounts=accounts, grants=grants
        )
