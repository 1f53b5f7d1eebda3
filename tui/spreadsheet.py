"""CSV that a spreadsheet with Swedish settings opens by itself, and in which no cell is a formula.

It is UTF-8 with a byte order mark, has semicolons between the cells and CRLF at the ends, and each cell in
quotation marks. A cell that would begin like a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff".encode()
"""What stands before the first line."""

_FORMULA = frozenset("=+-@\u2212")
"""With what spreadsheets begin a formula; wide and small forms of the same signs stand for them."""

_ENDS = ("\t", "\r", "\n")
"""After these at the beginning of a cell some spreadsheets begin another one."""


def harmless(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if cell[:1].isalnum():
        return cell
    return f"'{cell}" if cell.startswith(_ENDS) or _first_seen(cell) in _FORMULA else cell


def _first_seen(cell: str) -> str:
    """Give the first sign of a cell that is seen, in its plain form: the others may be trimmed away."""
    for character in cell:
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf"):
            return unicodedata.normalize("NFKC", character)
    return ""


def csv_line(cells: Iterable[str]) -> bytes:
    """Give a line of harmless cells, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")
