"""What is current, newest first: to find, to read, and to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from textual import work
from textual.containers import Horizontal
from textual.widgets import Input

from core.announcements import AnnouncementKind, AnnouncementRow, Done
from core.changes import WithdrawAnnouncement
from core.days import local
from core.directory import AUTHORITY, Role
from core.identity import Headline, Id
from core.journal import MOST_READ, AnnouncementHandled, AnnouncementsRead
from core.queries import MOST_ROWS, AnnouncementById, Announcements
from core.text import shown
from tui.announced import done_question, permission_to_give, why_no_permission
from tui.beside import read_news
from tui.screens.bands import Line
from tui.screens.dialogs import Choice, Option, Question
from tui.screens.list_room import ListRoom
from tui.screens.people_room import NARROW, SearchField
from tui.screens.room import ended
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.announcements import KIND_NAMES, dates, kind_name, of_done, of_state, why_not_done
from tui.text.dates import day as day_text
from tui.text.refusals import sentence
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.announcements import AnnouncementDetail
    from tui.app import Behorig
    from tui.follower import Batch


class NewsRoom(ListRoom):
    """The announcements, a row each; what the one under the cursor is about is told below."""

    NAME = "news"

    DEFAULT_CSS = """
    NewsRoom #find { height: 1; padding: 0 1; }
    NewsRoom #find Input { width: 24; }
    NewsRoom #find_label { width: auto; margin-right: 1; }
    NewsRoom #find #count { margin-left: 2; }
    NewsRoom.-narrow #find Input { width: 10; }
    NewsRoom #told { height: 3; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[AnnouncementRow] = []
        self._after: str | None = None
        self._total = (0, False)
        self._loaded = False
        self._question: Announcements | None = None

    def compose_work(self) -> ComposeResult:
        with Horizontal(id="find"):
            label = Line(id="find_label")
            label.left = _("Search:")
            label.styles.width = len(_("Search:"))
            yield label
            yield SearchField(id="search")
            yield Line(id="count")
        yield self.list_of(self, "news", _("Reading …"))

    def heading_in_words(self) -> str:
        return _("Heading")

    def usual_columns(self) -> Sequence[Column]:
        sign = Column("sign", "", 2)
        title = Column("title", _("Heading"), 16, grow=1)
        day = Column("day", _("Published"), 17)
        if self.app.size.width < NARROW:
            # The lines below tell the kind.
            return (sign, title, day)
        return (sign, day, Column("kind", _("Kind"), 19), title)

    def fit(self, width: int) -> None:
        self.set_class(width < NARROW, "-narrow")

    # Reading --------------------------------------------------------------------------------

    @property
    def question(self) -> Announcements:
        """What is asked: the search and the filter of this room, as of now."""
        actor, moment = self.desk.service.actor, self.desk.service.now()
        if self._question is None:
            self._question = Announcements(
                organisation_id=actor.organisation_id, account_id=actor.account_id, moment=moment
            )
        return msgspec.structs.replace(self._question, moment=moment)

    def _ask(self, **fields: object) -> None:
        self._question = msgspec.structs.replace(self.question, **fields)
        self.reload()

    def arrive(self) -> None:
        self.reload()

    async def follow(self, batch: Batch) -> None:
        if batch.is_about(AUTHORITY):
            await ended(self.reload())

    @work(exclusive=True, group="writes")
    async def reload(self) -> None:
        """Read the newest; the cursor stays on its announcement."""
        page = await self.behorig.guarded(self.desk.service.ask(self.question))
        if page is None:
            return
        self._rows, self._after, self._loaded = list(page.rows), page.after, True
        self._total = page.total, page.more
        table = self.query_one(Table)
        table.set_empty_text(self._empty_text())
        table.model_changed()
        self._tell_count()
        self.tell_row()

    def on_table_near_end(self, event: Table.NearEnd) -> None:
        if self.behorig.is_open and self._loaded and event.direction == "after" and self._after is not None:
            self.extend()

    @work(group="extend", exclusive=True)
    async def extend(self) -> None:
        """Read older ones."""
        after = self._after
        query = msgspec.structs.replace(self.question, cursor=after)
        page = await self.behorig.guarded(self.desk.service.ask(query))
        if page is not None and after == self._after:
            self._rows.extend(page.rows)
            self._after = page.after
            self.query_one(Table).rows_added()

    @property
    def _is_narrowed(self) -> bool:
        question = self._question
        return question is not None and (
            question.about is not None or question.e_service_id is not None or question.unread_only
        )

    def _empty_text(self) -> str:
        search = "" if self._question is None else self._question.search
        if search:
            return _("Nothing matches “{search}”. Esc takes away the search, then the filter.", search=search)
        if self._question is not None and self._question.unread_only:
            return _("Everything is read. Esc shows all of it.")
        if self._is_narrowed:
            return _("Nothing passes the filter. Esc takes it away.")
        return _("Nothing has been published.")

    def _tell_count(self) -> None:
        total, more = self._total
        count = _("more than {count}", count=number_text(total)) if more else number_text(total)
        parts = [_("Shown: {count}", count=count)]
        question = self._question
        if question is not None and question.about is not None:
            parts.append(kind_name(question.about))
        if question is not None and question.e_service_id is not None:
            parts.append(self.words().e_service(question.e_service_id))
        if question is not None and question.unread_only:
            parts.append(_("unread only"))
        self.query_one("#count", Line).left = _(", ").join(parts)

    # The rows -------------------------------------------------------------------------------

    def row_count(self) -> int:
        """How many are loaded."""
        return len(self._rows)

    def row_key(self, index: int) -> str:
        """The announcement's id."""
        return self._rows[index].id

    def index_of(self, key: str) -> int | None:
        """Where an announcement stands."""
        return next((place for place, each in enumerate(self._rows) if each.id == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row."""
        row = self._rows[index]
        role = "muted" if row.withdrawn_on is not None or row.is_scheduled else "normal"
        day = day_text(local(row.published_at).date())
        if self.in_words:
            return self._in_words(row, role, day)
        cells = {
            "sign": Cell(signs(row), "given" if row.is_unread else role),
            "day": Cell(day, role),
            "kind": Cell(kind_name(row.kind), role),
            "title": Cell(row.title, role),
        }
        return [cells[column.id] for column in self._columns()]

    def _in_words(self, row: AnnouncementRow, role: str, day: str) -> Sequence[Cell]:
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import labelled, line_cells

        # What is new and what is to be done first: a heading may be longer than a braille line.
        words = (_("unread") if row.is_unread else "", _("to do") if row.done is Done.OPEN else "")
        state = _(", ").join(word for word in words if word)
        parts = (
            labelled(state, row.title) if state else row.title,
            labelled(_("Published"), day),
            labelled(_("Kind"), kind_name(row.kind)),
        )
        return line_cells(parts, "given" if row.is_unread else role, self.table.columns)

    @property
    def chosen(self) -> AnnouncementRow | None:
        """The announcement under the cursor."""
        key = self.query_one(Table).cursor_key
        index = None if key is None else self.index_of(key)
        return None if index is None else self._rows[index]

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.look_at_day()
        self.tell_row()

    async def on_table_activated(self) -> None:
        await self.entered("news.read")

    def tell_row(self) -> None:
        """Tell what the one under the cursor is about, and what is left to do."""
        row = self.chosen
        if row is None:
            self.tell("")
            return
        parts = [
            _("Unread.") if row.is_unread else "",
            f"{row.title}: {kind_name(row.kind)}.",
            of_state(row),
            of_done(row),
            dates(row),
            _("To do: {action}", action=shown(row.action)) if row.action else "",
            f"{self.words().e_service(row.e_service_id)}." if row.e_service_id else "",
        ]
        self.tell(" ".join(part for part in parts if part))

    # Finding --------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        if self.behorig.is_open and event.value != self.question.search:
            self._ask(search=event.value)

    def do_search(self) -> None:
        """Go to the search box."""
        self.query_one("#search", Input).focus()

    @work
    async def do_filter(self) -> None:
        """Choose a kind or an e-service."""
        options = [Option("all", _("Everything")), Option("unread", _("Unread only"))]
        options += [
            Option(f"s+{each.id}", _("E-service: {name}", name=each.name))
            for each in self.desk.catalogue.e_services
        ]
        options += [
            Option(f"k+{kind.value}", _("Kind: {name}", name=_(name))) for kind, name in KIND_NAMES.items()
        ]
        chosen = await self.app.push_screen_wait(Choice(_("Show only"), options, searched=True))
        if chosen is None:
            return
        wanted = chosen[2:]
        self._ask(
            about=AnnouncementKind(wanted) if chosen.startswith("k+") else None,
            e_service_id=wanted if chosen.startswith("s+") else None,
            unread_only=chosen == "unread",
        )

    def do_unread(self) -> None:
        """Show only what is unread, or all."""
        self._ask(unread_only=not self.question.unread_only)

    def do_all(self) -> None:
        """Take the search away; when there is none, the filter."""
        if self.question.search:
            self.query_one("#search", Input).value = ""
            return
        self._ask(about=None, e_service_id=None, unread_only=False)

    def do_reload(self) -> None:
        """Read again."""
        read_news(self.behorig, self.desk.service.now())
        self.reload()

    # Reading and doing ------------------------------------------------------------------------

    @work(exclusive=True, group="read")
    async def do_read(self) -> None:
        """Show the whole text."""
        row = self.chosen
        if row is not None:
            await show_announcement(self.behorig, row.id)

    @work(exclusive=True, group="read")
    async def do_read_all(self) -> None:
        """Mark everything as read, also what is not loaded."""
        service = self.desk.service
        count = 0
        while True:
            unread = msgspec.structs.replace(
                self.question, search="", about=None, e_service_id=None, unread_only=True, limit=MOST_ROWS
            )
            page = await self.behorig.guarded(service.ask(unread))
            if not page or not page.rows:
                break
            if not await mark_read(self.behorig, [row.id for row in page.rows]):
                return
            count += len(page.rows)
        self.behorig.say(
            ngettext("{count} is marked as read.", "{count} are marked as read.", count)
            if count
            else _("Everything was read already.")
        )
        self.reload()

    def do_matrix(self) -> None:
        """Go to the matrix, to the first permission."""
        permission = None if self.chosen is None else permission_to_give(self.desk, self.chosen)
        if permission is not None:
            self.behorig.show_permission(permission.id)

    @work(exclusive=True, group="dialog")
    async def do_done(self) -> None:
        """Say that the organisation's part is done, or not, after a question."""
        row = self.chosen
        if row is not None and await ask_done(self.behorig, row):
            self.reload()

    # Support ----------------------------------------------------------------------------------

    @work(exclusive=True, group="dialog")
    async def do_write(self) -> None:
        """Write something new; it is published after review."""
        # Deferred: support writes, and everybody reads.
        from tui.screens.announcement_form import write_announcement

        await write_announcement(self.behorig)

    @work(exclusive=True, group="dialog")
    async def do_correct(self) -> None:
        """Correct this; it is changed after review."""
        # Deferred for the same reason.
        from tui.screens.announcement_form import correct_announcement

        row = self.chosen
        detail = None if row is None else await read_announcement(self.behorig, row.id)
        if detail is not None:
            await correct_announcement(self.behorig, detail)

    def do_withdraw(self) -> None:
        """Take this away from what is current, after review."""
        row = self.chosen
        if row is not None:
            change = WithdrawAnnouncement(
                announcement_id=Id(row.id), seen_version=row.version, seen_title=Headline(row.title)
            )
            self.behorig.review(self.desk.service.changeset(AUTHORITY, (change,)))

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        row = self.chosen
        needs_row = {"news.read", "news.matrix", "news.done", "news.correct", "news.withdraw"}
        if action_id in needs_row and row is None:
            return _("the list is empty")
        if action_id in ("news.write", "news.correct", "news.withdraw"):
            if self.desk.service.actor.role is not Role.SUPPORT:
                return _("what is current is written by Migrationsverket")
            if row is not None and row.withdrawn_on is not None and action_id != "news.write":
                return _("it is withdrawn")
        if action_id == "news.all" and not self._is_narrowed and not self.question.search:
            return _("the list shows everything already")
        if row is not None and action_id == "news.matrix":
            return why_no_permission(self.desk, row)
        if row is not None and action_id == "news.done":
            return why_not_done(row, self.desk.service.actor.role)
        return ""


# What the list and the reader do alike -------------------------------------------------------------


def signs(row: AnnouncementRow) -> str:
    """Give the signs before a row: * for unread, ! for something to do."""
    return ("*" if row.is_unread else " ") + ("!" if row.done is Done.OPEN else " ")


async def read_announcement(app: Behorig, announcement_id: str) -> AnnouncementDetail | None:
    """Read one announcement, and say where there is none any more."""
    service = app.desk.service
    query = AnnouncementById(
        organisation_id=service.actor.organisation_id,
        account_id=service.actor.account_id,
        moment=service.now(),
        announcement_id=announcement_id,
    )
    detail = await app.guarded(service.ask(query))
    if detail is None and not app.message.problem:
        app.say(_("It is not there any more: it was withdrawn meanwhile."), problem=True)
    return detail


async def show_announcement(app: Behorig, announcement_id: str) -> None:
    """Show one announcement whole, and note that it is read."""
    # Deferred: the list needs it not.
    from tui.screens.announcement import AnnouncementRoom

    detail = await read_announcement(app, announcement_id)
    if detail is None:
        return
    if detail.row.is_unread:
        await mark_read(app, [announcement_id])
    app.push_screen(AnnouncementRoom(detail))


async def mark_read(app: Behorig, announcement_ids: Sequence[str]) -> bool:
    """Note that announcements are read. Answers whether they are; else a sentence says why not."""
    service = app.desk.service
    here = Id(service.actor.organisation_id)
    for start in range(0, len(announcement_ids), MOST_READ):
        some = tuple(map(Id, announcement_ids[start : start + MOST_READ]))
        if not await _noted(app, AnnouncementsRead(organisation_id=here, announcement_ids=some)):
            return False
    read_news(app, service.now())
    return True


async def _noted(app: Behorig, entry: AnnouncementsRead | AnnouncementHandled) -> bool:
    async def note() -> bool:
        refused = await app.desk.service.note(entry)
        if refused is not None:
            app.say(sentence(refused.refusals[0]), problem=True)
        return refused is None

    return bool(await app.guarded(note()))


async def ask_done(app: Behorig, row: AnnouncementRow) -> bool:
    """Ask, and note for the organisation, that its part is done, or that it is not after all."""
    asked = done_question(row)
    title = _("Done") if asked.is_done else _("Not done")
    if not await app.push_screen_wait(Question(title, asked.text, yes=asked.yes, no=_("Back"))):
        return False
    here = Id(app.desk.service.actor.organisation_id)
    entry = AnnouncementHandled(organisation_id=here, announcement_id=Id(row.id), is_done=asked.is_done)
    if not await _noted(app, entry):
        return False
    app.say(asked.told)
    return True
