"""What others write, told on every storage alike: nothing twice, nothing lost, nothing beyond the border."""

import asyncio
from contextlib import aclosing

import msgspec
import pytest

from core.changes import AnyChange
from core.directory import AUTHORITY, INSTALLATION
from core.following import cursor_at
from core.ports import Storage
from core.queries import MOST_FOLLOWED, News, NewsSince, WriteRow, Writes
from core.refusal import WrongValueError
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_USER,
    NOW,
    SCHOOL,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SOUTH_USER,
    SUPPORT,
    TODAY,
    amend,
    grant,
    register,
    rename,
    revoke,
)
from tests.contract.window import Window
from tests.core import examples
from tests.core.conftest import WRITTEN

AT_MOST = 20
"""Seconds until something written is told; a database is looked at once a second."""


def since(*organisation_ids: str, cursor: str | None = None, limit: int = 100) -> NewsSince:
    return NewsSince(organisation_ids=frozenset(organisation_ids), cursor=cursor, limit=limit)


def ids(news: News) -> list[str]:
    return [write.changeset_id for write in news.writes]


async def test_from_now_on_nothing_is_told_but_the_place(window: Window) -> None:
    news = await window.ask(since(NORTH, AUTHORITY))
    assert (news.touched, news.writes, news.more) == (frozenset(), (), False)
    again = await window.ask(since(NORTH, AUTHORITY, cursor=news.cursor))
    assert again == news


async def test_what_is_written_after_a_place_is_told_as_the_history_tells_it(window: Window) -> None:
    place = (await window.ask(since(NORTH))).cursor
    first = await window.write(grant("user-6", SCHOOL))
    second = await window.write(revoke("user-6", SCHOOL), register("new-1", "Ny", "Person"))
    news = await window.ask(since(NORTH, cursor=place))
    assert ids(news) == [first.changeset_id, second.changeset_id], "the oldest first"
    assert (news.touched, news.more) == (frozenset({NORTH}), False)
    history = await window.ask(Writes(organisation_id=NORTH, limit=2))
    assert news.writes == tuple(reversed(history.rows))
    assert (await window.ask(since(NORTH, cursor=news.cursor))).writes == ()


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_pages_give_every_write_once_in_the_order_of_each_chain(window: Window, limit: int) -> None:
    everywhere = (NORTH, SOUTH, AUTHORITY)
    query = since(*everywhere, cursor=cursor_at(dict.fromkeys(everywhere, 0)), limit=limit)
    found: list[WriteRow] = []
    while True:
        news = await window.ask(query, SUPPORT)
        assert len(news.writes) <= limit
        assert {write.organisation_id for write in news.writes} == news.touched
        found.extend(news.writes)
        query = msgspec.structs.replace(query, cursor=news.cursor)
        if not news.more:
            break
        assert news.writes
    for organisation_id in everywhere:
        history = await window.ask(Writes(organisation_id=organisation_id, limit=500), SUPPORT)
        told = [each for each in found if each.organisation_id == organisation_id]
        assert told == list(reversed(history.rows))


async def test_another_organisation_is_out_of_sight(window: Window) -> None:
    beginning = cursor_at({NORTH: 0, SOUTH: 0, examples.NOBODY: 0})
    for by in (SOUTH_ADMINISTRATOR, SOUTH_USER):
        theirs = await window.ask(since(NORTH, cursor=beginning), by)
        assert theirs == await window.ask(since(examples.NOBODY, cursor=beginning), by)
        assert theirs.cursor == cursor_at({}), "not even how long its chain is"
        both = await window.ask(since(NORTH, SOUTH, cursor=beginning), by)
        assert both.touched == {SOUTH}


async def test_a_user_is_told_of_the_own_account_and_of_nobody_else(window: Window) -> None:
    place = (await window.ask(since(NORTH), NORTH_USER)).cursor
    await window.write(register("new-1", "Ny", "Person"))
    mixed = await window.write(amend("user-1", 1, email="ny@kommun.example"), grant("user-6", SCHOOL))
    await window.write(revoke("user-6", SCHOOL))
    news = await window.ask(since(NORTH, cursor=place), NORTH_USER)
    assert news.touched == {NORTH}
    (only,) = news.writes
    assert only.changeset_id == mixed.changeset_id
    assert [getattr(event, "account_id", None) for event in only.events] == ["user-1"]
    assert (only.event_count, only.matching, only.actor_id) == (1, 1, "")
    assert set(only.names) == {"user-1"}
    assert "user-6" not in str(news)
    assert "new-1" not in str(news)
    assert (await window.ask(since(NORTH, cursor=news.cursor), NORTH_USER)).touched == frozenset()


async def test_of_migrationsverket_only_support_is_told_what_was_written(window: Window) -> None:
    later = TODAY.replace(year=TODAY.year + 1)
    place = {by: (await window.ask(since(AUTHORITY), by)).cursor for by in (NORTH_ADMINISTRATOR, SUPPORT)}
    place[NORTH_USER] = (await window.ask(since(AUTHORITY), NORTH_USER)).cursor
    await window.write(rename(SCHOOL, "Skolan", later), by=SUPPORT, at=AUTHORITY)
    for by in (NORTH_ADMINISTRATOR, NORTH_USER):
        news = await window.ask(since(AUTHORITY, cursor=place[by]), by)
        assert (news.touched, news.writes) == (frozenset({AUTHORITY}), ())
    news = await window.ask(since(AUTHORITY, cursor=place[SUPPORT]), SUPPORT)
    assert len(news.writes) == 1


