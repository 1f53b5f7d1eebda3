"""What a person sees: the screen of a running program as lines of text, read from Textual's own picture."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from rich.cells import get_character_cell_size

if TYPE_CHECKING:
    from textual.app import App

# The grid that Rich draws an SVG on (rich.console.Console.export_svg): 12.2 by 24.4 for a cell.
_CELL_WIDTH, _CELL_HEIGHT, _BASELINE = 12.2, 24.4, 20
_TEXT = re.compile(r'<text class="[^"]*-r\d+" x="([\d.e+]+)" y="([\d.e+]+)"[^>]*>([^<]*)</text>')


def seen(app: App[Any]) -> list[str]:
    """Give the lines of the screen with dialogs over it, without blanks at their ends."""
    width, height = app.size
    return lines_of(app.export_screenshot(), width, height)


def lines_of(picture: str, width: int, height: int) -> list[str]:
    """Give the lines of an SVG that shows a terminal of so many columns and lines.

    A character of two cells stands once, so columns behind it are counted by `str` one less.
    """
    grid = [[" "] * width for _ in range(height)]
    for x, y, text in _TEXT.findall(picture):
        row = grid[round((float(y) - _BASELINE) / _CELL_HEIGHT)]
        column = round(float(x) / _CELL_WIDTH)
        for character in unescape(text).replace("\N{NO-BREAK SPACE}", " "):
            cells = get_character_cell_size(character)
            if cells == 0:
                row[column - 1] += character
                continue
            row[column : column + cells] = [character, *[""] * (cells - 1)]
            column += cells
    return ["".join(row).rstrip() for row in grid]


def running_text(lines: list[str]) -> str:
    """Give the screen as one running text, for sentences that go on over the end of a line."""
    return re.sub(r"\s+", " ", " ".join(line.strip("│┃ ") for line in lines))
