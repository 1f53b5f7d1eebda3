"""Jumping: the places of a screen as a numbered list of names; letters or digits choose, Enter goes there.

A list of names is read by every screen reader and braille line. Letters laid over the parts of a picture, as
other programs do it, are neither heard nor in one place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.widgets import Button, Input, TextArea

from tui.screens.bands import Line
from tui.screens.dialogs import Choice, LineButton, Option
from tui.screens.room import Room
from tui.text import N_, _
from tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from textual.app import App
    from textual.screen import Screen
    from textual.widget import Widget

    from tui.actions import Action

KIND_WIDTH = 12
LIST_ID = "places"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go: what it is called, what it is (an English word to translate), and how to go there."""

    name: str
    kind: str
    go: Callable[[], Awaitable[None] | None]


def places_of(screen: Screen[object]) -> list[Place]:
    """Give the places of a screen: what can have the focus, the rooms, then columns and rows in view."""
    parts = list(screen.focus_chain)
    places = [Place(name_of(part), kind_of(part), partial(_focus, part)) for part in parts]
    if isinstance(screen, Room):
        # As the line of rooms has them, whatever keys they have.
        rooms = sorted((each for each in screen.own_actions if each.room), key=lambda each: each.keys[0])
        places += [_room(screen, each) for each in rooms if each.room != screen.NAME]
    for part in parts:
        if isinstance(part, Table):
            places += _in_table(part)
    return places


def _focus(widget: Widget) -> None:
    widget.focus()


def name_of(widget: Widget) -> str:
    """Give what a part of the screen is called: what stands on it or before it."""
    if isinstance(widget, LineButton):
        return widget.told
    if isinstance(widget, Button):
        return str(widget.label)
    if isinstance(widget, Table):
        return _("The list")
    before = _line_before(widget)
    if before:
        return before
    return widget.placeholder if isinstance(widget, Input) and widget.placeholder else _("A text")


def _line_before(widget: Widget) -> str:
    """Give the label that stands before a field."""
    found = ""
    for sibling in () if widget.parent is None else widget.parent.children:
        if sibling is widget:
            return found
        # What stands above all of a dialog is about all of it.
        if isinstance(sibling, Line) and sibling.id != "title":
            found = sibling.left.strip().rstrip(":")
        else:
            found = ""
    return ""


def kind_of(widget: Widget) -> str:
    """Say what a part of the screen is."""
    match widget:
        case Table():
            return N_("list")
        case Button():
            return N_("button")
        case Input() | TextArea():
            return N_("field")
        case _:
            return N_("part")


def _room(screen: Room, action: Action) -> Place:
    async def go() -> None:
        await screen.perform(action)

    return Place(_(action.title), N_("room"), go)


def _in_table(table: Table) -> Iterator[Place]:
    """Give the columns that the cursor may enter, and the rows in view."""

    def to(row: str | None = None, column: int | None = None) -> Callable[[], None]:
        def go() -> None:
            table.focus()
            table.go_to(row, column)

        return go

    if table.enters_cells:
        for index, column in enumerate(table.columns):
            if column.title:
                yield Place(column.title, N_("column"), to(column=index))
    rows = [table.row_name(index) for index in table.rows_in_view]
    times = Counter(name for _key, name, _rest in rows)
    for key, name, rest in rows:
        if name:
            # Of rows that are called the same, the rest tells which.
            whole = name if times[name] == 1 else "  ".join((name, *rest))
            yield Place(whole, N_("row"), to(row=key))


async def jump(app: App[Any]) -> None:
    """Ask where to go on the screen in front, and go there; for a worker."""
    if isinstance(app.screen, Choice) and app.screen.id == LIST_ID:
        # A list of the places of the list of places would be one step further from where one wants to go.
        told = _("This is the list of places already. Enter goes to one, Esc goes back.")
        await app.screen.tell_at_end(told)
        return
    places = places_of(app.screen)
    options = [
        Option(str(number), f"{number} {place.name}", _(place.kind))
        for number, place in enumerate(places, start=1)
    ]
    chosen = await app.push_screen_wait(
        Choice(_("Jump"), options, searched=True, note_width=KIND_WIDTH, id=LIST_ID)
    )
    if chosen is None:
        return
    answer = places[int(chosen) - 1].go()
    if answer is not None:
        await answer
