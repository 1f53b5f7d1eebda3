"""The rules that never bend (DESIGN 4, DOMAIN 1 to 4), each by name."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION, OrganisationKind, Role
from core.identity import FamilyName, GivenName, Id, Title
from core.refusal import Refusal
from core.rules import Needs, decide, needs
from tests.builders import (
    CHILDREN,
    COMING,
    LAST_DAY,
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    PRESCHOOL,
    RENAMED,
    RETIRED,
    SCHOOL,
    SHARED_ID,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    TODAYS,
    TOMORROW,
    WARDS,
    YESTERDAY,
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
    organisation,
    register,
    rename,
    reregister,
    retire,
    revoke,
    sign,
)
from tests.core import examples
from tests.core.conftest import Desk
from tests.model import Model

# One role per person ------------------------------------------------------------------------------


def test_an_administrator_is_no_user_and_a_user_no_administrator(desk: Desk) -> None:
    assert desk.codes(grant("admin-2")) == ["account_not_user"]
    assert desk.codes(dismiss("user-1"), by=SUPPORT) == ["other_role"]
    assert desk.codes(appoint("admin-2"), by=SUPPORT) == ["other_role"]


def test_who_is_appointed_loses_what_the_person_had_as_a_user(desk: Desk) -> None:
    desk.write(appoint("user-1"), by=SUPPORT)
    state = desk.model.state(NORTH)
    assert state.accounts["user-1"].role is Role.ADMINISTRATOR
    assert state.granted_to("user-1") == frozenset()


def test_who_is_dismissed_is_a_user_without_permissions(desk: Desk) -> None:
    desk.write(dismiss("admin-2"), by=SUPPORT)
    state = desk.model.state(NORTH)
    assert state.accounts["admin-2"].role is Role.USER
    assert state.granted_to("admin-2") == frozenset()
    assert desk.codes(grant("admin-2")) == []


def test_an_administrator_cannot_be_deregistered_before_being_dismissed(desk: Desk) -> None:
    assert desk.codes(deregister("admin-2")) == ["dismiss_first"]
    assert desk.codes(deregister("support-2"), by=SUPPORT, at=AUTHORITY) == ["dismiss_first"]
    assert desk.codes(dismiss("admin-2"), deregister("admin-2", 3), by=SUPPORT) == []


def test_an_administrator_does_not_lend_out_an_account_by_giving_it_another_hsa_id(desk: Desk) -> None:
    assert desk.codes(amend("admin-2", 2, hsa=hsa_id("NEW"))) == ["hsa_id_by_support"]
    assert desk.codes(amend("admin-1", 2, hsa=hsa_id("NEW"))) == ["hsa_id_by_support"]
    assert desk.codes(amend("admin-2", 2, hsa=hsa_id("NEW")), by=SUPPORT) == []
    assert desk.codes(amend("admin-2", 2, email="ny@kommun.example")) == []


def test_support_works_at_migrationsverket_only(desk: Desk) -> None:
    appointed = c.AppointSupport(account_id=Id("user-1"))
    assert desk.codes(appointed, by=SUPPORT) == ["support_elsewhere"]


# Never without an administrator --------------------------------------------------------------------


def test_the_last_administrator_cannot_be_dismissed_under_an_agreement(desk: Desk) -> None:
    assert desk.refusals(dismiss("south-admin"), by=SUPPORT, at=SOUTH) == (
        Refusal("last_administrator", SOUTH),
    )


def test_two_administrators_cannot_be_dismissed_at_once(desk: Desk) -> None:
    assert desk.codes(dismiss("admin-1"), dismiss("admin-2"), by=SUPPORT) == ["last_administrator"]
    desk.write(dismiss("admin-1"), by=SUPPORT)
    assert desk.codes(dismiss("admin-2"), by=SUPPORT) == ["last_administrator"]


def test_the_last_administrator_can_be_replaced_in_one_write_in_any_order(desk: Desk) -> None:
    for changes in (
        (dismiss("south-admin"), appoint("south-user")),
        (appoint("south-user"), dismiss("south-admin")),
        (register("new-1"), dismiss("south-admin"), appoint("new-1")),
    ):
        assert desk.codes(*changes, by=SUPPORT, at=SOUTH) == []


def test_the_last_administrator_can_go_with_the_last_agreement(desk: Desk) -> None:
    assert desk.codes(end(MONEY), dismiss("south-admin"), by=SUPPORT, at=SOUTH) == []
    assert desk.codes(end(WARDS), dismiss("admin-1"), dismiss("admin-2"), by=SUPPORT) == [
        "last_administrator"
    ]


def test_an_agreement_needs_an_administrator(desk: Desk) -> None:
    desk.write(organisation("Uppsala kommun"), at=examples.NEW_ORGANISATION)
    signed = sign(MONEY)
    assert desk.codes(signed, by=SUPPORT, at=examples.NEW_ORGANISATION) == ["last_administrator"]
    with_one = (signed, register("first"), appoint("first"))
    assert desk.codes(*with_one, by=SUPPORT, at=examples.NEW_ORGANISATION) == []


def test_the_last_support_account_cannot_be_dismissed(desk: Desk) -> None:
    gone = [c.DismissSupport(account_id=Id(each)) for each in ("support-1", "support-2")]
    assert desk.codes(*gone, by=INSTALLATION, at=AUTHORITY) == ["last_support"]
    assert desk.codes(gone[0], by=INSTALLATION, at=AUTHORITY) == []


# Grants --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account_id", "permission_id", "code"),
    [
        ("left", SCHOOL, "account_inactive"),
        ("admin-2", SCHOOL, "account_not_user"),
        ("nobody", SCHOOL, "not_found"),
        ("user-6", "nothing", "not_found"),
        ("user-6", COMING, "not_launched"),
        ("user-6", RETIRED, "retired"),
        ("user-1", SCHOOL, "already_granted"),
    ],
)
def test_a_permission_cannot_be_given(desk: Desk, account_id: str, permission_id: str, code: str) -> None:
    assert desk.codes(grant(account_id, permission_id)) == [code]


def test_a_permission_is_given_under_an_agreement_only(desk: Desk) -> None:
    assert desk.codes(grant("south-user", CHILDREN), by=SOUTH_ADMINISTRATOR, at=SOUTH) == ["no_agreement"]
    assert desk.codes(grant("user-6", CHILDREN)) == []


def test_a_permission_is_given_from_its_launch_day_until_the_day_before_it_ends(desk: Desk) -> None:
    assert desk.codes(grant("user-6", TODAYS), grant("user-6", LAST_DAY)) == []
    tomorrow = NOW + timedelta(days=1)
    for permission_id, expected in ((COMING, []), (TODAYS, []), (LAST_DAY, ["retired"])):
        decision = desk.model.decide(
            changeset(NORTH, grant("user-6", permission_id)), NORTH_ADMINISTRATOR, tomorrow
        )
        assert [each.code for each in decision.refusals] == expected


@pytest.mark.parametrize(
    ("moment", "codes"),
    [
        (datetime(2026, 11, 23, 22, 59, 59, 999999, tzinfo=UTC), ["not_launched"]),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), []),
    ],
)
def test_the_launch_day_begins_at_midnight_in_stockholm(
    desk: Desk, moment: datetime, codes: list[str]
) -> None:
    wanted = changeset(NORTH, grant("user-6", COMING))
    refusals = desk.model.decide(wanted, NORTH_ADMINISTRATOR, moment).refusals
    assert [each.code for each in refusals] == codes


def test_a_setting_is_explicit_and_never_a_toggle(desk: Desk) -> None:
    assert desk.codes(grant("user-6"), grant("user-6")) == ["already_granted"]
    assert desk.codes(revoke("user-6")) == ["not_granted"]
    assert desk.codes(grant("user-6"), revoke("user-6"), grant("user-6")) == []


def test_what_ended_with_a_permission_cannot_be_taken_as_well(desk: Desk) -> None:
    assert desk.codes(revoke("user-1", RETIRED)) == ["retired"]
    assert RETIRED in desk.model.state(NORTH).granted_to("user-1")


def test_what_was_given_ends_with_the_agreement(desk: Desk) -> None:
    desk.write(end(MONEY), by=SUPPORT)
    granted = desk.model.state(NORTH).granted
    assert granted == {("user-5", CHILDREN)}
    desk.write(sign(MONEY), by=SUPPORT)
    assert desk.model.state(NORTH).granted == granted
    assert desk.codes(end(MONEY), end(MONEY), by=SUPPORT) == ["agreement_missing"]
    assert desk.codes(sign(MONEY), by=SUPPORT) == ["agreement_exists"]
    assert desk.codes(sign("nothing"), by=SUPPORT) == ["not_found"]


def test_somebody_who_leaves_loses_just_what_was_seen(desk: Desk) -> None:
    had = desk.model.state(NORTH).granted_to("user-1")
    assert desk.codes(deregister("user-1")) == ["permissions_changed_since"]
    assert desk.codes(deregister("user-1", 1, [*had, TODAYS])) == ["permissions_changed_since"]
    assert desk.codes(deregister("user-1", 2, had)) == ["account_changed_since"]
    desk.write(deregister("user-1", 1, had), by=NORTH_ADMINISTRATOR)
    assert desk.model.state(NORTH).granted_to("user-1") == frozenset()
    assert not desk.model.state(NORTH).accounts["user-1"].active


# Renaming -----------------------------------------------------------------------------------------


def test_renaming_changes_no_grant(desk: Desk) -> None:
    before = {each: desk.model.state(each).granted for each in (NORTH, SOUTH)}
    desk.write(
        rename(SCHOOL, "Skolan", TODAY), rename(RENAMED, "Ett tredje namn", TODAY), by=SUPPORT, at=AUTHORITY
    )
    desk.write(c.AmendOrganisation(name=Title("Sundsvall")), by=SUPPORT)
    desk.write(amend("user-1", 1, family_name="Nyman"), by=NORTH_ADMINISTRATOR)
    assert {each: desk.model.state(each).granted for each in (NORTH, SOUTH)} == before


def test_a_name_holds_from_its_day_and_the_former_ones_stay_known(desk: Desk) -> None:
    permission = desk.model.catalogue().permission(SCHOOL)
    assert permission is not None
    assert (permission.name_on(TODAY), permission.name_on(TOMORROW)) == ("Grundskola", "Framtidens skola")
    assert permission.former_names(TODAY) == ()
    assert permission.former_names(TOMORROW) == ("Grundskola",)


def test_a_rename_that_changes_nothing_is_refused(desk: Desk) -> None:
    same = rename(SCHOOL, "Grundskola", YESTERDAY)
    assert desk.codes(same, by=SUPPORT, at=AUTHORITY) == ["nothing_changed"]
    assert desk.codes(rename("nothing", "Något", TODAY), by=SUPPORT, at=AUTHORITY) == ["not_found"]


# HSA-id -------------------------------------------------------------------------------------------


def test_an_hsa_id_is_unique_in_an_organisation_without_regard_to_case(desk: Desk) -> None:
    taken = register("new-1", hsa=hsa_id("USER1").replace("USER", "user"))
    refusal = desk.refusals(taken)[0]
    assert (refusal.code, refusal.subject, refusal.params["account_id"]) == (
        "hsa_id_taken",
        "hsa_id",
        "user-1",
    )
    assert desk.codes(amend("user-2", 1, hsa=hsa_id("uSeR1"))) == ["hsa_id_taken"]
    assert desk.codes(amend("user-1", 1, hsa=hsa_id("uSeR1"))) == []


def test_what_follows_from_a_refused_registration_is_not_told_besides(desk: Desk) -> None:
    """That the newcomer is not there is no reason of its own, and to load the list anew no way out."""
    twice = register("new-1", hsa=hsa_id("USER1"))
    assert desk.codes(twice, grant("new-1"), grant("new-1", PRESCHOOL)) == ["hsa_id_taken"]
    # Who was never there is told of all the same.
    assert desk.codes(twice, grant("new-1"), grant("new-2")) == ["hsa_id_taken", "not_found"]


def test_the_same_person_may_serve_two_organisations(desk: Desk) -> None:
    assert desk.codes(register("new-1", hsa=hsa_id("SOUTHUSER"))) == []


def test_the_hsa_id_of_somebody_who_left_is_kept_for_the_return(desk: Desk) -> None:
    refusal = desk.refusals(register("new-1", hsa=hsa_id("LEFT")))[0]
    assert (refusal.code, refusal.params["account_id"]) == ("hsa_id_deregistered", "left")
    assert desk.codes(amend("user-2", 1, hsa=hsa_id("LEFT"))) == ["hsa_id_deregistered"]


def test_two_new_people_cannot_have_one_hsa_id_and_an_id_that_was_left_is_free(desk: Desk) -> None:
    assert desk.codes(register("new-1", hsa=hsa_id("X")), register("new-2", hsa=hsa_id("x"))) == [
        "hsa_id_taken"
    ]
    moved = (amend("user-1", 1, hsa=hsa_id("X")), register("new-2", hsa=hsa_id("USER1")))
    assert desk.codes(*moved) == []
    assert desk.codes(*reversed(moved)) == ["hsa_id_taken"]


def test_an_email_address_may_be_shared(desk: Desk) -> None:
    assert desk.codes(register("new-1", email="admin-1@kommun.example")) == []


def test_a_test_id_is_taken_in_test_data_only() -> None:
    real = Model(test_ids=False)
    real.write(
        changeset(AUTHORITY, organisation("Migrationsverket", OrganisationKind.AUTHORITY)), INSTALLATION, NOW
    )
    for hsa, codes in ((None, ["hsa_id_test"]), ("SE5565594230-1337", [])):
        decision = real.decide(changeset(AUTHORITY, register("one", hsa=hsa)), INSTALLATION, NOW)
        assert [each.code for each in decision.refusals] == codes


# Accounts that others changed ------------------------------------------------------------------------


def test_an_account_that_was_changed_since_is_not_changed_unseen(desk: Desk) -> None:
    desk.write(amend("user-1", 1, email="ny@kommun.example"), by=NORTH_ADMINISTRATOR)
    refusal = desk.refusals(amend("user-1", 1, given_name="Annika"))[0]
    assert refusal == Refusal("account_changed_since", "user-1", {"seen": 1, "now": 2})
    assert desk.codes(amend("user-1", 2, given_name="Annika")) == []


def test_grants_do_not_change_the_version_of_an_account(desk: Desk) -> None:
    desk.write(grant("user-6"), by=NORTH_ADMINISTRATOR)
    assert desk.codes(amend("user-6", 1, given_name="Bodil")) == []


def test_details_that_are_the_same_are_no_change(desk: Desk) -> None:
    assert desk.codes(amend("user-1")) == ["nothing_changed"]
    assert desk.codes(amend("user-1", given_name="Anna", family_name="Andersson")) == ["nothing_changed"]
    assert desk.codes(c.AmendOrganisation(name=Title("Sundsvalls kommun")), by=SUPPORT) == ["nothing_changed"]


def test_who_left_comes_back_as_a_user_with_new_details_and_no_permissions(desk: Desk) -> None:
    assert desk.codes(reregister("left", 1)) == ["account_changed_since"]
    assert desk.codes(reregister("user-1", 1)) == ["account_active"]
    assert desk.codes(reregister("nobody", 1)) == ["not_found"]
    desk.write(reregister("left", 2), by=NORTH_ADMINISTRATOR)
    account = desk.model.state(NORTH).accounts["left"]
    assert (account.name, account.role, account.active, account.version) == (
        "Åter Kommen",
        Role.USER,
        True,
        3,
    )
    assert desk.model.state(NORTH).granted_to("left") == frozenset()


def test_who_left_cannot_be_changed_or_leave_again(desk: Desk) -> None:
    assert desk.codes(amend("left", 2, given_name="Lina")) == ["account_inactive"]
    assert desk.codes(deregister("left", 2)) == ["account_inactive"]
    assert desk.codes(appoint("left"), by=SUPPORT) == ["account_inactive"]
    assert desk.codes(revoke("left")) == ["not_granted"]


# All or nothing --------------------------------------------------------------------------------------


def test_every_reason_is_told_and_nothing_is_written(desk: Desk) -> None:
    changes = (grant("user-6"), grant("user-1"), revoke("user-2"), grant("nobody"))
    assert desk.codes(*changes) == ["already_granted", "not_granted", "not_found"]
    decision = desk.model.decide(changeset(NORTH, *changes), NORTH_ADMINISTRATOR, NOW)
    assert decision.events == ()


def test_an_empty_write_and_a_boundless_one_are_refused(desk: Desk) -> None:
    assert desk.codes() == ["nothing_to_write"]
    too_many = (revoke("user-6"),) * (c.MOST_CHANGES + 1)
    assert desk.codes(*too_many) == ["too_many_changes"]


class CountedSet(set[tuple[str, str]]):
    """A set that counts how often somebody goes through all of it."""

    walks = 0

    def __iter__(self) -> Iterator[tuple[str, str]]:
        self.walks += 1
        return super().__iter__()


def test_a_write_of_many_goes_through_all_grants_once_and_not_for_each_of_them(desk: Desk) -> None:
    ids = [f"p-{place}" for place in range(50)]
    desk.write(*(register(each, hsa=hsa_id(place)) for place, each in enumerate(ids)))
    desk.write(*(grant(each) for each in ids), by=NORTH_ADMINISTRATOR)
    wanted = changeset(NORTH, *(deregister(each, 1, [SCHOOL]) for each in ids))
    facts = desk.model.facts(wanted, NORTH_ADMINISTRATOR)
    facts.state.granted = counted = CountedSet(facts.state.granted)
    assert len(decide(wanted, NORTH_ADMINISTRATOR, facts, TODAY).events) == 2 * len(ids)
    assert counted.walks == 1


# The catalogue and the organisations -------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [launch("new-type"), rename(SCHOOL, "Skolan", TODAY), retire(SCHOOL, TOMORROW), e_service("new", "Ny")],
)
def test_the_catalogue_is_migrationsverkets(desk: Desk, change: c.AnyChange) -> None:
    assert desk.codes(change, by=SUPPORT, at=NORTH) == ["catalogue_elsewhere"]
    assert desk.codes(change, by=SUPPORT, at=AUTHORITY) == []


def test_the_catalogue_refuses_what_would_break_it(desk: Desk) -> None:
    def codes(*changes: c.AnyChange) -> list[str]:
        return desk.codes(*changes, by=SUPPORT, at=AUTHORITY)

    assert codes(launch(SCHOOL)) == ["id_taken"]
    assert codes(launch("new", e_service_id="nothing")) == ["not_found"]
    assert codes(e_service(MONEY, "En gång till")) == ["id_taken"]
    assert codes(retire(RETIRED, TOMORROW)) == ["retired"]
    assert codes(retire("nothing", TOMORROW)) == ["not_found"]
    assert codes(retire(COMING, TOMORROW)) == ["retired_before_launch"]
    assert codes(retire(LAST_DAY, TOMORROW)) == ["nothing_changed"]
    assert codes(retire(LAST_DAY, TOMORROW + timedelta(days=1))) == []
    new = (e_service("new", "Ny"), launch("new-type", e_service_id="new"), rename("new-type", "Nyare", TODAY))
    assert codes(*new, retire("new-type", TOMORROW)) == []


def test_there_is_one_authority_and_an_organisation_is_registered_once(desk: Desk) -> None:
    at = examples.NEW_ORGANISATION
    authority = organisation("Ett verk", OrganisationKind.AUTHORITY)
    assert desk.codes(authority, by=SUPPORT, at=at) == ["one_authority"]
    assert desk.codes(organisation("Sundsvall"), by=SUPPORT) == ["id_taken"]
    assert desk.codes(register("one"), by=SUPPORT, at=at) == ["not_found"]
    assert desk.codes(register("one"), organisation("Uppsala"), by=SUPPORT, at=at) == ["not_found"]
    assert desk.codes(organisation("Uppsala"), register("one"), by=SUPPORT, at=at) == []
    assert desk.codes(c.AmendOrganisation(number=number("2120002411")), by=SUPPORT) == []


# What a decision needs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", c.CHANGES)
def test_what_is_asked_for_is_enough_to_decide(model: Model, kind: type[c.Change]) -> None:
    at, change = examples.CHANGES[kind]
    wanted = changeset(at, change)
    for by in (SUPPORT, NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR):
        asked = decide(wanted, by, model.facts(wanted, by), TODAY)
        assert asked == decide(wanted, by, model.facts(wanted, by, whole=True), TODAY)


def test_no_more_is_asked_for_than_the_changes_are_about() -> None:
    wanted = changeset(NORTH, grant("user-1"), register("new-1"), dismiss("admin-1"), end(MONEY))
    assert needs(wanted) == Needs(
        account_ids=frozenset({"user-1", "new-1", "admin-1"}),
        hsa_keys=frozenset({hsa_id("NEW1").key}),
        count_roles=frozenset({Role.ADMINISTRATOR}),
        e_service_ids=frozenset({MONEY}),
        undoes=None,
    )
    assert needs(changeset(NORTH, grant("user-1"), undoes="seed-6")).undoes == "seed-6"


def test_what_is_written_is_what_was_entered(desk: Desk) -> None:
    desk.write(
        msgspec.structs.replace(
            register("new-1"), given_name=GivenName(" A\u030asa "), family_name=FamilyName("O’Brien  Ek")
        )
    )
    account = desk.model.state(NORTH).accounts["new-1"]
    assert (account.given_name, account.family_name, account.version) == ("Åsa", "O’Brien Ek", 1)
    assert desk.model.state(SOUTH).accounts[SHARED_ID].name == "Sonja Söder"
    assert desk.model.state(NORTH).granted_to(SHARED_ID) == {PRESCHOOL}
