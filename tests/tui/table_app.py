"""A small program around the table, for tests and benchmarks: `python -m tests.tui.table_app list`."""

import argparse
import os
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tui import themes
from tui.widgets.columns import Column
from tui.widgets.cursor import CursorOnFocus
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor
from tui.widgets.view import Cursor

LIST_COLUMNS = (
    Column("sign", "", 1),
    Column("name", "Name", 20, grow=2),
    Column("hsa_id", "HSA-id", 22),
    Column("email", "E-mail", 23, grow=3),
    Column("count", "Permissions", 11),
)


def matrix_columns(count: int) -> tuple[Column, ...]:
    """Give a sign, a name, and `count` narrow columns in two groups."""
    return (
        Column("sign", "", 1),
        Column("name", "Name", 20),
        *(
            Column(f"p{number}", f"P{number:02}", 3, group="First kind" if number < count - 1 else "Other")
            for number in range(count)
        ),
    )


class Rows:
    """Rows made from their number, `start` to `end`; some cells have been changed."""

    def __init__(self, start: int, end: int, columns: int, every: int = 0) -> None:
        """Give rows with so many columns, the first two a sign and a name; each `every`th cell is staged."""
        self.every = every
        self.start = start
        self.end = end
        self.columns = columns
        self.staged: dict[tuple[int, int], Cell] = {}

    def row_count(self) -> int:
        """How many rows are loaded."""
        return self.end - self.start

    def row_key(self, index: int) -> str:
        """The number of the row."""
        return str(self.start + index)

    def index_of(self, key: str) -> int | None:
        """Where the row stands."""
        number = int(key)
        return number - self.start if self.start <= number < self.end else None

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row."""
        number = self.start + index
        name = Cell(f"Person {number:08}")
        if self.columns == len(LIST_COLUMNS):
            return (
                Cell("+" if number % 10 == 9 else " "),
                name,
                Cell(f"SE2120002411-{number:X}"),
                Cell(f"person{number}@exempel.se"),
                Cell(f"{number % 22} of 21"),
            )
        cells = [Cell(" "), name]
        for column in range(2, self.columns):
            given = (number * column) % 7 < 3
            staged = self.staged.get((number, column))
            if staged is None and self.every and (number + column) % self.every == 0:
                staged = _change_of(given)
            cells.append(staged or (Cell("X", "given") if given else Cell(".")))
        return cells

    def toggle(self, index: int, column: int) -> str:
        """Stage a change of a cell, or take it back; gives the key of the row."""
        place = (self.start + index, column)
        if place in self.staged:
            del self.staged[place]
        else:
            self.staged[place] = _change_of(self.row(index)[column].text == "X")
        return self.row_key(index)


def _change_of(given: bool) -> Cell:
    return Cell("-", "staged-remove") if given else Cell("+", "staged-add")


class TableApp(CursorOnFocus[None]):
    """A title, the table, and a line below that tells where the cursor is when `told` is set."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "change", show=False),
        Binding("f9", "quit", show=False),
    ]
    CSS = "Static { height: 1; }"

    def __init__(
        self, cursor: Cursor, rows: Rows, columns: Sequence[Column], theme: str = themes.DARK
    ) -> None:
        """Show `rows`, with a row or a cell cursor."""
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        themes.register(self)
        self.theme = themes.choose(theme, os.environ)
        self.animation_level = "none"
        self.rows = rows
        self.table = Table(columns, rows, cursor=cursor, frozen=2, empty_text="Nothing matches the search")
        self.moves: list[UnderCursor] = []
        self.ends: list[Table.NearEnd] = []
        self.edges: list[Table.Edge] = []
        self.activated: list[Table.Activated] = []

    def compose(self) -> ComposeResult:
        """Put the table between two lines."""
        yield Static("A title above")
        yield self.table
        yield Static("A line below")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give the variables of our own style sheets."""
        return themes.variable_defaults()

    def on_mount(self) -> None:
        """Watch the cursor."""
        self.watch(self.table, "under_cursor", self._moved, init=False)

    def _moved(self, under: UnderCursor) -> None:
        """Remember."""
        self.moves.append(under)

    def on_table_near_end(self, message: Table.NearEnd) -> None:
        """Remember."""
        self.ends.append(message)

    def on_table_edge(self, message: Table.Edge) -> None:
        """Remember."""
        self.edges.append(message)

    def on_table_activated(self, message: Table.Activated) -> None:
        """Remember."""
        self.activated.append(message)

    def action_change(self) -> None:
        """Change the cell under the cursor."""
        self.table.refresh_row(self.rows.toggle(self.table.cursor_row, self.table.cursor_column))


def build(
    kind: str, *, rows: int = 10_000_000, columns: int = 150, theme: str = themes.DARK, every: int = 0
) -> TableApp:
    """Make the program with a `list` or a `matrix` of so many rows.

    `columns` counts the matrix's own; each `every`th of its cells is staged.
    """
    if kind == "list":
        return TableApp("row", Rows(0, rows, len(LIST_COLUMNS)), LIST_COLUMNS, theme)
    return TableApp("cell", Rows(0, rows, columns + 2, every), matrix_columns(columns), theme)


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["list", "matrix"])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--columns", type=int, default=150)
    parser.add_argument("--theme", default=themes.DARK)
    parser.add_argument("--staged", type=int, default=0)
    options = parser.parse_args()
    app = build(
        options.kind, rows=options.rows, columns=options.columns, theme=options.theme, every=options.staged
    )
    app.run(mouse=False)


if __name__ == "__main__":
    main()