@pytest.mark.parametrize("cursor", ["", "x", "e30", "åäö", "eyJhIjotMX0=", "W10=", "\ud800", "bnVsbA=="])
async def test_a_place_that_is_none_is_refused(window: Window, cursor: str) -> None:
    with pytest.raises(WrongValueError) as caught:
        await window.ask(since(NORTH, cursor=cursor))
    assert caught.value.refusal.code == "cursor"


async def test_a_place_beyond_the_end_is_told_as_touched_and_begins_anew(window: Window) -> None:
    """As after a database was put back from a copy: what is shown is to be read anew."""
    news = await window.ask(since(NORTH, cursor=cursor_at({NORTH: 1 << 40})))
    assert (news.touched, news.writes, news.more) == (frozenset({NORTH}), (), False)
    assert news.cursor == (await window.ask(since(NORTH))).cursor


async def test_an_organisation_that_a_place_does_not_know_is_followed_from_now_on(window: Window) -> None:
    place = (await window.ask(since(NORTH), SUPPORT)).cursor
    await window.write(grant("user-6", SCHOOL))
    news = await window.ask(since(NORTH, SOUTH, cursor=place), SUPPORT)
    assert news.touched == {NORTH}


async def test_too_many_at_a_time_are_refused(window: Window) -> None:
    many = [f"kommun-{number}" for number in range(MOST_FOLLOWED + 1)]
    with pytest.raises(WrongValueError) as caught:
        await window.ask(since(*many), SUPPORT)
    assert caught.value.refusal.code == "too_many_keys"


@pytest.mark.parametrize("limit", [1, 100])
async def test_every_storage_tells_the_same(storage: Storage, limit: int) -> None:
    model = WRITTEN.copy()
    places: tuple[dict[str, int], ...] = (
        {},
        {NORTH: 0, SOUTH: 0, AUTHORITY: 0},
        {NORTH: 5, AUTHORITY: 3},
        {NORTH: 6, SOUTH: 1 << 50},
    )
    for by in (SUPPORT, INSTALLATION, NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR, NORTH_USER):
        for place in places:
            query = since(NORTH, SOUTH, AUTHORITY, examples.NOBODY, cursor=cursor_at(place), limit=limit)
            while True:
                news = await storage.ask(query, by, NOW)
                assert news == await model.ask(query, by, NOW), (by, place)
                if not news.more:
                    break
                query = msgspec.structs.replace(query, cursor=news.cursor)


# As it is written ------------------------------------------------------------------------------------


async def test_a_follower_is_told_as_it_is_written(window: Window) -> None:
    async with asyncio.timeout(AT_MOST), aclosing(window.storage.follow(since(NORTH), SUPPORT)) as told:
        first = await anext(told)
        assert (first.touched, first.writes) == (frozenset(), ())
        receipt = await window.write(grant("user-6", SCHOOL))
        assert ids(await anext(told)) == [receipt.changeset_id]
        receipt = await window.write(revoke("user-6", SCHOOL))
        assert ids(await anext(told)) == [receipt.changeset_id]


async def test_nothing_is_lost_and_nothing_told_twice_while_writes_go_on(window: Window) -> None:
    written: list[str] = []
    found: list[str] = []

    async def write() -> None:
        both: list[AnyChange] = [grant("user-6", SCHOOL), revoke("user-6", SCHOOL)]
        for change in both * 15:
            receipt = await window.write(change)
            written.append(receipt.changeset_id)

    async with (
        asyncio.timeout(AT_MOST),
        aclosing(window.storage.follow(since(NORTH, limit=4), SUPPORT)) as told,
    ):
        await anext(told)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(write())
            while len(found) < 30:
                found.extend(ids(await anext(told)))
    assert found == written


async def test_who_lost_the_line_goes_on_from_the_last_place(window: Window) -> None:
    async with asyncio.timeout(AT_MOST), aclosing(window.storage.follow(since(NORTH), SUPPORT)) as told:
        place = (await anext(told)).cursor
    receipt = await window.write(grant("user-6", SCHOOL))
    query = since(NORTH, cursor=place)
    async with asyncio.timeout(AT_MOST), aclosing(window.storage.follow(query, SUPPORT)) as told:
        assert ids(await anext(told)) == [receipt.changeset_id]


async def test_following_ends_when_the_storage_is_closed(window: Window) -> None:
    told = window.storage.follow(since(NORTH), SUPPORT)
    async with asyncio.timeout(AT_MOST), aclosing(told):
        await anext(told)
        waiting = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        await window.storage.close()
        with pytest.raises(StopAsyncIteration):
            await waiting


async def test_a_reader_that_is_cancelled_lets_go(window: Window) -> None:
    async def read() -> None:
        async with aclosing(window.storage.follow(since(NORTH), SUPPORT)) as told:
            async for _ in told:
                pass

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await window.ask(since(NORTH))).writes == ()


async def test_a_place_that_is_none_is_refused_to_a_follower_too(window: Window) -> None:
    with pytest.raises(WrongValueError):
        await anext(window.storage.follow(since(NORTH, cursor="x"), SUPPORT))
