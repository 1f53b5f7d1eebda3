"""Taking a write back: everything as it was, or a refusal that tells what moved on."""

import msgspec
import pytest

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION, Actor
from core.history import AccountAmended, State, details_of
from core.identity import Id, Title
from core.refusal import Refusal
from core.undo import inverse
from tests.builders import (
    CHILDREN,
    LAST_DAY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    PRESCHOOL,
    SCHOOL,
    SOUTH,
    SUPPORT,
    TODAY,
    TODAYS,
    TOMORROW,
    WARDS,
    amend,
    appoint,
    changeset,
    deregister,
    dismiss,
    e_service,
    end,
    grant,
    hsa_id,
    launch,
    number,
    register,
    rename,
    reregister,
    retire,
    revoke,
    sign,
)
from tests.core.conftest import Desk
from tests.model import Model


def inverse_of(
    model: Model, organisation_id: str, changeset_id: str
) -> tuple[c.AnyChange, ...] | tuple[Refusal, ...]:
    events = [each.event for each in model.records(organisation_id) if each.changeset_id == changeset_id]
    return inverse(events, model.state(organisation_id))


def picture(state: State) -> tuple[object, ...]:
    """Give all of an organisation but the versions of its accounts, which only grow."""
    accounts = {
        each.id: (each.hsa_id, each.given_name, each.family_name, each.email, each.role, each.active)
        for each in state.accounts.values()
    }
    return accounts, state.granted, state.agreements, state.organisation


def taken_back(desk: Desk, *changes: c.AnyChange, by: Actor = NORTH_ADMINISTRATOR) -> None:
    """Write changes and take them back; all is as it was, but that new accounts stay, without anything."""
    before = picture(desk.model.replayed(NORTH))
    known = set(desk.model.replayed(NORTH).accounts)
    written = desk.write(*changes, by=by)
    made = inverse_of(desk.model, NORTH, written)
    assert not [each for each in made if isinstance(each, Refusal)], made
    desk.write(*(each for each in made if not isinstance(each, Refusal)), by=by)
    after = desk.model.replayed(NORTH)
    for account_id in set(after.accounts) - known:
        assert not after.accounts[account_id].active
        assert not after.granted_to(account_id)
        del after.accounts[account_id]
    assert picture(after) == before


@pytest.mark.parametrize(
    "changes",
    [
        [grant("user-6")],
        [revoke("user-1", SCHOOL), revoke("user-1", PRESCHOOL)],
        [grant("user-6"), revoke("user-6"), grant("user-6", TODAYS)],
        [register("new-1")],
        [register("new-1"), grant("new-1"), grant("new-1", TODAYS)],
        [register("new-1"), amend("new-1", 1, email="x@y.se"), grant("new-1"), revoke("new-1")],
        [amend("user-1", 1, email="x@y.se", given_name="Annika", family_name="Ek", hsa=hsa_id("NEW"))],
        [
            amend("user-1", 1, email="x@y.se"),
            amend("user-1", 2, given_name="Annika"),
            grant("user-1", TODAYS),
        ],
        [amend("user-1", 1, hsa=hsa_id("NEW")), register("new-1", hsa=hsa_id("OTHER"))],
        [amend("user-1", 1, hsa=hsa_id("FREE")), amend("user-2", 1, hsa=hsa_id("USER1"))],
        [deregister("user-6")],
        [deregister("user-3", 1, [SCHOOL, LAST_DAY])],
        [amend("user-6", 1, email="x@y.se", hsa=hsa_id("NEW")), deregister("user-6", 2)],
        [deregister("user-6"), reregister("user-6", 2)],
        [deregister("user-3", 1, [SCHOOL, LAST_DAY]), reregister("user-3", 2), grant("user-3", TODAYS)],
        [reregister("left", 2)],
        [reregister("left", 2), grant("left"), amend("left", 3, hsa=hsa_id("NEW"))],
        [reregister("left", 2), deregister("left", 3)],
    ],
)
def test_a_write_of_an_administrator_is_taken_back_exactly(desk: Desk, changes: list[c.AnyChange]) -> None:
    taken_back(desk, *changes)


@pytest.mark.parametrize(
    "changes",
    [
        [appoint("user-6")],
        [dismiss("admin-2")],
        [c.AmendOrganisation(name=Title("Sundsvall"))],
        [c.AmendOrganisation(name=Title("A")), c.AmendOrganisation(name=Title("B"))],
        [register("new-1")],
        [deregister("user-6")],
    ],
)
def test_a_write_of_support_is_taken_back_exactly(desk: Desk, changes: list[c.AnyChange]) -> None:
    taken_back(desk, *changes, by=SUPPORT)


def test_an_agreement_that_nobody_used_can_be_ended_and_signed_again(desk: Desk) -> None:
    desk.write(revoke("user-5", CHILDREN), by=NORTH_ADMINISTRATOR)
    taken_back(desk, end(WARDS), by=SUPPORT)


def test_support_accounts_are_taken_back(desk: Desk) -> None:
    for change in (c.AppointSupport(account_id=Id("mv-user")), c.DismissSupport(account_id=Id("support-2"))):
        before = picture(desk.model.replayed(AUTHORITY))
        written = desk.write(change, by=SUPPORT, at=AUTHORITY)
        (made,) = inverse_of(desk.model, AUTHORITY, written)
        assert not isinstance(made, Refusal)
        desk.write(made, by=SUPPORT, at=AUTHORITY)
        assert picture(desk.model.replayed(AUTHORITY)) == before


