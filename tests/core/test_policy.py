"""Deny by default: every kind of change and question, in every role, across the border."""

from typing import Any

import msgspec
import pytest

from core import changes as c
from core import queries as q
from core.directory import AUTHORITY, Actor, Role
from core.refusal import NotAllowedError, Refusal
from core.rules import decide
from core.service import Service
from tests.answers import ANSWERS
from tests.builders import (
    ACTORS,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    actor,
    changeset,
    dismiss,
    grant,
)
from tests.core import examples
from tests.core.conftest import Desk
from tests.model import Model

ROLES = pytest.mark.parametrize("by", ACTORS, ids=lambda each: f"{each.role}-{each.organisation_id}")


def test_every_kind_of_change_and_question_has_an_example() -> None:
    assert set(examples.CHANGES) == set(c.CHANGES)
    assert set(examples.QUERIES) == set(q.QUERIES)
    assert set(ANSWERS) == set(q.QUERIES)


def test_a_kind_of_change_that_does_not_say_who_may_make_it_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="made_by"):

        class Unguarded(c.Change, frozen=True, kw_only=True, tag="unguarded"):
            pass

    with pytest.raises(TypeError, match="made_by"):

        class Inherited(c.Grant, frozen=True, kw_only=True, tag="inherited"):
            pass


def test_a_kind_of_question_that_does_not_say_who_may_ask_it_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="asked_by"):

        class Unguarded(q.Query[int], frozen=True, kw_only=True, tag="unguarded"):
            pass


def test_nobody_but_support_appoints_and_the_user_makes_nothing() -> None:
    for kind in c.CHANGES:
        assert Role.USER not in kind.made_by
    for each in (c.AppointAdministrator, c.DismissAdministrator, c.AppointSupport, c.DismissSupport):
        assert each.made_by == {Role.SUPPORT, Role.INSTALLATION}


@ROLES
@pytest.mark.parametrize("kind", c.CHANGES)
def test_a_change_is_made_by_the_declared_roles_at_home_and_by_nobody_else(
    desk: Desk, kind: type[c.Change], by: Actor
) -> None:
    organisation_id, change = examples.CHANGES[kind]
    refusals = desk.refusals(change, by=by, at=organisation_id)
    if not examples.is_everywhere(by) and by.organisation_id != organisation_id:
        assert refusals == (Refusal("not_found", organisation_id),)
    elif by.role in kind.made_by:
        assert refusals == ()
    else:
        tag = str(kind.__struct_config__.tag)
        assert refusals == (Refusal("not_your_role", "", {"change": tag, "role": by.role.value}),)


@pytest.mark.parametrize("kind", c.CHANGES)
def test_an_organisation_across_the_border_is_refused_like_one_that_does_not_exist(
    desk: Desk, kind: type[c.Change]
) -> None:
    _, change = examples.CHANGES[kind]
    for organisation_id in (NORTH, examples.NOBODY, AUTHORITY):
        refusals = desk.refusals(change, by=SOUTH_ADMINISTRATOR, at=organisation_id)
        assert refusals == (Refusal("not_found", organisation_id),)


@pytest.mark.parametrize("kind", c.CHANGES)
def test_an_account_across_the_border_is_refused_like_one_that_does_not_exist(
    desk: Desk, kind: type[c.Change]
) -> None:
    _, change = examples.CHANGES[kind]
    by = SOUTH_ADMINISTRATOR if Role.ADMINISTRATOR in kind.made_by else SUPPORT
    if "account_id" not in kind.__struct_fields__ or kind is c.RegisterAccount:
        return
    theirs = desk.refusals(change, by=by, at=SOUTH)
    nobodys = desk.refusals(msgspec.structs.replace(change, account_id="nobody"), by=by, at=SOUTH)
    assert [each.code for each in theirs] == [each.code for each in nobodys] == ["not_found"]
    assert [each.params for each in theirs] == [each.params for each in nobodys]


def test_an_account_id_of_another_organisation_is_free_here(desk: Desk) -> None:
    _, change = examples.CHANGES[c.RegisterAccount]
    taken_in_the_north = msgspec.structs.replace(change, account_id="user-1")
    assert desk.codes(taken_in_the_north, by=SOUTH_ADMINISTRATOR, at=SOUTH) == []
    assert desk.codes(taken_in_the_north) == ["id_taken"]


@pytest.mark.parametrize(
    "by",
    [
        actor(NORTH, "user-1", Role.ADMINISTRATOR),
        actor(NORTH, "south-admin", Role.ADMINISTRATOR),
        actor(NORTH, "nobody", Role.ADMINISTRATOR),
        actor(NORTH, "left", Role.ADMINISTRATOR),
        actor(AUTHORITY, "mv-user", Role.SUPPORT),
        actor(NORTH, "admin-1", Role.SUPPORT),
        actor(examples.NOBODY, "admin-1", Role.ADMINISTRATOR),
    ],
)
def test_an_actor_who_is_not_what_he_claims_writes_nothing(desk: Desk, by: Actor) -> None:
    assert desk.codes(grant("user-6"), by=by) == ["actor_gone"]


def test_an_administrator_who_was_dismissed_writes_nothing_more(desk: Desk) -> None:
    desk.write(dismiss("admin-1"), by=SUPPORT)
    assert desk.codes(grant("user-6"), by=NORTH_ADMINISTRATOR) == ["actor_gone"]


def test_an_administrator_whose_account_is_closed_writes_nothing(model: Model) -> None:
    """The rules let no such account come about; a file that was tampered with may hold one."""
    wanted = changeset(NORTH, grant("user-6"))
    facts = model.facts(wanted, NORTH_ADMINISTRATOR)
    assert facts.actor is not None
    closed = msgspec.structs.replace(facts, actor=msgspec.structs.replace(facts.actor, active=False))
    assert decide(wanted, NORTH_ADMINISTRATOR, closed, TODAY).refusals == (Refusal("actor_gone", "admin-1"),)


def test_one_forbidden_change_among_others_stops_them_all(desk: Desk) -> None:
    assert desk.codes(grant("user-6"), dismiss("admin-2")) == ["not_your_role"]


# Questions ---------------------------------------------------------------------------------------


def service(model: Model, by: Actor) -> Service:
    return Service(model, by, lambda: NOW, lambda: "fresh")


@ROLES
@pytest.mark.parametrize("kind", q.QUERIES)
async def test_a_question_is_answered_to_the_declared_roles_and_to_nobody_else(
    model: Model, kind: type[q.Query[Any]], by: Actor
) -> None:
    query = examples.QUERIES[kind](by.organisation_id)
    if by.role in kind.asked_by:
        assert await service(model, by).ask(query) is not None
    else:
        with pytest.raises(NotAllowedError) as caught:
            await service(model, by).ask(query)
        assert caught.value.refusal == Refusal("not_your_role", "", {"role": by.role.value})


def test_a_scope_is_the_country_the_own_organisation_or_the_own_account() -> None:
    for by in ACTORS:
        scope = q.scope_of(by)
        assert (scope.organisation_id is None) == examples.is_everywhere(by)
        assert scope.organisation_id in (None, by.organisation_id)
        assert (scope.account_id == by.account_id) == (by.role is Role.USER)


def test_a_scope_cannot_be_left_out() -> None:
    with pytest.raises(TypeError):
        q.Scope()  # type: ignore[call-arg]  # that it fails is what is shown
