"""Copy a whole database into an empty one, and prove that both hold the same.

Rows go as they are, table by table, out of one snapshot and into one transaction: the chains keep their
bytes and hashes, so a copy proves the same history. What is worth the same is told by a sum over all rows
of a table that does not depend on their order, since two engines need not agree on one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import delete, insert, select

from storage.sql import schema
from storage.sql.search_index import feed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert, Table

AT_ONCE: Final = 1_000
"""Rows that are read and written at a time."""
_SUM_BITS: Final = 256


class TableSum(msgspec.Struct, frozen=True, kw_only=True):
    """What a table holds: how many rows, and a sum that another table has only with the same rows."""

    table: str
    rows: int
    sum: str


class _Summing:
    """Adds up rows."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows = 0
        self._sum = 0
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, row: Sequence[Any]) -> None:
        """Take a row in."""
        self._rows += 1
        digest = hashlib.sha256(self._encode(list(row))).digest()
        self._sum = (self._sum + int.from_bytes(digest)) % (1 << _SUM_BITS)

    def told(self) -> TableSum:
        """Give what was added up."""
        return TableSum(table=self._table.name, rows=self._rows, sum=f"{self._sum:0{_SUM_BITS // 4}x}")


def sums_of(connection: Connection) -> tuple[TableSum, ...]:
    """Add up every table, in one transaction."""
    return tuple(_sum_of(connection, each) for each in schema.metadata.sorted_tables)


def _sum_of(connection: Connection, table: Table) -> TableSum:
    summing = _Summing(table)
    for row in _rows(connection, table):
        summing.add(row)
    return summing.told()


def copy_rows(source: Connection, target: Connection) -> tuple[TableSum, ...]:
    """Write every row of a database into a new one of the same schema; give what was read.

    Whoever calls has begun both transactions, and ends them. The target has nothing but what a new one
    says of itself, which is replaced.
    """
    target.execute(delete(schema.meta))
    return tuple(_copy(source, target, each) for each in schema.metadata.sorted_tables)


def _copy(source: Connection, target: Connection, table: Table) -> TableSum:
    summing = _Summing(table)
    names = [each.name for each in table.columns]
    statement = insert(table)
    waiting: list[dict[str, Any]] = []
    for row in _rows(source, table):
        summing.add(row)
        waiting.append(dict(zip(names, row, strict=True)))
        if len(waiting) == AT_ONCE:
            _write(target, table, statement, waiting)
            waiting = []
    if waiting:
        _write(target, table, statement, waiting)
    return summing.told()


def _write(target: Connection, table: Table, statement: Insert, rows: list[dict[str, Any]]) -> None:
    target.execute(statement, rows)
    if table is schema.accounts:
        # The index of the search is no table of rows, and each engine has its own.
        feed(target, [(row["search_id"], row["search_key"]) for row in rows])


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """Give the rows of a table, without holding more than some of them."""
    streamed = connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(select(table))
    yield from streamed


def differing(one: tuple[TableSum, ...], other: tuple[TableSum, ...]) -> str | None:
    """Give the first table that two databases do not hold alike, ``None`` where all is the same."""
    for first, second in zip(one, other, strict=True):
        if first != second:
            return first.table
    return None
