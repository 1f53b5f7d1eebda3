"""CSV that a spreadsheet with Swedish settings opens by itself, and in which no cell is a formula.

It is UTF-8 with a byte order mark, has semicolons between the cells and CRLF at the ends, and each cell in
quotation marks. A cell that would begin like a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff".encode()
"""What stands before the first line."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what spreadsheets begin a formula, in wide characters too."""


def harmless(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) else cell


def csv_line(cells: Iterable[str]) -> bytes:
    """Give a line of harmless cells, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")
