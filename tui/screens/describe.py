"""One sentence on where one is: what has the focus, what it holds, and where it stands.

It comes on a line of its own, with the terminal's cursor on it until the next key, and into the message
log: a braille line and a screen reader need not look for it. What the lines below a table tell is told
here as well, also where they are switched off.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.widgets import Button, Input, TextArea

from tui.screens.bands import Line, Told
from tui.screens.dialogs import Choice, Dialog
from tui.screens.room import Room
from tui.text import _
from tui.widgets.table import Table

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen
    from textual.widget import Widget

    from tui.app import Behorig


def describe(app: App[Any]) -> None:
    """Say where one is; what has to be read for it is read first."""
    # The screens of this program are in this program.
    program: Behorig = app  # type: ignore[assignment]  # dialogs are typed by Textual's App
    program.begin(partial(_describe, program), group="describe")


async def _describe(app: Behorig) -> None:
    screen, focused = app.screen, app.focused
    text = await sentence_of(screen, focused)
    if app.screen is not screen:
        return  # closed meanwhile
    if isinstance(screen, Dialog):
        if screen.heading:
            text = _("{title}. {text}", title=screen.heading, text=text)
        app.note(text)
        await say_in_dialog(screen, text)
    else:
        app.say(text)
        room = app.room
        if room is not None:
            app.stand_at(room.message_line)


async def say_in_dialog(dialog: Dialog[Any], text: str) -> None:
    """Say something at the end of a dialog, with the terminal's cursor on it until the next key."""
    # As above.
    program: Behorig = dialog.app  # type: ignore[assignment]
    program.stand_at(await dialog.tell_at_end(text, "described"))


async def sentence_of(screen: Screen[Any], focused: Widget | None) -> str:
    """Give the sentence about what has the focus on a screen."""
    if isinstance(focused, Button):
        return _("Button: {label}.", label=str(focused.label).strip(" []"))
    if isinstance(focused, Input | TextArea):
        return " ".join((_field_text(focused), *_faults_of(screen, focused)))
    if isinstance(screen, Choice) and isinstance(focused, Table):
        return _option_text(screen, focused)
    if isinstance(focused, Table):
        told = await screen.whole_told() if isinstance(screen, Room) else ""
        told = " ".join(told.split())
        if told and isinstance(screen, Room) and screen.TELLS_ROW:
            return told
        # A line of a broken text ends anywhere: all of what it is a part of is said.
        whole = screen.whole if isinstance(screen, Dialog | Room) else ""
        row = _ended(" ".join(whole.split())) if whole.strip() else row_text(focused)
        return " ".join(part for part in (row, told) if part)
    return _("Nothing has the focus here.")


def _field_text(field: Input | TextArea) -> str:
    """Give a field's label and what is written in it."""
    label = label_of(field)
    value = field.value if isinstance(field, Input) else field.text
    if not value.strip():
        return _("Field: {label}, empty.", label=label)
    return _("Field: {label}, {value}.", label=label, value=" ".join(value.split()))


def _faults_of(screen: Screen[Any], field: Widget) -> list[str]:
    """Give what is told to be wrong with a field, or with all that is written."""
    places = ", ".join((f"#fault_{field.id}", "#fault", "#wrong"))
    return [" ".join(each.told.split()) for each in screen.query(places).results(Told) if each.told]


def label_of(field: Widget) -> str:
    """Give what stands before a field as its label, else what it says itself while it is empty."""
    if field.parent is not None:
        before: list[Line] = []
        for each in field.parent.children:
            if each is field:
                break
            if isinstance(each, Line) and each.id != "title" and each.left.strip():
                before.append(each)
        if before:
            return before[-1].left.strip().rstrip(":")
    return str(getattr(field, "placeholder", "")) or _("Text")


def _option_text(screen: Choice, table: Table) -> str:
    option = screen.option
    if option is None:
        return row_text(table)
    parts = [option.title, option.note, option.told, option.why_not]
    text = ". ".join(part.rstrip(".") for part in parts if part)
    place = _("{number} of {total}", number=table.cursor_row + 1, total=screen.option_count)
    return _("{text}. {place}.", text=text, place=place)


def row_text(table: Table) -> str:
    """Give what the row under the cursor says: as sentences, or each cell after the heading of its column."""
    cells = table.cells_under_cursor
    whole = " ".join(cells[0].whole.split()) if cells else ""
    if whole:
        return whole
    parts: list[str] = []
    for column, cell in zip(table.columns, cells, strict=False):
        words = " ".join(cell.text.split())
        if words:
            parts.append(
                _("{label}: {words}", label=column.heading, words=words) if column.heading else words
            )
    if not parts:
        return _("The list is empty.")
    return _ended(". ".join(parts))


def _ended(text: str) -> str:
    """Give a text with one full stop at its end."""
    return text if text.endswith((".", "!", "?")) else text.rstrip(",;:") + "."
