"""Accounts as they were at the end of a day, and two days compared: everywhere as replay says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from core.changes import AnyChange
from core.directory import Role
from core.ports import Storage
from core.queries import (
    Accounts,
    AccountsByKey,
    Differences,
    DifferencesBetween,
    Direction,
    SortBy,
    Standing,
)
from core.refusal import WrongValueError
from tests.builders import (
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_USER,
    NOW,
    PRESCHOOL,
    SCHOOL,
    SOUTH,
    SUPPORT,
    TODAY,
    amend,
    changeset,
    deregister,
    grant,
    register,
    reregister,
    revoke,
)
from tests.contract.window import Window, plain
from tests.core.conftest import WRITTEN
from tests.model import Model

HERE = NORTH_ADMINISTRATOR
DAYS: Sequence[date] = [date(2025, 5, 1) + timedelta(days=20 * place) for place in range(30)]


@pytest.mark.parametrize("day", DAYS)
async def test_every_list_of_a_day_is_what_replay_says(storage: Storage, day: date) -> None:
    model = WRITTEN.copy()
    asked: list[Any] = [
        Accounts(day=TODAY, as_of=day, sort_by=sort_by, descending=descending, standing=standing)
        for sort_by, descending, standing in product(SortBy, (False, True), Standing)
    ]
    asked += [
        Accounts(day=TODAY, as_of=day, standing=Standing.ANY, **wanted)
        for wanted in (
            {"search": "an"},
            {"search": "bo östlund"},
            {"permission_id": SCHOOL},
            {"permission_id": SCHOOL, "lacking": True},
            {"e_service_id": MONEY},
            {"role": Role.ADMINISTRATOR},
        )
    ]
    ids = frozenset(model.state(NORTH).accounts)
    asked.append(AccountsByKey(day=TODAY, as_of=day, organisation_id=NORTH, account_ids=ids))
    asked.extend(
        DifferencesBetween(organisation_id=NORTH, from_day=day, until_day=each) for each in DAYS[::5]
    )
    for query in asked:
        for by in (NORTH_ADMINISTRATOR, NORTH_USER):
            assert plain(await storage.ask(query, by, NOW)) == plain(await model.ask(query, by, NOW)), query


@pytest.mark.parametrize("sort_by", SortBy)
async def test_a_past_list_is_paged_both_ways(window: Window, sort_by: SortBy) -> None:
    query = Accounts(
        day=TODAY,
        as_of=TODAY - timedelta(days=100),
        organisation_id=NORTH,
        sort_by=sort_by,
        standing=Standing.ANY,
        limit=3,
    )
    whole = (await window.ask(msgspec.structs.replace(query, limit=500))).rows
    assert tuple(await window.walk(query)) == whole
    assert tuple(await window.walk(query, backwards=True)) == whole


async def test_a_day_of_the_past_is_asked_about_in_one_organisation(window: Window) -> None:
    query = Accounts(day=TODAY, as_of=TODAY)
    with pytest.raises(WrongValueError) as caught:
        await window.ask(query, SUPPORT)
    assert caught.value.refusal.code == "as_of_everywhere"
    in_south = msgspec.structs.replace(query, organisation_id=SOUTH)
    assert (await window.ask(in_south, SUPPORT)).total > 0
    assert (await window.ask(in_south)).total == 0


async def test_a_cursor_of_today_leads_nowhere_in_the_past(window: Window) -> None:
    today = Accounts(day=TODAY, organisation_id=NORTH, limit=2)
    cursor = (await window.ask(today)).after
    with pytest.raises(WrongValueError):
        await window.ask(msgspec.structs.replace(today, as_of=TODAY, cursor=cursor))
    back = msgspec.structs.replace(today, as_of=TODAY, direction=Direction.BEFORE)
    assert (await window.ask(back)).rows


async def test_what_happened_in_one_write_is_seen_as_it_ended(window: Window) -> None:
    await window.write(register("new-1", "Ny", "Person"), grant("new-1"), amend("new-1", 1, given_name="Nya"))
    ids = frozenset({"new-1"})
    query = AccountsByKey(day=TODAY, as_of=TODAY, organisation_id=NORTH, account_ids=ids)
    (row,) = await window.ask(query)
    assert row.account.name == "Nya Person"
    assert row.granted == {SCHOOL}
    assert await window.ask(msgspec.structs.replace(query, as_of=TODAY - timedelta(days=1))) == ()
    # Far in the future as far in the past, a day is a day.
    assert await window.ask(msgspec.structs.replace(query, as_of=date.max)) == (row,)
    assert await window.ask(msgspec.structs.replace(query, as_of=date.min)) == ()


async def compared(window: Window, days: int = 1) -> Differences:
    return await window.ask(
        DifferencesBetween(organisation_id=NORTH, from_day=TODAY - timedelta(days=days), until_day=TODAY)
    )


async def test_who_came_left_was_renamed_and_got_or_lost_what(window: Window) -> None:
    now = await window.ask(
        AccountsByKey(
            day=TODAY, organisation_id=NORTH, account_ids=frozenset({"user-1", "user-2", "user-6", "left"})
        )
    )
    rows = {row.account.id: row for row in now}
    await window.write(register("came"), grant("came"))
    await window.write(deregister("user-2", rows["user-2"].account.version, rows["user-2"].all_granted))
    await window.write(amend("user-6", rows["user-6"].account.version, family_name="Västlund"))
    await window.write(reregister("left", rows["left"].account.version))
    has = SCHOOL in rows["user-1"].all_granted
    await window.write(revoke("user-1", SCHOOL) if has else grant("user-1", SCHOOL))
    # Taken back on the same day, it is no difference.
    await window.write(register("passed"))
    await window.write(deregister("passed"))
    await window.write(grant("user-5", PRESCHOOL))
    await window.write(revoke("user-5", PRESCHOOL))
    found = {each.account_id: each for each in (await compared(window)).people}
    assert found.keys() == {"came", "user-2", "user-6", "left", "user-1"}
    assert found["came"].before is None
    assert found["came"].gained == {SCHOOL}
    assert (found["user-2"].after, found["user-2"].lost) == (None, rows["user-2"].all_granted)
    before, after = found["user-6"].before, found["user-6"].after
    assert before is not None
    assert after is not None
    assert (before.family_name, after.family_name) == ("Östlund", "Västlund")
    assert found["left"].before is None
    assert found["user-1"].gained | found["user-1"].lost == {SCHOOL}
    assert Counter(each.account_id for each in (await compared(window, days=0)).people) == Counter()


async def test_random_days_of_random_writes_are_what_replay_says(storage: Storage) -> None:
    model: Model = WRITTEN.copy()
    for place in range(12):
        at = NOW + timedelta(hours=7 * place)
        wanted: list[AnyChange] = [
            register(f"r-{place}", family_name="Ek" + "abcdefghijkl"[place]),
            grant(f"r-{place}"),
        ]
        if place > 3:
            wanted += [
                amend(f"r-{place - 3}", 1, email=f"ny{place}@kommun.example"),
                revoke(f"r-{place - 2}"),
            ]
        made = changeset(NORTH, *wanted, id=f"random-{place}")
        assert await storage.commit(made, NORTH_ADMINISTRATOR, at) == await model.commit(
            made, NORTH_ADMINISTRATOR, at
        )
    for place in range(6):
        query = Accounts(day=TODAY, as_of=TODAY + timedelta(days=place - 1), organisation_id=NORTH)
        assert plain(await storage.ask(query, HERE, NOW)) == plain(await model.ask(query, HERE, NOW))
