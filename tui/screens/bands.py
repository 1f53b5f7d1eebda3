"""The lines around the work: who and where I am, what just happened, what I can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Offset, Region
from textual.widget import Widget
from textual.widgets import Static

from core.text import shown
from tui.actions import Action, key_of, keys_of
from tui.keys import key_name
from tui.text import _
from tui.text.plain import CUT, drawable, fit, wrap
from tui.widgets.lines import text_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip


LONGEST_LINE = 1000
"""Characters of one line that is told; names and sentences are far shorter."""


SHORTEST_GAP = 24
"""Equal cells that are worth a gap: to move the cursor and set the colours anew costs some thirty bytes."""

LEAST_LEFT = 12
"""Cells of a line's left text that must be seen; where they are not, the right one goes."""


class Lines(Widget):
    """Some lines of plain text at a fixed height, drawn without a layout; never markup.

    Only the cells that differ are painted anew: over a slow line most steps change a few words.
    """

    DEFAULT_CSS = "Lines { width: 1fr; height: 1; }"

    _text = ""
    _drawn: tuple[str, ...] = ()

    def tell(self, text: str) -> None:
        """Show a text, its line feeds as they are; what does not fit ends with a sign."""
        self._text = text
        self.draw()

    @property
    def told(self) -> str:
        """The whole text, also what does not fit."""
        return self._text

    @property
    def cursor_screen_offset(self) -> Offset:
        """The first letter, after the blank that each line begins with."""
        return self.content_region.offset + Offset(1, 0)

    def lines_for(self, width: int, height: int) -> list[str]:
        """Break the text for a size."""
        lines: list[str] = []
        for line in self._text.split("\n"):
            lines.extend(" " + part for part in wrap(shown(line, LONGEST_LINE), width - 2))
        if len(lines) > height:
            joined = lines[height - 1] + lines[height]
            # The last cell tells that there is more, as in a table.
            whole = len(lines) == height + 1 and cell_len(joined) < width
            lines[height - 1] = joined if whole else self._cut(joined, width)
        return lines[:height]

    def _cut(self, text: str, width: int) -> str:
        """Cut a line after which there is more, and say so."""
        where = self.where_whole()
        where = f" {where}" if where else ""
        return fit(fit(text, width - 1 - cell_len(where))[:-1] + CUT + where, width - 1).rstrip()

    def where_whole(self) -> str:
        """Say where one reads what is cut; ``""`` where the lines that are read with a key have it."""
        return ""

    def draw(self) -> None:
        """Paint what differs from what is drawn."""
        width, height = self.size
        if not width or not height:
            return
        found = [fit(line, width) for line in self.lines_for(width, height)]
        wanted = (*found, *[" " * width] * (height - len(found)))
        before, self._drawn = self._drawn, wanted
        if len(before) != len(wanted):
            self.refresh()
            return
        regions = [
            Region(first, y, last - first, 1)
            for y, (old, new) in enumerate(zip(before, wanted, strict=True))
            for first, last in _differing(old, new)
        ]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        self._drawn = ()
        self.draw()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        return text_line(self._drawn[y] if y < len(self._drawn) else "", self.size.width, self.rich_style)


def _differing(old: str, new: str) -> list[tuple[int, int]]:
    """Give the cells that differ, from and up to; equal stretches shorter than a cursor move go along."""
    if old == new:
        return []
    if len(old) != len(new) or cell_len(old) != len(old) or cell_len(new) != len(new):
        # Wide characters: cells and letters do not agree.
        return [(0, max(cell_len(old), cell_len(new)))]
    spans: list[tuple[int, int]] = []
    for x, (one, other) in enumerate(zip(old, new, strict=True)):
        if one == other:
            continue
        if spans and x - spans[-1][1] < SHORTEST_GAP:
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return spans


