"""A field of several lines to write in: Textual's, without a blinking cursor, and Tab leaves it."""

from __future__ import annotations

from textual.widgets import TextArea


class TextBox(TextArea):
    """Several lines. Nothing in it moves by itself: a blink costs bytes and disturbs a braille line."""

    DEFAULT_CSS = """
    TextBox, TextBox:focus {
        border: none; padding: 0; background: $panel; color: $foreground; height: 7;
        scrollbar-size-vertical: 0; scrollbar-size-horizontal: 0;
    }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        """Make a box with a text in it."""
        super().__init__(text, id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self.cursor_blink = False
        self.highlight_cursor_line = False