def test_an_undo_can_be_undone(desk: Desk) -> None:
    wanted = (register("new-1"), grant("new-1"), amend("user-6", 1, email="x@y.se"))
    first = desk.write(*wanted, by=NORTH_ADMINISTRATOR)
    after = picture(desk.model.replayed(NORTH))
    for _ in range(4):
        made = inverse_of(desk.model, NORTH, first)
        first = desk.write(*(each for each in made if not isinstance(each, Refusal)), by=NORTH_ADMINISTRATOR)
    assert picture(desk.model.replayed(NORTH)) == after


def codes(desk: Desk, changeset_id: str, organisation_id: str = NORTH) -> list[str]:
    made = inverse_of(desk.model, organisation_id, changeset_id)
    return [each.code if isinstance(each, Refusal) else type(each).__name__ for each in made]


def test_nobodys_later_work_is_taken_back_by_the_way(desk: Desk) -> None:
    registered = desk.write(register("new-1"), by=NORTH_ADMINISTRATOR)
    amended = desk.write(amend("user-6", 1, email="x@y.se"), by=NORTH_ADMINISTRATOR)
    granted = desk.write(grant("user-6"), by=NORTH_ADMINISTRATOR)
    desk.write(grant("new-1"), revoke("user-6"), amend("user-6", 2, email="z@y.se"), by=NORTH_ADMINISTRATOR)
    assert codes(desk, registered) == ["undo_account_moved_on"]
    assert codes(desk, amended) == ["undo_account_moved_on"]
    assert codes(desk, granted) == ["undo_cell_moved_on"]


def test_a_signed_agreement_is_ended_on_purpose_and_not_by_undo(desk: Desk) -> None:
    """What administrators gave under it since would end as well."""
    written = desk.write(sign(WARDS), by=SUPPORT, at=SOUTH)
    assert codes(desk, written, SOUTH) == ["undo_not_possible"]


def test_an_ended_agreement_takes_permissions_that_support_cannot_give_back(desk: Desk) -> None:
    written = desk.write(end(WARDS), by=SUPPORT)
    assert codes(desk, written) == ["undo_not_possible"]


def test_an_agreement_that_was_signed_again_has_moved_on(desk: Desk) -> None:
    desk.write(revoke("user-5", CHILDREN), by=NORTH_ADMINISTRATOR)
    written = desk.write(end(WARDS), by=SUPPORT)
    desk.write(sign(WARDS), by=SUPPORT)
    assert codes(desk, written) == ["undo_agreement_moved_on"]


def test_an_organisation_that_was_amended_since_has_moved_on(desk: Desk) -> None:
    written = desk.write(c.AmendOrganisation(name=Title("Sundsvall")), by=SUPPORT)
    desk.write(c.AmendOrganisation(name=Title("Sundsvalls stad")), by=SUPPORT)
    assert codes(desk, written) == ["undo_organisation_moved_on"]


def test_a_number_that_was_not_known_cannot_be_unknown_again(desk: Desk) -> None:
    written = desk.write(c.AmendOrganisation(number=number("2120002411")), by=SUPPORT)
    assert codes(desk, written) == ["undo_not_possible"]


@pytest.mark.parametrize(
    "change",
    [launch("new-type"), rename(SCHOOL, "Skolan", TODAY), retire(SCHOOL, TOMORROW), e_service("new", "Ny")],
)
def test_what_is_public_is_not_taken_back(desk: Desk, change: c.AnyChange) -> None:
    written = desk.write(change, by=SUPPORT, at=AUTHORITY)
    assert codes(desk, written, AUTHORITY) == ["undo_not_possible"]


def test_a_role_that_ended_permissions_is_not_taken_back(desk: Desk) -> None:
    assert codes(desk, desk.write(appoint("user-1"), by=SUPPORT)) == ["undo_role"]
    assert codes(desk, desk.write(register("new-1"), appoint("new-1"), by=INSTALLATION)) == ["undo_role"]


def test_a_write_that_came_to_nothing_leaves_nothing_to_take_back(desk: Desk) -> None:
    assert codes(desk, desk.write(grant("user-6"), revoke("user-6"), by=NORTH_ADMINISTRATOR)) == [
        "undo_nothing_left"
    ]
    came_and_went = (register("new-1"), deregister("new-1"))
    assert codes(desk, desk.write(*came_and_went, by=NORTH_ADMINISTRATOR)) == ["undo_nothing_left"]


def test_details_that_could_not_be_entered_today_are_not_put_back(desk: Desk) -> None:
    desk.write(amend("user-6", 1, given_name="Bodil"), by=NORTH_ADMINISTRATOR)
    state = desk.model.replayed(NORTH)
    after = details_of(state.accounts["user-6"])
    hostile = msgspec.structs.replace(after, given_name="\x1b[2J")
    (refusal,) = inverse([AccountAmended(account_id="user-6", version=2, before=hostile, after=after)], state)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.subject) == ("control", "given_name")


def test_the_rules_still_have_the_last_word(desk: Desk) -> None:
    """The permission has been retired since, so that giving it back is refused."""
    written = desk.write(revoke("user-3", LAST_DAY), by=NORTH_ADMINISTRATOR)
    (made,) = inverse_of(desk.model, NORTH, written)
    assert not isinstance(made, Refusal)
    tomorrow = NOW.replace(day=24)
    decision = desk.model.decide(changeset(NORTH, made), NORTH_ADMINISTRATOR, tomorrow)
    assert [each.code for each in decision.refusals] == ["retired"]


def test_an_empty_write_has_no_inverse(model: Model) -> None:
    assert inverse([], model.state(NORTH)) == (Refusal("undo_nothing_left"),)
