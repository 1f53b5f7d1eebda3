"""A join that is read from left to right, whatever the planner believes.

SQLite cannot know how many rows a search or a filter will find, and may rather walk all accounts and
look for each among the few that were found. Its ``CROSS JOIN`` is documented not to be turned around
("The SQLite Query Optimizer Overview", 9.1). Other databases get a plain join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Join
from sqlalchemy.ext.compiler import compiles

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause
    from sqlalchemy.sql.compiler import SQLCompiler


class InTurn(Join):
    """``left`` joined with ``right`` for each of its rows, in this order."""

    inherit_cache = True

    def __init__(self, left: FromClause, right: FromClause, on: ColumnElement[bool]) -> None:
        """Join on a condition, without which it is not said what belongs together."""
        super().__init__(left, right, on)
        self.on = on


@compiles(InTurn, "sqlite")
def _(join: InTurn, compiler: SQLCompiler, **options: Any) -> str:
    left, right = (compiler.process(each, **{**options, "asfrom": True}) for each in (join.left, join.right))
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.on, **{**options, 'asfrom': False})}"
