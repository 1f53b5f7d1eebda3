"""The desk without a screen: what becomes of a draft when the process ends at the worst moment."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from core.draft import CellEdit, Draft, is_whole
from core.identity import Id
from core.ports import StorageError
from core.refusal import Refusal
from core.service import Service
from tests.builders import NORTH, NORTH_ADMINISTRATOR, SCHOOL, country
from tests.model import Model
from tui.desk import Desk

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Kept:
    """A draft store that holds what was saved last, as the disk of a killed process does."""

    def __init__(self) -> None:
        self.draft: Draft | None = None
        self.full = False

    def load(self) -> Draft | None:
        return self.draft

    def save(self, draft: Draft) -> None:
        if self.full:
            raise StorageError(Refusal("draft_full", "draft", {"path": "drafts"}))
        self.draft = draft

    def drop(self) -> None:
        self.draft = None


@pytest.fixture
async def service() -> Service:
    model = Model()
    for step in country():
        await model.commit(step.changeset, step.actor, step.at)
    ids = (f"new-{number}" for number in itertools.count(1))
    return Service(model, NORTH_ADMINISTRATOR, lambda: NOW, lambda: next(ids))


async def staged(service: Service, kept: Kept) -> Desk:
    """Give a desk with one cell staged that the rules let through."""
    desk = Desk(service, kept, NORTH)
    await desk.load()
    (permission,) = (each for each in desk.catalogue.permissions if each.id == SCHOOL)
    rows = await service.rows(NORTH, frozenset({"user-1", "user-2", "user-3"}))
    free = next(row for row in rows.values() if SCHOOL not in row.all_granted and row.account.active)
    assert desk.stage([free], [permission], wanted=True) == (1, [])
    return desk


async def test_a_write_whose_answer_was_lost_is_found_out_and_not_made_twice(service: Service) -> None:
    kept = Kept()
    desk = await staged(service, kept)
    changeset = desk.proposal()
    desk.change(desk.draft.sent(changeset))
    await service.commit(changeset)  # and the process is killed before it hears of it

    again = Desk(service, kept, NORTH)
    assert again.draft.count == 1
    assert await again.settle() == 1
    assert (again.draft.count, kept.draft, again.last_write) == (
        0,
        None,
        (changeset.organisation_id, changeset.id),
    )


async def test_a_write_that_never_arrived_leaves_the_draft_as_if_it_had_not_been_sent(
    service: Service,
) -> None:
    kept = Kept()
    desk = await staged(service, kept)
    desk.change(desk.draft.sent(desk.proposal()))

    again = Desk(service, kept, NORTH)
    assert await again.settle() == 0
    assert (again.draft.count, again.draft.pending) == (1, None)
    assert (await again.write(again.proposal(), from_draft=True)).__class__.__name__ == "Receipt"


async def test_a_full_disk_is_told_and_the_work_goes_on_in_memory(service: Service) -> None:
    kept = Kept()
    told: list[Refusal] = []
    kept.full = True
    desk = Desk(service, kept, NORTH)
    desk.complain = told.append
    await desk.load()
    desk.change(desk.draft.with_cells([CellEdit("user-1", SCHOOL, wanted=True, seen=False)]))
    assert (desk.draft.count, desk.kept, [each.code for each in told]) == (1, False, ["draft_full"])
    kept.full = False
    desk.change(desk.draft.with_cells([CellEdit("user-2", SCHOOL, wanted=True, seen=False)]))
    assert desk.kept


def test_a_draft_that_does_not_agree_with_itself_is_not_whole() -> None:
    whole = Draft(organisation_id=NORTH, actor_id="admin-1", cells={"user-1": {SCHOOL: True}})
    assert is_whole(whole)
    assert not is_whole(Draft(organisation_id=NORTH, actor_id="admin-1", cells={"ÅÄÖ bad": {SCHOOL: True}}))
    sent_elsewhere = Draft(organisation_id="south", actor_id="admin-1", cells={"user-1": {SCHOOL: True}})
    assert not is_whole(whole.sent(sent_elsewhere.changeset(Id("x"))))
