"""The history filtered: by person, permission, kind and day, alone and together, a page at a time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import msgspec
import pytest

from core.days import start_of
from core.history import EVENT_KINDS
from core.ports import Storage
from core.queries import WriteRow, Writes
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    PRESCHOOL,
    SCHOOL,
    changeset,
    grant,
    register,
    revoke,
)
from tests.contract.window import Window, part, plain, share_of
from tests.core.conftest import WRITTEN

HERE = NORTH_ADMINISTRATOR


async def ids(window: Window, **asked: object) -> list[str]:
    """Give the ids of the writes that a filter keeps."""
    query = msgspec.convert({"organisation_id": NORTH, **asked, "kind": "writes"}, Writes)
    return [row.changeset_id for row in (await window.ask(query)).rows]


async def test_every_filter_alone_and_together_keeps_what_replay_says(storage: Storage) -> None:
    model = WRITTEN.copy()
    days = (None, date(2025, 5, 25), date(2025, 8, 1), date(2026, 1, 1))
    kept: set[int] = set()
    filters = list(
        product(
            (None, "user-1", "left", "nobody"),
            (None, SCHOOL, PRESCHOOL, "nothing"),
            (None, *EVENT_KINDS, "no_kind"),
            days,
            days,
        )
    )
    for account_id, permission_id, event_kind, from_day, until_day in part(filters, 3 * share_of(storage)):
        query = Writes(
            organisation_id=NORTH,
            account_id=account_id,
            permission_id=permission_id,
            event_kind=event_kind,
            from_day=from_day,
            until_day=until_day,
        )
        answer = await storage.ask(query, HERE, NOW)
        assert plain(answer) == plain(await model.ask(query, HERE, NOW)), query
        kept.add(answer.total)
    assert {0, 1, 2, 7} <= kept, "filters that keep nothing, some and all"


async def test_an_actor_is_kept_together_with_the_rest(window: Window) -> None:
    assert await ids(window, actor_id="admin-1", event_kind="account_registered") == ["seed-4"]
    assert await ids(window, actor_id="admin-2", event_kind="account_registered") == []


async def test_the_events_that_are_asked_for_are_given_and_counted(window: Window) -> None:
    await window.write(grant("user-6", PRESCHOOL), grant("user-6", SCHOOL), grant("user-5", SCHOOL))
    query = Writes(organisation_id=NORTH, account_id="user-6", permission_id=SCHOOL)
    row = (await window.ask(query)).rows[0]
    assert (len(row.events), row.matching, row.event_count) == (1, 1, 3)
    assert row.names == {"user-6": "Bo Östlund"}
    whole = (await window.ask(Writes(organisation_id=NORTH, permission_id=SCHOOL))).rows[0]
    assert (len(whole.events), whole.matching, whole.event_count) == (2, 2, 3)


async def test_what_is_filtered_is_paged_both_ways(window: Window) -> None:
    for _ in range(4):
        await window.write(grant("user-6", SCHOOL))
        await window.write(register(f"between-{_}"))
        await window.write(revoke("user-6", SCHOOL))
    for query in (
        Writes(organisation_id=NORTH, account_id="user-6", permission_id=SCHOOL, limit=3),
        Writes(organisation_id=NORTH, permission_id=SCHOOL, event_kind="permission_revoked", limit=3),
    ):
        whole = (await window.ask(msgspec.structs.replace(query, limit=500))).rows
        page, rows = await window.ask(query), list[WriteRow]()
        assert page.total == len(whole) > 3
        while True:
            rows.extend(page.rows)
            if page.after is None:
                break
            page = await window.ask(msgspec.structs.replace(query, cursor=page.after))
        assert tuple(rows) == whole
        back = await window.ask(msgspec.structs.replace(query, cursor=page.before))
        assert back.rows == whole[-3 - len(page.rows) : len(whole) - len(page.rows)]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 1)])
async def test_a_day_begins_and_ends_in_sweden(window: Window, day: date) -> None:
    """Also on the days on which the clocks are set forward and back."""
    begins, next_one = start_of(day), start_of(day + timedelta(days=1))
    moments = {
        "before": begins - timedelta(microseconds=1),
        "first": begins,
        "last": next_one - timedelta(microseconds=1),
        "after": next_one,
    }
    for place, (name, at) in enumerate(moments.items()):
        made = changeset(NORTH, register(f"on-{place}"), id=name)
        await window.storage.commit(made, NORTH_ADMINISTRATOR, at)
    assert await ids(window, from_day=day, until_day=day) == ["last", "first"]
    assert (await ids(window, from_day=day)) == ["after", "last", "first"]
    assert (await ids(window, until_day=day))[:3] == ["last", "first", "before"]


async def test_days_at_the_end_of_the_calendar_are_days(window: Window) -> None:
    everything = await ids(window)
    assert await ids(window, from_day=date.min, until_day=date.max) == everything
    assert await ids(window, until_day=date.min) == await ids(window, from_day=date.max) == []
