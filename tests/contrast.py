"""How well what a picture shows can be told from what is behind it, text by text as it was drawn.

It is read from the picture itself, so nothing can be drawn that is not measured: Textual's own widgets,
what is dimmed and what is blended are there as the colours that came of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from rich.color import ColorSystem
from textual.color import Color

from tui.themes import HIGH_CONTRAST, MARK, TEXT, TEXT_HIGH_CONTRAST

_STYLE = re.compile(r"\.(?:t|terminal-\d+)-(r\d+) \{ fill: (#[0-9a-f]{6})")
_RECT = re.compile(
    r'<rect fill="(#[0-9a-f]{6})" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)
_TEXT = re.compile(r'<text class="(?:t|terminal-\d+)-(r\d+)" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
_CELL_WIDTH, _CELL_HEIGHT, _BASELINE = 12.2, 24.4, 20
_LINES = re.compile(r"[\s─-▟]*")
"""Lines and blocks that are drawn, and are no text (U+2500 to U+259F)."""

NO_COLOUR = "#c5c8c6"
"""The colour that Rich draws with where none is named: what a terminal would show nobody knows."""


def luminance(color: Color) -> float:
    """The relative luminance of WCAG 2.2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def in_256_colours(color: Color) -> Color:
    """The colour as a terminal without true colour is told to show it."""
    reduced = color.rich_color.downgrade(ColorSystem.EIGHT_BIT)
    return Color(*reduced.get_truecolor())


def ratio_of(foreground: str, background: str) -> float:
    """The lower of the ratios of two colours as they are, and as a terminal of 256 colours shows them."""
    one, other = Color.parse(foreground), Color.parse(background)
    return min(contrast(one, other), contrast(in_256_colours(one), in_256_colours(other)))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A text on one background: where it stands, in cells from 0, and its colours."""

    text: str
    column: int
    row: int
    foreground: str
    background: str

    @property
    def is_mark(self) -> bool:
        """Whether it is a line or a block, which marks something and is not read."""
        return _LINES.fullmatch(self.text) is not None

    def __str__(self) -> str:
        return f"{self.text!r} at {self.column},{self.row}: {self.foreground} on {self.background}"


def drawn(picture: str) -> Iterator[Drawn]:
    """Give every text of a picture with the colours that meet there; blanks have none."""
    colours = dict(_STYLE.findall(picture))
    grounds: dict[int, list[tuple[float, float, str]]] = {}
    for fill, x, y, width, _height in _RECT.findall(picture):
        row = round((float(y) - 1.5) / _CELL_HEIGHT)
        grounds.setdefault(row, []).append((float(x), float(x) + float(width), fill))
    for style, x, y, escaped in _TEXT.findall(picture):
        row = round((float(y) - _BASELINE) / _CELL_HEIGHT)
        text = unescape(escaped).replace("\N{NO-BREAK SPACE}", " ")
        left = float(x)
        for ground in _behind(grounds.get(row, []), left, len(text)):
            if text.strip():
                yield Drawn(text, round(left / _CELL_WIDTH), row, colours[style], ground)


def _behind(grounds: list[tuple[float, float, str]], left: float, cells: int) -> list[str]:
    right = left + cells * _CELL_WIDTH
    found = dict.fromkeys(fill for x, end, fill in grounds if x < right - 1 and end > left + 1)
    return list(found) or [NO_COLOUR]


@dataclass(frozen=True, slots=True)
class Measured:
    """A text whose contrast was measured: what it has, and what it must have at least."""

    ratio: float
    least: float
    theme: str
    picture: str
    drawn: Drawn

    def __str__(self) -> str:
        return f"{self.theme}: {self.ratio:.2f} (at least {self.least:g}), {self.drawn}, in {self.picture}"


def measured(picture: str, name: str, theme: str) -> list[Measured]:
    """Measure each pair of colours that meets in a picture, where a theme has colours of its own.

    What is drawn without a colour of the theme has the ratio 1: nobody knows how it looks.
    """
    text = TEXT_HIGH_CONTRAST if theme == HIGH_CONTRAST else TEXT
    found: dict[tuple[str, str, bool], Measured] = {}
    for each in drawn(picture):
        key = each.foreground, each.background, each.is_mark
        if key not in found:
            ratio = 1.0 if NO_COLOUR in key else ratio_of(each.foreground, each.background)
            found[key] = Measured(ratio, MARK if each.is_mark else text, theme, name, each)
    return list(found.values())
