"""What is current, on every storage: who sees what when, what is unread, what is done, and launch day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from core.announcements import AnnouncementKind, AnnouncementRow, Done, Notice
from core.changes import Receipt
from core.days import start_of
from core.directory import AUTHORITY, Actor, Role
from core.identity import Id
from core.journal import MOST_READ, AnnouncementHandled, AnnouncementsRead
from core.queries import (
    AccountById,
    Accounts,
    AnnouncementById,
    Announcements,
    CurrentNotice,
    WholeCatalogue,
)
from tests.builders import (
    CHILDREN,
    COMING,
    DOING,
    MONEY,
    NEWS,
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_SECOND,
    NORTH_USER,
    NOW,
    OLD_NEWS,
    RETIRED,
    SCHEDULED,
    SCHOOL,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAYS,
    UPKEEP,
    WITHDRAWN_NEWS,
    announce,
    content,
    grant,
    launch,
    rename,
    retire,
    withdraw,
)

if TYPE_CHECKING:
    from tests.contract.window import Window

CURRENT = [UPKEEP, DOING, NEWS, OLD_NEWS]
"""What an administrator sees, newest first; the first two were published in the same minute."""


def question(by: Actor = NORTH_ADMINISTRATOR, moment: datetime = NOW, **fields: object) -> Announcements:
    query = Announcements(organisation_id=by.organisation_id, account_id=by.account_id, moment=moment)
    return msgspec.structs.replace(query, **fields)


async def rows(
    window: Window, by: Actor = NORTH_ADMINISTRATOR, moment: datetime = NOW, **fields: object
) -> tuple[AnnouncementRow, ...]:
    return (await window.ask(question(by, moment, **fields), by)).rows


async def ids(
    window: Window, by: Actor = NORTH_ADMINISTRATOR, moment: datetime = NOW, **fields: object
) -> list[str]:
    return [row.id for row in await rows(window, by, moment, **fields)]


async def row_of(window: Window, announcement_id: str, by: Actor = NORTH_ADMINISTRATOR) -> AnnouncementRow:
    return next(row for row in await rows(window, by) if row.id == announcement_id)


async def notice(window: Window, by: Actor = NORTH_ADMINISTRATOR, moment: datetime = NOW) -> Notice:
    query = CurrentNotice(organisation_id=by.organisation_id, account_id=by.account_id, moment=moment)
    answer = await window.ask(query, by)
    assert answer is not None
    return answer


async def read(window: Window, by: Actor, *announcement_ids: str) -> None:
    entry = AnnouncementsRead(
        organisation_id=Id(by.organisation_id), announcement_ids=tuple(map(Id, announcement_ids))
    )
    assert await window.storage.note(entry, by, NOW) is None


# Who sees what ------------------------------------------------------------------------------------


async def test_administrators_see_what_is_published_and_support_all(window: Window) -> None:
    assert await ids(window) == await ids(window, SOUTH_ADMINISTRATOR) == CURRENT
    everything = await rows(window, SUPPORT)
    assert [row.id for row in everything] == [SCHEDULED, UPKEEP, DOING, NEWS, WITHDRAWN_NEWS, OLD_NEWS]
    assert [row.id for row in everything if row.is_scheduled] == [SCHEDULED]
    assert [row.id for row in everything if row.withdrawn_on is not None] == [WITHDRAWN_NEWS]
    for hidden in (SCHEDULED, WITHDRAWN_NEWS):
        query = AnnouncementById(
            organisation_id=NORTH, account_id="admin-1", moment=NOW, announcement_id=hidden
        )
        assert await window.ask(query) is None
        assert await window.ask(query, SUPPORT) is not None


async def test_a_user_is_told_nothing(window: Window) -> None:
    assert Role.USER not in Announcements.asked_by | AnnouncementById.asked_by | CurrentNotice.asked_by
    assert await rows(window, NORTH_USER) == ()


async def test_a_permission_that_is_not_launched_is_counted_and_not_named(window: Window) -> None:
    row = await row_of(window, NEWS)
    assert (row.permission_ids, row.coming) == ((TODAYS,), 1)
    (row,) = await rows(window, SUPPORT, about=AnnouncementKind.NEW_PERMISSION)
    assert (row.permission_ids, row.coming) == ((TODAYS, COMING), 0)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("vard", [NEWS]),
        ("VÅRD nyanlända", [NEWS]),
        ("ersattningen", CURRENT),
        ("skola ersättningen", [DOING]),
        ("forbattrad", []),
        ("battre", [OLD_NEWS]),
        ("%", []),
        ("'", []),
        ("", CURRENT),
    ],
)
async def test_a_search_looks_in_title_and_text_with_and_without_dots(
    window: Window, search: str, found: list[str]
) -> None:
    assert await ids(window, search=search) == found


async def test_a_filter_keeps_a_kind_or_an_e_service(window: Window) -> None:
    assert await ids(window, about=AnnouncementKind.FIX) == [OLD_NEWS]
    assert await ids(window, e_service_id=MONEY) == [DOING, NEWS]
    assert await ids(window, e_service_id=MONEY, about=AnnouncementKind.RULE_CHANGE) == [DOING]
    assert await ids(window, about=AnnouncementKind.TRAINING) == []


async def test_the_list_is_paged_both_ways_newest_first(window: Window) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await window.ask(question(limit=3, cursor=cursor))
        assert page.total == 4
        seen.extend(row.id for row in page.rows)
        if page.after is None:
            break
        cursor = page.after
    assert seen == CURRENT
    assert page.before is not None
    # A minute later it is the same list.
    back = await window.ask(question(limit=3, cursor=page.before, moment=NOW + timedelta(minutes=1)))
    assert [row.id for row in back.rows] == CURRENT[:3]


async def test_corrections_are_seen_with_their_day(window: Window) -> None:
    query = AnnouncementById(
        organisation_id=NORTH, account_id="admin-1", moment=NOW, announcement_id=OLD_NEWS
    )
    detail = await window.ask(query)
    assert detail is not None
    assert [(each.on, each.what) for each in detail.corrections] == [(date(2026, 1, 20), "Dagen var fel.")]
    assert detail.row.corrected_on == date(2026, 1, 20)
    assert "\n\n* " in detail.text


# Unread -------------------------------------------------------------------------------------------


async def test_what_is_read_is_each_persons_own(window: Window) -> None:
    assert await ids(window, unread_only=True) == [UPKEEP, DOING]
    assert await ids(window, NORTH_SECOND, unread_only=True) == CURRENT
    assert (await notice(window)).unread == 2
    await read(window, NORTH_SECOND, DOING, NEWS, DOING)
    assert await ids(window, NORTH_SECOND, unread_only=True) == [UPKEEP, OLD_NEWS]
    assert (await notice(window, NORTH_SECOND)).unread == 2
    assert (await notice(window, SOUTH_ADMINISTRATOR)).unread == 4
    await read(window, NORTH_ADMINISTRATOR, UPKEEP, DOING)
    assert (await notice(window)).unread == 0
    assert await ids(window, unread_only=True) == []
    assert await ids(window, SUPPORT, unread_only=True) == [UPKEEP, DOING, NEWS], "scheduled is no news"


async def test_what_is_older_than_the_account_is_no_news(window: Window) -> None:
    from tests.builders import appoint, register

    await window.write(register("new-1"))
    await window.write(appoint("new-1"), by=SUPPORT)
    newcomer = msgspec.structs.replace(NORTH_ADMINISTRATOR, account_id="new-1")
    assert (await notice(window, newcomer)).unread == 0
    later = NOW + timedelta(days=1)
    assert await ids(window, newcomer, later, unread_only=True) == [SCHEDULED]


async def test_what_cannot_be_seen_cannot_be_read_or_done(window: Window) -> None:
    for hidden in (SCHEDULED, WITHDRAWN_NEWS, "nothing"):
        for entry in (
            AnnouncementsRead(organisation_id=Id(NORTH), announcement_ids=(Id(hidden),)),
            AnnouncementHandled(organisation_id=Id(NORTH), announcement_id=Id(hidden)),
        ):
            answer = await window.storage.note(entry, NORTH_ADMINISTRATOR, NOW)
            assert answer is not None
            assert [each.code for each in answer.refusals] == ["not_found"]
    # One that was withdrawn meanwhile is no reason not to keep the others.
    await read(window, NORTH_ADMINISTRATOR, UPKEEP, WITHDRAWN_NEWS, DOING)
    assert (await notice(window)).unread == 0


async def test_there_is_a_limit_to_what_is_read_at_once(window: Window) -> None:
    entry = AnnouncementsRead(organisation_id=Id(NORTH), announcement_ids=(Id(NEWS),) * (MOST_READ + 1))
    answer = await window.storage.note(entry, NORTH_ADMINISTRATOR, NOW)
    assert answer is not None
    assert [each.code for each in answer.refusals] == ["too_many_keys"]


# Done ---------------------------------------------------------------------------------------------


async def test_the_part_is_done_when_the_permission_is_given_to_somebody(window: Window) -> None:
    assert (await row_of(window, NEWS)).done is Done.OPEN
    await window.write(grant("user-1", TODAYS))
    assert (await row_of(window, NEWS)).done is Done.GIVEN
    assert (await row_of(window, NEWS, SOUTH_ADMINISTRATOR)).done is Done.OPEN
    assert (await row_of(window, OLD_NEWS)).done is Done.NOTHING_TO_DO
    assert (await row_of(window, DOING, SOUTH_ADMINISTRATOR)).done is Done.GIVEN, "retired ones count no more"


async def test_the_part_is_done_when_an_administrator_says_so_and_open_again_when_not(window: Window) -> None:
    row = await row_of(window, DOING)
    assert row.done is Done.SAID
    assert row.said is not None
    assert row.said.by == NORTH_SECOND.name
    taken_back = AnnouncementHandled(organisation_id=Id(NORTH), announcement_id=Id(DOING), is_done=False)
    assert await window.storage.note(taken_back, NORTH_ADMINISTRATOR, NOW) is None
    assert (await row_of(window, DOING)).done is Done.GIVEN
    assert (await row_of(window, DOING)).said is None


async def test_nobody_says_so_for_another_organisation(window: Window) -> None:
    for organisation_id in (NORTH, AUTHORITY):
        entry = AnnouncementHandled(organisation_id=Id(organisation_id), announcement_id=Id(NEWS))
        answer = await window.storage.note(entry, SOUTH_ADMINISTRATOR, NOW)
        assert answer is not None
        assert [each.code for each in answer.refusals] == ["not_found"]


# Banners ------------------------------------------------------------------------------------------


async def test_banners_are_those_that_last_or_come(window: Window) -> None:
    (banner,) = (await notice(window)).banners
    assert (banner.id, banner.is_on(NOW)) == (UPKEEP, True)
    assert (await notice(window, moment=NOW + timedelta(hours=2))).banners == ()
    at = NOW + timedelta(days=3)
    coming = content(
        "Stopp",
        kind=AnnouncementKind.INCIDENT,
        begins=at,
    )
    await window.write(announce("stopp", coming), by=SUPPORT, at=AUTHORITY)
    assert [each.id for each in (await notice(window)).banners] == [UPKEEP, "stopp"]
    assert [each.id for each in (await notice(window, moment=at + timedelta(days=99))).banners] == ["stopp"]
    await window.write(withdraw("stopp", "Stopp"), by=SUPPORT, at=AUTHORITY)
    assert [each.id for each in (await notice(window)).banners] == [UPKEEP]


# Launch day ---------------------------------------------------------------------------------------

DAYS = [
    date(2026, 12, 1),
    date(2027, 3, 28),  # the clocks go forward
    date(2027, 10, 31),  # the clocks go back
    date(2027, 3, 29),
    date(2027, 11, 1),
]


async def catalogue_ids(window: Window, moment: datetime) -> set[str]:
    from core.days import day_of

    catalogue = await window.ask(WholeCatalogue(day=day_of(moment)))
    return {each.id for each in catalogue.permissions}


async def granted(
    window: Window, moment: datetime, permission_id: str, account_id: str = "user-6"
) -> list[str]:
    answer = await window.commit(grant(account_id, permission_id), now=moment)
    return [] if isinstance(answer, Receipt) else [each.code for each in answer.refusals]


@pytest.mark.parametrize("day", DAYS)
async def test_a_permission_is_seen_and_given_from_the_first_minute_of_its_day_in_sweden(
    window: Window, day: date
) -> None:
    midnight = start_of(day)
    before = midnight - timedelta(minutes=1)
    said = content(
        "Ny typ", kind=AnnouncementKind.NEW_PERMISSION, permissions=["ny-typ"], action="Ge den.", at=NOW
    )
    await window.write(launch("ny-typ", day), announce("ny-typ", said), by=SUPPORT, at=AUTHORITY)
    # At 23.59.
    assert "ny-typ" not in await catalogue_ids(window, before)
    (row,) = await rows(window, moment=before, search="ny typ")
    assert (row.permission_ids, row.coming, row.done) == ((), 1, Done.OPEN)
    assert await granted(window, before, "ny-typ") == ["not_launched"]
    # At 00.00.
    assert "ny-typ" in await catalogue_ids(window, midnight)
    (row,) = await rows(window, moment=midnight, search="ny typ")
    assert (row.permission_ids, row.coming, row.done) == (("ny-typ",), 0, Done.OPEN)
    assert await granted(window, midnight, "ny-typ") == []
    (row,) = await rows(window, moment=midnight, search="ny typ")
    assert row.done is Done.GIVEN


@pytest.mark.parametrize("day", DAYS)
async def test_a_permission_can_be_given_until_the_last_minute_before_its_end(
    window: Window, day: date
) -> None:
    midnight = start_of(day)
    await window.write(retire(SCHOOL, day), by=SUPPORT, at=AUTHORITY)
    assert await granted(window, midnight - timedelta(minutes=1), SCHOOL) == []
    assert await granted(window, midnight, SCHOOL, "user-5") == ["retired"]
    for moment, holds in ((day - timedelta(days=1), True), (day, False)):
        query = AccountById(day=moment, organisation_id=NORTH, account_id="user-6")
        detail = await window.ask(query)
        assert detail is not None
        assert (SCHOOL in detail.row.granted) == holds
        assert SCHOOL in detail.row.all_granted, "what was given stays in the history"


@pytest.mark.parametrize("day", DAYS)
async def test_what_is_scheduled_is_seen_from_its_minute_on(window: Window, day: date) -> None:
    at = start_of(day)
    await window.write(announce("planerad", content("Planerad", at=at)), by=SUPPORT, at=AUTHORITY)
    before = at - timedelta(minutes=1)
    for by in (NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR):
        unread = (await notice(window, by, before)).unread
        assert "planerad" not in await ids(window, by, before)
        assert "planerad" in await ids(window, by, at)
        assert (await notice(window, by, at)).unread == unread + 1
    assert "planerad" in await ids(window, SUPPORT, before)


async def test_a_renamed_permission_keeps_its_grants_and_its_former_name(window: Window) -> None:
    before = await window.walk(Accounts(day=NOW.date()))
    await window.write(rename(CHILDREN, "Barn på flykt", NOW.date()), by=SUPPORT, at=AUTHORITY)
    assert await window.walk(Accounts(day=NOW.date())) == before
    catalogue = await window.ask(WholeCatalogue(day=NOW.date()))
    permission = catalogue.permission(CHILDREN)
    assert permission is not None
    assert permission.name_on(NOW.date()) == "Barn på flykt"
    assert "Barn utan vårdnadshavare" in permission.former_names(NOW.date())
    assert RETIRED in {each.id for each in catalogue.permissions}
