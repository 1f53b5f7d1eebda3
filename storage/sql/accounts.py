"""Answer questions about accounts: lists, one by one, and who holds an HSA-id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)

from core.directory import Role
from core.identity import hsa_key
from core.nearness import search_words
from core.queries import (
    COUNT_LIMIT,
    MOST_KEYS,
    MOST_ROWS,
    AccountRow,
    Accounts,
    AccountsByKey,
    Direction,
    EmailCounts,
    HsaIdHolders,
    Page,
    Scope,
    SortBy,
)
from core.refusal import Refusal, WrongValueError
from core.text import sort_key
from storage.sql import schema
from storage.sql.account_list import (
    ONE,
    SEPARATOR,
    Shape,
    Source,
    Way,
    count_statement,
    exists_statement,
    open_grant,
    page_statement,
    valid_then,
)
from storage.sql.catalogue import Force, force_on
from storage.sql.cursor import Place, cursor_of, leads_on, place_of, question_of
from storage.sql.facts import ACCOUNT_COLUMNS, in_parts
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


# One by one ---------------------------------------------------------------------------------------

_HERE: Final[BindParameter[str]] = bindparam("organisation")
_GRANTED: Final = (
    select(func.aggregate_strings(_grants.permission_id, SEPARATOR))
    .where(
        _grants.organisation_id == _accounts.organisation_id,
        _grants.account_id == _accounts.id,
        _grants.until_number.is_(None),
    )
    .scalar_subquery()
)


_VERSIONS: Final = schema.account_versions.c
_BY_ID_THEN: Final = (
    select(
        *(_VERSIONS[each.name] for each in ACCOUNT_COLUMNS),
        schema.organisations.c.name,
        select(func.aggregate_strings(_grants.permission_id, SEPARATOR))
        .where(
            _grants.organisation_id == _VERSIONS.organisation_id,
            _grants.account_id == _VERSIONS.id,
            open_grant(past=True),
        )
        .scalar_subquery(),
        _VERSIONS.name_key,
    )
    .select_from(
        schema.account_versions.join(
            schema.organisations, schema.organisations.c.id == _VERSIONS.organisation_id
        )
    )
    .where(
        _VERSIONS.organisation_id == _HERE,
        _VERSIONS.id.in_(bindparam("ids", expanding=True)),
        valid_then(schema.account_versions),
    )
)


def _rows_by(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*ACCOUNT_COLUMNS, schema.organisations.c.name, _GRANTED, _accounts.name_key)
        .select_from(
            schema.accounts.join(schema.organisations, schema.organisations.c.id == _accounts.organisation_id)
        )
        .where(_accounts.organisation_id == _HERE, condition)
    )


_BY_ID: Final = _rows_by(_accounts.id.in_(bindparam("ids", expanding=True)))
_BY_HSA_KEY: Final = _rows_by(_accounts.hsa_key.in_(bindparam("keys", expanding=True))).add_columns(
    _accounts.hsa_key
)
_SHARED_EMAILS: Final = (
    select(_accounts.id, _accounts.email_key)
    .where(
        _accounts.organisation_id == _HERE,
        _accounts.active == literal_column("1"),
        _accounts.email_key.in_(bindparam("keys", expanding=True)),
    )
    .limit(bindparam("limit"))
)


def accounts_by_key(connection: Connection, query: AccountsByKey, scope: Scope) -> tuple[AccountRow, ...]:
    """Give the accounts that there are of those asked for, in Swedish order of name."""
    _check_many("account_ids", query.account_ids)
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return ()
    ids = query.account_ids
    if seen.account_id is not None:
        ids &= {seen.account_id}
    return rows_by_id(connection, query.organisation_id, ids, query.day, query.as_of)


def rows_by_id(
    connection: Connection,
    organisation_id: str,
    ids: frozenset[str],
    day: date,
    as_of: date | None = None,
) -> tuple[AccountRow, ...]:
    """Give accounts of an organisation by id, in Swedish order of name, as they are or were on a day."""
    force = force_on(connection, day if as_of is None else as_of)
    statement = _BY_ID
    values: Values = {"organisation": organisation_id}
    if as_of is not None:
        # Deferred: the first people on the screen are those of today.
        from storage.sql.days import last_number

        statement = _BY_ID_THEN
        values["number"] = last_number(connection, organisation_id, as_of)
    found = [row for part in in_parts(ids) for row in connection.execute(statement, {**values, "ids": part})]
    found.sort(key=lambda row: (raw_text(row[-1]), raw_text(row[1])))
    return tuple(account_row(row, force) for row in found)


def hsa_id_holders(connection: Connection, query: HsaIdHolders, scope: Scope) -> dict[str, AccountRow]:
    """Give the accounts that have HSA-ids in an organisation, active or not, by the id asked about."""
    _check_many("hsa_ids", query.hsa_ids)
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return {}
    keys = {hsa_id: hsa_key(hsa_id) for hsa_id in query.hsa_ids}
    found = {
        raw_text(row[-1]): row
        for part in in_parts(set(keys.values()))
        for row in connection.execute(_BY_HSA_KEY, {"organisation": query.organisation_id, "keys": part})
        if seen.account_id in (None, row[1])
    }
    force = force_on(connection, query.day)
    return {hsa_id: account_row(found[key], force) for hsa_id, key in keys.items() if key in found}


def email_counts(connection: Connection, query: EmailCounts, scope: Scope) -> dict[str, int]:
    """Count active accounts that share addresses, each no further than :data:`core.queries.COUNT_LIMIT`."""
    _check_many("emails", query.emails)
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return {}
    keys = {email: sort_key(email) for email in query.emails}
    found: Counter[str] = Counter()
    for part in in_parts(set(keys.values())):
        values = {"organisation": query.organisation_id, "keys": part, "limit": COUNT_LIMIT}
        rows = connection.execute(_SHARED_EMAILS, values).all()
        if len(rows) == COUNT_LIMIT:
            # There may be more, of whichever address: then each has its own limit.
            rows = [
                row for key in part for row in connection.execute(_SHARED_EMAILS, {**values, "keys": [key]})
            ]
        found.update(raw_text(row[1]) for row in rows if seen.account_id in (None, row[0]))
    return {email: found[key] for email, key in keys.items() if key in found}


def _check_many(name: str, keys: frozenset[str]) -> None:
    if len(keys) > MOST_KEYS:
        raise WrongValueError(Refusal("too_many_keys", name, {"most": MOST_KEYS}))


def shared_email(connection: Connection, organisation_id: str, email: str) -> frozenset[str]:
    """Give the ids of the active accounts of an organisation with an address, without case."""
    values = {"organisation": organisation_id, "keys": [sort_key(email)], "limit": COUNT_LIMIT}
    return frozenset(raw_text(row[0]) for row in connection.execute(_SHARED_EMAILS, values))
