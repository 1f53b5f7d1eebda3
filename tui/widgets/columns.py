"""Where the columns of a table stand: widths, frozen columns, and which are in view."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tui.text.plain import Align

# A frozen column that must give way on a narrow screen keeps at least this many cells.
_LEAST_FROZEN = 8


class Column(msgspec.Struct, frozen=True):
    """A column of a table.

    `width` is in cells, without the blank cell that follows each column. What is left of the table's width
    is shared by the columns in proportion to `grow`. Neighbours with the same `group` stand under one group
    heading. `sign` is one ASCII character shown right after the heading. `title` is the column's full name,
    for whoever tells about the column; the table does not draw it. `continues` says that it goes on with the
    text of the column before.
    """

    id: str
    heading: str
    width: int
    grow: int = 0
    align: Align = "left"
    group: str = ""
    title: str = ""
    sign: str = ""
    continues: bool = False


class Slot(NamedTuple):
    """A column in view: its index, and the cells that its text and its trailing blank take."""

    column: int
    x: int
    width: int
    blank: int


class Layout:
    """The columns laid out on a given number of cells.

    The first `frozen` columns stay at the left; of the others, `first` says which stands next to them.
    The picture scrolls by whole columns, so no text is ever cut on its left.
    """

    def __init__(self, columns: Sequence[Column], frozen: int, width: int) -> None:
        """Lay the columns out; `frozen` counts columns from the left, `width` is the table's, in cells."""
        self.frozen = min(frozen, len(columns))
        self.width = width
        self.widths = _widths(columns, self.frozen, width)
        self.frozen_width = sum(each + 1 for each in self.widths[: self.frozen])

    @property
    def last_first(self) -> int:
        """The rightmost scroll position: the least `first` from which the last column is seen whole."""
        return self._least_first(len(self.widths) - 1, self.width - self.frozen_width)

    def clamped(self, first: int) -> int:
        """Give the scroll position nearest to `first` that shows no emptiness at the right."""
        return max(self.frozen, min(first, self.last_first))

    def showing(self, column: int, first: int) -> int:
        """Give the scroll position that shows the column whole, the same as now where that is possible.

        Otherwise the picture jumps so that the column comes near its middle: a jump now and then costs far
        fewer bytes than a new picture at each step.
        """
        if column < self.frozen:
            return first
        room = self.width - self.frozen_width
        if self._least_first(column, room) <= first <= column:
            return first
        return self.clamped(self._least_first(column, max(room // 2, self.widths[column])))

    def slots(self, first: int) -> list[Slot]:
        """Give the columns in view, from left to right; the last may be cut by the table's edge."""
        slots: list[Slot] = []
        x = 0
        for column in (*range(self.frozen), *range(max(first, self.frozen), len(self.widths))):
            if x >= self.width:
                break
            width = min(self.widths[column], self.width - x)
            blank = 1 if x + width < self.width else 0
            slots.append(Slot(column, x, width, blank))
            x += width + blank
        return slots

    def hidden(self, first: int) -> tuple[int, int]:
        """Give how many columns are out of view, or cut, at the left and at the right."""
        slots = self.slots(first)
        shown = [slot.column for slot in slots if slot.width == self.widths[slot.column]]
        return max(0, first - self.frozen), len(self.widths) - 1 - (shown[-1] if shown else -1)

    def _least_first(self, column: int, room: int) -> int:
        """Give the leftmost column from which this one is seen whole in `room` cells."""
        least = max(column, self.frozen)
        used = self.widths[column] if column >= 0 else 0
        while least > self.frozen and used + self.widths[least - 1] + 1 <= room:
            least -= 1
            used += self.widths[least] + 1
        return least


def _widths(columns: Sequence[Column], frozen: int, width: int) -> list[int]:
    widths = [column.width for column in columns]
    spare = width - sum(each + 1 for each in widths) + 1
    shares = sum(column.grow for column in columns)
    if spare >= 0:
        for index, column in enumerate(columns):
            if column.grow:
                part = spare * column.grow // shares
                widths[index] += part
                spare -= part
                shares -= column.grow
        return widths
    # On a narrow screen the frozen columns may fill at most half, or nothing would be left to scroll.
    if 0 < frozen < len(columns):
        excess = sum(each + 1 for each in widths[:frozen]) - width // 2
        widest = max(range(frozen), key=lambda index: widths[index])
        if excess > 0 and widths[widest] > _LEAST_FROZEN:
            widths[widest] = max(_LEAST_FROZEN, widths[widest] - excess)
    return widths
