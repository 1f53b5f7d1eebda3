"""Many rows at a time: into a table of PostgreSQL by ``COPY``, and in batches everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = TypeVar("Row")

AT_ONCE: Final = 1_000
"""Rows that are read and written at a time."""


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Give rows in lists of so many."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def copy_in(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write rows into a table of PostgreSQL by one ``COPY``, in the connection's transaction.

    The rows may be read from another connection meanwhile, never from this one. Names are of our own
    making, never from outside.
    """
    # Deferred: psycopg is only loaded by who works with a server.
    from psycopg import sql

    driver: Any = connection.connection.driver_connection
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
