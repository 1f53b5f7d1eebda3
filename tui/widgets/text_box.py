"""A field of several lines to write in: Textual's, without a blinking cursor, and Tab leaves it."""

from __future__ import annotations

from textual.widgets import TextArea


class TextBox(TextArea):
    """Several lines. Nothing in it moves by itself: a blink costs bytes and disturbs a braille line.

    A line at its left shows where it is, as its ground can hardly be told from the screen's (WCAG 1.4.11).
    """

    DEFAULT_CSS = """
    TextBox, TextBox:focus {
        border: none; border-left: solid $border-blurred; padding: 0; height: 7;
        background: $panel; color: $foreground;
        scrollbar-size-vertical: 0; scrollbar-size-horizontal: 0;
    }
    TextBox:focus { border-left: solid $focus; }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        """Make a box with a text in it."""
        super().__init__(text, id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self.cursor_blink = False
        self.highlight_cursor_line = False
