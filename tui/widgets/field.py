"""A field to write in: Textual's, without a blinking cursor and without borders."""

from __future__ import annotations

from textual.actions import SkipAction
from textual.widgets import Input


class Field(Input):
    """A one-line field. Nothing in it moves by itself: a blink costs bytes and disturbs a braille line."""

    DEFAULT_CSS = """
    Field, Field:focus { border: none; height: 1; padding: 0; background: $panel; }
    Field:focus { text-style: underline; }
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

    def action_cut(self) -> None:
        """Cut what is selected; where nothing is, the key is none of the field's and goes on."""
        if self.selection.is_empty:
            raise SkipAction
        super().action_cut()
