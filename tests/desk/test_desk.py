"""The desk without a screen: what becomes of a draft when the process ends at the worst moment."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.changes import Changeset, Receipt
from core.draft import CellEdit, Draft, is_whole
from core.identity import Id
from core.refusal import Refusal
from core.service import Service
from tests.builders import NORTH, NORTH_ADMINISTRATOR, SCHOOL, country
from tests.desk.kept import Kept
from tests.model import Model
from tui.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.directory import Actor
    from core.ports import Refused

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
async def service() -> Service:
    return await in_the_country(Model())


async def in_the_country(model: Model) -> Service:
    """Write the small country into a storage, and give its administrator's service."""
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


async def test_what_was_staged_after_a_write_whose_answer_was_lost_stays(service: Service) -> None:
    kept = Kept()
    desk = await staged(service, kept)
    (account_id,) = desk.draft.cells
    changeset = desk.proposal()
    desk.change(desk.draft.sent(changeset))
    await service.commit(changeset)  # and the answer is lost, and the person works on
    desk.change(desk.draft.with_cells([CellEdit("user-1", SCHOOL, wanted=False, seen=True)]))

    assert await desk.settle() == 1
    assert desk.draft.cells == {"user-1": {SCHOOL: False}}
    assert kept.draft == desk.draft
    assert account_id != "user-1"


async def test_a_draft_that_is_thrown_away_does_not_forget_what_was_sent_of_it(service: Service) -> None:
    kept = Kept()
    desk = await staged(service, kept)
    desk.change(desk.draft.sent(desk.proposal()))
    assert desk.draft.pending is not None
    await service.commit(desk.draft.pending)
    desk.discard()

    again = Desk(service, kept, NORTH)
    assert again.draft.count == 0
    assert await again.settle() == 1
    assert (again.draft.count, kept.draft) == (0, None)


class Looking(Model):
    """A storage that notes what is on the disk, and goes on working, while a write is under way."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self.kept = kept
        self.on_disk: Changeset | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        self.on_disk = None if self.kept.draft is None else self.kept.draft.pending
        self.meanwhile()
        return await super().commit(changeset, actor, now)


async def looked_at() -> tuple[Looking, Desk]:
    """Give a desk with one cell staged, and its storage."""
    kept = Kept()
    model = Looking(kept)
    return model, await staged(await in_the_country(model), kept)


async def test_what_is_sent_is_on_the_disk_before_the_storage_hears_of_it() -> None:
    model, desk = await looked_at()
    changeset = desk.proposal()
    assert isinstance(await desk.write(changeset, from_draft=True), Receipt)
    assert model.on_disk == changeset
    assert (desk.draft.count, model.kept.draft) == (0, None)


async def test_what_is_staged_while_a_write_is_under_way_stays() -> None:
    model, desk = await looked_at()
    model.meanwhile = lambda: desk.change(
        desk.draft.with_cells([CellEdit("user-1", SCHOOL, wanted=False, seen=True)])
    )
    assert isinstance(await desk.write(desk.proposal(), from_draft=True), Receipt)
    assert desk.draft.cells == {"user-1": {SCHOOL: False}}
    assert model.kept.draft == desk.draft


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
