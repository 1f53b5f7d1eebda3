"""The kontaktcenter's contact: an address, and where support has entered them telephone and hours.

Each part is dated: what was entered holds from a day on until another is entered from a later one, so
that a new number can be told beforehand (DOMAIN 6).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from core.identity import EmailAddress, Hours, Telephone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KONTAKTCENTER: Final = "etjanstkommuner@migrationsverket.se"
"""The address until another is entered (DOMAIN 6): nobody is ever without one."""


class ContactPart(StrEnum):
    """What a contact is made of."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    HOURS = "hours"


PART_TYPES: Final[dict[ContactPart, Callable[[str], str]]] = {
    ContactPart.EMAIL: EmailAddress,
    ContactPart.TELEPHONE: Telephone,
    ContactPart.HOURS: Hours,
}
"""What checks the value of a part; a wrong one is a :class:`core.refusal.WrongValueError`."""


class DatedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the contact from a day on; the value ``""`` says that there is none from then."""

    part: ContactPart
    value: str
    from_day: date


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """The contact on a day.

    ``telephone`` and ``hours`` are ``""`` where there is none. ``since`` tells from which day each part
    that was entered holds, and ``coming`` what holds from later days, in order of day.
    """

    email: str = KONTAKTCENTER
    telephone: str = ""
    hours: str = ""
    since: dict[str, date] = {}
    coming: tuple[DatedPart, ...] = ()


def with_part(parts: Iterable[DatedPart], new: DatedPart) -> tuple[DatedPart, ...]:
    """Give dated parts with one more, which takes the place of one of the same day; in order of day."""
    kept = [each for each in parts if (each.part, each.from_day) != (new.part, new.from_day)]
    return tuple(sorted([*kept, new], key=lambda each: (each.from_day, each.part)))


def part_on(parts: Iterable[DatedPart], part: ContactPart, day: date) -> DatedPart | None:
    """Give what holds of a part on a day, ``None`` where nothing was entered until then."""
    held = [each for each in parts if each.part is part and each.from_day <= day]
    return max(held, key=lambda each: each.from_day, default=None)


def contact_on(parts: Iterable[DatedPart], day: date) -> Contact:
    """Give the contact on a day, made of all dated parts."""
    known = tuple(parts)
    held = {part: part_on(known, part, day) for part in ContactPart}
    values = {part.value: found.value for part, found in held.items() if found is not None and found.value}
    coming = (each for each in known if each.from_day > day)
    return Contact(
        **values,
        since={part: found.from_day for part, found in held.items() if found is not None and found.value},
        coming=tuple(sorted(coming, key=lambda each: (each.from_day, each.part))),
    )
