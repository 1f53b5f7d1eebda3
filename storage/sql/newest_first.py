"""One keyset page of an organisation's rows that are numbered as they came, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol, TypeVar

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, Select, Table, bindparam, func, select

from core.queries import COUNT_LIMIT, MOST_ROWS, Page
from storage.sql.account_list import ONE
from storage.sql.cursor import Place, cursor_of, leads_on, place_of
from storage.sql.values import number_of

R = TypeVar("R")

_LIMIT: Final = bindparam("limit", type_=Integer)


class Numbered(Protocol):
    """A question that is answered so."""

    @property
    def cursor(self) -> str | None:
        """The place where the page begins."""

    @property
    def limit(self) -> int:
        """The most rows on it."""


class NewestFirst:
    """The rows of a table with a column ``number`` that pass some conditions."""

    def __init__(self, connection: Connection, table: Table, where: Sequence[ColumnElement[bool]]) -> None:
        """Take the conditions; that of the scope is among them."""
        self._connection = connection
        self._table = table
        self._number: ColumnElement[int] = table.c.number
        self._where = tuple(where)

    def page(self, query: Numbered, question: str, rows: Callable[[Sequence[Any]], tuple[R, ...]]) -> Page[R]:
        """Give one page; ``rows`` makes what is shown of the rows found.

        A cursor knows by itself which way it leads, since the question does not say. One of another
        ``question`` is a :class:`core.refusal.WrongValueError`.
        """
        place = None if query.cursor is None else place_of(query.cursor, question, (int,))
        limit = min(max(query.limit, 1), MOST_ROWS)
        backwards = place is not None and place.backwards
        found = list(self._connection.execute(self._statement(place, backwards), {"limit": limit + 1}))
        beyond = len(found) > limit
        found = found[:limit]
        behind = False
        if place is not None:
            other_side = msgspec.structs.replace(place, inclusive=not place.inclusive)
            back = self._statement(other_side, not backwards)
            behind = self._connection.execute(back, {"limit": 1}).first() is not None
        if backwards:
            found.reverse()
        total = self._count()
        first = _place(question, found[:1], place, backwards=True)
        last = _place(question, found[-1:], place, backwards=False)
        onward = first if backwards else last
        beyond = beyond and onward is not None and leads_on(place, onward, descending=not backwards)
        newer, older = (beyond, behind) if backwards else (behind, beyond)
        return Page(
            rows=rows(found),
            before=cursor_of(first) if first is not None and newer else None,
            after=cursor_of(last) if last is not None and older else None,
            total=min(total, COUNT_LIMIT),
            more=total > COUNT_LIMIT,
        )

    def _statement(self, place: Place | None, newer: bool) -> Select[Any]:
        where = list(self._where)
        if place is not None:
            there = bindparam("place", place.values[0], BigInteger)
            if newer:
                where.append(self._number >= there if place.inclusive else self._number > there)
            else:
                where.append(self._number <= there if place.inclusive else self._number < there)
        order = self._number.asc() if newer else self._number.desc()
        return select(self._table).where(*where).order_by(order).limit(_LIMIT)

    def _count(self) -> int:
        matches = select(ONE.label("one")).select_from(self._table).where(*self._where)
        counted = select(func.count()).select_from(matches.limit(_LIMIT).subquery())
        return int(self._connection.execute(counted, {"limit": COUNT_LIMIT + 1}).scalar_one())


def _place(question: str, found: Sequence[Any], place: Place | None, *, backwards: bool) -> Place | None:
    if found:
        return Place(question, (number_of(found[0].number),), backwards=backwards)
    if place is None:
        return None
    # From a page that turned out empty the way back is the other way, with the place itself.
    return msgspec.structs.replace(place, inclusive=not place.inclusive, backwards=backwards)
