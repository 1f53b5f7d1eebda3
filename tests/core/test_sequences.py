"""Whatever is written, in whatever order: the rules of DESIGN section 4 hold after every step."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, note, settings, target
from hypothesis import strategies as st

from core import history as h
from core.changes import Receipt
from core.days import day_of
from core.directory import AUTHORITY, Role
from core.history import NO_HASH, chain, first_fault
from core.identity import hsa_key
from core.refusal import Refusal
from core.rules import decide
from core.undo import inverse
from tests.builders import NORTH, NOW, SOUTH, changeset
from tests.core.conftest import WRITTEN
from tests.core.test_undo import picture
from tests.core.wishes import WRITES, WishedWrite, budget
from tests.model import Model

STEPS = st.lists(st.tuples(WRITES, st.integers(0, 20)), min_size=1, max_size=12)
"""Writes, each with the hours that pass before it."""


def run(steps: list[tuple[WishedWrite, int]]) -> tuple[Model, list[tuple[str, datetime, Receipt]]]:
    """Try each write; after each, see that the rules hold. Give what was accepted."""
    model, now = WRITTEN.copy(), NOW
    accepted: list[tuple[str, datetime, Receipt]] = []
    for write, hours in steps:
        now += timedelta(hours=hours)
        made = changeset(write.organisation_id, *write.changes(model, day_of(now)))
        facts = model.facts(made, write.actor, whole=True)
        expected = decide(made, write.actor, facts, day_of(now))
        before = {each: picture(model.state(each)) for each in (NORTH, SOUTH, AUTHORITY)}
        answer = model.write(made, write.actor, now)
        if isinstance(answer, Receipt):
            accepted.append((write.organisation_id, now, answer))
            records = model.records(write.organisation_id)[answer.first_number - 1 :]
            assert tuple(each.event for each in records) == expected.events
            assert_given_rightly(model, write.organisation_id, expected.events, day_of(now))
        else:
            assert answer.refusals == expected.refusals
        for each in (NORTH, SOUTH, AUTHORITY):
            if not isinstance(answer, Receipt) or each != write.organisation_id:
                assert picture(model.state(each)) == before[each], "a write touches one organisation or none"
            assert_rules_hold(model, each)
    return model, accepted


def assert_rules_hold(model: Model, organisation_id: str) -> None:
    state = model.state(organisation_id)
    accounts = state.accounts.values()
    roles = Counter(each.role for each in accounts if each.active)
    if state.agreements:
        assert roles[Role.ADMINISTRATOR] >= 1, "never without an administrator under an agreement"
    if organisation_id == AUTHORITY:
        assert roles[Role.SUPPORT] >= 1
    else:
        assert roles[Role.SUPPORT] == 0
    keys = [hsa_key(each.hsa_id) for each in accounts]
    assert len(keys) == len(set(keys)), "an HSA-id is unique without case"
    permissions = {each.id: each for each in model.catalogue().permissions}
    for account_id, permission_id in state.granted:
        account = state.accounts[account_id]
        assert account.active, "only active accounts have permissions"
        assert account.role is Role.USER, "only users have permissions"
        assert permissions[permission_id].e_service_id in state.agreements


def assert_given_rightly(
    model: Model, organisation_id: str, events: tuple[h.AnyEvent, ...], day: date
) -> None:
    """See that what was given just now could be given: under agreement, from launch to retirement."""
    catalogue, agreements = model.catalogue(), model.state(organisation_id).agreements
    for event in events:
        if isinstance(event, h.PermissionGranted):
            permission = catalogue.permission(event.permission_id)
            assert permission is not None
            assert permission.launched_on <= day
            assert permission.retired_on is None or day < permission.retired_on
            assert permission.e_service_id in agreements


def assert_only_grants_touch_grants(model: Model, organisation_id: str) -> None:
    """See that names, addresses and the catalogue never do."""
    state = h.State(organisation_id)
    for record in model.records(organisation_id):
        before = set(state.granted)
        state.apply(record.event)
        if not isinstance(record.event, h.PermissionGranted | h.PermissionRevoked):
            assert state.granted == before


def intervals(records: list[h.Record]) -> dict[tuple[str, str], list[tuple[int, int | None]]]:
    """Give, from the log alone, from which record until which each cell was given."""
    found: dict[tuple[str, str], list[tuple[int, int | None]]] = {}
    for record in records:
        event = record.event
        if isinstance(event, h.PermissionGranted):
            spans = found.setdefault((event.account_id, event.permission_id), [])
            assert not spans or spans[-1][1] is not None, "given twice"
            spans.append((record.number, None))
        elif isinstance(event, h.PermissionRevoked):
            spans = found[event.account_id, event.permission_id]
            assert spans[-1][1] is None, "taken twice"
            spans[-1] = (spans[-1][0], record.number)
    return found


@settings(max_examples=budget(50))
@given(STEPS)
def test_the_rules_hold_after_every_write(steps: list[tuple[WishedWrite, int]]) -> None:
    model, accepted = run(steps)
    target(float(len(accepted)))
    for organisation_id in (NORTH, SOUTH, AUTHORITY):
        assert_only_grants_touch_grants(model, organisation_id)
        records = model.records(organisation_id)
        open_now = {cell for cell, spans in intervals(records).items() if spans[-1][1] is None}
        assert open_now == model.state(organisation_id).granted
        assert [each.number for each in records] == list(range(1, len(records) + 1))
        assert first_fault(chain(NO_HASH, records)) is None


@settings(max_examples=budget(60))
@given(STEPS)
def test_the_last_write_is_taken_back_exactly_or_refused_with_a_reason(
    steps: list[tuple[WishedWrite, int]],
) -> None:
    model, accepted = run(steps)
    if not accepted:
        return
    organisation_id, moment, receipt = accepted[-1]
    written = next(each for each in model.writes[organisation_id] if each.receipt == receipt)
    prior = model.copy()
    prior.writes[organisation_id].remove(written)
    before = prior.replayed(organisation_id)
    made = inverse([each.event for each in written.records], model.state(organisation_id))
    changes = tuple(each for each in made if not isinstance(each, Refusal))
    refusals = tuple(each for each in made if isinstance(each, Refusal))
    assert bool(changes) != bool(refusals)
    if refusals:
        note(f"refused: {refusals}")
        assert all(each.code.startswith("undo_") for each in refusals)
        return
    undoing = changeset(organisation_id, *changes, undoes=written.changeset.id)
    answer = model.write(undoing, written.actor, moment)
    if not isinstance(answer, Receipt):
        note(f"refused when written: {answer.refusals}")
        assert {each.code for each in answer.refusals} <= STATED
        return
    after = model.replayed(organisation_id)
    for account_id in set(after.accounts) - set(before.accounts):
        assert not after.accounts[account_id].active
        assert not after.granted_to(account_id)
        del after.accounts[account_id]
    assert picture(after) == picture(before)


STATED = {
    "not_your_role",  # support took away what only an administrator may give
    "retired",  # what was given cannot be given again once it has ended
    "last_administrator",
    "last_support",
    "hsa_id_by_support",
    "actor_gone",
}
"""Why the rules may refuse an inverse that nobody came between."""


def test_the_fixture_itself_keeps_the_rules() -> None:
    for organisation_id in (NORTH, SOUTH, AUTHORITY):
        assert_rules_hold(WRITTEN, organisation_id)
    assert NOW.tzinfo is UTC
