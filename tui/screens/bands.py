"""The lines around the work: who and where I am, what just happened, what I can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from core.text import shown
from tui.actions import Action, key_name
from tui.text import _
from tui.widgets.lines import text_line
from tui.widgets.plain import drawable, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip


class Line(Widget):
    """One line of plain text, with another at its right end that goes first when room is short."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    left: reactive[str] = reactive("")
    right: reactive[str] = reactive("")

    def render_line(self, y: int) -> Strip:
        """Draw the two texts; the right one only where it fits behind the left one."""
        left, right = drawable(self.left), drawable(self.right)
        width = self.size.width
        space = width - cell_len(left) - cell_len(right)
        text = left + " " * space + right if right and space >= 2 else left
        return text_line(text if y == 0 else "", width, self.rich_style)


class TitleLine(Line):
    """The first line: the program, the organisation, who I am, what is not written."""

    DEFAULT_CSS = """
    TitleLine { color: $title-foreground; background: $title-background; text-style: $title-style; }
    """


class RoomsLine(Line):
    """The second line: the rooms, the present one in brackets."""

    ROOMS = (("users", "1"), ("permissions", "2"), ("writes", "3"))

    def tell(self, present: str) -> None:
        """Show which room this is, by signs as well as by place."""
        names = {"users": _("Users"), "permissions": _("Permissions"), "writes": _("Written")}
        parts = [
            f">{key} {names[room]}<" if room == present else f" {key} {names[room]} "
            for room, key in self.ROOMS
        ]
        self.left = "".join(parts)


class Told(Static):
    """Some lines that tell about the focus; never markup."""

    DEFAULT_CSS = "Told { height: auto; width: 1fr; padding: 0 1; }"

    def tell(self, text: str) -> None:
        """Show a text; the same text again costs nothing."""
        if text != getattr(self, "_told", None):
            self._told = text
            self.update(Content(shown(text, 600)))


class MessageLine(Line):
    """The line that says what just happened."""

    DEFAULT_CSS = """
    MessageLine { color: $text-success; }
    MessageLine.-problem { color: $text-error; }
    """


class KeyLine(Line):
    """The last line: what can be done. What does not fit is said to be there, and where to see it."""

    DEFAULT_CSS = """
    KeyLine { color: $footer-foreground; background: $footer-background; }
    """

    actions: reactive[tuple[Action, ...]] = reactive(())

    def render_line(self, y: int) -> Strip:
        """Draw as many keys as fit whole, and the sign for more when some do not."""
        width = self.size.width
        return text_line(fit(key_text(self.actions, width), width) if y == 0 else "", width, self.rich_style)


def key_text(actions: Sequence[Action], width: int) -> str:
    """Give the key line's text: each key and title whole, then how many more and where they are."""
    parts = [f"{key_name(each.keys[0])} {_(each.title)}" for each in actions if each.on_key_line]
    shown_parts: list[str] = []
    hidden = sum(1 for each in actions if not each.on_key_line)
    for index, part in enumerate(parts):
        rest = len(parts) - index - 1 + hidden
        more = _("+{count}: F1", count=rest) if rest else ""
        candidate = "  ".join([*shown_parts, part, *([more] if more else [])])
        if cell_len(candidate) + 1 > width:
            return " " + "  ".join([*shown_parts, _("+{count}: F1", count=rest + 1)])
        shown_parts.append(part)
    if hidden:
        shown_parts.append(_("+{count}: F1", count=hidden))
    return " " + "  ".join(shown_parts)
