"""Answer questions about what was written: the writes of an organisation, and how to take one back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    bindparam,
    exists,
    func,
    select,
)

from core.history import AnyEvent, accounts_in
from core.queries import (
    MOST_EVENTS_SHOWN,
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
from storage.sql.cursor import question_of
from storage.sql.days import first_number, last_number
from storage.sql.events import event_count, read_events, read_undone
from storage.sql.facts import in_parts, load_state, read_home
from storage.sql.newest_first import NewestFirst
from storage.sql.reach import reach
from storage.sql.values import event_of, number_of, raw_text, shown_event, text_of

_changesets = schema.changesets.c
_events = schema.events.c
_accounts = schema.accounts.c
_EMPTY: Final = Page[WriteRow](rows=(), before=None, after=None, total=0)

Values = dict[str, Any]


def list_writes(connection: Connection, query: Writes, scope: Scope) -> Page[WriteRow]:
    """Give one page of writes, newest first; a cursor of another question is a :class:`WrongValueError`."""
    seen = reach(scope, query.organisation_id)
    if seen is None or seen.account_id is not None:
        # One's own account is not the organisation's history.
        return _EMPTY
    return _Writes(connection, query).page(question_of(query, scope))


def writes_after(
    connection: Connection, organisation_id: str, account_id: str | None, number: int, most: int
) -> list[tuple[int, WriteRow]]:
    """Give at most so many writes that began after a number of the chain, oldest first, with their numbers.

    With ``account_id`` those about an account, with only the events about it.
    """
    query = Writes(organisation_id=organisation_id, account_id=account_id)
    return _Writes(connection, query).after(number, most)


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
        if query.from_day is not None:
            first = first_number(connection, query.organisation_id, query.from_day)
            self.where.append(_changesets.number >= first)
        if query.until_day is not None:
            last = last_number(connection, query.organisation_id, query.until_day)
            self.where.append(_changesets.number <= last)
        self.wanted = _wanted(query)
        if self.wanted:
            self.where.append(self._has_wanted())

    def _has_wanted(self) -> ColumnElement[bool]:
        if self.query.account_id is not None:
            # One account has few events: they are gathered first.
            return _changesets.number.in_(select(_events.changeset_number).where(*self.wanted))
        # A permission may have as many as there are accounts: the writes are walked, and each looked into.
        inside = _events.changeset_number == _changesets.number
        return exists(select(_events.number).where(*self.wanted, inside))

    def page(self, question: str) -> Page[WriteRow]:
        return NewestFirst(self.connection, schema.changesets, self.where).page(
            self.query, question, self._rows
        )

    def after(self, number: int, most: int) -> list[tuple[int, WriteRow]]:
        statement = (
            select(schema.changesets)
            .where(*self.where, _changesets.number > bindparam("place", number, BigInteger))
            .order_by(_changesets.number)
            .limit(bindparam("limit", most, Integer))
        )
        found = list(self.connection.execute(statement))
        return list(zip((number_of(row.number) for row in found), self._rows(found), strict=True))

    def _rows(self, found: Sequence[Any]) -> tuple[WriteRow, ...]:
        most = None if self.query.changeset_id is not None else MOST_EVENTS_SHOWN
        events = [self._events(row, most) for row in found]
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
                matching=self._matching(row),
                undoes=None if row.undoes is None else text_of(row.undoes),
                undone_by=None if row.undone_by is None else text_of(row.undone_by),
                names={each: named[each] for each in ids if each in named},
            )
            for row, some, ids in zip(found, events, touched, strict=True)
        )

    def _events(self, row: Any, most: int | None) -> list[AnyEvent]:
        """Give the events of a write that are asked for, at most so many."""
        if not self.wanted:
            return read_events(self.connection, self.query.organisation_id, row, most)
        statement = select(_events.data).where(*self._inside(row)).order_by(_events.number)
        found = (event_of(data) for (data,) in self.connection.execute(statement.limit(most)))
        return [event for event in found if event is not None]

    def _matching(self, row: Any) -> int:
        if not self.wanted:
            return event_count(row)
        return int(self.connection.execute(select(func.count()).where(*self._inside(row))).scalar_one())

    def _inside(self, row: Any) -> tuple[ColumnElement[bool], ...]:
        return *self.wanted, _events.changeset_number == number_of(row.number)


def _wanted(query: Writes) -> tuple[ColumnElement[bool], ...]:
    """Give what an event must be that is asked for; nothing where all are."""
    found = [
        column == value
        for column, value in (
            (_events.account_id, query.account_id),
            (_events.permission_id, query.permission_id),
            (_events.kind, query.event_kind),
        )
        if value is not None
    ]
    return (_events.organisation_id == query.organisation_id, *found) if found else ()


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
