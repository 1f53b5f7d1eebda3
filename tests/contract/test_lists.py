"""Lists: Swedish order, search, filters, and pages that neither skip nor repeat."""

import msgspec
import pytest

from core.directory import Role
from core.queries import (
    COUNT_LIMIT,
    MOST_ROWS,
    Accounts,
    Direction,
    SortBy,
    Standing,
    Writes,
)
from core.refusal import WrongValueError
from tests.builders import (
    CHILDREN,
    MAILBOX,
    NORTH,
    SCHOOL,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    amend,
    deregister,
    grant,
    hsa_id,
    register,
)
from tests.contract.window import Window

ALL = Accounts(day=TODAY)
SORTS = pytest.mark.parametrize("sort_by", SortBy)
WAYS = pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])


# Order ---------------------------------------------------------------------------------------------


async def test_people_stand_in_swedish_order(window: Window) -> None:
    assert await window.names(ALL) == [
        "Anna Andersson", "Eva Ek", "Nils Nord", "Élise Nyström", "Tove Två", "Örjan Zetterström",
        "Zoë Åkesson", "Anna-Karin Ängström", "Åke Öman", "Bo Östlund",
    ]  # fmt: skip


async def test_foreign_letters_stand_where_a_swede_looks_for_them(window: Window) -> None:
    names = ["Müller", "Mylla", "Muller", "Édith", "Edit", "Edvin", "Øst", "Ost", "Æsop", "Zorn", "Åberg"]
    await window.write(*(register(f"new-{n}", "A", name) for n, name in enumerate(names)))
    found = [
        name.removeprefix("A ") for name in await window.names(msgspec.structs.replace(ALL, search="new"))
    ]
    assert found == [
        "Edit", "Édith", "Edvin", "Muller", "Mylla", "Müller", "Ost", "Zorn", "Åberg", "Æsop", "Øst"
    ]  # fmt: skip


@SORTS
async def test_down_is_up_turned_around(window: Window, sort_by: SortBy) -> None:
    up = msgspec.structs.replace(ALL, sort_by=sort_by, standing=Standing.ANY)
    down = msgspec.structs.replace(up, descending=True)
    assert await window.ids(down, SUPPORT) == list(reversed(await window.ids(up, SUPPORT)))


async def test_every_column_can_be_sorted_by(window: Window) -> None:
    by_permissions = await window.ask(msgspec.structs.replace(ALL, sort_by=SortBy.PERMISSIONS))
    counts = [len(row.granted) for row in by_permissions.rows]
    assert counts == sorted(counts)
    by_hsa_id = await window.ask(msgspec.structs.replace(ALL, sort_by=SortBy.HSA_ID))
    keys = [row.account.hsa_id.upper() for row in by_hsa_id.rows]
    assert keys == sorted(keys)
    by_email = await window.ask(msgspec.structs.replace(ALL, sort_by=SortBy.EMAIL))
    emails = [row.account.email.lower() for row in by_email.rows]
    assert emails == sorted(emails)


# Pages ----------------------------------------------------------------------------------------------


@SORTS
@WAYS
@pytest.mark.parametrize("limit", [1, 3, 10, 11])
async def test_pages_both_ways_give_the_whole_list(
    window: Window, sort_by: SortBy, descending: bool, limit: int
) -> None:
    """Most of them tie: the four with one address, the many without permissions, one id in two places."""
    whole = msgspec.structs.replace(ALL, sort_by=sort_by, descending=descending, standing=Standing.ANY)
    expected = list((await window.ask(whole, SUPPORT)).rows)
    small = msgspec.structs.replace(whole, limit=limit)
    assert await window.walk(small, SUPPORT) == expected
    assert await window.walk(small, SUPPORT, backwards=True) == expected


@SORTS
async def test_many_with_the_same_name_are_told_apart_by_id(window: Window, sort_by: SortBy) -> None:
    ids = [f"same-{place:02}" for place in range(12)]
    await window.write(*(register(each, "Anna", "Lik", email=MAILBOX) for each in reversed(ids)))
    query = msgspec.structs.replace(ALL, search="lik", sort_by=sort_by, limit=5)
    assert [row.account.id for row in await window.walk(query)] == ids
    assert [row.account.id for row in await window.walk(query, backwards=True)] == ids


