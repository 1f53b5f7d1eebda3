"""The statements that list accounts, for each shape of the question.

A page is read by keyset: from a place in the order, by an index in that order, so that it costs the
same wherever it lies and however many accounts there are. Where few accounts match, those are
gathered first and sorted; where many do, the order is walked and the others are passed over.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import ColumnElement as Column
from sqlalchemy import (
    CompoundSelect,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    tuple_,
    union_all,
)

from core.queries import SortBy, Standing
from storage.sql import schema
from storage.sql.columns import NUMBER, TEXT
from storage.sql.facts import ACCOUNT_COLUMNS
from storage.sql.in_turn import InTurn
from storage.sql.search_index import Found, Holds

_grants = schema.grants.c
_organisations = schema.organisations.c

ONE: Final = literal_column("1", Integer)
SEPARATOR: Final = "\x1f"
"""Stands between the ids of an account's permissions in a row; no id holds it."""

_SORTED_BY: Final[dict[SortBy, str]] = {
    SortBy.NAME: "name_key",
    SortBy.HSA_ID: "hsa_key",
    SortBy.EMAIL: "email_key",
    SortBy.PERMISSIONS: "grant_count",
}


Source = Literal["order", "search", "holders", "staff", "began"]


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a listing looks like, without its values: one statement for each.

    ``past`` is of accounts as they were at the event of a ``number``. Its source is ``began``, which
    gathers those that had begun and not ended, or ``order``.

    ``within`` is an organisation, ``own`` one account. ``source`` is what is gathered first: nothing
    (the order is walked), what the search index gives, those who hold a permission, or those who are
    not users. ``words`` counts the words looked for, ``held`` the sets of permissions of which one
    shall be held (or with ``lacking`` none). ``miscounted`` says that the stored count of grants is not
    that of the day, and each account's is to be mended before sorting.

    With ``placed`` a word may also name the organisation. ``stretches`` are the organisations that are then
    searched besides: for what is left of the words (true) or as a whole. What the index is asked for all
    over are the first ``sought`` of the words.
    """

    sort_by: SortBy
    standing: Standing
    source: Source
    within: bool
    own: bool
    role: bool
    words: int
    held: int
    lacking: bool
    miscounted: bool
    placed: bool = False
    stretches: tuple[bool, ...] = ()
    sought: int = 0
    past: bool = False

    @property
    def table(self) -> Table:
        """Where the accounts are: as they are, or as they were."""
        return schema.account_versions if self.past else schema.accounts


class Way(msgspec.Struct, frozen=True):
    """Where from and which way: from the first or a place on, beyond it or with it, up or down."""

    descending: bool
    place: Literal["none", "beyond", "with"]


@lru_cache(maxsize=256)
def page_statement(shape: Shape, way: Way, *, reverse: bool) -> Select[Any]:
    """Give the statement for a page: accounts with the organisation's name and the open grants.

    The columns are those of :data:`storage.sql.facts.ACCOUNT_COLUMNS`, the name, the ids of the
    permissions with :data:`SEPARATOR` between, and last the value sorted by. Parameters: ``limit``
    and what :func:`conditions` and :func:`_from_place` name. ``reverse`` turns the page around.
    """
    columns = (shape.table.c[each.name] for each in ACCOUNT_COLUMNS)
    page = _page(shape, way, *columns).subquery("page")
    granted = (
        select(func.aggregate_strings(_grants.permission_id, SEPARATOR))
        .where(
            _grants.organisation_id == page.c.organisation_id,
            _grants.account_id == page.c.id,
            open_grant(past=shape.past),
        )
        .scalar_subquery()
    )
    order = _order(shape, (page.c.sorted_by, page.c.id, page.c.organisation_id))
    return (
        select(
            *(page.c[each.name] for each in ACCOUNT_COLUMNS),
            _organisations.name.label("organisation_name"),
            granted.label("granted"),
            page.c.sorted_by,
        )
        .select_from(page.join(schema.organisations, _organisations.id == page.c.organisation_id))
        .order_by(*(each.desc() if way.descending != reverse else each.asc() for each in order))
    )


@lru_cache(maxsize=256)
def exists_statement(shape: Shape, way: Way) -> Select[Any]:
    """Give the statement that has a row where a page would have one."""
    own = shape.table.c
    return select(ONE).select_from(_page(shape, way, own.id, own.organisation_id).subquery())


@lru_cache(maxsize=256)
def count_statement(shape: Shape) -> Select[Any]:
    """Give the statement that counts what matches, no further than ``limit``."""
    matches = select(ONE.label("one")).select_from(_from(shape)).where(*conditions(shape))
    if shape.source == "began" and not (shape.words or shape.held or shape.role):
        # One index holds all that it takes, so each account need not be looked up.
        versions = schema.account_versions
        everybody = msgspec.structs.replace(shape, source="order")
        matches = (
            select(ONE.label("one"))
            .select_from(versions)
            .where(valid_then(versions, by_index=True), *conditions(everybody))
        )
    return select(func.count()).select_from(matches.limit(_LIMIT).subquery())


_LIMIT: Final = bindparam("limit", type_=Integer)
_NUMBER: Final = bindparam("number", type_=NUMBER)


def valid_then(table: FromClause, *, by_index: bool = False) -> Column[bool]:
    """Say that an interval of a table holds at the event of a ``number``.

    ``by_index`` lets an index be used for when it began. Without, the beginning is an expression:
    SQLite 3.40 finds rows that began later where the column before it in the index is asked for by
    ``IN`` with several values, inside a subquery that depends on a row outside it.
    """
    began, until = table.c.from_number, table.c.until_number
    return and_((began if by_index else began + 0) <= _NUMBER, or_(until.is_(None), until > _NUMBER))


def open_grant(*, past: bool) -> Column[bool]:
    """Say that a grant is open, or was at the event of a ``number``."""
    return valid_then(schema.grants) if past else _grants.until_number.is_(None)


def _page(shape: Shape, way: Way, *columns: Column[Any]) -> Select[Any] | CompoundSelect[Any]:
    """Give the rows of a page in the order of the way, with the value sorted by as ``sorted_by``."""
    # Both the active and the others are each in order in the indexes; together they are two pages
    # of which the better part is taken.
    both = shape.standing is Standing.ANY and shape.source == "order" and not shape.own
    standings = (1, 0) if both else (None,)
    branches = []
    for active in standings:
        key = _sorted_by(shape)
        where = conditions(shape)
        if active is not None:
            where.append(shape.table.c.active == literal_column(str(active)))
        order = _order(shape, (key, shape.table.c.id, shape.table.c.organisation_id))
        if way.place != "none":
            where.append(_from_place(order, way))
        branches.append(
            select(*columns, key.label("sorted_by"))
            .select_from(_from(shape))
            .where(*where)
            .order_by(*(each.desc() if way.descending else each.asc() for each in order))
            .limit(_LIMIT)
        )
    if len(branches) == 1:
        return branches[0]
    either = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    order = _order(shape, (either.c.sorted_by, either.c.id, either.c.organisation_id))
    return (
        select(either)
        .order_by(*(each.desc() if way.descending else each.asc() for each in order))
        .limit(_LIMIT)
    )


def _order(shape: Shape, columns: tuple[Column[Any], Column[Any], Column[Any]]) -> tuple[Column[Any], ...]:
    # Within an organisation the id decides between equals, as the index has it.
    return columns[:2] if shape.within else columns


def _from_place(order: tuple[Column[Any], ...], way: Way) -> Column[bool]:
    here = tuple_(*order)
    # Whatever number somebody has put into a cursor is one that can be compared.
    types = (NUMBER if isinstance(each.type, Integer) else each.type for each in order)
    there = tuple_(*(bindparam(f"place_{number}", type_=each) for number, each in enumerate(types)))
    if way.place == "with":
        return here <= there if way.descending else here >= there
    return here < there if way.descending else here > there


def _sorted_by(shape: Shape) -> Column[Any]:
    if shape.past and shape.sort_by is SortBy.PERMISSIONS:
        # Nobody has counted for every day that was.
        return func.coalesce(_count_of(shape, "in_force"), 0)
    found = shape.table.c[_SORTED_BY[shape.sort_by]]
    if not shape.miscounted:
        return found
    return found - _count_of(shape, "too_many") + _count_of(shape, "too_few")


def _count_of(shape: Shape, permissions: str) -> ScalarSelect[int]:
    """Count the open grants that an account has of some permissions, by the name of the parameter."""
    return (
        select(func.count())
        .where(
            _grants.organisation_id == shape.table.c.organisation_id,
            _grants.account_id == shape.table.c.id,
            open_grant(past=shape.past),
            _grants.permission_id.in_(bindparam(permissions, expanding=True)),
        )
        .scalar_subquery()
    )


def conditions(shape: Shape) -> list[Column[bool]]:
    """Give what an account must be to match.

    Parameters: ``organisation``, ``own``, ``role``, ``word_0`` and so on, ``held_0`` and so on.
    """
    found: list[Column[bool]] = []
    own = shape.table.c
    if shape.past:
        found.append(valid_then(schema.account_versions))
    if shape.within:
        found.append(own.organisation_id == bindparam("organisation"))
    if shape.own:
        found.append(own.id == bindparam("own"))
    if shape.standing is not Standing.ANY:
        # Written out, so that the planner sees which part of the index is meant.
        found.append(own.active == literal_column("1" if shape.standing is Standing.ACTIVE else "0"))
    if shape.role:
        found.append(own.role == bindparam("role"))
    found.extend(
        or_(
            _holds_word(shape.table, number),
            own.organisation_id.in_(bindparam(f"places_{number}", expanding=True)),
        )
        if shape.placed
        else _holds_word(shape.table, number)
        for number in range(shape.words)
    )
    for number in range(shape.held):
        holds = (
            select(ONE)
            .where(
                _grants.organisation_id == own.organisation_id,
                _grants.account_id == own.id,
                _grants.permission_id.in_(bindparam(f"held_{number}", expanding=True)),
                open_grant(past=shape.past),
            )
            .exists()
        )
        found.append(not_(holds) if shape.lacking else holds)
    return found


def _holds_word(table: Table, number: int) -> Column[bool]:
    return Holds(table.c.search_key, bindparam(f"word_{number}", type_=TEXT))


# What is gathered first ---------------------------------------------------------------------------


def _from(shape: Shape) -> FromClause:
    """Give where accounts come from: all of them, or those that were gathered first."""
    if shape.source == "order":
        return shape.table
    if shape.source == "search" and shape.stretches:
        return _with_stretches(shape)
    accounts = schema.accounts.c
    if shape.source == "search":
        hits = _by_itself(search_hits(within=shape.within)).subquery("found")
        return InTurn(hits, schema.accounts, accounts.search_id == hits.c.search_id)
    if shape.source == "began":
        began, versions = _began(), schema.account_versions.c
        same = (versions[name] == began.c[name] for name in ("organisation_id", "id", "from_number"))
        return InTurn(began, schema.account_versions, and_(*same))
    few = _holders(shape) if shape.source == "holders" else _staff(shape)
    own = and_(accounts.organisation_id == few.c.organisation_id, accounts.id == few.c.account_id)
    return InTurn(few, schema.accounts, own)


def _with_stretches(shape: Shape) -> FromClause:
    """Give what the index has all over, and in some organisations what it has for the rest of the words."""
    index, accounts = schema.account_search, schema.accounts.c
    everywhere = search_hits(within=False)
    parts = [
        select(_by_itself(everywhere).subquery(), literal_column("1", Integer).label("everywhere")),
    ]
    for number, has_words in enumerate(shape.stretches):
        place = index.c.rowid if has_words else accounts.search_id
        first, end = f"first_{number}", f"end_{number}"
        inside = select(place.label("search_id"), literal_column("0", Integer).label("everywhere")).where(
            Found(f"expression_{number}", first, end)
            if has_words
            else and_(place >= bindparam(first), place < bindparam(end))
        )
        parts.append(inside)
    hits = _by_itself(select(union_all(*parts).subquery())).subquery("found")
    # Whom the words themselves find is found already, all over.
    once = or_(
        hits.c.everywhere == 1,
        not_(and_(*(_holds_word(schema.accounts, number) for number in range(shape.sought)))),
    )
    return InTurn(hits, schema.accounts, and_(accounts.search_id == hits.c.search_id, once))


def _by_itself(part: Select[Any]) -> Select[Any]:
    """Let a part be read by itself, and not be mixed with what is around it.

    SQLite does so with what has a limit. Others are left to plan: they know how common each piece is.
    """
    return part.suffix_with(text("LIMIT -1"), dialect="sqlite")


def _began() -> Subquery:
    versions = schema.account_versions.alias("began")
    few = select(versions.c.organisation_id, versions.c.id, versions.c.from_number).where(
        versions.c.organisation_id == bindparam("organisation"), valid_then(versions, by_index=True)
    )
    return _by_itself(few).subquery("few")


def _holders(shape: Shape) -> Subquery:
    # By way of the organisations, because the index of open grants begins with the organisation.
    holders = (
        select(_grants.organisation_id, _grants.account_id)
        .distinct()
        .select_from(
            InTurn(schema.organisations, schema.grants, _organisations.id == _grants.organisation_id)
        )
        .where(_grants.permission_id.in_(bindparam("held_0", expanding=True)), _grants.until_number.is_(None))
    )
    if shape.within:
        holders = holders.where(_organisations.id == bindparam("organisation"))
    return holders.subquery("holders")


def _staff(shape: Shape) -> Subquery:
    staff = schema.accounts.alias("staff")
    few = select(staff.c.organisation_id, staff.c.id.label("account_id")).where(
        staff.c.role == bindparam("role"),
        # Said as the small index of those who are not users says it, so that it is used.
        text("staff.role <> 'user'"),
    )
    if shape.within:
        few = few.where(staff.c.organisation_id == bindparam("organisation"))
    return _by_itself(few).subquery("few")


def search_hits(*, within: bool) -> Select[Any]:
    """Give what the search index has for ``expression``, in the stretch ``first`` to ``end`` if within."""
    found = Found("expression", "first", "end") if within else Found("expression")
    return select(schema.account_search.c.rowid.label("search_id")).where(found)