class Line(Lines):
    """One line of text, with another at its right end, for which the left one is cut when room is short."""

    _left = ""
    _right = ""

    def tell_both(self, left: str, right: str) -> None:
        """Show a text at the left and one at the right end."""
        self._left, self._right = left, right
        self.draw()

    @property
    def left(self) -> str:
        """The text at the left."""
        return self._left

    @left.setter
    def left(self, text: str) -> None:
        self._left = text
        self.draw()

    @property
    def right(self) -> str:
        """The text at the right end."""
        return self._right

    @right.setter
    def right(self, text: str) -> None:
        self._right = text
        self.draw()

    def lines_for(self, width: int, height: int) -> list[str]:
        """Put the two texts on the line."""
        left, right = drawable(self._left), drawable(self._right)
        room = width - cell_len(right) - 2
        if not right or room < LEAST_LEFT:
            return [left]
        left = fit(left, room) if cell_len(left) > room else left
        return [left + " " * (width - cell_len(left) - cell_len(right)) + right]


class FittingLine(Line):
    """One line that can be said shorter: the first of its forms that is whole stands there, else the last."""

    _shorter: tuple[str, ...] = ()

    def tell_first_whole(self, text: str, *shorter: str) -> None:
        """Show a text, or where it would be cut the first of the shorter ones that is not."""
        self._shorter = shorter
        self.left = text

    def tell_keys(self, text: str) -> None:
        """Show keys and what they do, two blanks between each; the longest go first where room is short.

        None is cut: a half of what a key does tells nothing, and the help has them all.
        """
        shorter, items = [], text.split("  ")
        while len(items) > 1:
            items.remove(max(items[1:], key=cell_len))
            shorter.append("  ".join(items))
        self.tell_first_whole(text, *shorter)

    def lines_for(self, width: int, height: int) -> list[str]:
        """Put the first form on the line that is whole."""
        forms = [drawable(each) for each in (self.left, *self._shorter)]
        return [next((each for each in forms if cell_len(each) <= width), forms[-1])]


class TitleLine(Line):
    """The first line: the program, the organisation, who I am, what is not written.

    Where a mode is on it has the lines that it needs: what the mode is, and then the organisation. How many
    these are depends on the window alone, so that a staged change moves nothing.
    """

    DEFAULT_CSS = """
    TitleLine { color: $title-foreground; background: $title-background; text-style: $title-style; }
    """

    _mode = ""

    def tell_program(self, left: str, right: str) -> None:
        """Show the program and the organisation at the left, who I am at the right."""
        self._mode = ""
        self.styles.height = 1
        self.tell_both(left, right)

    def tell_mode(self, mode: str, organisation: str, right: str) -> None:
        """Show which mode is on, and below it the organisation at the left and who I am at the right."""
        self._mode = mode
        self.styles.height = len(wrap(mode, self.app.size.width - 2)) + 1
        self.tell_both(f" {organisation}", right)

    def lines_for(self, width: int, height: int) -> list[str]:
        """Put the mode, where one is on, above the two texts."""
        return [
            *(f" {line}" for line in (wrap(self._mode, width - 2) if self._mode else [])),
            *super().lines_for(width, height),
        ]


class RoomsLine(Line):
    """The second line: the rooms, the present one in brackets."""

    _short = ""

    def tell_rooms(self, present: str, actions: Sequence[Action], unread: str = "") -> None:
        """Show the rooms that some actions lead to, and which this is, by signs as well as by place.

        ``unread`` says how much is new among what is current.
        """
        # In the order of their usual keys, also where somebody has chosen others.
        rooms = sorted((each for each in actions if each.room), key=lambda each: each.keys[0])
        whole: list[str] = []
        short: list[str] = []
        for each in rooms:
            key = [*map(key_name, keys_of(each)[:1])]
            name = " ".join(part for part in (_(each.title), unread if each.room == "news" else "") if part)
            text = " ".join((*key, name))
            is_here = each.room == present
            whole.append(f">{text}<" if is_here else f" {text} ")
            # Where there is not room for all names there is for the present one's, and for the others' keys.
            short.append(whole[-1] if is_here else "".join(f" {one} " for one in key))
        self._short = "".join(short)
        self.left = "".join(whole)

    def lines_for(self, width: int, height: int) -> list[str]:
        """Show every room by its name, or in a narrow window the others by their key alone."""
        return [drawable(self.left if cell_len(self.left) <= width else self._short)]


