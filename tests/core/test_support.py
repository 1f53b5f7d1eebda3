"""The kontaktcenter's contact: each part from a day on, entered by support alone."""

from datetime import date, timedelta

import pytest

from core.directory import AUTHORITY
from core.history import ContactSet
from core.identity import Hours, Telephone
from core.refusal import Refusal, WrongValueError
from core.support import KONTAKTCENTER, Contact, ContactPart, DatedPart, contact_on, with_part
from tests.builders import NORTH, SUPPORT, TODAY, TOMORROW, YESTERDAY, set_contact
from tests.core.conftest import Desk

EMAIL, TELEPHONE, HOURS = ContactPart.EMAIL, ContactPart.TELEPHONE, ContactPart.HOURS


def part(kind: ContactPart, value: str, from_day: date) -> DatedPart:
    return DatedPart(part=kind, value=value, from_day=from_day)


def test_where_nothing_is_entered_there_is_the_address_and_no_telephone() -> None:
    assert contact_on((), TODAY) == Contact(email=KONTAKTCENTER)


def test_a_part_holds_from_its_day_until_the_next() -> None:
    parts = (part(TELEPHONE, "010-1", YESTERDAY), part(TELEPHONE, "010-2", TOMORROW))
    assert contact_on(parts, YESTERDAY - timedelta(days=1)).telephone == ""
    assert contact_on(parts, YESTERDAY).telephone == "010-1"
    today = contact_on(parts, TODAY)
    assert (today.telephone, today.since) == ("010-1", {"telephone": YESTERDAY})
    assert today.coming == (parts[1],)
    assert contact_on(parts, TOMORROW).telephone == "010-2"
    assert contact_on(parts, TOMORROW).coming == ()


def test_a_part_that_is_taken_away_is_gone_from_that_day() -> None:
    parts = (part(HOURS, "9-15", YESTERDAY), part(HOURS, "", TOMORROW))
    assert contact_on(parts, TODAY).hours == "9-15"
    gone = contact_on(parts, TOMORROW)
    assert (gone.hours, gone.since) == ("", {})


def test_another_of_the_same_day_takes_the_place_of_the_first() -> None:
    first = with_part((), part(HOURS, "9-15", TODAY))
    assert with_part(first, part(HOURS, "8-16", TODAY)) == (part(HOURS, "8-16", TODAY),)
    assert len(with_part(first, part(TELEPHONE, "010-1", TODAY))) == 2


def test_support_enters_the_telephone_and_the_event_tells_what_was_before(desk: Desk) -> None:
    for value, before in (("010-99 00 00", ""), ("010-99 00 01", "010-99 00 00")):
        desk.write(set_contact(TELEPHONE, value, TODAY), by=SUPPORT, at=AUTHORITY)
        event = desk.model.records(AUTHORITY)[-1].event
        assert event == ContactSet(part=TELEPHONE, before=before, value=value, from_day=TODAY)
    assert contact_on(desk.model.state(AUTHORITY).contact, TODAY).telephone == "010-99 00 01"


def test_what_holds_already_is_not_entered_again(desk: Desk) -> None:
    for change in (
        set_contact(EMAIL, "kontakt@verket.example", TODAY),
        set_contact(HOURS, "vardagar 9–15", TODAY),
        set_contact(TELEPHONE, None, TODAY),
    ):
        assert desk.refusals(change, by=SUPPORT, at=AUTHORITY) == (
            Refusal("nothing_changed", change.part.value),
        )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (set_contact(EMAIL, None), "contact_needs_email"),
        (set_contact(EMAIL, "no address"), "email_form"),
        (set_contact(TELEPHONE, "ring oss"), "telephone_form"),
        (set_contact(TELEPHONE, "46 10 99 00 00"), "telephone_form"),
        (set_contact(HOURS, "x" * 81), "too_long"),
    ],
)
def test_a_wrong_part_is_refused(desk: Desk, change: object, code: str) -> None:
    assert desk.codes(change, by=SUPPORT, at=AUTHORITY) == [code]  # type: ignore[arg-type]  # any change


def test_the_contact_is_migrationsverkets(desk: Desk) -> None:
    assert desk.codes(set_contact(HOURS, "9-15"), by=SUPPORT, at=NORTH) == ["contact_elsewhere"]


@pytest.mark.parametrize("value", ["0771-235 235", "08 123 45", " 010-99 00 00 "])
def test_a_telephone_number_is_digits_in_groups(value: str) -> None:
    assert Telephone(value) == value.strip()


@pytest.mark.parametrize(
    "value", ["", "10-99 00 00", "0", "010--99", "010-99 00 00 00 00 00 00", "010\t99000"]
)
def test_another_telephone_number_is_refused(value: str) -> None:
    with pytest.raises(WrongValueError):
        Telephone(value)


def test_hours_are_words_on_one_line() -> None:
    assert Hours("måndag–fredag 9-15") == "måndag–fredag 9-15"
    with pytest.raises(WrongValueError):
        Hours("9\n15")
