"""Which part of a table is in view and where its cursor is: moves and scrolling, without a screen."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from tui.widgets.columns import Column, Layout, Slot

Cursor = Literal["row", "cell"]
Direction = Literal["before", "after"]


class Place(NamedTuple):
    """Where the cursor is, and the row and the scrolling column that the picture begins with."""

    row: int
    column: int
    top: int
    leftmost: int


class View:
    """The cursor and the picture of a table with `count` rows, `height` of which have room.

    With a row cursor the column means only how far the picture is scrolled sideways; with a cell cursor it
    is one of the columns that are not frozen. After every method both cursor and picture are inside what
    there is, and the cursor is in the picture.
    """

    def __init__(self, columns: Sequence[Column], frozen: int, cursor: Cursor, count: int) -> None:
        """Begin at the first row, without any room yet."""
        self.cursor: Cursor = cursor
        self.count = count
        self.height = 0
        self.layout = Layout(columns, frozen, 0)
        self.place = Place(0, self.first_column, 0, self.layout.frozen)
        self.slots: list[Slot] = []

    @property
    def first_column(self) -> int:
        """The leftmost column that the cursor may enter."""
        return self.layout.frozen if self.layout.frozen < len(self.layout.widths) else 0

    @property
    def rows(self) -> range:
        """The indices of the rows in view."""
        return range(self.place.top, min(self.place.top + self.height, self.count))

    @property
    def hidden_columns(self) -> tuple[int, int]:
        """How many columns are out of view, or cut, at the left and at the right."""
        return self.layout.hidden(self.place.leftmost)

    def column_at(self, x: int) -> int:
        """Give the column that a cell of the table's width belongs to, the last one for what is beyond."""
        return max((slot.column for slot in self.slots if slot.x <= x), default=0)

    def near_ends(self) -> list[Direction]:
        """Give the ends of the rows that are less than a page away from the picture."""
        near: list[Direction] = []
        if self.height and self.place.top < self.height:
            near.append("before")
        if self.height and self.place.top + 2 * self.height > self.count:
            near.append("after")
        return near

    def lay_out(self, columns: Sequence[Column], frozen: int, width: int, height: int) -> None:
        """Take in other columns or another size."""
        self.layout = Layout(columns, frozen, width)
        if not self.height:
            # There was no picture: the first one shows the rows above the cursor as well.
            self.place = self.place._replace(top=0)
        self.height = height
        self.move(self.place.row, self.place.column)

    def change(self, count: int, row: int) -> None:
        """Take in other rows; the cursor's row is now `row`, and stays at its height of the picture."""
        self.count = count
        self.place = self.place._replace(row=row, top=self.place.top + row - self.place.row)
        self.move(row, self.place.column)

    def move(self, row: int, column: int) -> None:
        """Move the cursor as near as can be to a row and column, and scroll if it left the picture.

        The picture then jumps by half its size: see `tui.widgets.table` on what that saves.
        """
        row = max(0, min(row, self.count - 1))
        if self.cursor == "cell":
            column = max(self.first_column, min(column, len(self.layout.widths) - 1))
            leftmost = self.layout.showing(column, self.layout.clamped(self.place.leftmost))
        else:
            leftmost = self.layout.clamped(column)
            column = min(leftmost, len(self.layout.widths) - 1)
        self.place = Place(row, column, self._top_showing(row), leftmost)
        self.slots = self.layout.slots(leftmost)

    def page(self, pages: int) -> None:
        """Move so many screens down, or up; two neighbours have one row in common."""
        step = pages * max(1, self.height - 1)
        top = max(0, min(self.place.top + step, self.count - max(1, self.height)))
        self.place = self.place._replace(top=top)
        self.move(self.place.row + step, self.place.column)

    def _top_showing(self, row: int) -> int:
        height = max(1, self.height)
        top = self.place.top
        if not top <= row < top + height:
            top = row - height // 2
        return max(0, min(top, self.count - height))
