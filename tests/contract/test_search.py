"""Search and filters: what is found, what is not, and what somebody may try."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from core.directory import AUTHORITY, Role
from core.queries import (
    MOST_KEYS,
    AccountById,
    AccountRow,
    Accounts,
    AccountsByKey,
    Cell,
    EmailCounts,
    HsaIdHolders,
    InverseOf,
    NearAccounts,
    SortBy,
    Standing,
    Writes,
)
from core.refusal import Refusal, WrongValueError
from core.text import search_key
from tests.builders import (
    LAST_DAY,
    MAILBOX,
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    PRESCHOOL,
    RETIRED,
    SCHOOL,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    TOMORROW,
    TWICE,
    WARDS,
    amend,
    deregister,
    hsa_id,
    register,
    reregister,
    revoke,
)
from tests.contract.window import Window
from tests.core.hostile import HOSTILE

ALL = Accounts(day=TODAY)


# Search ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("akes", ["Zoë Åkesson"]),
        ("ÅKES", ["Zoë Åkesson"]),
        ("STRÖM", ["Élise Nyström", "Örjan Zetterström", "Anna-Karin Ängström"]),
        ("elise", ["Élise Nyström"]),
        ("zoe", ["Zoë Åkesson"]),
        ("anna and", ["Anna Andersson"]),
        ("and anna", ["Anna Andersson"]),
        ("  anna   karin ", ["Anna-Karin Ängström"]),
        ("anna-karin", ["Anna-Karin Ängström"]),
        ("a\u030akesson", ["Zoë Åkesson"]),
        ("user2", ["Örjan Zetterström"]),
        ("tstnmt2321000156-user2", ["Örjan Zetterström"]),
        ("TSTNMT2321000156-USER2", ["Örjan Zetterström"]),
        ("user-2", []),
        ("barn.unga@", ["Anna Andersson", "Örjan Zetterström", "Zoë Åkesson"]),
        ("BARN unga zetter", ["Örjan Zetterström"]),
        ("z", ["Örjan Zetterström", "Zoë Åkesson"]),
        ("z ö", ["Örjan Zetterström", "Zoë Åkesson"]),
        ("", None),
        ("   ", None),
        ("dersson anna", ["Anna Andersson"]),
        ("annaandersson", []),
        ("andersson1", []),
    ],
)
async def test_words_are_looked_for_anywhere_each_on_its_own(
    window: Window, search: str, names: list[str] | None
) -> None:
    found = await window.ask(msgspec.structs.replace(ALL, search=search))
    expected = await window.names(ALL) if names is None else names
    assert [row.account.name for row in found.rows] == expected
    assert found.total == len(expected)


TRICKS = (
    *(
        "%",
        "_",
        "*",
        '"',
        "'",
        "\\",
        "%%",
        "a%",
        "A_d",
        "an*",
        '"anna"',
        "anna OR eva",
        "NOT anna",
        "anna AND",
    ),
    *("(anna", "name:anna", "^anna", "-anna", "anna NEAR eva", "{anna}", "\x00", "anna\x00", "\ud800"),
    *("a\u0301\u0301\u0301", "%00", "'; DROP TABLE accounts; --", "\u202eanna", "\u200b", "\U0001f642"),
    *("a" * 10_000, "a " * 5_000, "%" * 5_000, "anna\n", "\nanna", "a\tb", *HOSTILE.values()),
)


async def test_a_hostile_search_finds_just_what_holds_its_words(window: Window) -> None:
    everybody = (await window.ask(ALL)).rows
    for search in TRICKS:
        found = await window.ask(msgspec.structs.replace(ALL, search=search))
        words = search_key(search).split()
        expected = [row.account.id for row in everybody if all(word in text_of(row) for word in words)]
        assert [row.account.id for row in found.rows] == expected, repr(search)
        assert found.total == len(expected)


def text_of(row: AccountRow) -> str:
    account = row.account
    return search_key(account.given_name, account.family_name, account.hsa_id, account.email)


async def test_more_words_than_anybody_looks_for_are_refused_or_looked_for(window: Window) -> None:
    words = " ".join(f"{place:04}" for place in range(2_000))
    try:
        assert await window.names(msgspec.structs.replace(ALL, search=words)) == []
    except WrongValueError as error:
        refusal = error.refusal
    else:
        refusal = Refusal("too_long", "search")
    assert (refusal.code, refusal.subject) == ("too_long", "search")


async def test_hostile_texts_are_no_error_in_any_question(window: Window) -> None:
    for text in HOSTILE.values():
        keys = frozenset({text})
        lists: tuple[Any, ...] = (
            msgspec.structs.replace(ALL, permission_id=text),
            msgspec.structs.replace(ALL, e_service_id=text),
            msgspec.structs.replace(ALL, organisation_id=text),
            Writes(organisation_id=NORTH, account_id=text),
            Writes(organisation_id=NORTH, changeset_id=text),
        )
        for query in lists:
            assert (await window.ask(query)).total == 0, repr(text)
        assert await window.ask(AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=keys)) == ()
        assert await window.ask(HsaIdHolders(day=TODAY, organisation_id=NORTH, hsa_ids=keys)) == {}
        assert await window.ask(EmailCounts(organisation_id=NORTH, emails=keys)) == {}
        assert await window.ask(AccountById(day=TODAY, organisation_id=NORTH, account_id=text)) is None
        assert await window.ask(Cell(organisation_id=NORTH, account_id="user-1", permission_id=text)) is None
        found = await window.ask(InverseOf(organisation_id=NORTH, changeset_id=text))
        assert [each.code for each in found.refusals] == ["not_found"]
        assert await window.storage.identify(text) == ()


async def test_a_search_sees_what_was_just_written_and_not_what_was_before(window: Window) -> None:
    await window.write(register("new-1", "Bertil", "Nyanställd"), amend("user-6", 1, family_name="Västlund"))
    assert await window.names(msgspec.structs.replace(ALL, search="nyanst")) == ["Bertil Nyanställd"]
    assert await window.names(msgspec.structs.replace(ALL, search="vastlund")) == ["Bo Västlund"]
    assert await window.names(msgspec.structs.replace(ALL, search="left")) == []
    left = msgspec.structs.replace(ALL, search="lämnat", standing=Standing.ANY)
    assert await window.names(left) == ["Lena Lämnat"]


async def test_a_search_over_the_country_finds_both_and_at_home_only_ones_own(window: Window) -> None:
    query = msgspec.structs.replace(ALL, search="twice")
    assert len(await window.ids(query, SUPPORT)) == 2
    assert await window.ids(query) == ["twice-north"]
    assert await window.ids(query, SOUTH_ADMINISTRATOR) == ["twice-south"]


# Former names ---------------------------------------------------------------------------------------


async def test_a_former_name_finds_the_person_and_the_present_one_still_does(window: Window) -> None:
    await window.write(amend("user-6", 1, family_name="Västlund"))
    await window.write(amend("user-6", 2, family_name="Ö", given_name="Kerstin"))
    await window.write(amend("user-6", 3, email="ny@kommun.example"))
    for search in ("bo östlund", "ostlund", "västl", "kerstin", "ny@", "kerstin västlund bo", "user6"):
        assert await window.ids(msgspec.structs.replace(ALL, search=search)) == ["user-6"], search
        everywhere = msgspec.structs.replace(ALL, search=search, in_organisations=True)
        assert await window.ids(everywhere, SUPPORT) == ["user-6"], search
    # A former address finds nobody, and no word goes on from one name into the next.
    for search in ("bo@", "östlundbo", "lundkerstin"):
        assert await window.ids(msgspec.structs.replace(ALL, search=search)) == [], search


async def test_a_name_that_is_taken_back_leaves_the_one_between_as_the_former(window: Window) -> None:
    await window.write(amend("user-6", 1, family_name="Västlund"))
    await window.write(amend("user-6", 2, family_name="Östlund"))
    for search in ("ostlund", "vastlund"):
        assert await window.ids(msgspec.structs.replace(ALL, search=search)) == ["user-6"]
    await window.write(deregister("user-6", 3))
    await window.write(reregister("user-6", 4))
    for search in ("ostlund", "vastlund", "kommen"):
        assert await window.ids(msgspec.structs.replace(ALL, search=f"{search} user6")) == ["user-6"]


async def test_many_are_renamed_at_once_and_who_was_never_is_left_alone(window: Window) -> None:
    await window.write(amend("user-5", 1, family_name="Mellan"))
    await window.write(
        register("new-1", "Bertil", "Nyanställd"),
        amend("new-1", 1, family_name="Direktör"),
        amend("user-6", 1, family_name="Västlund"),
        amend("user-5", 2, email="ny@kommun.example"),
        amend("user-4", 2, email="annan@kommun.example"),
    )
    for search, ids in (
        ("ostlund", ["user-6"]),
        ("mellan", ["user-5"]),
        # What somebody was called between two events of the same write, nobody has ever seen.
        ("nyanst", []),
        ("direkt", ["new-1"]),
        ("annan@", ["user-4"]),
        # Renamed long ago; only the address is another now.
        ("muller annan@", ["user-4"]),
    ):
        assert await window.ids(msgspec.structs.replace(ALL, search=search)) == ids, search


async def test_a_former_name_finds_nobody_in_another_organisation(window: Window) -> None:
    """``shared`` is the id of an account in both."""
    await window.write(amend("shared", 1, family_name="Fornamn"))
    await window.write(amend("shared", 2, family_name="Nord"))
    query = msgspec.structs.replace(ALL, search="fornamn")
    assert await window.ids(query) == ["shared"]
    assert await window.ids(query, SOUTH_ADMINISTRATOR) == []
    [row] = (await window.ask(query, SUPPORT)).rows
    assert row.account.organisation_id == NORTH
    # An amendment at the other one reads no names of this one.
    await window.write(amend("shared", 1, family_name="Syd"), by=SOUTH_ADMINISTRATOR, at=SOUTH)
    assert await window.ids(query, SOUTH_ADMINISTRATOR) == []


async def test_a_typing_error_in_a_former_name_is_guessed(window: Window) -> None:
    await window.write(amend("user-6", 1, family_name="Ek"))
    query = NearAccounts(day=TODAY, search="östlnud bo", limit=10)
    assert [row.account.id for row in await window.ask(query, SUPPORT)] == ["user-6"]


async def test_on_a_day_in_the_past_everybody_is_found_by_what_they_were_called_then(window: Window) -> None:
    await window.write(amend("user-6", 1, family_name="Västlund"))
    then = msgspec.structs.replace(ALL, organisation_id=NORTH, as_of=TODAY - timedelta(days=1))
    assert await window.ids(msgspec.structs.replace(then, search="ostlund")) == ["user-6"]
    assert await window.ids(msgspec.structs.replace(then, search="vastlund")) == []
    now = msgspec.structs.replace(then, as_of=TODAY)
    assert await window.ids(msgspec.structs.replace(now, search="ostlund")) == []
    assert await window.ids(msgspec.structs.replace(now, search="vastlund")) == ["user-6"]


OTHERS = ["user-4", "user-2", "user-5", "user-6"]


# Filters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"permission_id": SCHOOL}, ["user-1", "user-3"]),
        ({"permission_id": LAST_DAY}, ["user-3"]),
        ({"permission_id": LAST_DAY, "day": TOMORROW}, []),
        ({"permission_id": RETIRED}, []),
        ({"permission_id": "nothing"}, []),
        ({"e_service_id": MONEY}, ["user-1", "shared", "twice-north", "user-3"]),
        ({"e_service_id": WARDS}, ["user-5"]),
        ({"e_service_id": MONEY, "permission_id": PRESCHOOL}, ["user-1", "shared"]),
        ({"permission_id": SCHOOL, "search": "zoe"}, ["user-3"]),
        ({"role": Role.ADMINISTRATOR}, ["admin-1", "admin-2"]),
        ({"role": Role.ADMINISTRATOR, "permission_id": SCHOOL}, []),
        ({"standing": Standing.DEREGISTERED}, ["left"]),
        ({"standing": Standing.DEREGISTERED, "permission_id": SCHOOL}, []),
        ({"organisation_id": SOUTH}, []),
        ({"permission_id": SCHOOL, "lacking": True, "role": Role.USER, "search": "user"}, OTHERS),
        ({"e_service_id": MONEY, "lacking": True, "search": "user"}, OTHERS),
        ({"permission_id": RETIRED, "lacking": True, "role": Role.ADMINISTRATOR}, ["admin-1", "admin-2"]),
        ({"lacking": True, "role": Role.ADMINISTRATOR}, ["admin-1", "admin-2"]),
    ],
)  # fmt: skip
async def test_a_filter_keeps_just_those(window: Window, filters: dict[str, object], ids: list[str]) -> None:
    query = msgspec.structs.replace(ALL, **filters)
    page = await window.ask(query)
    assert [row.account.id for row in page.rows] == ids
    assert page.total == len(ids)
    assert [row.account.id for row in await window.walk(msgspec.structs.replace(query, limit=1))] == ids


async def test_another_organisation_is_no_filter_key_or_permission_to_look_through(window: Window) -> None:
    for query in (
        msgspec.structs.replace(ALL, organisation_id=SOUTH, standing=Standing.ANY),
        msgspec.structs.replace(ALL, organisation_id=AUTHORITY),
        msgspec.structs.replace(ALL, search="stig"),
        msgspec.structs.replace(ALL, search=hsa_id("SOUTHUSER")),
        msgspec.structs.replace(ALL, role=Role.SUPPORT),
    ):
        page = await window.ask(query)
        assert (page.rows, page.total, page.before, page.after) == ((), 0, None, None)
    keys = AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=frozenset({"south-user", "shared"}))
    assert [row.account.name for row in await window.ask(keys)] == ["Nils Nord"]


async def test_the_permissions_of_a_row_are_those_in_force_and_all_that_are_open(window: Window) -> None:
    rows = {row.account.id: row for row in (await window.ask(ALL)).rows}
    assert rows["user-1"].granted == {SCHOOL, PRESCHOOL}
    assert rows["user-1"].all_granted == {SCHOOL, PRESCHOOL, RETIRED}
    tomorrow = {row.account.id: row for row in (await window.ask(Accounts(day=TOMORROW))).rows}
    assert rows["user-3"].granted == {SCHOOL, LAST_DAY}
    assert tomorrow["user-3"].granted == {SCHOOL}
    await window.write(revoke("user-1"), revoke("user-1", PRESCHOOL))
    by_count = await window.ask(msgspec.structs.replace(ALL, sort_by=SortBy.PERMISSIONS, search="user"))
    counts = {row.account.id: len(row.granted) for row in by_count.rows}
    assert counts == {"user-1": 0, "user-2": 0, "user-3": 2, "user-4": 0, "user-5": 1, "user-6": 0}
    assert [row.account.id for row in by_count.rows][-2:] == ["user-5", "user-3"]


async def test_addresses_are_counted_without_case_and_at_home(window: Window) -> None:
    asked = frozenset({MAILBOX, MAILBOX.upper(), "elise@kommun.example", "left@kommun.example", ""})
    north = EmailCounts(organisation_id=NORTH, emails=asked)
    assert await window.ask(north) == {MAILBOX: 3, MAILBOX.upper(): 3, "elise@kommun.example": 1}
    south = msgspec.structs.replace(north, organisation_id=SOUTH)
    assert await window.ask(south) == {}
    assert await window.ask(south, SUPPORT) == {MAILBOX: 1, MAILBOX.upper(): 1}
    assert await window.ask(msgspec.structs.replace(north, emails=frozenset())) == {}


async def test_who_has_hsa_ids_is_found_without_case_and_at_home(window: Window) -> None:
    asked = frozenset({hsa_id("USER1"), hsa_id("user1"), hsa_id("LEFT"), hsa_id("NOBODY"), TWICE, ""})
    north = HsaIdHolders(day=TODAY, organisation_id=NORTH, hsa_ids=asked)
    found = {each: row.account.id for each, row in (await window.ask(north)).items()}
    assert found == {
        hsa_id("USER1"): "user-1",
        hsa_id("user1"): "user-1",
        hsa_id("LEFT"): "left",
        TWICE: "twice-north",
    }
    south = msgspec.structs.replace(north, organisation_id=SOUTH)
    assert await window.ask(south) == {}
    found = {each: row.account.id for each, row in (await window.ask(south, SUPPORT)).items()}
    assert found == {TWICE: "twice-south"}
    assert await window.ask(msgspec.structs.replace(north, hsa_ids=frozenset())) == {}


async def test_so_many_keys_as_can_be_asked_about_are_and_one_more_is_refused(window: Window) -> None:
    keys = frozenset(f"nobody-{number}" for number in range(MOST_KEYS - 1))
    questions: tuple[tuple[Any, str, str], ...] = (
        (AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=keys), "account_ids", "user-1"),
        (HsaIdHolders(day=TODAY, organisation_id=NORTH, hsa_ids=keys), "hsa_ids", hsa_id("USER1")),
        (EmailCounts(organisation_id=NORTH, emails=keys), "emails", MAILBOX),
    )
    for question, name, known in questions:
        most = msgspec.structs.replace(question, **{name: keys | {known}})
        assert len(await window.ask(most)) == 1
        for by in (SUPPORT, NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR):
            with pytest.raises(WrongValueError) as caught:
                await window.ask(msgspec.structs.replace(question, **{name: keys | {known, "more"}}), by)
            assert caught.value.refusal == Refusal("too_many_keys", name, {"most": MOST_KEYS})


async def test_a_selection_comes_in_swedish_order_and_leaves_out_what_is_not_there(window: Window) -> None:
    ids = frozenset({"user-6", "user-1", "left", "nobody", "user-3", ""})
    query = AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=ids)
    assert [row.account.id for row in await window.ask(query)] == ["user-1", "left", "user-3", "user-6"]
    assert await window.ask(msgspec.structs.replace(query, account_ids=frozenset())) == ()
