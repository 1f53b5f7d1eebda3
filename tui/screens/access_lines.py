"""Permissions with their reasons as rows of a table, as a card and a user's own room show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.text import shown
from tui.widgets.rows import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tui.text.access import AccessLine
    from tui.widgets.columns import Column


def access_cells(line: AccessLine, today: date) -> tuple[Cell, Cell, Cell]:
    """Give sign, name and state for a row."""
    sign, role = line.sign()
    return (
        Cell(sign, role),
        Cell(shown(line.permission.name_on(today)), role),
        Cell(line.state(), role),
    )


def access_cells_in_words(line: AccessLine, today: date, columns: Sequence[Column]) -> tuple[Cell, ...]:
    """Give the row where rows are in words, without a sign before it."""
    # Deferred: the usual looks have no use for it.
    from tui.screens.in_words import line_cells, permission_text

    _sign, role = line.sign()
    return line_cells([permission_text(line.permission, line.state(), today)], role, columns)
