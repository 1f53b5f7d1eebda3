"""What a user sees: the own permissions with the reasons in sentences, and whom to ask. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from core.directory import AUTHORITY
from core.queries import AccountById, ContactOn
from core.text import shown
from tui.screens.access_lines import access_cells, access_cells_in_words
from tui.screens.bands import Told
from tui.screens.list_room import ListRoom
from tui.screens.room import LOW, ended
from tui.text import _
from tui.text.access import access_lines, administrators_text
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from core.queries import AccountDetail
    from tui.follower import Batch
    from tui.text.access import AccessLine


class OwnRoom(ListRoom):
    """A user's permissions, a row each, with the administrators above."""

    NAME = "own"
    FROZEN = 2
    TELLS_ROW = True

    DEFAULT_CSS = """
    OwnRoom #whom { height: auto; max-height: 50%; padding: 0 1; }
    OwnRoom #told { height: 3; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._detail: AccountDetail | None = None
        self._lines: tuple[AccessLine, ...] = ()
        self._said: tuple[str, ...] = ()
        """Who one is and whom one asks: above the list, or in a low window the first rows of it."""

    def compose_work(self) -> ComposeResult:
        yield Told(id="whom")
        yield self.list_of(self, "own", _("Reading …"))

    def heading_in_words(self) -> str:
        return _("Permission")

    def usual_columns(self) -> Sequence[Column]:
        return (
            Column("sign", "", 1),
            Column("name", _("Permission"), 30, grow=2),
            Column("state", "", 24),
        )

    def arrive(self) -> None:
        self.read()

    def on_resize(self, event: events.Resize) -> None:
        if self._detail is not None and (event.size.height < LOW) != bool(self._said):
            self.read()

    async def follow(self, batch: Batch) -> None:
        if batch.is_about(self.desk.organisation_id) or batch.is_about(AUTHORITY):
            await ended(self.read())

    def do_reload(self) -> None:
        """Read again."""
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the own account, and who administers it."""
        desk = self.desk
        actor = desk.service.actor
        await self.behorig.guarded(desk.load())
        query = AccountById(day=desk.today, organisation_id=desk.organisation_id, account_id=actor.account_id)
        detail = await self.behorig.guarded(desk.service.ask(query))
        contact = await self.behorig.guarded(desk.service.ask(ContactOn(day=desk.today)))
        self.behorig.people_are_seen()
        table = self.query_one(Table)
        if detail is None:
            table.set_empty_text(_("Your account is no longer there. Ask an administrator."))
            return
        self._detail = detail
        self._lines = access_lines(desk.catalogue, desk.agreements, detail, desk.today)
        account = detail.row.account
        administrators = () if desk.detail is None else desk.detail.administrators
        kontaktcenter = (
            ""
            if contact is None or not contact.email
            else _("If nobody there can help: the kontaktcenter, {email}.", email=shown(contact.email))
        )
        who = _("{name}, {hsa_id}, {email}.", name=account.name, hsa_id=account.hsa_id, email=account.email)
        said = (who, administrators_text(administrators), *([kontaktcenter] if kontaktcenter else []))
        low = self.size.height < LOW
        self._said = said if low else ()
        self.query_one("#whom", Told).tell("" if low else "\n".join(said))
        self.query_one("#whom", Told).display = not low
        table.set_empty_text(_("There is no agreement for an e-service."))
        table.model_changed()
        self.tell_row()

    # The rows -------------------------------------------------------------------------------

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._said) + len(self._lines)

    def row_key(self, index: int) -> str:
        """The permission's id, or the place among what is said first."""
        said = len(self._said)
        return f"said-{index}" if index < said else self._lines[index - said].permission.id

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return next((index for index in range(self.row_count()) if self.row_key(index) == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a line."""
        said = len(self._said)
        if self.in_words:
            # Deferred: the usual looks have no use for it.
            from tui.screens.in_words import line_cells

            if index < said:
                return line_cells([self._said[index]], "normal", self.table.columns)
            return access_cells_in_words(self._lines[index - said], self.desk.today, self.table.columns)
        if index < said:
            return (Cell(""), Cell(self._said[index]), Cell(""))
        return access_cells(self._lines[index - said], self.desk.today)

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    def tell_row(self) -> None:
        """Tell why one has the permission under the cursor, or has it not, and who can give it."""
        key = self.query_one(Table).cursor_key
        index = None if key is None else self.index_of(key)
        if index is None:
            self.tell("")
            return
        said = len(self._said)
        self.tell(self._said[index] if index < said else self._lines[index - said].told(self.words(), ""))

    async def on_table_activated(self) -> None:
        await self.entered("app.told")
