"""Read and write the kontaktcenter's dated contact (:mod:`core.support`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from core import history as h
from core.queries import ContactOn, Scope
from core.support import Contact, ContactPart, DatedPart, contact_on
from storage.sql import schema
from storage.sql.decided import Decided, execute_many
from storage.sql.values import launch_day, raw_text, text_of

_parts = schema.contact_parts.c
_PARTS: Final = select(_parts.part, _parts.from_day, _parts.value).order_by(_parts.from_day, _parts.part)
_SAME_DAY: Final = delete(schema.contact_parts).where(
    _parts.part == bindparam("of_part"), _parts.from_day == bindparam("of_day")
)
_KNOWN: Final = {part.value: part for part in ContactPart}


def read_parts(connection: Connection, text: Callable[[object], str] = raw_text) -> tuple[DatedPart, ...]:
    """Give all dated parts, in order of day; what is no part or no day is as if it were not there."""
    return tuple(_parts_of(connection, text))


def _parts_of(connection: Connection, text: Callable[[object], str]) -> Iterable[DatedPart]:
    for part, from_day, value in connection.execute(_PARTS):
        known = _KNOWN.get(raw_text(part))
        if known is not None:
            # A day that is none never comes, like a launch.
            yield DatedPart(part=known, value=text(value), from_day=launch_day(from_day))


def contact(connection: Connection, query: ContactOn, scope: Scope) -> Contact:
    """Give the contact on a day; it is public, so every scope sees it."""
    return contact_on(read_parts(connection, text_of), query.day)


def write_contact(connection: Connection, decided: Decided) -> None:
    """Write the parts that were set, each in the place of one of the same day."""
    events = [each.event for each in decided.records if isinstance(each.event, h.ContactSet)]
    if not events:
        return
    # The last of several of the same part and day is what replay gives.
    rows = {(each.part.value, each.from_day.isoformat()): each.value for each in events}
    execute_many(connection, _SAME_DAY, [{"of_part": part, "of_day": day} for part, day in rows])
    execute_many(
        connection,
        insert(schema.contact_parts),
        [{"part": part, "from_day": day, "value": value} for (part, day), value in rows.items()],
    )
