"""Copy a whole database into an empty one, and prove that both hold the same.

Rows go as they are, table by table, out of one snapshot and into one transaction: the chains keep their
bytes and hashes, so a copy proves the same history. What is worth the same is told by a sum over all rows
of a table that does not depend on their order, since two engines need not agree on one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import delete, insert, select

from storage.sql import schema
from storage.sql.bulk import AT_ONCE, batched, copy_in
from storage.sql.search_index import feed_all

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, Table

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

    def of(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Take each row in on its way."""
        encode, digest_of, added = self._encode, hashlib.sha256, 0
        for row in rows:
            self._rows += 1
            added += int.from_bytes(digest_of(encode(list(row))).digest())
            yield row
        self._sum = (self._sum + added) % (1 << _SUM_BITS)

    def told(self) -> TableSum:
        """Give what was added up."""
        return TableSum(table=self._table.name, rows=self._rows, sum=f"{self._sum:0{_SUM_BITS // 4}x}")


def sums_of(connection: Connection) -> tuple[TableSum, ...]:
    """Add up every table, in one transaction."""
    return tuple(_sum_of(connection, each) for each in schema.metadata.sorted_tables)


def _sum_of(connection: Connection, table: Table) -> TableSum:
    summing = _Summing(table)
    for _ in summing.of(_rows(connection, select(table))):
        pass
    return summing.told()


def copy_rows(source: Connection, target: Connection) -> tuple[TableSum, ...]:
    """Write every row of a database into a new one of the same schema; give what was read.

    Whoever calls has begun both transactions, and ends them. The target has nothing but what a new one
    says of itself, which is replaced.
    """
    target.execute(delete(schema.meta))
    copied = tuple(_copy(source, target, each) for each in schema.metadata.sorted_tables)
    # The index of the search is no table of rows, and each engine has its own.
    accounts = schema.accounts.c
    feed_all(
        target,
        ((row[0], row[1]) for row in _rows(source, select(accounts.search_id, accounts.search_key))),
    )
    return copied


def _copy(source: Connection, target: Connection, table: Table) -> TableSum:
    summing = _Summing(table)
    _write(target, table, summing.of(_rows(source, select(table))))
    return summing.told()


def _write(target: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    names = [each.name for each in table.columns]
    if target.dialect.name == "postgresql":
        copy_in(target, table.name, names, rows)
    else:
        statement = insert(table)
        for some in batched(rows, AT_ONCE):
            target.execute(statement, [dict(zip(names, row, strict=True)) for row in some])


def _rows(connection: Connection, statement: Select[Any]) -> Iterator[Sequence[Any]]:
    """Give the rows of a question, without holding more than some of them."""
    streamed = connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(statement)
    yield from streamed


def differing(one: tuple[TableSum, ...], other: tuple[TableSum, ...]) -> str | None:
    """Give the first table that two databases do not hold alike, ``None`` where all is the same."""
    for first, second in zip(one, other, strict=True):
        if first != second:
            return first.table
    return None
