"""The place in a text that is broken into rows: who reads stays at the same words when it is broken anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.widgets.rows import TableModel
    from tui.widgets.table import Table


class KeptPlace:
    """Where somebody reads, as letters from the beginning, without blanks: breaking moves only those.

    It is the first letter of the row that was gone to. Breaking the text anew does not change it, so a window
    that is made narrow and wide again is where it was.
    """

    def __init__(self) -> None:
        """Begin at the beginning."""
        self._letters = 0
        self._row = 0

    def keep(self, table: Table, model: TableModel, break_anew: Callable[[], None]) -> None:
        """Break the text of a table's model anew, with the cursor on the row that has the same letter now."""
        if table.cursor_row != self._row:
            self._letters = sum(_letters(model, range(min(table.cursor_row, model.row_count()))))
        break_anew()
        row, before = 0, 0
        for place, count in enumerate(_letters(model, range(model.row_count()))):
            if before > self._letters:
                break
            if count:
                row = place
            before += count
        table.model_changed(keep_key=False)
        table.move_cursor(row=row)
        self._row = table.cursor_row


def _letters(model: TableModel, rows: Iterable[int]) -> Iterable[int]:
    for row in rows:
        yield sum(len("".join(cell.text.split())) for cell in model.row(row))