class CountedLines(Lines):
    """Lines as high as their text at the width there is, up to ``MOST``; a room counts anew when resized."""

    MOST = 3

    def tell(self, text: str) -> None:
        """Show a text, its line feeds as they are."""
        self._text = text
        self.count_lines()
        super().tell(text)

    def count_lines(self) -> None:
        """Take the lines that the text needs at the width there is now."""
        # While it is not displayed it has no width of its own; it is as wide as the screen.
        width, text = self.app.size.width - 2, self._text
        needed = sum(len(wrap(line, width)) for line in text.split("\n")) if text else 0
        self.styles.height = max(1, min(self.MOST, needed))


class BannerLines(CountedLines):
    """What goes on just now, a sentence a line, one alone on two; no line at all where nothing does."""

    DEFAULT_CSS = """
    BannerLines { display: none; color: $text-warning; }
    BannerLines.-on { display: block; }
    """

    MOST = 2

    def tell(self, text: str) -> None:
        """Show sentences, or nothing."""
        self.set_class(bool(text), "-on")
        super().tell(text)


class Told(Static):
    """A paragraph as high as its text, for dialogs and panes; never markup."""

    DEFAULT_CSS = "Told { height: auto; width: 1fr; padding: 0 1; }"

    _told = ""

    @property
    def told(self) -> str:
        """The whole text."""
        return self._told

    def tell(self, text: str) -> None:
        """Show a text, its line feeds as they are; the same text again costs nothing."""
        if text != self._told:
            self._told = text
            lines = (drawable(shown(line, LONGEST_LINE)) for line in text.split("\n"))
            self.update(Content("\n".join(lines)))


class MessageLine(Lines):
    """The line that says what just happened."""

    DEFAULT_CSS = """
    MessageLine { color: $text-success; }
    MessageLine.-problem { color: $text-error; }
    """

    least = 1
    """Lines that it takes at least: with room for a sentence, what is told moves nothing."""

    most = 3
    """Lines that it takes at most."""

    def tell(self, text: str) -> None:
        """Show a message; a long one takes the lines that it needs, since its reason stands last."""
        needed = len(wrap(text, self.size.width - 2)) if self.size.width else 1
        self.styles.height = max(self.least, min(self.most, needed))
        super().tell(text)

    def where_whole(self) -> str:
        """Every message stands whole in the log."""
        return _("{key}: all of it", key=key_of("app.messages"))


class KeyLine(Lines):
    """The last line: what can be done. What does not fit is said to be there, and where to see it."""

    DEFAULT_CSS = """
    KeyLine { color: $footer-foreground; background: $footer-background; }
    """

    _actions: tuple[Action, ...] = ()
    _unneeded: tuple[str, ...] = ()

    def offer(
        self, actions: tuple[Action, ...], *, first: tuple[str, ...] = (), without: tuple[str, ...] = ()
    ) -> None:
        """Name these actions, those with the ids ``first`` before the rest; ``without`` are only counted."""
        rest = tuple(each for each in actions if each.id not in first)
        self._actions = (*(each for id in first for each in actions if each.id == id), *rest)
        self._unneeded = without
        self.draw()

    def lines_for(self, width: int, height: int) -> list[str]:
        """Give as many keys as fit whole, and the sign for more when some do not."""
        return [key_text(self._actions, width, self._unneeded)]


def key_text(actions: Sequence[Action], width: int, unneeded: Sequence[str] = ()) -> str:
    """Give the key line's text: each key and title whole, then how many more and where they are."""
    named = [each for each in actions if each.on_key_line and keys_of(each) and each.id not in unneeded]
    parts = [f"{key_name(keys_of(each)[0])} {_(each.title)}" for each in named]
    shown_parts: list[str] = []
    hidden = len(actions) - len(named)
    for index, part in enumerate(parts):
        rest = len(parts) - index - 1 + hidden
        more = _more(rest) if rest else ""
        candidate = "  ".join([*shown_parts, part, *([more] if more else [])])
        if cell_len(candidate) + 1 > width:
            return " " + "  ".join([*shown_parts, _more(rest + 1)])
        shown_parts.append(part)
    if hidden:
        shown_parts.append(_more(hidden))
    return " " + "  ".join(shown_parts)


def _more(count: int) -> str:
    """Say that so many more can be done, and which key tells of them."""
    return _("+{count}: {key}", count=count, key=key_of("app.help"))
