"""One person's permissions as a list: the matrix for a narrow screen, and with the reasons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from core.directory import AUTHORITY
from core.queries import AccountById, AccountRow
from tui.people import cell_of, shown_account
from tui.screens.bands import CountedLines
from tui.screens.list_room import ListRoom
from tui.screens.matrix_texts import state_words
from tui.screens.people_room import NARROW
from tui.screens.room import ended
from tui.text import _
from tui.text.dates import day as day_text
from tui.text.permissions import permission_words
from tui.text.refusals import sentence
from tui.text.sentences import of_reason
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.access import Access
    from core.catalogue import Permission
    from tui.follower import Batch


class PersonRoom(ListRoom):
    """Every permission of one user, a row each."""

    NAME = "person"
    FROZEN = 2
    TELLS_ROW = True
    TABBED = False

    DEFAULT_CSS = """
    PersonRoom #who { text-style: bold; }
    PersonRoom #told { height: 3; }
    """

    def __init__(self, row: AccountRow) -> None:
        """Show the account of a row."""
        super().__init__()
        self._row = row
        self._access: dict[str, Access] = {}
        self._seen_write: tuple[str, str] | None = None
        self._seen_rows: dict[str, Sequence[Cell]] = {}

    def compose_work(self) -> ComposeResult:
        yield CountedLines(id="who")
        yield self.list_of(self, "person", _("There is no agreement for an e-service."))

    def heading_in_words(self) -> str:
        return _("Permission")

    def usual_columns(self) -> Sequence[Column]:
        columns = [Column("sign", "", 1), Column("name", _("Permission"), 24, grow=1)]
        if self.app.size.width >= NARROW:
            # On a narrow screen the sign and the lines below tell both, and the name needs the room.
            columns.append(Column("state", _("State"), 18))
            columns.append(Column("launched", _("Launched"), 17))
        return columns

    def choose_columns(self) -> None:
        super().choose_columns()
        self._seen_rows = self._all_rows()

    def on_mount(self) -> None:
        self._tell_who()
        self.read()

    def arrive(self) -> None:
        self._tell_who()
        self._draw_all()
        self.tell_row()
        if self._seen_write != self.desk.last_write:
            self.read()

    async def follow(self, batch: Batch) -> None:
        if batch.is_about(self.desk.organisation_id) or batch.is_about(AUTHORITY):
            await ended(self.read())

    def draft_changed(self) -> None:
        # One permission that is given or taken is one line to paint.
        seen, self._seen_rows = self._seen_rows, self._all_rows()
        self.table.refresh_rows(key for key, cells in self._seen_rows.items() if cells != seen.get(key))
        self.tell_row()

    def _draw_all(self) -> None:
        self._seen_rows = self._all_rows()
        self.table.model_changed()

    def _all_rows(self) -> dict[str, Sequence[Cell]]:
        """Give the cells of every row by its key, as they are now."""
        return {self.row_key(index): self.row(index) for index in range(self.row_count())}

    def _tell_who(self) -> None:
        account = shown_account(self.desk, self._row)
        self.query_one("#who", CountedLines).tell(
            _("{name}, {hsa_id}, {email}", name=account.name, hsa_id=account.hsa_id, email=account.email)
        )

    @work(exclusive=True, group="person")
    async def read(self) -> None:
        """Read the account with its reasons."""
        desk = self.desk
        account_id = self._row.account.id
        self._seen_write = desk.last_write
        if self._row.account.version == 0:
            return
        query = AccountById(day=desk.today, organisation_id=desk.organisation_id, account_id=account_id)
        detail = await self.behorig.guarded(desk.service.ask(query), beside=True)
        if detail is not None:
            self._row = detail.row
            self._access = {each.permission_id: each for each in detail.access}
            self._tell_who()
            self._draw_all()
            self.tell_row()

    # The rows -------------------------------------------------------------------------------

    @property
    def _permissions(self) -> tuple[Permission, ...]:
        return self.desk.columns(retired=True)

    def row_count(self) -> int:
        """How many permissions there are."""
        return len(self._permissions)

    def row_key(self, index: int) -> str:
        """The permission's id."""
        return self._permissions[index].id

    def index_of(self, key: str) -> int | None:
        """Where a permission stands."""
        return next((place for place, each in enumerate(self._permissions) if each.id == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a permission's row."""
        permission = self._permissions[index]
        if self.in_words:
            return self._in_words(permission)
        sign = cell_of(self.desk, self._row, permission)
        state = self.desk.cell(self._row, permission)
        words = (
            _("retired") if permission.is_retired(self.desk.today) else state_words(state).partition(",")[0]
        )
        return (
            sign,
            Cell(permission.name_on(self.desk.today), sign.role),
            Cell(words, sign.role),
            Cell(day_text(permission.launched_on), "muted"),
        )[: len(self.table.columns)]

    def _in_words(self, permission: Permission) -> Sequence[Cell]:
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import cell_words, labelled, line_cells, permission_text

        today = self.desk.today
        state = cell_words(self.desk, self._row, permission, None)
        launched = labelled(_("Launched"), day_text(permission.launched_on))
        parts = (permission_text(permission, state, today), launched)
        return line_cells(parts, cell_of(self.desk, self._row, permission).role, self.table.columns)

    @property
    def permission(self) -> Permission | None:
        """The permission under the cursor."""
        key = self.table.cursor_key
        return None if key is None else self.desk.catalogue.permission(key)

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    def tell_row(self) -> None:
        """Tell about the permission under the cursor, with the reasons."""
        permission = self.permission
        if permission is None:
            self.tell("")
            return
        parts = [
            f"{permission.name_on(self.desk.today)}: {state_words(self.desk.cell(self._row, permission))}."
        ]
        access = self._access.get(permission.id)
        if self._row.account.id in self.desk.draft.leavings:
            name = shown_account(self.desk, self._row).name
            parts.append(_("{name} will be deregistered; not written yet.", name=name))
        if access is not None:
            words = self.words()
            # The state and the dates are told beside; the rest of the chain is told where it matters.
            beside = {"launched", "not_retired"}
            parts.extend(
                of_reason(each, words)
                for each in access.reasons
                if each.code not in beside and each.holds == (each.code == "granted")
            )
        parts.append(permission_words(permission, self.desk.today))
        self.tell(" ".join(parts))

    # Actions --------------------------------------------------------------------------------

    async def on_table_activated(self) -> None:
        await self.entered("person.toggle")

    def do_toggle(self) -> None:
        """Stage the opposite of what the row shows."""
        if (permission := self.permission) is not None:
            self._stage(permission, wanted=not self.desk.cell(self._row, permission).wanted)

    def do_give(self) -> None:
        """Stage that the permission is given."""
        if (permission := self.permission) is not None:
            self._stage(permission, wanted=True)

    def do_take(self) -> None:
        """Stage that the permission is taken away."""
        if (permission := self.permission) is not None:
            self._stage(permission, wanted=False)

    def _stage(self, permission: Permission, *, wanted: bool) -> None:
        changed, refusals = self.desk.stage([self._row], [permission], wanted=wanted)
        if refusals:
            name = shown_account(self.desk, self._row).name
            names = {self._row.account.id: name, permission.id: permission.name_on(self.desk.today)}
            self.behorig.say(sentence(refusals[0], names), problem=True)
        elif not changed:
            self.behorig.say(_("That is how it is already; nothing is staged."))
        self.table.refresh_row(permission.id)
        self.tell_row()

    def do_back(self) -> None:
        """Go back to the room that this was opened from."""
        self.leave()
