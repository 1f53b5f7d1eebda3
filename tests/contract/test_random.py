"""Random writes and random questions: every storage answers as the slow one that replays everything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import queries as q
from core.changes import Receipt
from core.days import day_of
from core.directory import Actor, Role
from core.ports import Storage
from core.refusal import Refusal, WrongValueError
from tests.builders import (
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_USER,
    NOW,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    WARDS,
    changeset,
)
from tests.contract.implementations import Opened, parameters
from tests.contract.window import answer_of, assert_same, plain, share_of
from tests.core import examples
from tests.core.conftest import WRITTEN
from tests.core.wishes import NORTHERN, PERMISSIONS, WRITES, WishedWrite, budget
from tests.model import Model

OTHERS = parameters(besides=True, but="model")

HOMES = st.sampled_from([NORTH, SOUTH])
SEARCHES = st.one_of(
    st.sampled_from(
        ["", "a", "an", "and", "ö", "user", "TSTNMT", "kommun.example", "anna karin", "zz", "é", "ny"]
    ),
    st.text(st.sampled_from("aenörkszäå1-@. %_\"*'"), max_size=5),
)
LISTS = st.builds(
    q.Accounts,
    day=st.sampled_from(
        [TODAY - timedelta(days=400), TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=9)]
    ),
    organisation_id=st.sampled_from([None, None, NORTH, SOUTH, examples.NOBODY]),
    search=SEARCHES,
    e_service_id=st.sampled_from([None, None, None, MONEY, WARDS, "nothing"]),
    permission_id=st.sampled_from([None, None, None, *PERMISSIONS, "nothing"]),
    lacking=st.booleans(),
    standing=st.sampled_from(q.Standing),
    role=st.sampled_from([None, None, None, *Role]),
    sort_by=st.sampled_from(q.SortBy),
    descending=st.booleans(),
    direction=st.sampled_from(q.Direction),
    limit=st.integers(1, 6),
)
QUESTIONS: st.SearchStrategy[q.Query[Any]] = st.one_of(
    LISTS,
    st.builds(
        q.Writes,
        organisation_id=HOMES,
        account_id=st.none() | st.sampled_from(NORTHERN),
        limit=st.integers(1, 4),
    ),
    st.builds(
        q.Cell,
        organisation_id=HOMES,
        account_id=st.sampled_from(NORTHERN),
        permission_id=st.sampled_from(PERMISSIONS),
    ),
    st.builds(q.AccountById, day=st.just(TODAY), organisation_id=HOMES, account_id=st.sampled_from(NORTHERN)),
)
ASKERS = st.sampled_from([SUPPORT, SUPPORT, NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR, NORTH_USER])


async def same_list(one: Storage, other: Storage, query: Any, by: Actor, steps: int = 4) -> None:
    """Ask both, and go on from page to page with the cursors of each."""
    asked = [query, query]
    for _ in range(steps):
        first, second = await answer_of(one, asked[0], by), await answer_of(other, asked[1], by)
        assert plain(first) == plain(second), (by, query)
        if not isinstance(first, q.Page) or not isinstance(second, q.Page):
            return
        backwards = getattr(query, "direction", None) is q.Direction.BEFORE
        cursors = (first.before, second.before) if backwards else (first.after, second.after)
        if None in cursors:
            return
        asked = [msgspec.structs.replace(query, cursor=cursor) for cursor in cursors]


async def write_both(one: Storage, model: Model, writes: Sequence[tuple[WishedWrite, int]]) -> None:
    """Make the same writes in both, and see that both say the same to each."""
    now = NOW
    for write, hours in writes:
        now += timedelta(hours=hours)
        made = changeset(write.organisation_id, *write.changes(model, day_of(now)))
        answer = await one.commit(made, write.actor, now)
        expected = model.write(made, write.actor, now)
        assert answer == expected, made
        if isinstance(answer, Receipt):
            undo = q.InverseOf(organisation_id=write.organisation_id, changeset_id=made.id)
            found = await one.ask(undo, SUPPORT, NOW)
            assert found == await model.ask(undo, SUPPORT, NOW)
            if hours % 3 == 0 and found.changes:
                now += timedelta(hours=hours)
                taken_back = changeset(write.organisation_id, *found.changes, undoes=made.id)
                answer = await one.commit(taken_back, write.actor, now)
                assert answer == model.write(taken_back, write.actor, now), taken_back


@pytest.mark.parametrize("opened", OTHERS)
@settings(max_examples=budget(12))
@given(
    st.lists(st.tuples(WRITES, st.integers(0, 20)), min_size=3, max_size=8),
    st.lists(st.tuples(QUESTIONS, ASKERS), min_size=10, max_size=30),
)
def test_after_random_writes_every_question_has_the_same_answer(
    folder: Path,
    opened: Opened,
    writes: list[tuple[WishedWrite, int]],
    questions: list[tuple[q.Query[Any], Actor]],
) -> None:
    async def run() -> None:
        model = WRITTEN.copy()
        async with opened(folder) as storage:
            await write_both(storage, model, writes)
            await assert_same(storage, model, share_of(storage))
            for query, by in questions:
                await same_list(storage, model, query, by)

    asyncio.run(run())


@pytest.mark.parametrize("opened", OTHERS)
def test_random_lists_of_the_small_country_are_the_same(folder: Path, opened: Opened) -> None:
    with asyncio.Runner() as runner:
        context = opened(folder)
        storage = runner.run(context.__aenter__())
        try:

            @settings(max_examples=budget(150))
            @given(LISTS, ASKERS)
            def asked(query: q.Accounts, by: Actor) -> None:
                runner.run(same_list(storage, WRITTEN, query, by, steps=8))

            asked()
        finally:
            runner.run(context.__aexit__(None, None, None))


@pytest.mark.parametrize("opened", parameters())
def test_a_damaged_cursor_is_refused_or_leads_to_a_page(folder: Path, opened: Opened) -> None:
    questions = (
        q.Accounts(day=TODAY, limit=2),
        q.Accounts(day=TODAY, limit=2, sort_by=q.SortBy.PERMISSIONS),
        q.Writes(organisation_id=NORTH, limit=2),
    )
    with asyncio.Runner() as runner:
        context = opened(folder)
        storage = runner.run(context.__aenter__())
        by = NORTH_ADMINISTRATOR
        try:

            @settings(max_examples=budget(60))
            @given(st.sampled_from(questions), st.data())
            def asked(query: Any, data: st.DataObject) -> None:
                cursor = runner.run(storage.ask(query, by, NOW)).after
                assert cursor is not None
                place = data.draw(st.integers(0, len(cursor) - 1))
                other = data.draw(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=2))
                damaged = cursor[:place] + other + cursor[place + 1 :]
                try:
                    page = runner.run(storage.ask(msgspec.structs.replace(query, cursor=damaged), by, NOW))
                except WrongValueError as error:
                    refusal = error.refusal
                else:
                    refusal = Refusal("cursor", "cursor")
                    assert len(page.rows) <= 2
                assert refusal == Refusal("cursor", "cursor")

            asked()
        finally:
            runner.run(context.__aexit__(None, None, None))
