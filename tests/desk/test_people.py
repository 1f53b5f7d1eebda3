"""The window of people without a screen: what is asked of it beyond what it holds."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from core.changes import Receipt
from core.service import Service
from tests.builders import NORTH, NORTH_ADMINISTRATOR, SOUTH, changeset, country, hsa_id, register
from tests.desk.kept import Kept
from tests.model import Model
from tui.desk import Desk
from tui.people import MOST_PAGES, PAGE_ROWS, People

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CROWD = MOST_PAGES * PAGE_ROWS + 150
"""More people than the window holds."""


def _crowded() -> Model:
    model = Model()
    for step in country():
        model.write(step.changeset, step.actor, step.at)
    crowd = [
        register(f"crowd-{number}", "Alla", f"Många{'abcdefghij'[number % 10]}", hsa=hsa_id(f"C{number}"))
        for number in range(CROWD)
    ]
    assert isinstance(model.write(changeset(NORTH, *crowd), NORTH_ADMINISTRATOR, NOW), Receipt)
    return model


CROWDED = _crowded()


@pytest.fixture
async def people() -> People:
    """The window over more people than it holds, with its first page read."""
    ids = (f"new-{number}" for number in itertools.count(1))
    service = Service(CROWDED, NORTH_ADMINISTRATOR, lambda: NOW, lambda: next(ids))
    desk = Desk(service, Kept(), NORTH)
    await desk.load()
    people = People(desk)
    people.search_for("många")
    await people.load()
    return people


async def walked(people: People) -> None:
    """Go on to the last row, by which the window lets go of its first pages."""
    while await people.extend("after"):
        pass
    assert len(people.rows) < CROWD
    assert people.has_more("before")


async def test_all_that_match_are_given_also_those_that_the_window_has_let_go(people: People) -> None:
    await walked(people)
    rows, all_of_them = await people.all_matching(20_000)
    assert all_of_them
    assert {row.account.id for row in rows} == {f"crowd-{number}" for number in range(CROWD)}
    assert len(rows) == CROWD
    assert {row.account.organisation_id for row in rows} == {NORTH} != {SOUTH}


@pytest.mark.parametrize("most", [1, 499, 500, 501, 1000, CROWD - 1])
async def test_no_more_than_the_most_are_given_the_first_ones_and_it_is_told(
    people: People, most: int
) -> None:
    everybody, _ = await people.all_matching(20_000)
    rows, all_of_them = await people.all_matching(most)
    assert (rows, all_of_them) == (everybody[:most], False)


async def test_just_the_most_are_all(people: People) -> None:
    rows, all_of_them = await people.all_matching(CROWD)
    assert (len(rows), all_of_them) == (CROWD, True)


async def test_staged_newcomers_that_match_come_first_and_count_among_the_most(people: People) -> None:
    desk = people.desk
    desk.change(desk.draft.with_registration(register("new-1", "Ny", "Mångas", hsa=hsa_id("NY1"))))
    desk.change(desk.draft.with_registration(register("new-2", "Ny", "Annan", hsa=hsa_id("NY2"))))
    rows, all_of_them = await people.all_matching(CROWD)
    assert (rows[0].account.id, len(rows), all_of_them) == ("new-1", CROWD, False)
    rows, all_of_them = await people.all_matching(CROWD + 1)
    assert (len(rows), all_of_them) == (CROWD + 1, True)
    assert "new-2" not in {row.account.id for row in rows}