async def test_a_page_knows_whether_there_is_more_on_either_side(window: Window) -> None:
    query = msgspec.structs.replace(ALL, limit=4)
    first = await window.ask(query)
    assert (first.before, first.total, first.more) == (None, 10, False)
    second = await window.ask(msgspec.structs.replace(query, cursor=first.after))
    assert second.before is not None
    third = await window.ask(msgspec.structs.replace(query, cursor=second.after))
    assert (len(third.rows), third.after) == (2, None)
    back = await window.ask(msgspec.structs.replace(query, cursor=third.before, direction=Direction.BEFORE))
    assert back.rows == second.rows
    start = await window.ask(msgspec.structs.replace(query, cursor=back.before, direction=Direction.BEFORE))
    assert (start.rows, start.before) == (first.rows, None)


async def test_rows_that_come_and_go_between_pages_are_neither_skipped_nor_repeated(window: Window) -> None:
    query = msgspec.structs.replace(ALL, limit=4)
    first = await window.ask(query)
    assert [row.account.family_name for row in first.rows] == ["Andersson", "Ek", "Nord", "Nyström"]
    # Before the place, at it, and behind it.
    await window.write(
        register("new-1", "Ada", "Aa"), register("new-2", "Ny", "Nyström"), register("new-3", "Ö", "Ö")
    )
    await window.write(amend("user-4", 2, family_name="Öz"), deregister("user-5", 1, [CHILDREN]))
    second = await window.ask(msgspec.structs.replace(query, cursor=first.after))
    assert [row.account.family_name for row in second.rows] == ["Nyström", "Två", "Zetterström", "Åkesson"]
    third = await window.ask(msgspec.structs.replace(query, cursor=second.after))
    assert [row.account.family_name for row in third.rows] == ["Ö", "Öman", "Östlund", "Öz"]
    assert third.after is None
    back = await window.ask(msgspec.structs.replace(query, cursor=second.before, direction=Direction.BEFORE))
    assert [row.account.family_name for row in back.rows] == ["Aa", "Andersson", "Ek", "Nord"]


@pytest.mark.parametrize("direction", Direction)
async def test_a_page_whose_rows_all_went_is_empty_and_shows_the_way_back(
    window: Window, direction: Direction
) -> None:
    query = msgspec.structs.replace(ALL, search="new", limit=2)
    await window.write(*(register(f"new-{place}", "A", "Lik") for place in range(4)))
    edge = await window.ask(msgspec.structs.replace(query, direction=direction))
    forward = direction is Direction.AFTER
    cursor = edge.after if forward else edge.before
    gone = ("new-2", "new-3") if forward else ("new-0", "new-1")
    await window.write(*(deregister(each) for each in gone))
    page = await window.ask(msgspec.structs.replace(query, cursor=cursor, direction=direction))
    assert (page.rows, page.total) == ((), 2)
    assert (page.after if forward else page.before) is None
    back = page.before if forward else page.after
    assert back is not None
    turned = Direction.BEFORE if forward else Direction.AFTER
    again = await window.ask(msgspec.structs.replace(query, cursor=back, direction=turned))
    assert again.rows == edge.rows


@pytest.mark.parametrize(
    "cursor", ["", "x", "null", "[]", "e30=", "!!!!", "å", "\ud800", "\x00", "A" * 10_000, "WyJhIl0="]
)
@pytest.mark.parametrize("question", [ALL, Writes(organisation_id=NORTH)], ids=["accounts", "writes"])
async def test_a_cursor_that_is_none_is_refused(
    window: Window, question: Accounts | Writes, cursor: str
) -> None:
    with pytest.raises(WrongValueError) as caught:
        await window.ask(msgspec.structs.replace(question, cursor=cursor))
    assert caught.value.refusal.code == "cursor"


