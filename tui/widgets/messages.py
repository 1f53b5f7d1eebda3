"""What a table tells its screen. The handlers are named `on_table_…`."""

from typing import TYPE_CHECKING

from textual.message import Message

from tui.widgets.view import Direction

if TYPE_CHECKING:
    from tui.widgets.table import Table


class TableMessage(Message, namespace="table"):
    """A message from a table."""

    def __init__(self, table: "Table") -> None:
        """Come from this table."""
        super().__init__()
        self.table = table

    @property
    def control(self) -> "Table":
        """The table, for `@on` with a selector."""
        return self.table


class Activated(TableMessage, namespace="table"):
    """Enter was pressed; in a matrix `column` tells the cell, and `key` is None where there are no rows."""

    def __init__(self, table: "Table", row: int, column: int, key: str | None) -> None:
        """`row` is the index in the model now, `column` the index among the columns."""
        super().__init__(table)
        self.row = row
        self.column = column
        self.key = key


class NearEnd(TableMessage, namespace="table"):
    """Less than a page is left on one side of what is loaded; sent once for each loaded window."""

    def __init__(self, table: "Table", direction: Direction) -> None:
        """`direction` tells on which side rows may be missing."""
        super().__init__(table)
        self.direction = direction


class Edge(TableMessage, namespace="table"):
    """The very first or last row was asked for: the cursor stands on the first or last *loaded* one."""

    def __init__(self, table: "Table", direction: Direction) -> None:
        """`direction` tells which of the two."""
        super().__init__(table)
        self.direction = direction
