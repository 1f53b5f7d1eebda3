"""The card of a person: who, where, role and state, each permission with the reasons, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work

from core import changes as c
from core.directory import AUTHORITY, Role
from core.history import accounts_in
from core.identity import Id
from core.queries import AccountById, CardViews, Writes
from core.spelling import spelled
from core.text import shown
from tui.actions import key_of
from tui.beside import loaded
from tui.clipboard import copy
from tui.screens.access_lines import access_cells, access_cells_in_words
from tui.screens.bands import Told
from tui.screens.dialogs import Question, Reading
from tui.screens.list_room import ListRoom
from tui.screens.people_room import NARROW
from tui.screens.room import LOW, ended
from tui.text import _, ngettext
from tui.text.access import access_lines, administrators_text, view_text, what_happened, who_lines
from tui.text.dates import moment
from tui.text.sentences import Words, standing_text
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.queries import AccountDetail, CardView, OrganisationDetail, WriteRow
    from tui.follower import Batch
    from tui.text.access import AccessLine

MOST_WRITES, MOST_VIEWS = 5, 3
"""What happened last, and who looked last; all of it stands in the organisation's history."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the card: its cells, and what is told of it."""

    key: str
    cells: tuple[Cell, Cell, Cell]
    told: str
    access: AccessLine | None = None


