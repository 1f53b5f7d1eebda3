"""The chain shows every change made to it, and replay gives what the events say."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from core.changes import Receipt
from core.history import NO_HASH, StoredRecord, chain, first_fault, link, replay
from core.wire import encode
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, SCHOOL, SOUTH, changeset, grant
from tests.core.conftest import WRITTEN, Desk
from tests.model import Model

STORED = chain(NO_HASH, WRITTEN.records(NORTH))
PLACES = st.integers(0, len(STORED) - 1)


def test_an_untouched_chain_has_no_fault() -> None:
    assert first_fault(STORED) is None
    assert [each.number for each in STORED] == list(range(1, len(STORED) + 1))
    assert first_fault(()) is None


@given(PLACES, st.data())
def test_one_changed_byte_is_found_where_it_is(place: int, data: st.DataObject) -> None:
    record = STORED[place]
    position = data.draw(st.integers(0, len(record.data) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != record.data[position]))
    changed = bytearray(record.data)
    changed[position] = byte
    damaged = [*STORED]
    damaged[place] = msgspec.structs.replace(record, data=bytes(changed))
    assert first_fault(damaged) == record.number


@given(PLACES)
def test_a_removed_record_is_found_unless_it_was_the_last(place: int) -> None:
    rest = [*STORED[:place], *STORED[place + 1 :]]
    assert first_fault(rest) == (None if place == len(STORED) - 1 else place + 1)


@given(PLACES)
def test_a_removed_record_is_found_also_when_the_others_are_numbered_anew(place: int) -> None:
    rest = [
        msgspec.structs.replace(each, number=number)
        for number, each in enumerate([*STORED[:place], *STORED[place + 1 :]], 1)
    ]
    assert first_fault(rest) == (None if place == len(STORED) - 1 else place + 1)


@given(PLACES, PLACES)
def test_an_inserted_or_repeated_record_is_found(place: int, copied: int) -> None:
    inserted = [*STORED[:place], STORED[copied], *STORED[place:]]
    numbered = [msgspec.structs.replace(each, number=number) for number, each in enumerate(inserted, 1)]
    assert first_fault(numbered) is not None


@given(PLACES, PLACES)
def test_two_records_that_changed_places_are_found(one: int, other: int) -> None:
    swapped = [*STORED]
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert first_fault(swapped) == (None if one == other else min(one, other) + 1)


@given(PLACES)
def test_a_changed_hash_is_found(place: int) -> None:
    wrong = msgspec.structs.replace(STORED[place], hash=link(NO_HASH, b"x"))
    assert first_fault([*STORED[:place], wrong, *STORED[place + 1 :]]) == place + 1


@given(PLACES, st.integers(-3, 3).filter(bool))
def test_a_record_under_another_number_is_found(place: int, step: int) -> None:
    moved = msgspec.structs.replace(STORED[place], number=STORED[place].number + step)
    assert first_fault([*STORED[:place], moved, *STORED[place + 1 :]]) == place + 1


def test_a_chain_can_be_checked_from_the_middle(model: Model) -> None:
    assert first_fault(STORED[5:], STORED[4].hash, 6) is None
    assert first_fault(STORED[5:], STORED[3].hash, 6) == 6
    assert first_fault(chain(NO_HASH, model.records(SOUTH)), STORED[4].hash) == 1


def test_the_hash_is_over_the_hash_before_and_the_stored_bytes() -> None:
    assert link(NO_HASH, b"") == "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
    assert STORED[1].hash == link(STORED[0].hash, STORED[1].data)
    one_more = StoredRecord(number=len(STORED) + 1, data=b"anything", hash=link(STORED[-1].hash, b"anything"))
    assert first_fault([*STORED, one_more]) is None


def test_the_hash_is_over_who_wrote_it_and_why(desk: Desk) -> None:
    made = changeset(NORTH, grant("user-6"), note="ärende 114")
    assert isinstance(desk.model.write(made, NORTH_ADMINISTRATOR, NOW), Receipt)
    records = desk.model.records(NORTH)
    last = records[-1]
    assert (last.actor_organisation_id, last.actor_id, last.actor_name) == (NORTH, "admin-1", "Eva Ek")
    assert (last.note, last.undoes) == ("ärende 114", "")
    stored = chain(NO_HASH, records)
    for name in ("actor_organisation_id", "actor_id", "actor_name", "note", "undoes", "at", "changeset_id"):
        other = msgspec.structs.replace(last, **{name: "x"})
        forged = msgspec.structs.replace(stored[-1], data=encode(other))
        assert first_fault([*stored[:-1], forged]) == last.number, name


def test_replay_until_a_write_says_who_had_what_then(model: Model) -> None:
    def had(until: int) -> tuple[frozenset[str], bool]:
        records = [
            each for each in model.records(NORTH) if int(each.changeset_id.removeprefix("seed-")) <= until
        ]
        state = replay(NORTH, (each.event for each in records))
        return state.granted_to("user-2"), state.accounts["left"].active

    assert had(5) == (frozenset(), True)
    assert had(7) == (frozenset({SCHOOL}), True)
    assert had(12) == (frozenset(), False)


def test_the_permissions_by_account_are_the_permissions_of_each(model: Model) -> None:
    state = model.state(NORTH)
    by_account = state.by_account()
    assert {key: state.granted_to(key) for key in state.accounts if state.granted_to(key)} == by_account
