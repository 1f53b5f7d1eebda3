"""Where in an organisation's chain a day in Sweden begins and ends.

Time never goes back along a chain (:mod:`storage.sql.commit`), so a day is a stretch of it, and what
is asked about days is asked about numbers.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, select

from core.days import start_of
from storage.sql import schema
from storage.sql.head import moment
from storage.sql.values import number_of

_changesets = schema.changesets.c

_HERE: Final = _changesets.organisation_id == bindparam("organisation")
_FIRST_FROM: Final = (
    select(_changesets.number)
    .where(_HERE, _changesets.at >= bindparam("at"))
    .order_by(_changesets.at, _changesets.number)
    .limit(1)
)
_LAST_BEFORE: Final = (
    select(_changesets.last_number)
    .where(_HERE, _changesets.at < bindparam("at"))
    .order_by(_changesets.at.desc(), _changesets.number.desc())
    .limit(1)
)

AFTER_ALL: Final = (1 << 63) - 1
"""Greater than the number of any event."""

_EARLIEST, _LATEST = "", "~"
"""Sort before and after every moment."""


def first_number(connection: Connection, organisation_id: str, day: date) -> int:
    """Give the number of the first event on a day or after it, :data:`AFTER_ALL` where there is none."""
    values = {"organisation": organisation_id, "at": _start(day)}
    found = connection.execute(_FIRST_FROM, values).first()
    return AFTER_ALL if found is None else number_of(found[0])


def last_number(connection: Connection, organisation_id: str, day: date) -> int:
    """Give the number of the last event on a day or before it, 0 where there is none."""
    values = {"organisation": organisation_id, "at": _end(day)}
    found = connection.execute(_LAST_BEFORE, values).first()
    return 0 if found is None else number_of(found[0])


def _start(day: date) -> str:
    try:
        return moment(start_of(day))
    except OverflowError:
        return _EARLIEST


def _end(day: date) -> str:
    return _LATEST if day == date.max else _start(day + timedelta(days=1))