class CardRoom(ListRoom):
    """All that support needs to answer a caller about one account."""

    NAME = "card"
    FROZEN = 2
    TELLS_ROW = True
    TABBED = False

    DEFAULT_CSS = """
    CardRoom #who { height: auto; max-height: 8; padding: 0 1; }
    CardRoom #told { height: 3; }
    """

    def __init__(self, organisation_id: str, account_id: str) -> None:
        """Show the card of an account."""
        super().__init__()
        self._organisation_id = organisation_id
        self._account_id = account_id
        self._detail: AccountDetail | None = None
        self._home: OrganisationDetail | None = None
        self._writes: tuple[WriteRow, ...] = ()
        self._views: tuple[CardView, ...] = ()
        self._rows: tuple[_Row, ...] = ()
        self._read_at: tuple[str, str] | None = None
        self._is_read = False

    def compose_work(self) -> ComposeResult:
        yield Told(id="who")
        yield self.list_of(self, "card", _("Reading …"))

    def heading_in_words(self) -> str:
        return _("Permission")

    def usual_columns(self) -> Sequence[Column]:
        columns = [Column("sign", "", 1), Column("what", _("Permission"), 24, grow=1)]
        if self.app.size.width >= NARROW:
            # On a narrow screen the sign and the lines below tell it, and the text needs the room.
            columns.append(Column("state", "", 23))
        return columns

    def on_mount(self) -> None:
        self.read()

    def arrive(self) -> None:
        # Coming back from a dialog is no new look at the card, and is not noted as one.
        if self._is_read and self._read_at != self.desk.last_write:
            self.read()

    async def follow(self, batch: Batch) -> None:
        if not self._is_read:
            return
        # Each reading is noted as a look at the person, so only what may be about this one is a reason.
        if batch.is_about(self._organisation_id) and self._may_be_about(batch):
            await ended(self.read())
        elif batch.is_about(self._organisation_id) or batch.is_about(AUTHORITY):
            await ended(self.read_around())

    def _may_be_about(self, batch: Batch) -> bool:
        """Say whether something of what was written may be about the person; not all of much is told."""
        writes = [each for each in batch.writes if each.organisation_id == self._organisation_id]
        return (
            batch.is_whole
            or batch.left_out > 0
            or any(len(each.events) < each.event_count for each in writes)
            or any(self._account_id in accounts_in(each.events) for each in writes)
        )

    def do_reload(self) -> None:
        """Read the card again."""
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read all that the card shows; support's look at it is noted first."""
        await self.behorig.guarded(self._read())

    async def _read(self) -> None:
        desk = self.desk
        home, account_id = self._organisation_id, self._account_id
        self._read_at = desk.last_write
        await desk.load()
        detail = await desk.service.ask(
            AccountById(day=desk.today, organisation_id=home, account_id=account_id)
        )
        self._is_read = True
        table = self.query_one(Table)
        if detail is None:
            table.set_empty_text(_("The account is not there. Esc goes back."))
            return
        home_detail = await desk.service.organisation(home)
        writes = await desk.service.ask(
            Writes(organisation_id=home, account_id=account_id, limit=MOST_WRITES)
        )
        views = await desk.service.ask(
            CardViews(organisation_id=home, account_id=account_id, limit=MOST_VIEWS)
        )
        self._detail, self._home = detail, home_detail
        self._writes, self._views = writes.rows, views.rows
        self._show(detail, home_detail)

    @work(exclusive=True, group="read")
    async def read_around(self) -> None:
        """Read again what is about no person: who administers, agreements, what there is to be given."""
        if await self.behorig.guarded(loaded(self.desk)) and self._detail is not None:
            home = await self.behorig.guarded(self.desk.service.organisation(self._organisation_id))
            if home is not None:
                self._home = home
                self._show(self._detail, home)

    def _show(self, detail: AccountDetail, home: OrganisationDetail) -> None:
        who = who_lines(detail, home, self.desk.catalogue)
        above = 1 if self.size.height < LOW else len(who)
        self.query_one("#who", Told).tell("\n".join(who[:above]))
        self._rows = (
            *(
                _Row(f"h-{place}", (Cell(""), Cell(text), Cell("")), text)
                for place, text in enumerate(who[above:])
            ),
            *self._permission_rows(detail, home),
            *map(self._write_row, self._writes),
            *map(self._view_row, self._views, range(len(self._views))),
        )
        self.table.model_changed()
        self.tell_row()

    # What is shown --------------------------------------------------------------------------

    def _permission_rows(self, detail: AccountDetail, home: OrganisationDetail) -> list[_Row]:
        desk = self.desk
        whom = administrators_text(home.administrators)
        words = Words(desk.catalogue, desk.today)
        return [
            _Row(f"p-{each.permission.id}", access_cells(each, desk.today), each.told(words, whom), each)
            for each in access_lines(desk.catalogue, home.agreements, detail, desk.today)
        ]

    def _write_row(self, write: WriteRow) -> _Row:
        desk = self.desk
        words = Words(desk.catalogue, desk.today, write.names)
        said = what_happened(write, self._account_id, words)
        text = _("{name}: {what}.", name=shown(write.by), what=said)
        cells = (Cell("h", "muted"), Cell(text), Cell(moment(write.at)))
        told = _("{name}, {moment}: {what}.", name=shown(write.by), moment=moment(write.at), what=said)
        return _Row(f"w-{write.changeset_id}", cells, told)

    def _view_row(self, view: CardView, place: int) -> _Row:
        text = view_text(view)
        cells = (Cell("s", "muted"), Cell(text), Cell(moment(view.at)))
        return _Row(f"v-{place}", cells, f"{moment(view.at)}. {text}")

    # The rows -------------------------------------------------------------------------------

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._rows)

    def row_key(self, index: int) -> str:
        """What tells a line from the others."""
        return self._rows[index].key

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return next((place for place, each in enumerate(self._rows) if each.key == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a line."""
        row = self._rows[index]
        if not self.in_words:
            return row.cells[: len(self.table.columns)]
        if row.access is not None:
            return access_cells_in_words(row.access, self.desk.today, self.table.columns)
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import line_cells

        return line_cells([row.told], row.cells[1].role, self.table.columns)

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    def tell_row(self) -> None:
        """Tell the line under the cursor whole: for a permission why it is so, and who can change it."""
        key = self.query_one(Table).cursor_key
        index = None if key is None else self.index_of(key)
        self.tell("" if index is None else self._rows[index].told)

    async def on_table_activated(self) -> None:
        await self.entered("app.told")

    # Actions --------------------------------------------------------------------------------

    def do_spell(self) -> None:
        """Spell the HSA-id."""
        if self._detail is not None:
            hsa_id = self._detail.row.account.hsa_id
            letters = spelled(hsa_id)
            lines = [("", hsa_id), ("", " ".join(said for _letter, said in letters)), ("", ""), *letters]
            self.app.push_screen(Reading(_("The HSA-id spelled"), lines, label_width=3, empty=""))

    def do_copy(self) -> None:
        """Copy the HSA-id."""
        if self._detail is not None:
            copy(self.behorig, self._detail.row.account.hsa_id, _("HSA-id"))

    def do_copy_line(self) -> None:
        """Copy what is told of the line."""
        copy(self.behorig, self.told, _("The line"))

    def do_organisation(self) -> None:
        """Show the organisation."""
        self.behorig.show_organisation(self._organisation_id)

    @work(exclusive=True, group="stage")
    async def do_amend(self) -> None:
        """Change the person's details, or take a deregistered account back, after review."""
        # Deferred: most cards are only read.
        from tui.screens.elsewhere import ask_for_person

        if self._detail is not None:
            await ask_for_person(self.behorig, self._organisation_id, self._detail.row)

    def do_appoint(self) -> None:
        """Make the user administrator, after review."""
        self._review(c.AppointAdministrator(account_id=Id(self._account_id)))

    def do_dismiss(self) -> None:
        """Make the administrator a user, after review."""
        self._review(c.DismissAdministrator(account_id=Id(self._account_id)))

    @work(exclusive=True, group="stage")
    async def do_deregister(self) -> None:
        """Deregister the user, after a question and the review."""
        if self._detail is None:
            return
        row = self._detail.row
        count = len(row.granted)
        text = ngettext(
            "{name} loses {count} permission. It is reviewed before it is written.",
            "{name} loses {count} permissions. It is reviewed before it is written.",
            count,
            name=row.account.name,
        )
        question = Question(_("Deregister"), text, yes=_("Deregister"), no=_("Keep the user"))
        if await self.app.push_screen_wait(question):
            self._review(
                c.DeregisterAccount(
                    account_id=Id(row.account.id),
                    seen_version=row.account.version,
                    seen_permission_ids=tuple(Id(each) for each in sorted(row.all_granted)),
                )
            )

    def _review(self, change: c.AnyChange) -> None:
        self.behorig.review(self.desk.service.changeset(self._organisation_id, (change,)))

    def do_back(self) -> None:
        """Go back to where the card was opened."""
        self.leave()

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason or not action_id.startswith("card.") or action_id in ("card.back", "card.reload"):
            return reason
        if self._detail is None or self._home is None:
            return _("the card is not read yet")
        account = self._detail.row.account
        match action_id:
            case "card.appoint" | "card.dismiss" | "card.deregister" if not account.active:
                return _(
                    "{name} is deregistered; {key} registers the account again",
                    key=key_of("card.amend"),
                    name=account.name,
                )
            case "card.appoint" if account.role is not Role.USER:
                return _("{name} is {role} already", name=account.name, role=standing_text(self._detail.row))
            case "card.dismiss" if account.role is not Role.ADMINISTRATOR:
                return _("{name} is no administrator", name=account.name)
            case "card.dismiss" if self._home.agreements and len(self._home.administrators) == 1:
                return _("the organisation would be left without an administrator; appoint another one first")
            case "card.deregister" if account.role is not Role.USER:
                return _("only a user can be deregistered; take the role away first")
            case _:
                return ""
