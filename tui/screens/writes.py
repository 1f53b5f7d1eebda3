"""The history: everything that has happened in the organisation, newest first, to read and to undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from core.queries import WriteRow, Writes
from core.text import shown
from tui.actions import key_of
from tui.history import HistoryFilter
from tui.screens.bands import CountedLines, Line, Lines
from tui.screens.dialogs import Reading
from tui.screens.export import export
from tui.screens.history_filter import choose_filter
from tui.screens.list_room import ListRoom
from tui.screens.room import ended
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.dates import moment
from tui.text.sentences import Words, of_event
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.follower import Batch

MOST_SENTENCES = 30
"""Sentences of one write in the pane below; the rest is counted."""


class WritesRoom(ListRoom):
    """What has happened, a row for each write, and the sentences of the one under the cursor below."""

    NAME = "writes"

    DEFAULT_CSS = """
    WritesRoom #events { height: 7; border-top: solid $border; }
    /* Enter reads the sentences; the list would have no line. */
    WritesRoom.-low #events { display: none; }
    WritesRoom #told { height: 2; }
    WritesRoom.-quiet #events { display: none; }
    WritesRoom #filters { display: none; }
    WritesRoom.-filtered #filters { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._writes: list[WriteRow] = []
        self._after: str | None = None
        self._loaded = False

    def compose_work(self) -> ComposeResult:
        yield Line(id="count")
        yield CountedLines(id="filters")
        yield self.list_of(self, "writes", _("Reading …"))
        yield Lines(id="events")

    def heading_in_words(self) -> str:
        return _("Who and what")

    def usual_columns(self) -> Sequence[Column]:
        at, by = Column("at", _("When"), 24), Column("by", _("Who"), 16, grow=1)
        return (at, by, Column("what", _("What"), 24, grow=3), Column("undone", _("Undone"), 6))

    def arrive(self) -> None:
        self.reload()

    @property
    def filter(self) -> HistoryFilter:
        """What is kept of the history."""
        return self.behorig.history_filter or HistoryFilter()

    async def follow(self, batch: Batch) -> None:
        # Who has gone far back in time is not brought to the newest: they are read when one comes again.
        desk = self.desk
        first_page = self.filter.question(desk.organisation_id).limit
        if batch.is_about(desk.organisation_id) and self._loaded and len(self._writes) <= first_page:
            await ended(self.reload())

    @work(exclusive=True, group="writes")
    async def reload(self, *, keep_key: bool = True) -> None:
        """Read the newest writes."""
        desk, wanted = self.desk, self.filter
        self.tell_filter()
        page = await self.behorig.guarded(desk.service.ask(wanted.question(desk.organisation_id)))
        table = self.table
        if page is None:
            return
        self._writes, self._after, self._loaded = list(page.rows), page.after, True
        count = number_text(page.total)
        total = _("more than {count}", count=count) if page.more else count
        self.query_one("#count", Line).left = " " + ngettext(
            "{total} write", "{total} writes", page.total, total=total
        )
        words = wanted.words(desk)
        table.set_empty_text(
            _("Nothing matches the filter: {filters}. Esc shows everything.", filters=words)
            if words
            else _("Nothing has been written in this organisation.")
        )
        table.model_changed(keep_key=keep_key)
        self.tell_row()

    def tell_filter(self) -> None:
        """Say in words what is kept of the history."""
        words = self.filter.words(self.desk)
        self.set_class(bool(words), "-filtered")
        text = _("Shown: {filters}", filters=words) if words else ""
        self.query_one("#filters", CountedLines).tell(text)

    def on_table_near_end(self, event: Table.NearEnd) -> None:
        if self.behorig.is_open and self._loaded and event.direction == "after" and self._after is not None:
            self.extend()

    @work(group="extend", exclusive=True)
    async def extend(self) -> None:
        """Read older writes."""
        desk, after = self.desk, self._after
        query = self.filter.question(desk.organisation_id, cursor=after)
        page = await self.behorig.guarded(desk.service.ask(query))
        if page is not None and after == self._after:
            self._writes.extend(page.rows)
            self._after = page.after
            self.table.rows_added()

    # The rows -------------------------------------------------------------------------------

    def row_count(self) -> int:
        """How many writes are loaded."""
        return len(self._writes)

    def row_key(self, index: int) -> str:
        """The changeset's id."""
        return self._writes[index].changeset_id

    def index_of(self, key: str) -> int | None:
        """Where a write stands."""
        return next((place for place, each in enumerate(self._writes) if each.changeset_id == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a write's row."""
        write = self._writes[index]
        role = "muted" if write.undone_by is not None else "normal"
        undone, at = _("yes") if write.undone_by is not None else "", moment(write.at)
        if not self.in_words:
            return (
                Cell(at, role),
                Cell(shown(write.by), role),
                Cell(self._summary(write), role),
                Cell(undone, role),
            )
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import labelled, line_cells

        # With the label before the value: a heading is far from what it is about.
        parts = [labelled(shown(write.by), self._summary(write))]
        if undone:
            parts.append(labelled(_("Undone"), undone))
        return line_cells([*parts, labelled(_("When"), at)], role, self.table.columns)

    def _summary(self, write: WriteRow) -> str:
        first = of_event(write.events[0], self._words(write)) if write.events else ""
        if write.matching < write.event_count:
            count = _("{count} of {total} events: ", count=write.matching, total=write.event_count)
            first = count + first
        elif write.event_count > 1:
            first = ngettext("{count} event: ", "{count} events: ", write.event_count) + first
        if write.undoes is not None:
            first = _("Undoing: ") + first
        return first

    def _words(self, write: WriteRow) -> Words:
        return Words(self.desk.catalogue, self.desk.today, write.names)

    @property
    def write_row(self) -> WriteRow | None:
        """The write under the cursor."""
        key = self.table.cursor_key
        index = None if key is None else self.index_of(key)
        return None if index is None else self._writes[index]

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    async def on_table_activated(self) -> None:
        await self.entered("writes.read")

    def tell_row(self) -> None:
        """Tell the write under the cursor in sentences."""
        write = self.write_row
        pane = self.query_one("#events", Lines)
        if write is None:
            pane.tell("")
            self.tell("")
            return
        words = self._words(write)
        lines = [of_event(event, words) + "." for event in write.events[:MOST_SENTENCES]]
        hidden = write.matching - len(lines)
        if hidden > 0:
            lines.append(ngettext("And {count} more event.", "And {count} more events.", hidden))
        pane.tell("\n".join(lines))
        state = (
            _("Has been undone.")
            if write.undone_by is not None
            else _(
                "{read} reads all. {undo} prepares the undoing, for review.",
                read=key_of("writes.read"),
                undo=key_of("writes.undo"),
            )
        )
        # The note last: what is the same for every write then stays where it is, and costs nothing.
        note = " " + _("Note: {note}.", note=shown(write.note)) if write.note else ""
        self.tell(state + note)

    # Actions --------------------------------------------------------------------------------

    @work(group="dialog")
    async def do_filter(self) -> None:
        """Choose what is kept."""
        chosen = await choose_filter(self, self.filter, self._writes)
        if chosen is not None:
            self.behorig.history_filter = chosen
            self.reload(keep_key=False)

    @work(group="dialog")
    async def do_export(self) -> None:
        """Write what is kept to a file."""
        await export(self, self.filter)

    def do_all(self) -> None:
        """Take the filter away."""
        self.behorig.history_filter = None
        self.reload()

    def do_reload(self) -> None:
        """Read again."""
        self.reload()

    @work(exclusive=True, group="read")
    async def do_read(self) -> None:
        """Show every sentence of the write under the cursor."""
        write, desk = self.write_row, self.desk
        if write is None:
            return
        query = Writes(organisation_id=desk.organisation_id, changeset_id=write.changeset_id)
        page = await self.behorig.guarded(desk.service.ask(query))
        if not page or not page.rows:
            return
        whole = page.rows[0]
        words = self._words(whole)
        lines = [(_("When"), moment(whole.at)), (_("Who"), shown(whole.by))]
        if whole.note:
            lines.append((_("Note"), shown(whole.note)))
        for label, other in ((_("Undoes"), whole.undoes), (_("Undone"), whole.undone_by)):
            if other is not None:
                lines.append((label, await self._in_short(other)))
        lines.append(("", ""))
        lines.extend(("", of_event(event, words) + ".") for event in whole.events)
        title = ngettext("A write of {count} event", "A write of {count} events", whole.event_count)
        self.app.push_screen(Reading(title, lines, label_width=11, empty=""))

    async def _in_short(self, changeset_id: str) -> str:
        """Say when and by whom a write was made."""
        desk = self.desk
        query = Writes(organisation_id=desk.organisation_id, changeset_id=changeset_id)
        page = await self.behorig.guarded(desk.service.ask(query))
        if not page or not page.rows:
            return changeset_id
        return _("{moment} by {name}", moment=moment(page.rows[0].at), name=shown(page.rows[0].by))

    @work(exclusive=True, group="undo")
    async def do_undo(self) -> None:
        """Prepare the undoing of the write under the cursor."""
        write = self.write_row
        if write is not None:
            # Deferred: only needed when it is asked for.
            from tui.screens.undo import review_undo

            await review_undo(self.behorig, write.organisation_id, write.changeset_id)

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        write = self.write_row
        if action_id in ("writes.undo", "writes.read", "writes.export") and write is None:
            return _("nothing has been written")
        if action_id == "writes.all" and not self.filter.words(self.desk):
            return _("everything is shown already")
        if action_id == "writes.undo" and write is not None and write.undone_by is not None:
            return _("it has been undone already")
        return ""
