"""Answer questions about what was written: the writes of an organisation, and how to take one back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    func,
    select,
)

from core.history import accounts_in
from core.queries import (
    COUNT_LIMIT,
    MOST_EVENTS_SHOWN,
    MOST_ROWS,
    Inverse,
    InverseOf,
    Page,
    Scope,
    WriteRow,
    Writes,
)
from core.refusal import Refusal
from core.undo import inverse
from storage.sql import schema
from storage.sql.account_list import ONE
from storage.sql.cursor import Place, cursor_of, leads_on, place_of, question_of
from storage.sql.events import event_count, read_events, read_undone
from storage.sql.facts import in_parts, load_state, read_home
from storage.sql.reach import reach
from storage.sql.values import number_of, raw_text, shown_event, text_of

_changesets = schema.changesets.c
_events = schema.events.c
_accounts = schema.accounts.c
_EMPTY: Final = Page[WriteRow](rows=(), before=None, after=None, total=0)
_LIMIT: Final = bindparam("limit", type_=Integer)

Values = dict[str, Any]


def list_writes(connection: Connection, query: Writes, scope: Scope) -> Page[WriteRow]:
    """Give one page of writes, newest first; a cursor of another question is a :class:`WrongValueError`.

    A cursor knows by itself which way it leads, since the question does not say.
    """
    question = question_of(query, scope)
    place = None if query.cursor is None else place_of(query.cursor, question, (int,))
    seen = reach(scope, query.organisation_id)
    if seen is None or seen.account_id is not None:
        # One's own account is not the organisation's history.
        return _EMPTY
    return _Writes(connection, query).page(question, place)


class _Writes:
    def __init__(self, connection: Connection, query: Writes) -> None:
        self.connection = connection
        self.query = query
        self.where: list[ColumnElement[bool]] = [_changesets.organisation_id == query.organisation_id]
        if query.changeset_id is not None:
            self.where.append(_changesets.id == query.changeset_id)
        if query.actor_id is not None:
            home = query.actor_organisation_id or query.organisation_id
            self.where.append(_changesets.actor_organisation_id == home)
            self.where.append(_changesets.actor_id == query.actor_id)
        if query.account_id is not None:
            touching = select(_events.changeset_number).where(
                _events.organisation_id == query.organisation_id, _events.account_id == query.account_id
            )
            self.where.append(_changesets.number.in_(touching))

    def page(self, question: str, place: Place | None) -> Page[WriteRow]:
        limit = min(max(self.query.limit, 1), MOST_ROWS)
        backwards = place is not None and place.backwards
        found = list(self.connection.execute(self._statement(place, backwards), {"limit": limit + 1}))
        beyond = len(found) > limit
        found = found[:limit]
        behind = False
        if place is not None:
            other_side = msgspec.structs.replace(place, inclusive=not place.inclusive)
            back = self._statement(other_side, not backwards)
            behind = self.connection.execute(back, {"limit": 1}).first() is not None
        if backwards:
            found.reverse()
        total = self._count()
        first = _place(question, found[:1], place, backwards=True)
        last = _place(question, found[-1:], place, backwards=False)
        onward = first if backwards else last
        beyond = beyond and onward is not None and leads_on(place, onward, descending=not backwards)
        newer, older = (beyond, behind) if backwards else (behind, beyond)
        return Page(
            rows=self._rows(found),
            before=cursor_of(first) if first is not None and newer else None,
            after=cursor_of(last) if last is not None and older else None,
            total=min(total, COUNT_LIMIT),
            more=total > COUNT_LIMIT,
        )

    def _statement(self, place: Place | None, newer: bool) -> Select[Any]:
        where = list(self.where)
        if place is not None:
            number, there = _changesets.number, bindparam("place", place.values[0], Integer)
            if newer:
                where.append(number >= there if place.inclusive else number > there)
            else:
                where.append(number <= there if place.inclusive else number < there)
        order = _changesets.number.asc() if newer else _changesets.number.desc()
        return select(schema.changesets).where(*where).order_by(order).limit(_LIMIT)

    def _count(self) -> int:
        matches = select(ONE.label("one")).select_from(schema.changesets).where(*self.where)
        counted = select(func.count()).select_from(matches.limit(_LIMIT).subquery())
        return int(self.connection.execute(counted, {"limit": COUNT_LIMIT + 1}).scalar_one())

    def _rows(self, found: Sequence[Any]) -> tuple[WriteRow, ...]:
        most = None if self.query.changeset_id is not None else MOST_EVENTS_SHOWN
        events = [read_events(self.connection, self.query.organisation_id, row, most) for row in found]
        touched = [accounts_in(each) for each in events]
        named = _names(self.connection, self.query.organisation_id, frozenset[str]().union(*touched))
        return tuple(
            WriteRow(
                changeset_id=text_of(row.id),
                organisation_id=text_of(row.organisation_id),
                at=text_of(row.at),
                by=text_of(row.actor_name),
                actor_organisation_id=text_of(row.actor_organisation_id),
                actor_id=text_of(row.actor_id),
                note=text_of(row.note),
                events=tuple(map(shown_event, some)),
                event_count=event_count(row),
                undoes=None if row.undoes is None else text_of(row.undoes),
                undone_by=None if row.undone_by is None else text_of(row.undone_by),
                names={each: named[each] for each in ids if each in named},
            )
            for row, some, ids in zip(found, events, touched, strict=True)
        )


def _place(question: str, found: Sequence[Any], place: Place | None, *, backwards: bool) -> Place | None:
    if found:
        return Place(question, (number_of(found[0].number),), backwards=backwards)
    if place is None:
        return None
    # From a page that turned out empty the way back is the other way, with the place itself.
    return msgspec.structs.replace(place, inclusive=not place.inclusive, backwards=backwards)


_NAMES: Final = select(_accounts.id, _accounts.given_name, _accounts.family_name).where(
    _accounts.organisation_id == bindparam("organisation"),
    _accounts.id.in_(bindparam("ids", expanding=True)),
)


def _names(connection: Connection, organisation_id: str, ids: Iterable[str]) -> dict[str, str]:
    return {
        raw_text(row[0]): text_of(f"{raw_text(row[1])} {raw_text(row[2])}")
        for part in in_parts(set(ids))
        for row in connection.execute(_NAMES, {"organisation": organisation_id, "ids": part})
    }


def inverse_of(connection: Connection, query: InverseOf, scope: Scope) -> Inverse:
    """Make the inverse of a write against what is there now."""
    seen = reach(scope, query.organisation_id)
    found = None
    if seen is not None and seen.account_id is None:
        found = read_undone(connection, query.organisation_id, query.changeset_id)
    if found is None:
        return Inverse(refusals=(Refusal("not_found", query.changeset_id),))
    if not found.events:
        # Half a write is not taken back.
        return Inverse(refusals=(Refusal("undo_not_possible", query.changeset_id),))
    touched = accounts_in(found.events)
    home = read_home(connection, query.organisation_id)
    state = load_state(connection, query.organisation_id, home, touched, touched)
    answer = inverse(found.events, state)
    refusals = tuple(each for each in answer if isinstance(each, Refusal))
    if refusals:
        return Inverse(refusals=refusals)
    return Inverse(changes=tuple(each for each in answer if not isinstance(each, Refusal)))
