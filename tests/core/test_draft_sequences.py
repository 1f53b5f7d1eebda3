"""Random drafts over random work of others: what is called stale is just what a write would refuse.

The draft is staged from what was seen at first; then others write, the night passes, and the draft is
looked at again. Both directions are tried: nothing stale is refused, and nothing refused is not stale.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from core.changes import Receipt
from core.days import day_of
from core.draft import CellEdit, Draft
from core.history import State
from core.identity import EmailAddress, FamilyName, GivenName, HsaId
from core.ports import Refused
from core.service import Service
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, SUPPORT, changeset, register, reregister
from tests.core.conftest import WRITTEN
from tests.core.wishes import EMAILS, HSA_IDS, NAMES, NEW, NORTHERN, PERMISSIONS, WRITES, WishedWrite, budget
from tests.model import Model

R = TypeVar("R")


def done(work: Coroutine[Any, Any, R]) -> R:
    """Run what never waits."""
    return asyncio.run(work)


@dataclass(frozen=True)
class Edit:
    """One thing that somebody does to a draft, made from what was seen at first."""

    what: str
    account_id: str
    permission_id: str
    wanted: bool
    hsa: HsaId
    name: str
    email: str

    def __call__(self, draft: Draft, seen: State) -> Draft:
        who = seen.accounts.get(self.account_id)
        given_name, family_name = GivenName(self.name), FamilyName(f"{self.name}sson")
        if self.what == "cell":
            had = (self.account_id, self.permission_id) in seen.granted
            return draft.with_cells([CellEdit(self.account_id, self.permission_id, self.wanted, had)])
        if self.what == "register" and who is None:
            new = register(self.account_id, self.name, f"{self.name}sson", hsa=self.hsa, email=self.email)
            return draft.with_registration(new)
        if who is None:
            return draft
        if self.what == "leave" and who.active:
            return draft.with_leaving(who, seen.granted_to(who.id))
        if self.what == "return" and not who.active:
            return draft.with_return(reregister(who.id, who.version, email=self.email), who.hsa_id)
        if self.what == "amend" and who.active:
            return draft.with_amendment(
                who,
                hsa_id=self.hsa if self.wanted else HsaId(who.hsa_id),
                given_name=given_name,
                family_name=family_name,
                email=EmailAddress(self.email),
            )
        if self.what == "drop":
            return draft.without_account(self.account_id)
        return draft


EDITS = st.lists(
    st.builds(
        Edit,
        what=st.sampled_from(
            (
                "cell",
                "cell",
                "cell",
                "cell",
                "register",
                "register",
                "leave",
                "return",
                "amend",
                "amend",
                "drop",
            )
        ),
        account_id=st.sampled_from((*NORTHERN, *NEW)),
        permission_id=st.sampled_from(PERMISSIONS),
        wanted=st.booleans(),
        hsa=st.sampled_from(HSA_IDS),
        name=st.sampled_from(NAMES),
        email=st.sampled_from(EMAILS),
    ),
    min_size=1,
    max_size=8,
)
OTHERS = st.lists(WRITES, max_size=4)
HOURS = st.sampled_from((0, 0, 0, 20, 45))


def staged(edits: list[Edit], seen: State, draft: Draft) -> Draft:
    for edit in edits:
        draft = edit(draft, seen)
    return draft


def after_others(model: Model, others: list[WishedWrite], hours: int) -> datetime:
    """Let others write and time pass; give the moment."""
    for write in others:
        made = changeset(write.organisation_id, *write.changes(model, day_of(NOW)))
        model.write(made, write.actor, NOW)
    return NOW + timedelta(hours=hours)


@settings(max_examples=budget(250))
@given(EDITS, OTHERS, HOURS, st.sampled_from((NORTH_ADMINISTRATOR, NORTH_ADMINISTRATOR, SUPPORT)))
def test_nothing_is_stale_just_when_a_write_would_be_accepted(
    edits: list[Edit], others: list[WishedWrite], hours: int, actor: Any
) -> None:
    model = WRITTEN.copy()
    draft = staged(edits, model.state(NORTH), Draft(organisation_id=NORTH, actor_id=actor.account_id))
    if actor is SUPPORT:  # which stages people only: permissions are the administrators'
        draft = Draft(
            organisation_id=NORTH,
            actor_id=actor.account_id,
            registrations=draft.registrations,
            returns=draft.returns,
            amendments=draft.amendments,
            leavings=draft.leavings,
        )
    assume(draft.count)
    now = after_others(model, others, hours)
    service = Service(model, actor, lambda: now, lambda: "fresh")
    refusals = model.decide(draft.changeset("the-draft"), actor, now).refusals
    assume("actor_gone" not in {each.code for each in refusals})
    found = done(service.stale(draft))
    event("stale" if found else "accepted")
    assert bool(found) == bool(refusals), (found, refusals)
    staged_for = draft.account_ids
    for each in found:
        event(each.refusal.code)
        assert each.account_id in staged_for
        if each.permission_id is not None:
            assert draft.wanted(each.account_id, each.permission_id) is not None


@settings(max_examples=budget(120))
@given(EDITS, OTHERS, HOURS, st.booleans())
def test_a_stale_draft_can_be_kept_or_dropped_until_it_can_be_written(
    edits: list[Edit], others: list[WishedWrite], hours: int, keep: bool
) -> None:
    model = WRITTEN.copy()
    draft = staged(edits, model.state(NORTH), Draft(organisation_id=NORTH, actor_id="admin-1"))
    now = after_others(model, others, hours)
    assume(model.state(NORTH).accounts["admin-1"].role == NORTH_ADMINISTRATOR.role)
    service = Service(model, NORTH_ADMINISTRATOR, lambda: now, lambda: "fresh")
    for _ in range(10):
        found = done(service.stale(draft))
        if not found:
            break
        rows = done(service.rows(NORTH, draft.account_ids))
        count = draft.count
        for each in found:
            draft = draft.kept(each, rows.get(each.account_id)) if keep else draft.without(each)
        assert keep or draft.count < count, "dropping what is stale must drop something"
    else:
        raise AssertionError(f"stays stale: {found}")
    if draft.count:
        answer = done(service.commit(draft.changeset("the-draft")))
        assert isinstance(answer, Receipt), answer


@settings(max_examples=budget(120))
@given(EDITS)
def test_a_written_draft_gives_just_what_was_wanted(edits: list[Edit]) -> None:
    model = WRITTEN.copy()
    before = model.state(NORTH)
    draft = staged(edits, before, Draft(organisation_id=NORTH, actor_id="admin-1"))
    assume(draft.count)
    answer = model.write(draft.changeset("the-draft"), NORTH_ADMINISTRATOR, NOW)
    if isinstance(answer, Refused):
        event("refused")
        assert model.state(NORTH).granted == before.granted
        return
    event("written")
    after = model.state(NORTH)
    wanted = {(who, what): state for who, row in draft.cells.items() for what, state in row.items()}
    for cell in before.granted | after.granted | wanted.keys():
        if cell[0] in draft.leavings:
            assert cell not in after.granted
        else:
            assert (cell in after.granted) == wanted.get(cell, cell in before.granted)
    for account_id in before.accounts.keys() - draft.account_ids:
        assert after.accounts[account_id] == before.accounts[account_id]
    for account_id, amendment in draft.amendments.items():
        for field in ("hsa_id", "given_name", "family_name", "email"):
            new = getattr(amendment.change, field)
            assert getattr(after.accounts[account_id], field) == (new or getattr(amendment.before, field))
    assert all(after.accounts[each].active for each in (*draft.registrations, *draft.returns))
    assert not any(after.accounts[each].active for each in draft.leavings)


@settings(max_examples=budget(80))
@given(EDITS)
def test_what_is_staged_and_set_back_is_not_staged(edits: list[Edit]) -> None:
    seen = WRITTEN.state(NORTH)
    draft = staged(edits, seen, Draft(organisation_id=NORTH, actor_id="admin-1"))
    for account_id, row in draft.cells.items():
        for permission_id, wanted in row.items():
            had = (account_id, permission_id) in seen.granted
            assert wanted is not had, "a staged cell wants the opposite of what was seen"
            draft = draft.with_cells([CellEdit(account_id, permission_id, had, had)])
    for account_id in draft.amendments:
        who = seen.accounts[account_id]
        draft = draft.with_amendment(
            who,
            hsa_id=HsaId(who.hsa_id),
            given_name=GivenName(who.given_name),
            family_name=FamilyName(who.family_name),
            email=EmailAddress(who.email),
        )
    for account_id in (*draft.registrations, *draft.returns, *draft.leavings):
        draft = draft.without_account(account_id)
    assert (draft.count, draft.changes(), draft.account_ids) == (0, (), frozenset())
