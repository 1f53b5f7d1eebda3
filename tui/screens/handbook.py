"""The manual and the answers on the screen: a list of headings to search, and pages of plain lines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from tui.actions import ACTIONS, Action, key_names
from tui.screens.bands import FittingLine, Line
from tui.screens.dialogs import Choice, Dialog, Option, inner_width
from tui.text import N_, _
from tui.text.plain import wrap
from tui.widgets.columns import Column
from tui.widgets.kept_place import KeptPlace
from tui.widgets.rows import Cell
from tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from tui.handbook import Page, Paragraph

HANGING = 2
"""Cells by which a line is set in that goes on after a label."""

TITLES = {
    "manual": N_("Manual"),
    "questions": N_("Questions with answers"),
    "accessibility": N_("Accessibility"),
}


def contents(name: str, pages: Sequence[Page], chosen: str | None) -> Choice:
    """Make the list of headings; the search looks in the whole text, with or without dots."""
    options = [Option(page.title, page.title, words=page.words) for page in pages]
    return Choice(_(TITLES[name]), options, chosen=chosen, searched=chosen is None)


def _action(action_id: str) -> Action:
    return next(each for each in ACTIONS if each.id == action_id)


class PageLines:
    """A page as rows, broken for a width; a row of an action knows which."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._rows: list[tuple[str, str]] = []
        self._whole: list[str] = []
        """For each line the paragraph that it is a part of."""
        self.width = 0

    def break_for(self, width: int) -> None:
        """Break the paragraphs for a width; what stands behind a label goes on below it, a little in."""
        self.width = width
        self._rows, self._whole = [], []
        does_before = ""
        for place, paragraph in enumerate(self._page.paragraphs):
            does = paragraph.does
            if place and (not (paragraph.label or does) or (does and not does_before)):
                self._rows.append(("", ""))
                self._whole.append("")
            indent = HANGING if paragraph.label or does else 0
            text = _text_of(paragraph)
            first, *rest = wrap(text, max(10, width - indent)) or [""]
            self._whole += [text] * (1 + len(rest))
            self._rows.append((first, does))
            self._rows += [(" " * indent + line, does) for line in rest]
            does_before = does

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._rows)

    def row_key(self, index: int) -> str:
        """The line's number."""
        return str(index)

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return int(key) if int(key) < len(self._rows) else None

    def row(self, index: int) -> Sequence[Cell]:
        """The text of a line."""
        text, does = self._rows[index]
        return (Cell(text, "given" if does else "normal"),)

    def whole(self, index: int) -> str:
        """Give the whole paragraph that a line is of, ``""`` for a blank line."""
        return self._whole[index] if index < len(self._whole) else ""

    def does(self, index: int) -> str:
        """The id of the action that a line is about, or ``""``."""
        return self._rows[index][1] if index < len(self._rows) else ""


def _text_of(paragraph: Paragraph) -> str:
    if paragraph.does:
        action = _action(paragraph.does)
        keys = key_names(action) or key_names(_action("app.palette"))
        return _("{keys}: {title}. {help}", keys=keys, title=_(action.title), help=_(action.help))
    if not paragraph.label:
        return paragraph.text
    between = " " if paragraph.label.endswith((".", "-")) else ": "
    return f"{paragraph.label}{between}{paragraph.text}"


class PageScreen(Dialog[str]):
    """A page to read; answers the id of the action that Enter was pressed on, or ``None``."""

    # Not by focus(), which comes a moment later and would take back what a key typed ahead has moved.
    AUTO_FOCUS = "Table"

    KEYS = (
        (N_("Up Down"), N_("Read on")),
        (N_("Enter"), N_("Does what the line of a key says; on other lines goes back to the headings")),
        ("dialog.close", N_("Goes back to the headings")),
    )

    def __init__(self, page: Page) -> None:
        """Show a page."""
        super().__init__(classes="-tall")
        self._heading = page.title
        self._model = PageLines(page)
        self._kept_place = KeptPlace()

    @property
    def whole(self) -> str:
        """All of the paragraph under the cursor."""
        return self._model.whole(self.query_one(Table).cursor_row)

    def compose(self) -> ComposeResult:
        columns = [Column("text", "", 10, grow=1)]
        # Before the first layout: a key that is typed ahead finds the lines there.
        self._model.break_for(inner_width(self.app.size.width))
        with Vertical():
            yield Line(id="title")
            yield Table(columns, self._model, frozen=1, id="page")
            yield FittingLine(id="keys")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = self._heading
        self.query_one("#keys", FittingLine).tell_keys(
            _("Esc Headings  Up and down read on  Enter on a key does it")
        )

    def on_resize(self, _event: events.Resize) -> None:
        self.call_after_refresh(self._break)

    def _break(self) -> None:
        table = self.query_one(Table)
        if self._model.width != table.size.width:
            self._kept_place.keep(table, self._model, partial(self._model.break_for, table.size.width))

    def on_table_activated(self, event: Table.Activated) -> None:
        self.dismiss(self._model.does(event.row) or None)
