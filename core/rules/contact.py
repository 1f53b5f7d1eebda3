"""The decision on the kontaktcenter's contact (DOMAIN 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core import history as h
from core.directory import AUTHORITY
from core.refusal import Refusal, WrongValueError
from core.support import KONTAKTCENTER, PART_TYPES, ContactPart, part_on

if TYPE_CHECKING:
    from core.rules.work import Work


def set_contact(work: Work, change: c.SetContact) -> Refusal | None:
    """Let a part of the contact be another from a day on."""
    if work.state.organisation_id != AUTHORITY:
        return Refusal("contact_elsewhere", work.state.organisation_id)
    if change.value is None and change.part is ContactPart.EMAIL:
        return Refusal("contact_needs_email", change.part.value)
    try:
        value = "" if change.value is None else PART_TYPES[change.part](change.value)
    except WrongValueError as error:
        return error.refusal
    held = part_on(work.state.contact, change.part, change.from_day)
    before = held.value if held is not None else KONTAKTCENTER if change.part is ContactPart.EMAIL else ""
    # The address that holds without being entered may be entered: it has a day from then on.
    if value == before and (held is not None or not value):
        return Refusal("nothing_changed", change.part.value)
    work.emit(h.ContactSet(part=change.part, before=before, value=str(value), from_day=change.from_day))
    return None
