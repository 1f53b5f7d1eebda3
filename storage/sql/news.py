"""Answer what was written since a place: the heads of chains first, and only then what moved them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from core.directory import AUTHORITY
from core.following import cursor_at, followed, for_its_account, most_writes, places_in
from core.queries import News, NewsSince, Scope, WriteRow
from storage.sql import schema
from storage.sql.reach import reach
from storage.sql.values import number_of, raw_text

_organisations = schema.organisations.c

_HEADS: Final = select(_organisations.id, _organisations.head_number).where(
    _organisations.id.in_(bindparam("ids", expanding=True))
)


def news_since(connection: Connection, query: NewsSince, scope: Scope) -> News:
    """Tell what was written since a place; a place that is none is a :class:`WrongValueError`."""
    asked = followed(query)
    known = {} if query.cursor is None else places_in(query.cursor)
    heads = {raw_text(row[0]): number_of(row[1]) for row in connection.execute(_HEADS, {"ids": asked})}
    places: dict[str, int] = {}
    touched: set[str] = set()
    writes: list[WriteRow] = []
    left = most_writes(query)
    more = False
    for each in asked:
        seen = reach(scope, each)
        if each not in heads or (seen is None and each != AUTHORITY):
            continue
        head = places[each] = heads[each]
        place = known.get(each, head)
        if place == head:
            continue
        if not left:
            places[each], more = place, True
            continue
        touched.add(each)
        if seen is None or place > head:
            continue
        # Deferred: the first place, which the first people on the screen wait for, needs it not.
        from storage.sql.history import writes_after

        found = writes_after(connection, each, seen.account_id, place, left + 1)
        # In a damaged file what stands there as a number may be none: then it would never get further.
        if len(found) > left and found[left - 1][0] > place:
            places[each], more = found[left - 1][0], True
        given = [row for _, row in found[:left]]
        left -= len(given)
        writes.extend(given if seen.account_id is None else map(for_its_account, given))
    return News(cursor=cursor_at(places), touched=frozenset(touched), writes=tuple(writes), more=more)
