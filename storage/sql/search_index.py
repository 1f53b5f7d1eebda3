"""The search index in the database: how it is made, fed and asked, on SQLite and on PostgreSQL.

The pieces are the same on both (:mod:`storage.sql.search`), so both find the same candidates for the same
words. SQLite keeps them in an FTS5 table without content. PostgreSQL keeps an array of them beside each
account, in a table of its own so that a grant does not write it anew, under a GIN index. That needs no
extension, and finds words of one and two letters too, which ``pg_trgm`` has to look for in every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, BigInteger, Dialect, Text, bindparam, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from storage.sql.bulk import AT_ONCE, batched, copy_in
from storage.sql.search import AND, pieces

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.compiler import SQLCompiler

Fed = tuple[int, str]
"""An account's ``search_id`` and ``search_key``."""

# Making it ----------------------------------------------------------------------------------------

_MAKE: Final = {
    # No content: the rows are in accounts, and search verifies what it finds there. No positions
    # either, since the words in it are pieces of three letters and less.
    "sqlite": """
        CREATE VIRTUAL TABLE account_search USING fts5
        (pieces, content='', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0')
    """,
    "postgresql": """
        CREATE TABLE account_search (
            rowid BIGINT NOT NULL CONSTRAINT pk_account_search PRIMARY KEY,
            pieces TEXT[] COLLATE "C" NOT NULL
        );
        CREATE INDEX ix_account_search_pieces ON account_search USING gin (pieces)
    """,
}
_UNMAKE_LOOKUP: Final = "DROP INDEX ix_account_search_pieces"
_MAKE_LOOKUP: Final = "CREATE INDEX ix_account_search_pieces ON account_search USING gin (pieces)"


def make_index(connection: Connection) -> None:
    """Make an empty search index."""
    connection.exec_driver_sql(_MAKE[connection.dialect.name])


# Feeding it ---------------------------------------------------------------------------------------

_FEED: Final = {
    "sqlite": text("INSERT INTO account_search (rowid, pieces) VALUES (:search_id, :pieces)"),
    "postgresql": text(
        "INSERT INTO account_search (rowid, pieces) VALUES (:search_id, string_to_array(:pieces, ' '))"
    ),
}
# How FTS5 forgets a row whose content it does not keep: it is told what it was fed with.
_FORGET: Final = {
    "sqlite": text(
        "INSERT INTO account_search (account_search, rowid, pieces) VALUES ('delete', :search_id, :pieces)"
    ),
    "postgresql": text("DELETE FROM account_search WHERE rowid = :search_id"),
}


def feed(connection: Connection, rows: Sequence[Fed]) -> None:
    """Add accounts to the search index."""
    here = connection.dialect.name
    if rows:
        connection.execute(_FEED[here], [_values(*each) for each in rows])


def feed_all(connection: Connection, rows: Iterable[Fed]) -> None:
    """Fill an empty search index with everybody there is, without the way of a statement for each."""
    if connection.dialect.name == "sqlite":
        for some in batched(rows, AT_ONCE):
            feed(connection, some)
        return
    # A GIN index over what is there already is made in a fraction of the time of one that grows with it.
    connection.exec_driver_sql(_UNMAKE_LOOKUP)
    copy_in(
        connection,
        "account_search",
        ("rowid", "pieces"),
        ((search_id, _as_array(pieces(key))) for search_id, key in rows),
    )
    connection.exec_driver_sql(_MAKE_LOOKUP)


def _as_array(joined: str) -> str:
    """Give pieces, with a blank between them, as PostgreSQL writes an array of texts."""
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"').split(" ") if joined else ()
    return "{" + ",".join(f'"{each}"' for each in escaped) + "}"


def forget(connection: Connection, rows: Sequence[Fed]) -> None:
    """Take accounts out of the search index, by the keys that it was fed with."""
    here = connection.dialect.name
    if rows and here == "sqlite":
        connection.execute(_FORGET[here], [_values(*each) for each in rows])
    elif rows:
        connection.execute(_FORGET[here], [{"search_id": search_id} for search_id, _ in rows])


def _values(search_id: int, key: str) -> dict[str, Any]:
    return {"search_id": search_id, "pieces": pieces(key)}


# Asking it ----------------------------------------------------------------------------------------


class _Wanted(TypeDecorator[str]):
    """An expression of :func:`storage.sql.search.expression`, as the database takes it."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give text for FTS5, an array for others."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text()))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Give the expression as it is for FTS5, its pieces for others."""
        return value if dialect.name == "sqlite" else [each.strip('"') for each in value.split(AND)]


CONDITION: Final[TypeEngine[Any]] = NullType()
"""What stands as a condition by itself. As a ``Boolean``, SQLAlchemy would compare it with 1 on SQLite,
which an FTS5 table cannot do.
"""


class Found(FunctionElement[bool]):
    """Says that the index may have all of an ``expression``, perhaps in a stretch of ``search_id`` only.

    A stretch is one organisation, from its first ``search_id`` to the next one's.
    """

    type = CONDITION
    name = "found"
    inherit_cache = True

    def __init__(self, expression: str, *stretch: str) -> None:
        """Take the names of the parameters; a stretch has two, for its beginning and its end."""
        super().__init__(
            bindparam(expression, type_=_Wanted()), *(bindparam(each, type_=BigInteger) for each in stretch)
        )


@compiles(Found, "sqlite")
def _(found: Found, compiler: SQLCompiler, **options: Any) -> str:
    return _found("account_search MATCH", found, compiler, options)


@compiles(Found, "postgresql")
def _(found: Found, compiler: SQLCompiler, **options: Any) -> str:
    return _found("account_search.pieces @>", found, compiler, options)


def _found(holds: str, found: Found, compiler: SQLCompiler, options: dict[str, Any]) -> str:
    expression, *stretch = (compiler.process(each, **options) for each in found.clauses)
    parts = [f"{holds} {expression}"]
    if stretch:
        parts += [f"account_search.rowid >= {stretch[0]}", f"account_search.rowid < {stretch[1]}"]
    return f"({' AND '.join(parts)})"


class Holds(FunctionElement[bool]):
    """Says that a text has another in it, letter by letter: what the index found is verified so."""

    type = CONDITION
    name = "holds"
    inherit_cache = True


@compiles(Holds, "sqlite")
def _(holds: Holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(holds.clauses, **options)}) > 0"


@compiles(Holds, "postgresql")
def _(holds: Holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(holds.clauses, **options)}) > 0"
