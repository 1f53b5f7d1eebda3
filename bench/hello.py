"""Bare Textual, as floor and peer: `python -m bench.hello` says hello, `line` and `table N` do a little more.

`line` repaints one line at each arrow; `table N` is a DataTable of N rows.
"""

import sys
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Static

READY = "Hello"
_WIDGETS = 10


class Hello(App[None]):
    """The least that a Textual program can be."""

    def compose(self) -> ComposeResult:
        """Say hello."""
        yield Static(READY)


class Line(App[None]):
    """A program that repaints one line at each arrow, and has as many widgets as a room of ours."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down,up", "step", show=False)]
    CSS = "Static { height: 1; }"
    _steps = 0

    def compose(self) -> ComposeResult:
        """Say hello in lines."""
        for number in range(_WIDGETS):
            yield Static(READY, id=f"line{number}")

    def action_step(self) -> None:
        """Repaint the line."""
        self._steps += 1
        self.query_one("#line0", Static).update(f"{READY} {self._steps}", layout=False)


class Table(App[None]):
    """A DataTable with so many rows of five columns."""

    def __init__(self, count: int) -> None:
        """Show so many rows."""
        super().__init__()
        self._count = count

    def compose(self) -> ComposeResult:
        """Show the table."""
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable[Any])
        table.add_columns("", "Name", "HSA-id", "E-mail", "Permissions")
        table.add_rows(
            (" ", f"{READY} {number:07}", f"SE5565594230-{number:X}", f"person{number}@example.org", "7")
            for number in range(self._count)
        )
        table.focus()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["line"]:
            Line().run(mouse=False)
        case ["table", count]:
            Table(int(count)).run(mouse=False)
        case _:
            Hello().run(mouse=False)
