"""The lines of a table drawn as strips: a row, the headings, the headings of the groups."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.text.plain import fit
from tui.widgets.columns import Column, Slot
from tui.widgets.rows import Cell

# Gives the style of a role (or heading) on the ground named second: "" is the plain one.
StyleOf = Callable[[str, str], Style]

_Pieces = list[tuple[str, Style]]


def row_line(
    cells: Sequence[Cell],
    columns: Sequence[Column],
    slots: Sequence[Slot],
    width: int,
    style_of: StyleOf,
    *,
    ground: str = "",
    cursor: tuple[int, str] | None = None,
) -> Strip:
    """Draw a row on a ground; `cursor` is the column that stands on another ground, and which."""
    pieces: _Pieces = []
    for slot in slots:
        text, role, _whole = cells[slot.column]
        text = fit(text, slot.width, columns[slot.column].align)
        if cursor and slot.column == cursor[0]:
            pieces.append((text, style_of(role, cursor[1])))
            pieces.append((" " * slot.blank, style_of("normal", ground)))
        else:
            # The blank takes the role of its cell, so that equal neighbours become one run of one style:
            # each change of style costs up to forty bytes.
            pieces.append((text + " " * slot.blank, style_of(role, ground)))
    pieces.append((_rest(slots, width), style_of("normal", ground)))
    return _strip(pieces, width)


def heading_line(
    columns: Sequence[Column],
    slots: Sequence[Slot],
    width: int,
    style_of: StyleOf,
    *,
    hidden: tuple[int, int],
    frozen: int,
    cursor: int | None,
) -> Strip:
    """Draw the headings; `<` and `>` among them say that columns are out of view on that side.

    `hidden` counts those columns, `frozen` the columns before the sign `<`, `cursor` is the column whose
    heading is told apart.
    """
    plain = style_of("heading", "")
    pieces: _Pieces = []
    for slot in slots:
        column = columns[slot.column]
        style = style_of("heading-cursor", "") if slot.column == cursor else plain
        pieces.append((fit(column.heading, slot.width, column.align), style))
        pieces.append((fit(column.sign, slot.blank), plain))
        if hidden[0] and slot.column == frozen - 1:
            pieces[-1] = ("<" * slot.blank, plain)
    pieces.append((_rest(slots, width), plain))
    line = _strip(pieces, width)
    if hidden[0] and not frozen and width > 1:
        # No column stands still that has a blank for it.
        line = Strip([Segment("<", plain), *line.crop(0, width - 1)], width)
    return Strip([*line.crop(0, width - 1), Segment(">", plain)], width) if hidden[1] and width else line


def group_line(columns: Sequence[Column], slots: Sequence[Slot], width: int, style_of: StyleOf) -> Strip:
    """Draw the headings of the groups, each over those of its columns that are in view.

    The last one may run on to the edge: a group of one narrow column has a name all the same.
    """
    plain = style_of("heading", "")
    starts: list[tuple[int, str]] = []
    for name, group in groupby(slots, key=lambda slot: columns[slot.column].group):
        starts.append((next(group).x, name))
    pieces: _Pieces = []
    ends = [x for x, _ in starts[1:]]
    for (start, name), end in zip(starts, [*ends, width], strict=False):
        blank = 0 if end == width else 1
        pieces.append((fit(name, end - start - blank) + " " * blank, plain))
    return _strip(pieces, width)


def text_line(text: str, width: int, style: Style) -> Strip:
    """Draw a text on a line of its own."""
    return _strip([(fit(text, width), style)], width)


def _rest(slots: Sequence[Slot], width: int) -> str:
    """Give the blanks after the last column."""
    last = slots[-1] if slots else Slot(0, 0, 0, 0)
    return " " * (width - last.x - last.width - last.blank)


def _strip(pieces: Iterable[tuple[str, Style]], width: int) -> Strip:
    """Join pieces, `width` cells in all; neighbours of one style become one segment."""
    segments = [
        Segment("".join(text for text, _ in run), style)
        for style, run in groupby((piece for piece in pieces if piece[0]), key=lambda piece: piece[1])
    ]
    return Strip(segments, width)
