"""Permissions with their reasons as rows of a table, as a card and a user's own room show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.text import shown
from tui.widgets.rows import Cell

if TYPE_CHECKING:
    from datetime import date

    from tui.text.access import AccessLine


def access_cells(line: AccessLine, today: date) -> tuple[Cell, Cell, Cell]:
    """Give sign, name and state for a row."""
    sign, role = line.sign()
    return (
        Cell(sign, role),
        Cell(shown(line.permission.name_on(today)), role),
        Cell(line.state(), role),
    )
