"""A field to write in: Textual's, without a blinking cursor and without borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.actions import SkipAction
from textual.geometry import Region
from textual.widgets import Input

if TYPE_CHECKING:
    from textual import events


class Field(Input):
    """A one-line field. Nothing in it moves by itself: a blink costs bytes and disturbs a braille line.

    Its ground alone could hardly be told from the screen's, so a line under it shows where it is and how wide
    (WCAG 1.4.11): in the colour of its text, without a cell of its own, and without a sign that is read out.
    With the focus it has the colours of the cursor, as a button has.
    """

    DEFAULT_CSS = """
    Field, Field:focus {
        border: none; height: 1; padding: 0; background: $panel; background-tint: transparent;
        text-style: underline;
    }
    Field:focus { background: $cursor-background; color: $cursor-foreground; }
    Field:focus > .input--cursor { background: $background; color: $foreground; }
    Field:focus > .input--placeholder { color: $cursor-foreground; }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,
    ) -> None:
        """Make a field; on focus the cursor stands after the text, and nothing is selected."""
        super().__init__(value, placeholder=placeholder, select_on_focus=False, id=id)
        self.cursor_blink = False

    def on_resize(self) -> None:
        """Show the part of the text in which the cursor is: the end, of a long one that is filled in."""
        cursor = self.cursor_screen_offset - self.content_region.offset + self.scroll_offset
        self.scroll_to_region(Region(cursor.x, 0, 1, 1), animate=False, force=True)

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste whole: its lines stand one after the other, with a blank between them.

        A line end that was copied along with a name is no part of it; of several lines none is lost, and
        what does not belong in the field is told by the field's own check.
        """
        event.stop()
        event.prevent_default()
        text = " ".join(line for line in event.text.splitlines() if line)
        if text:
            self.replace(text, *self.selection)

    def action_cut(self) -> None:
        """Cut what is selected; where nothing is, the key is none of the field's and goes on."""
        if self.selection.is_empty:
            raise SkipAction
        super().action_cut()
