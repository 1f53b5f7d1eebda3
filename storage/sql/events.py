"""Read the events of one changeset from an organisation's chain."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from core.history import AnyEvent
from core.rules import Undone
from storage.sql import schema
from storage.sql.values import event_of, number_of, raw_text

_changesets = schema.changesets.c
_events = schema.events.c

_EVENTS: Final = (
    select(_events.data)
    .where(
        _events.organisation_id == bindparam("organisation"),
        _events.number >= bindparam("first"),
        _events.number <= bindparam("last"),
    )
    .order_by(_events.number)
)
_CHANGESET: Final = select(_changesets.number, _changesets.last_number, _changesets.undone_by).where(
    _changesets.organisation_id == bindparam("organisation"), _changesets.id == bindparam("id")
)


def event_count(changeset: Any) -> int:
    """Give how many events a changeset says that it has, of a row with ``number`` and ``last_number``."""
    return max(0, number_of(changeset.last_number) - number_of(changeset.number) + 1)


def read_events(
    connection: Connection, organisation_id: str, changeset: Any, most: int | None = None
) -> list[AnyEvent]:
    """Give the events of a changeset as they stand; those whose bytes cannot be read are left out.

    ``changeset`` is a row with ``number`` and ``last_number``; :func:`event_count` tells of what is
    left out.
    """
    first, last = number_of(changeset.number), number_of(changeset.last_number)
    if most is not None:
        last = min(last, first + most - 1)
    values = {"organisation": organisation_id, "first": first, "last": last}
    events = (event_of(data) for (data,) in connection.execute(_EVENTS, values))
    return [event for event in events if event is not None]


def read_undone(connection: Connection, organisation_id: str, changeset_id: str) -> Undone | None:
    """Give a write that somebody wants to undo, ``None`` where there is none."""
    row = connection.execute(_CHANGESET, {"organisation": organisation_id, "id": changeset_id}).first()
    if row is None:
        return None
    events = read_events(connection, organisation_id, row)
    return Undone(
        events=tuple(events) if len(events) == event_count(row) else (),
        undone_by=None if row.undone_by is None else raw_text(row.undone_by),
    )