async def test_a_cursor_of_another_question_is_refused(window: Window) -> None:
    query = msgspec.structs.replace(ALL, limit=2)
    cursor = (await window.ask(query)).after
    changes: tuple[dict[str, object], ...] = (
        {"sort_by": SortBy.EMAIL},
        {"descending": True},
        {"search": "a"},
        {"standing": Standing.ANY},
        {"role": Role.USER},
        {"permission_id": SCHOOL},
        {"organisation_id": NORTH},
    )
    for change in changes:
        with pytest.raises(WrongValueError) as caught:
            await window.ask(msgspec.structs.replace(query, cursor=cursor, **change))
        assert caught.value.refusal.code == "cursor"
    writes = Writes(organisation_id=NORTH, limit=2)
    with pytest.raises(WrongValueError):
        await window.ask(msgspec.structs.replace(writes, cursor=cursor))
    cursor = (await window.ask(writes)).after
    with pytest.raises(WrongValueError):
        await window.ask(msgspec.structs.replace(writes, organisation_id=SOUTH, cursor=cursor), SUPPORT)


async def test_a_cursor_from_across_the_border_leads_nowhere(window: Window) -> None:
    """What is in a cursor must not tell, nor select, what the scope does not hold."""
    cursor = (await window.ask(msgspec.structs.replace(ALL, limit=2), SOUTH_ADMINISTRATOR)).after
    try:
        page = await window.ask(msgspec.structs.replace(ALL, limit=2, cursor=cursor))
    except WrongValueError as error:
        code = error.refusal.code
    else:
        code = ""
        assert {row.account.organisation_id for row in page.rows} <= {NORTH}
    assert code in {"", "cursor"}


@pytest.mark.parametrize(("limit", "rows"), [(-1, 1), (0, 1), (1, 1), (10**6, 10)])
async def test_a_limit_is_kept_within_its_bounds(window: Window, limit: int, rows: int) -> None:
    page = await window.ask(msgspec.structs.replace(ALL, limit=limit))
    assert len(page.rows) == rows


async def test_writes_are_paged_newest_first_both_ways(window: Window) -> None:
    query = Writes(organisation_id=NORTH)
    whole = [row.changeset_id for row in (await window.ask(query)).rows]
    assert whole == ["seed-12", "seed-11", "seed-10", "seed-8", "seed-6", "seed-4", "seed-2"]
    pages = [await window.ask(msgspec.structs.replace(query, limit=3))]
    while pages[-1].after is not None:
        pages.append(await window.ask(msgspec.structs.replace(query, limit=3, cursor=pages[-1].after)))
    assert [row.changeset_id for page in pages for row in page.rows] == whole
    assert (pages[0].before, {page.total for page in pages}) == (None, {len(whole)})
    back = await window.ask(msgspec.structs.replace(query, limit=3, cursor=pages[2].before))
    assert back.rows == pages[1].rows
    await window.write(grant("user-6"))
    newer = await window.ask(msgspec.structs.replace(query, limit=3, cursor=pages[1].before))
    assert newer.rows == pages[0].rows
    assert newer.before is not None


# Great numbers ----------------------------------------------------------------------------------------


async def test_a_count_is_exact_up_to_its_limit_and_more_than_it_beyond(window: Window) -> None:
    there = (await window.ask(ALL)).total
    crowd = [register(f"p-{place}", hsa=hsa_id(place)) for place in range(COUNT_LIMIT - there)]
    await window.write(*crowd)
    page = await window.ask(msgspec.structs.replace(ALL, limit=10**6))
    assert (len(page.rows), page.total, page.more) == (MOST_ROWS, COUNT_LIMIT, False)
    await window.write(register("one-more"))
    page = await window.ask(msgspec.structs.replace(ALL, limit=1))
    assert (page.total, page.more) == (COUNT_LIMIT, True)
    found = await window.ask(msgspec.structs.replace(ALL, search="one-more"))
    assert (found.total, found.more) == (1, False)
    many = await window.ask(msgspec.structs.replace(ALL, search="tstnmt", limit=3, sort_by=SortBy.HSA_ID))
    assert (len(many.rows), many.total, many.more) == (3, COUNT_LIMIT, True)
