"""Text as a terminal can show it: harmless, and of exactly as many cells as it says.

What comes out of a file or a database may hold anything. Here it becomes characters whose width every
terminal agrees on, so that a hostile or odd text can neither act on the terminal nor push a column aside.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len

Align = Literal["left", "right"]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# The last cell of a text that was cut. ASCII is one cell in every terminal and every font; the ellipsis
# (U+2026) is two in terminals set up for East Asian text, and a missing glyph in some console fonts.
CUT = "~"

# Two cells in some terminals, as above, and cell for cell it would be one full stop in ASCII, as if what goes
# on had ended. Three full stops are the same everywhere.
_ELLIPSIS, _AS_STOPS = "\N{HORIZONTAL ELLIPSIS}", "..."

# Below the first mark that combines, what can be printed is a letter or sign of one cell.
_FIRST_MARK = "\u0300"
# A mark that takes room of its own, as in Indian scripts, is counted with its letter by some, not by others.
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mc", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
# More marks than this on one letter is no language, and some terminals let them climb over other lines.
_MARKS_ON_A_LETTER = 2

# Characters that join with their neighbours to something of another width, which terminals count differently:
# conjoining Hangul, variation selectors, flags, skin colours, selectors of supplementary variation;
# and a medial letter of Ahom, which is a mark to some and a letter to others.
_JOINING = (
    (0x1160, 0x11FF),
    (0xA960, 0xA97F),
    (0xD7B0, 0xD7FF),
    (0xFE00, 0xFE0F),
    (0x1171E, 0x1171E),
    (0x1F1E6, 0x1F1FF),
    (0x1F3FB, 0x1F3FF),
    (0xE0100, 0xE01EF),
)


def drawable(text: str) -> str:
    """Give the text with everything that must not reach a terminal shown as U+FFFD.

    Control, format (bidi too), private and unassigned characters, line separators, characters whose width
    depends on their neighbours, and marks without a letter are replaced; every kind of space is a space, and
    an ellipsis is three full stops.
    """
    if _is_plain(text):
        return text
    return "".join(_clusters(text))


@lru_cache(maxsize=8192)
def fit(text: str, width: int, align: Align = "left") -> str:
    """Give the text drawable and exactly `width` cells wide: padded, or cut with `CUT` in its last cell."""
    if width <= 0:
        return ""
    if _is_plain(text):
        whole, cells, cut = text[:width], min(len(text), width), len(text) > width
    else:
        whole, cells, cut = _first_cells(text, width)
    if cut:
        kept, cells, _ = _first_cells(whole, width - 1)
        # A wide character that does not fit whole leaves a cell open before the sign.
        return kept + " " * (width - 1 - cells) + CUT
    padding = " " * (width - cells)
    return padding + whole if align == "right" else whole + padding


def wrap(text: str, width: int) -> list[str]:
    """Break the text at its spaces into lines of at most `width` cells; a longer word runs over several."""
    if width <= 0:
        return []
    lines: list[str] = []
    line = ""
    for word in drawable(text).split():
        longer = f"{line} {word}" if line else word
        if line and cell_len(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
        while cell_len(line) > width:
            # A very narrow line may hold no whole character; then one goes beyond it rather than nothing.
            first = _first_cells(line, width)[0] or line[0]
            lines.append(first)
            line = line[len(first) :]
    return [*lines, line] if line else lines


def _is_plain(text: str) -> bool:
    """Say whether the text is drawable as it stands, one cell a character: nearly all Swedish text is."""
    return text.isprintable() and (text.isascii() or max(text) < _FIRST_MARK)


def _first_cells(text: str, limit: int) -> tuple[str, int, bool]:
    """Give the drawable beginning that fills at most `limit` cells, its width, and whether it was cut."""
    kept: list[str] = []
    cells = 0
    for cluster in _clusters(text):
        width = cell_len(cluster)
        if cells + width > limit:
            return "".join(kept), cells, True
        kept.append(cluster)
        cells += width
    return "".join(kept), cells, False


def _clusters(text: str) -> Iterator[str]:
    """Give each letter with the marks that stand on it."""
    letter = ""
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        may_stand_on_it = letter not in ("", REPLACEMENT) and marks < _MARKS_ON_A_LETTER
        if category in _MARKS and may_stand_on_it and not _is_harmful(character, category):
            letter += character
            marks += 1
            continue
        if letter:
            yield letter
        letter, marks = _replaced(character, category), 0
    if letter:
        yield letter


def _replaced(character: str, category: str) -> str:
    if category == "Zs":
        return " "
    if character == _ELLIPSIS:
        return _AS_STOPS
    return REPLACEMENT if category in _MARKS or _is_harmful(character, category) else character


def _is_harmful(character: str, category: str) -> bool:
    if category in _HARMFUL:
        return True
    number = ord(character)
    return number >= _JOINING[0][0] and any(first <= number <= last for first, last in _JOINING)
