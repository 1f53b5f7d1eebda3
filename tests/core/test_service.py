"""The use cases, as one actor on the model."""

import pytest

from core.changes import Receipt
from core.directory import Role
from core.identity import Note
from core.ports import Refused
from core.queries import Accounts
from core.refusal import Refusal
from core.service import NotAllowedError, Service, actor_of
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SHARED_ID,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    TWICE,
    grant,
    hsa_id,
)
from tests.model import Model


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
