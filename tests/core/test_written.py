"""What is left of a draft once what was sent of it is written: all that was staged besides or since."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, event, given, settings

from core.changes import DeregisterAccount, Receipt
from core.draft import Draft
from core.history import State
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Note
from core.service import Service
from core.written import remaining
from tests.builders import (
    CHILDREN,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    PRESCHOOL,
    SCHOOL,
    TODAYS,
    amend,
    deregister,
    grant,
    hsa_id,
    register,
    reregister,
    revoke,
)
from tests.core.conftest import WRITTEN
from tests.core.edits import EMPTY, off, on
from tests.core.test_draft_sequences import EDITS, Edit, done, staged
from tests.core.wishes import budget
from tests.model import Model


def details(draft: Draft, model: Model, account_id: str, **wanted: str) -> Draft:
    who = model.state(NORTH).accounts[account_id]
    return draft.with_amendment(
        who,
        hsa_id=HsaId(wanted.get("hsa_id", who.hsa_id)),
        given_name=GivenName(wanted.get("given_name", who.given_name)),
        family_name=FamilyName(wanted.get("family_name", who.family_name)),
        email=EmailAddress(wanted.get("email", who.email)),
    )


def sent(draft: Draft) -> Draft:
    return draft.sent(draft.changeset("on-its-way"))


def left(draft: Draft) -> Draft:
    """Give what is left when what is on its way is known to be written."""
    assert draft.pending is not None
    return remaining(draft, draft.pending)


def test_nothing_is_left_of_what_was_not_touched_since(model: Model) -> None:
    draft = EMPTY.with_cells([on("user-6"), off("user-1")]).with_registration(register("new-1"))
    draft = draft.with_return(reregister("left", 2), hsa_id("LEFT")).with_note(Note("ärende 1"))
    draft = details(draft, model, "user-2", email="ny@kommun.example")
    draft = draft.with_leaving(model.state(NORTH).accounts["user-5"], frozenset({CHILDREN}))
    after = left(sent(draft))
    assert (after.count, after.note, after.pending) == (0, None, None)


def test_what_is_staged_besides_stays(model: Model) -> None:
    draft = sent(EMPTY.with_cells([on("user-6")]).with_registration(register("new-1")))
    draft = draft.with_cells([on("user-6", TODAYS), on("new-1"), off("user-1")])
    draft = details(draft.with_registration(register("new-2")), model, "user-2", email="ny@kommun.example")
    draft = draft.with_note(Note("ärende 2"))
    after = left(draft)
    assert after.changes() == (
        register("new-2"),
        amend("user-2", 1, email="ny@kommun.example"),
        grant("user-6", TODAYS),
        grant("new-1"),
        revoke("user-1"),
    )
    assert after.note == "ärende 2"


def test_a_cell_staged_to_the_opposite_since_stays_and_one_set_back_is_not_staged() -> None:
    draft = sent(EMPTY.with_cells([on("user-6"), on("user-6", TODAYS), off("user-1")]))
    # The first was read again meanwhile, and was there.
    draft = draft.with_cells([off("user-6"), off("user-6", TODAYS, seen=False)])
    assert left(draft).changes() == (revoke("user-6"),)


def test_details_changed_since_are_stated_over_those_that_were_written(model: Model) -> None:
    draft = details(EMPTY, model, "user-2", given_name="Örn", email="ny@kommun.example")
    draft = details(sent(draft), model, "user-2", given_name="Örn", family_name="Zetter")
    (amendment,) = left(draft).amendments.values()
    before = model.state(NORTH).accounts["user-2"]
    assert amendment.change == amend("user-2", 2, family_name="Zetter", email=before.email)
    assert (amendment.before.given_name, amendment.before.email) == ("Örn", "ny@kommun.example")


def test_details_changed_since_over_those_that_were_written_stay(model: Model) -> None:
    draft = sent(details(EMPTY, model, "user-2", given_name="Örn"))
    answer = model.write(draft.changeset("on-its-way"), NORTH_ADMINISTRATOR, NOW)
    assert isinstance(answer, Receipt)
    draft = details(draft, model, "user-2", family_name="Zetter")  # read again, and changed then
    assert left(draft).changes() == (amend("user-2", 2, family_name="Zetter"),)


def test_other_details_for_a_newcomer_who_is_registered_now_are_an_amendment() -> None:
    draft = sent(EMPTY.with_registration(register("new-1")))
    draft = draft.with_registration(register("new-1", "Anne", hsa=hsa_id("FREE")))
    after = left(draft)
    assert after.changes() == (amend("new-1", 1, given_name="Anne", hsa=hsa_id("FREE")),)
    assert after.amendments["new-1"].before.given_name == "Anna"
    draft = sent(EMPTY.with_return(reregister("left", 2), hsa_id("LEFT")))
    draft = draft.with_return(reregister("left", 2, email="b@y.se"), hsa_id("LEFT"))
    assert left(draft).changes() == (amend("left", 3, email="b@y.se"),)


def test_who_leaves_since_leaves_with_what_was_written(model: Model) -> None:
    draft = EMPTY.with_cells([on("user-1", TODAYS), off("user-1")])
    draft = sent(details(draft, model, "user-1", email="ny@kommun.example"))
    who = model.state(NORTH).accounts["user-1"]
    draft = draft.with_leaving(who, frozenset({SCHOOL, PRESCHOOL}))
    after = left(draft)
    assert after.changes() == (deregister("user-1", 2, [PRESCHOOL, TODAYS]),)
    assert after.leavings["user-1"].before.email == "ny@kommun.example"


@settings(max_examples=budget(250))
@given(EDITS, EDITS)
def test_what_is_left_leads_to_what_the_whole_draft_would_have_led_to(
    first: list[Edit], since: list[Edit]
) -> None:
    seen = WRITTEN.state(NORTH)
    draft = sent(fitting(staged(first, seen, EMPTY)))
    assume(draft.count)
    model, once = WRITTEN.copy(), WRITTEN.copy()
    on_its_way = draft.changeset("on-its-way")
    assert isinstance(write(model, on_its_way), Receipt)
    assert left(draft).count == 0
    draft = fitting(staged(since, seen, draft))
    if draft.count:
        assert isinstance(write(once, draft.changeset("whole")), Receipt)
    rest = left(draft)
    # Who was taken out of the draft since is written all the same, and what else is staged may not fit.
    out = {
        str(change.account_id)  # type: ignore[union-attr]  # a draft stages people and cells only
        for change in on_its_way.changes
        if taken_out(draft, change)
    }
    for account_id in out:
        rest = rest.without_account(account_id)
    answer = write(model, rest.changeset("rest")) if rest.count else None
    if answer is not None and not isinstance(answer, Receipt):
        # One newcomer gave up an HSA-id that another takes: people who are there are changed last.
        assert {each.code for each in answer.refusals} <= {"hsa_id_taken"}
        event("an id is handed on")
        return
    event("written in two" if rest.count else "nothing is left")
    assert people(model.state(NORTH), out) == people(once.state(NORTH), out)
    written = {cell_of(change): hasattr(change, "permission_id") for change in on_its_way.changes}
    for cell in model.state(NORTH).granted ^ once.state(NORTH).granted:
        assert cell[0] in out or (cell in written and draft.wanted(*cell) is None)


def fitting(draft: Draft) -> Draft:
    """Drop what the rules would refuse."""
    service = Service(WRITTEN, NORTH_ADMINISTRATOR, lambda: NOW, str)
    while found := done(service.stale(draft)):
        for each in found:
            draft = draft.without(each)
    return draft


def write(model: Model, made: Any) -> Any:
    return model.write(made, NORTH_ADMINISTRATOR, NOW)


def cell_of(change: Any) -> tuple[str, str]:
    return str(change.account_id), str(getattr(change, "permission_id", ""))


def people(state: State, out: set[str]) -> dict[str, tuple[str, ...]]:
    """Give the details of people by id, none of who has left: staging that drops what was to be changed."""
    return {
        key: (each.hsa_id, each.given_name, each.family_name, each.email) if each.active else ()
        for key, each in state.accounts.items()
        if key not in out
    }


def taken_out(draft: Draft, change: Any) -> bool:
    """Say whether what was staged for a person, cells apart, is no longer in the draft."""
    if hasattr(change, "permission_id"):
        return False
    if isinstance(change, DeregisterAccount):
        return change.account_id not in draft.leavings
    staged_for = (draft.registrations, draft.returns, draft.amendments, draft.leavings)
    return all(change.account_id not in each for each in staged_for)
