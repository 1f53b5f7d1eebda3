"""One announcement, to read in plain lines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events, work

from core.text import shown
from tui.actions import key_of
from tui.announced import permission_to_give, why_no_permission
from tui.screens.news import (
    ask_done,
    read_announcement,
)
from tui.screens.room import Room
from tui.text import _
from tui.text.announcements import lines_about, of_done, why_not_done
from tui.text.markdown import Paragraph, broken, paragraphs_of
from tui.text.plain import wrap
from tui.widgets.columns import Column
from tui.widgets.kept_place import KeptPlace
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.announcements import AnnouncementDetail
    from tui.text.sentences import Words


class Reader:
    """An announcement as lines: what stands over it with labels, and its text; a model for a table."""

    def __init__(self, detail: AnnouncementDetail, words: Words) -> None:
        """Take the text apart; :meth:`break_for` lays it out for a width."""
        self._labels: list[tuple[str, str]] = []
        self._paragraphs: list[Paragraph] = []
        self._lines: list[Cell] = []
        self._whole: list[str] = []
        """For each line the whole of what it is a part of."""
        self.take(detail, words)

    def take(self, detail: AnnouncementDetail, words: Words) -> None:
        """Take the announcement as it is now."""
        self._labels = lines_about(detail, words)
        self._paragraphs = paragraphs_of(detail.text)

    def break_for(self, width: int) -> None:
        """Break all lines for a width."""
        label_width = max(cell_len(label) for label, _text in self._labels) + 2
        lines: list[Cell] = []
        wholes: list[str] = []
        for place, (label, text) in enumerate(self._labels):
            before = f"{label}:".ljust(label_width)
            for part in wrap(text, max(10, width - label_width)) or [""]:
                lines.append(Cell(before + part, "given" if place == 0 else "normal"))
                before = " " * label_width
                wholes.append(_("{label}: {words}", label=label, words=text))
        lines.append(Cell(""))
        wholes.append("")
        for paragraph in self._paragraphs:
            role = "given" if paragraph.is_heading else "normal"
            parts = broken([paragraph], width)
            lines.extend(Cell(line, role) for line in parts)
            wholes.extend(" ".join(" ".join(parts).split()) if part.strip() else "" for part in parts)
        self._lines, self._whole = lines, wholes

    def whole(self, index: int) -> str:
        """Give all of what a line is a part of, ``""`` for a blank line."""
        return self._whole[index] if index < len(self._whole) else ""

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def row_key(self, index: int) -> str:
        """The line's number: lines have nothing else of their own."""
        return str(index)

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return int(key) if int(key) < len(self._lines) else None

    def row(self, index: int) -> Sequence[Cell]:
        """A line as the one cell of its row."""
        return (self._lines[index],)


def reading_table(reader: Reader) -> Table:
    """Give the table in which an announcement is read line by line."""
    return Table([Column("text", "", 10, grow=1)], reader, frozen=0, id="text", empty_text="")


class AnnouncementRoom(Room):
    """One announcement whole; the cursor walks along its lines."""

    NAME = "announcement"
    TABBED = False

    def __init__(self, detail: AnnouncementDetail) -> None:
        """Show an announcement that was read from the storage."""
        super().__init__()
        self._detail = detail
        self._reader: Reader | None = None
        self._kept_place = KeptPlace()

    def compose_work(self) -> ComposeResult:
        self._reader = Reader(self._detail, self.words())
        yield reading_table(self._reader)

    def on_mount(self) -> None:
        self._tell_part()

    def arrive(self) -> None:
        self._tell_part()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._break)

    def _break(self) -> None:
        table = self.query_one(Table)
        if self._reader is not None:
            self._kept_place.keep(table, self._reader, partial(self._reader.break_for, table.size.width))

    @property
    def whole(self) -> str:
        """All of the paragraph under the cursor."""
        return "" if self._reader is None else self._reader.whole(self.table.cursor_row)

    def _tell_part(self) -> None:
        row = self._detail.row
        if not row.action:
            self.tell(_("You need to do nothing here."))
            return
        way = (
            ""
            if why_no_permission(self.desk, row)
            else _("{key} goes to the permission.", key=key_of("announcement.matrix"))
        )
        action = shown(row.action)
        parts = (_("To do: {action}", action=action), of_done(row), way)
        self.tell(" ".join(part for part in parts if part))

    async def on_table_activated(self) -> None:
        await self.entered("announcement.back")

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.look_at_day()

    # Actions --------------------------------------------------------------------------------

    def do_back(self) -> None:
        """Go back to the list."""
        self.leave()

    def do_matrix(self) -> None:
        """Go to the matrix, to the first permission."""
        permission = permission_to_give(self.desk, self._detail.row)
        if permission is not None:
            self.behorig.show_permission(permission.id)

    @work(exclusive=True, group="dialog")
    async def do_done(self) -> None:
        """Say that the organisation's part is done, or not, after a question."""
        if not await ask_done(self.behorig, self._detail.row):
            return
        detail = await read_announcement(self.behorig, self._detail.row.id)
        if detail is not None and self._reader is not None:
            self._detail = detail
            self._reader.take(detail, self.words())
            self._break()
            self._tell_part()

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        if action_id == "announcement.matrix":
            return why_no_permission(self.desk, self._detail.row)
        if action_id == "announcement.done":
            return why_not_done(self._detail.row, self.desk.service.actor.role)
        return ""
