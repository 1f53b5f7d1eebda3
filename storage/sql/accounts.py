"""List accounts, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, select

from core.directory import Role
from core.nearness import search_words
from core.queries import COUNT_LIMIT, MOST_ROWS, AccountRow, Accounts, Direction, Page, Scope, SortBy
from core.refusal import Refusal, WrongValueError
from storage.sql import schema
from storage.sql.account_list import (
    ONE,
    SEPARATOR,
    Shape,
    Source,
    Way,
    count_statement,
    exists_statement,
    page_statement,
)
from storage.sql.catalogue import Force, force_on
from storage.sql.cursor import Place, cursor_of, leads_on, place_of, question_of
from storage.sql.in_turn import InTurn
from storage.sql.places import Places, places_of
from storage.sql.reach import Reach, reach
from storage.sql.search import MOST_WORDS, expression, first_id, words_of
from storage.sql.values import account_of, number_of, raw_text, text_of

FEW: Final = COUNT_LIMIT
"""So many matches are gathered and sorted; of more, the order is walked until the page is full.

Both cost the same where there are about ten thousand among a million; with fewer matches the walk is
longer, with more it is shorter.
"""
FEW_THEN: Final = 1_000
"""The same for accounts as they were on a day: of those that are listed, all lie side by side."""

_accounts = schema.accounts.c
_grants = schema.grants.c
_EMPTY: Final = Page[AccountRow](rows=(), before=None, after=None, total=0)

Values = dict[str, Any]


def list_accounts(connection: Connection, query: Accounts, scope: Scope) -> Page[AccountRow]:
    """Give one page of accounts; a cursor of another question is a :class:`WrongValueError`."""
    question = question_of(query, scope)
    # Judged before anything is looked up, so that a wrong cursor is told even of an empty list.
    place = None if query.cursor is None else _place(query, scope, question)
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return _EMPTY
    listing = _Listing(connection, query, seen)
    return _EMPTY if listing.is_empty else listing.page(question, place)


def _place(query: Accounts, scope: Scope, question: str) -> Place:
    by = int if query.sort_by is SortBy.PERMISSIONS else str
    within = scope.organisation_id is not None or query.organisation_id is not None
    return place_of(query.cursor or "", question, (by, str) if within else (by, str, str))


class _Listing:
    """One question under way: what must be known before its statements can be chosen."""

    def __init__(self, connection: Connection, query: Accounts, seen: Reach) -> None:
        self.connection = connection
        self.query = query
        self.seen = seen
        self.past = query.as_of is not None
        self.force = force_on(connection, query.day if query.as_of is None else query.as_of)
        self.places: list[Places] = []
        self.words = words_of(query.search)
        if query.in_organisations:
            self._look_for_places()
        if len(self.words) > MOST_WORDS:
            raise WrongValueError(Refusal("too_long", "search", {"longest": MOST_WORDS}))
        self.held = self._held()
        self.is_empty = not query.lacking and not all(self.held)
        self.values: Values = {
            "organisation": seen.organisation_id,
            "own": seen.account_id,
            "role": None if query.role is None else query.role.value,
            **{f"word_{number}": word for number, word in enumerate(self.words)},
            **{f"places_{number}": [*each.numbers] for number, each in enumerate(self.places)},
            **{f"held_{number}": ids for number, ids in enumerate(self.held)},
        }
        if query.as_of is not None:
            if seen.organisation_id is None:
                raise WrongValueError(Refusal("as_of_everywhere", "organisation_id"))
            # Deferred: the first people on the screen are those of today.
            from storage.sql.days import last_number

            self.values["number"] = last_number(connection, seen.organisation_id, query.as_of)
            self.values["in_force"] = list(self.force.e_services)

    def _look_for_places(self) -> None:
        """Find which words may name an organisation; those that name too many come last."""
        words = search_words(self.query.search)
        if len(words) > MOST_WORDS:
            return
        found = {word: Places(word, each) for word, each in places_of(self.connection, words).items()}
        home = self.seen.organisation_id
        if home is not None:
            self.words = tuple(word for word in words if home not in found[word].numbers)
            return
        self.places = sorted(found.values(), key=lambda each: each.is_common)
        self.words = tuple(each.word for each in self.places)

    def _prepare_stretches(self) -> tuple[bool, ...]:
        """Tell the index where to look besides: in each organisation that some word names."""
        sought = [each for each in self.places if not each.is_common]
        numbers = {home: number for each in sought for home, number in each.numbers.items()}
        has_words: list[bool] = []
        for place, (home, number) in enumerate(sorted(numbers.items())):
            rest = tuple(each.word for each in sought if home not in each.numbers)
            self.values |= {f"first_{place}": first_id(number), f"end_{place}": first_id(number + 1)}
            if rest:
                self.values[f"expression_{place}"] = expression(rest)
            has_words.append(bool(rest))
        return tuple(has_words)

    def _held(self) -> list[list[str]]:
        """Give the sets of permissions of which one shall be held, or none."""
        held: list[list[str]] = []
        if self.query.e_service_id is not None:
            wanted = self.query.e_service_id
            held.append([each for each, e_service in self.force.e_services.items() if e_service == wanted])
        if self.query.permission_id is not None:
            held.append(
                [self.query.permission_id] if self.query.permission_id in self.force.e_services else []
            )
        # What nobody can hold, everybody lacks.
        return [each for each in held if each] if self.query.lacking else held

    def page(self, question: str, place: Place | None) -> Page[AccountRow]:
        """Read the page, whether there is more on either side, and how many there are in all."""
        query = self.query
        shape = self._shape()
        total = self._count(shape)
        most = FEW_THEN if shape.source == "began" else FEW
        if shape.source in ("search", "holders", "began") and total > most:
            shape = msgspec.structs.replace(shape, source="order", stretches=())
        backwards = query.direction is Direction.BEFORE
        limit = min(max(query.limit, 1), MOST_ROWS)
        way = Way(
            query.descending != backwards,
            "none" if place is None else "with" if place.inclusive else "beyond",
        )
        values = {**self.values, **_place_values(place)}
        found = self.connection.execute(
            page_statement(shape, way, reverse=backwards), {**values, "limit": limit + 1}
        ).all()
        beyond = len(found) > limit
        if beyond:
            found = found[1:] if backwards else found[:limit]
        behind = place is not None and self._any_behind(shape, way, values)
        first = _place_at(question, found[0], shape) if found else _turned(place)
        last = _place_at(question, found[-1], shape) if found else _turned(place)
        onward = first if backwards else last
        beyond = beyond and onward is not None and leads_on(place, onward, descending=way.descending)
        there = (beyond, behind) if backwards else (behind, beyond)
        return Page(
            rows=tuple(account_row(row, self.force) for row in found),
            before=cursor_of(first) if first is not None and there[0] else None,
            after=cursor_of(last) if last is not None and there[1] else None,
            total=min(total, COUNT_LIMIT),
            more=total > COUNT_LIMIT,
        )

    def _shape(self) -> Shape:
        query = self.query
        source: Source
        if self.seen.account_id is not None or (self.places and all(each.is_common for each in self.places)):
            source = "order"
        elif self.past:
            source = "began"
        elif self.words:
            source = "search"
        elif query.role in (Role.ADMINISTRATOR, Role.SUPPORT):
            source = "staff"
        elif self.held and not query.lacking:
            source = "holders"
        else:
            source = "order"
        if source == "search":
            self._prepare_search()
        return Shape(
            sort_by=query.sort_by,
            standing=query.standing,
            source=source,
            within=self.seen.organisation_id is not None,
            own=self.seen.account_id is not None,
            role=query.role is not None,
            words=len(self.words),
            held=len(self.held),
            lacking=query.lacking,
            miscounted=not self.past and query.sort_by is SortBy.PERMISSIONS and self._is_miscounted(),
            placed=bool(self.places),
            stretches=self._prepare_stretches() if source == "search" else (),
            sought=sum(not each.is_common for each in self.places),
            past=self.past,
        )

    def _prepare_search(self) -> None:
        common = {each.word for each in self.places if each.is_common}
        self.values["expression"] = expression(tuple(each for each in self.words if each not in common))
        if self.seen.organisation_id is not None:
            number = self.connection.execute(
                _ORGANISATION_NUMBER, {"organisation": self.seen.organisation_id}
            ).scalar()
            # One that is not there is given a stretch in which nothing lies.
            start = number_of(number)
            self.values["first"] = first_id(start)
            self.values["end"] = first_id(start + 1)

    def _is_miscounted(self) -> bool:
        """Say whether the stored counts are not those of the day, for some grant that there is."""
        too_many, too_few = self.force.too_many, self.force.too_few
        self.values |= {"too_many": too_many, "too_few": too_few, "either": too_many + too_few}
        statement = _HAS_GRANTS_HERE if self.seen.organisation_id is not None else _HAS_GRANTS
        return (
            bool(too_many or too_few) and self.connection.execute(statement, self.values).first() is not None
        )

    def _count(self, shape: Shape) -> int:
        return int(
            self.connection.execute(
                count_statement(shape), {**self.values, "limit": COUNT_LIMIT + 1}
            ).scalar_one()
        )

    def _any_behind(self, shape: Shape, way: Way, values: Values) -> bool:
        """Say whether there is a row on the other side of the place that the page began at."""
        back = Way(not way.descending, "with" if way.place == "beyond" else "beyond")
        return (
            self.connection.execute(exists_statement(shape, back), {**values, "limit": 1}).first() is not None
        )


def _place_values(place: Place | None) -> Values:
    return {} if place is None else {f"place_{number}": each for number, each in enumerate(place.values)}


def _place_at(question: str, row: Sequence[Any], shape: Shape) -> Place:
    by = number_of(row[-1]) if shape.sort_by is SortBy.PERMISSIONS else raw_text(row[-1])
    here = (by, raw_text(row[1])) if shape.within else (by, raw_text(row[1]), raw_text(row[0]))
    return Place(question, here)


def _turned(place: Place | None) -> Place | None:
    """Give the place that leads back from a page that turned out empty."""
    return None if place is None else msgspec.structs.replace(place, inclusive=not place.inclusive)


_ORGANISATION_NUMBER: Final = select(schema.organisations.c.number).where(
    schema.organisations.c.id == bindparam("organisation")
)
_HAS_GRANTS: Final = (
    select(ONE)
    .select_from(
        InTurn(schema.organisations, schema.grants, _grants.organisation_id == schema.organisations.c.id)
    )
    .where(_grants.permission_id.in_(bindparam("either", expanding=True)), _grants.until_number.is_(None))
    .limit(1)
)
_HAS_GRANTS_HERE: Final = _HAS_GRANTS.where(schema.organisations.c.id == bindparam("organisation"))


# A page is full of the same few names, and the country has no more than some hundred.
_organisation_name = lru_cache(maxsize=1024)(text_of)


def account_row(row: Sequence[Any], force: Force) -> AccountRow:
    """Make a row for showing of the columns that :func:`storage.sql.account_list.page_statement` has."""
    granted = row[10]
    every = frozenset(granted.split(SEPARATOR)) if isinstance(granted, str) else frozenset()
    return AccountRow(
        account=account_of(row),
        organisation_name=_organisation_name(row[9]),
        granted=every.intersection(force.e_services),
        all_granted=every,
    )
