"""The use cases, as one actor on the model."""

from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from core.changes import Receipt
from core.directory import Actor, Role
from core.draft import Draft
from core.identity import HsaId, Note
from core.ports import Refused
from core.queries import MOST_KEYS, Accounts, Announcements, Query, WholeCatalogue
from core.refusal import NotAllowedError, Refusal
from core.service import Service, actor_of
from tests.builders import (
    COMING,
    MAILBOX,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SCHEDULED,
    SHARED_ID,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    TOMORROW,
    TWICE,
    grant,
    hsa_id,
    register,
)
from tests.model import Model

R = TypeVar("R")


def service(model: Model, by: object = NORTH_ADMINISTRATOR) -> Service:
    assert isinstance(by, type(NORTH_ADMINISTRATOR))
    return Service(model, by, lambda: NOW, iter(f"id-{place}" for place in range(99)).__next__)


async def test_who_serves_two_organisations_chooses_at_sign_in(model: Model) -> None:
    found = await model.identify(TWICE.lower().replace("tstnmt", "TSTNMT"))
    assert [each.organisation.name for each in found] == ["Malmö stad", "Sundsvalls kommun"]
    actor = actor_of(found[1])
    assert (actor.account_id, actor.organisation_id, actor.role) == ("twice-north", NORTH, Role.USER)
    assert actor.name == "Tove Två"


async def test_who_left_cannot_sign_in(model: Model) -> None:
    assert await model.identify(hsa_id("LEFT")) == ()
    assert await model.identify("nothing") == ()


async def test_a_write_is_undone_by_another_write_that_says_so(model: Model) -> None:
    desk = service(model)
    written = desk.changeset(NORTH, (grant("user-6"),), Note("ärende 7"))
    assert isinstance(await desk.commit(written), Receipt)
    undone = await desk.undo(NORTH, written.id)
    assert not isinstance(undone, Refused)
    assert undone.undoes == written.id
    assert "user-6" in {each for each, _ in model.state(NORTH).granted}
    assert isinstance(await desk.commit(undone), Receipt)
    assert "user-6" not in {each for each, _ in model.state(NORTH).granted}
    again = await desk.undo(NORTH, written.id)
    assert again == Refused((Refusal("undo_cell_moved_on", "user-6", {"permission_id": "grundskola"}),))


async def test_a_write_across_the_border_is_not_found_to_be_undone(model: Model) -> None:
    for organisation_id in (NORTH, SOUTH):
        found = await service(model, SOUTH_ADMINISTRATOR).undo(organisation_id, "seed-6")
        assert found == Refused((Refusal("not_found", "seed-6"),))


async def test_rehearsing_writes_nothing(model: Model) -> None:
    desk = service(model)
    before = len(model.records(NORTH))
    decision = await desk.rehearse(desk.changeset(NORTH, (grant("user-6"),)))
    assert (len(decision.events), decision.refusals) == (1, ())
    assert len(model.records(NORTH)) == before


async def test_an_organisation_out_of_reach_is_not_found(model: Model) -> None:
    with pytest.raises(NotAllowedError) as caught:
        await service(model).organisation(SOUTH)
    assert caught.value.refusal == Refusal("not_found", SOUTH)
    assert (await service(model, SUPPORT).organisation(SOUTH)).organisation.id == SOUTH


async def test_rows_of_a_selection_are_of_the_own_organisation(model: Model) -> None:
    rows = await service(model).rows(NORTH, frozenset({"user-1", SHARED_ID, "south-user", "nobody"}))
    assert {key: row.account.name for key, row in rows.items()} == {
        "user-1": "Anna Andersson",
        SHARED_ID: "Nils Nord",
    }
    assert await service(model).rows(NORTH, frozenset()) == {}
    assert await service(model).rows(SOUTH, frozenset({"south-user"})) == {}


async def test_a_day_is_the_day_in_sweden(model: Model) -> None:
    desk = service(model)
    assert (desk.today(), desk.now()) == (TODAY, NOW)
    page = await desk.ask(Accounts(day=desk.today()))
    assert {row.account.organisation_id for row in page.rows} == {NORTH}


@pytest.mark.parametrize(("by", "is_seen"), [(NORTH_ADMINISTRATOR, False), (SUPPORT, True)])
async def test_what_comes_tomorrow_is_seen_today_by_support_alone_whatever_day_is_asked_about(
    model: Model, by: Actor, is_seen: bool
) -> None:
    catalogue = await service(model, by).ask(WholeCatalogue(day=TOMORROW))
    assert (COMING in {each.id for each in catalogue.permissions}) is is_seen
    asked = Announcements(
        organisation_id=by.organisation_id, account_id=by.account_id, moment=NOW + timedelta(days=30)
    )
    page = await service(model, by).ask(asked)
    assert (SCHEDULED in {row.id for row in page.rows}) is is_seen


class Counting(Model):
    """A storage that counts what it is asked."""

    asked = 0

    async def ask(self, query: Query[R], actor: Actor, now: datetime) -> R:
        self.asked += 1
        return await super().ask(query, actor, now)


@pytest.mark.parametrize("people", [1, 40])
async def test_looking_at_a_draft_asks_as_few_questions_for_many_people_as_for_one(
    model: Model, people: int
) -> None:
    counting = Counting()
    counting.writes = model.copy().writes
    draft = Draft(organisation_id=NORTH, actor_id=NORTH_ADMINISTRATOR.account_id)
    for number in range(people):
        draft = draft.with_registration(register(f"new-{number}", hsa=hsa_id(f"N{number}")))
    draft = draft.with_registration(register("taken", hsa=hsa_id("user1"), email=MAILBOX.upper()))
    desk = service(counting)
    (stale,) = await desk.stale(draft)
    assert (stale.account_id, stale.refusal.code) == ("taken", "hsa_id_taken")
    assert stale.now is not None
    assert stale.now.id == "user-1"
    assert counting.asked == 4
    cautions = await desk.cautions(draft.changeset("x"))
    shared = [each for each in cautions if each.code == "email_shared"]
    assert [(each.account_id, each.params["count"]) for each in shared] == [("taken", 3)]
    assert {each.account_id for each in cautions} == draft.account_ids
    assert counting.asked == 4 + 4


async def test_more_than_one_question_can_carry_are_asked_about_in_parts(model: Model) -> None:
    desk = service(model)
    keys = frozenset(f"tstnmt2321000156-x{number}" for number in range(MOST_KEYS))
    assert list(await desk.holders(NORTH, keys | {HsaId(hsa_id("USER1")).key})) == [
        HsaId(hsa_id("USER1")).key
    ]
    emails = frozenset(f"nobody-{number}@kommun.example" for number in range(MOST_KEYS))
    assert await desk.email_counts(NORTH, emails | {MAILBOX}) == {MAILBOX: 3}
