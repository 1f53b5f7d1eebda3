"""Compare an organisation at the end of two days."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from core.differences import difference
from core.queries import MOST_DIFFERENCES, MOST_KEYS, Differences, DifferencesBetween, Scope
from core.text import sort_key
from storage.sql import schema
from storage.sql.accounts_by_key import rows_by_id
from storage.sql.days import last_number
from storage.sql.reach import reach
from storage.sql.values import raw_text

_events = schema.events.c

# Who is in no event between the days is the same on both.
_TOUCHED: Final = (
    select(_events.account_id)
    .distinct()
    .where(
        _events.organisation_id == bindparam("organisation"),
        _events.number > bindparam("first"),
        _events.number <= bindparam("last"),
        _events.account_id.is_not(None),
    )
    .order_by(_events.account_id)
    .limit(MOST_KEYS + 1)
)


def differences_between(connection: Connection, query: DifferencesBetween, scope: Scope) -> Differences:
    """Give everybody about whom something is different, in Swedish order."""
    seen = reach(scope, query.organisation_id)
    if seen is None or seen.account_id is not None:
        return Differences()
    here = query.organisation_id
    numbers = {
        "first": last_number(connection, here, query.from_day),
        "last": last_number(connection, here, query.until_day),
    }
    touched = [raw_text(row[0]) for row in connection.execute(_TOUCHED, {"organisation": here, **numbers})]
    ids = frozenset(touched[:MOST_KEYS])
    before, after = (
        {row.account.id: row for row in rows_by_id(connection, here, ids, day, as_of=day)}
        for day in (query.from_day, query.until_day)
    )
    compared = (difference(before.get(each), after.get(each)) for each in ids)
    found = [each for each in compared if each is not None]
    found.sort(
        key=lambda each: (sort_key(each.account.family_name, each.account.given_name), each.account_id)
    )
    return Differences(
        people=tuple(found[:MOST_DIFFERENCES]),
        more=len(found) > MOST_DIFFERENCES or len(touched) > MOST_KEYS,
    )
