"""An organisation as support sees it: its administrators and agreements, its name and number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work

from core import changes as c
from core.directory import AUTHORITY
from core.identity import Id, OrganisationNumber, Title
from core.text import shown
from tui.actions import key_of
from tui.screens.bands import Told
from tui.screens.fields_form import Asked, FieldsForm
from tui.screens.list_room import ListRoom
from tui.screens.room import ended
from tui.text import _
from tui.text.organisations import organisation_line
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.queries import OrganisationDetail
    from tui.follower import Batch


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: an administrator or an e-service."""

    key: str
    cells: tuple[Cell, Cell, Cell]
    told: str
    account_id: str = ""
    e_service_id: str = ""


class OrganisationRoom(ListRoom):
    """The administrators and the agreements, a line each."""

    NAME = "organisation"
    TABBED = False

    DEFAULT_CSS = """
    OrganisationRoom #who { height: auto; max-height: 4; padding: 0 1; }
    """

    def __init__(self, organisation_id: str) -> None:
        """Show an organisation."""
        super().__init__()
        self._organisation_id = organisation_id
        self._home: OrganisationDetail | None = None
        self._rows: tuple[_Row, ...] = ()

    def compose_work(self) -> ComposeResult:
        yield Told(id="who")
        yield self.list_of(self, "organisation", _("Reading …"))

    def heading_in_words(self) -> str:
        return _("Administrators and agreements")

    def usual_columns(self) -> Sequence[Column]:
        return (Column("kind", "", 15), Column("name", _("Name"), 24, grow=1), Column("state", "", 30))

    def on_mount(self) -> None:
        self.read()

    def arrive(self) -> None:
        self.read()

    async def follow(self, batch: Batch) -> None:
        if batch.is_about(self._organisation_id) or batch.is_about(AUTHORITY):
            await ended(self.read())

    def do_reload(self) -> None:
        """Read again."""
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the organisation."""
        await self.behorig.guarded(self._read())

    async def _read(self) -> None:
        desk = self.desk
        await desk.load()
        home = self._home = await desk.service.organisation(self._organisation_id)
        rows = [
            _Row(
                f"a-{each.id}",
                (Cell(_("administrator")), Cell(shown(each.name)), Cell(shown(each.email))),
                _(
                    "{name}, {hsa_id}, {email}. {key} opens the card.",
                    key=key_of("organisation.choose"),
                    name=each.name,
                    hsa_id=each.hsa_id,
                    email=each.email,
                ),
                account_id=each.id,
            )
            for each in home.administrators
        ]
        key = key_of("organisation.choose")
        for e_service in desk.catalogue.e_services:
            agreed = e_service.id in home.agreements
            state = _("agreement") if agreed else _("no agreement")
            told = (
                _(
                    "There is an agreement. {key} prepares its end; what ends with it is counted first.",
                    key=key,
                )
                if agreed
                else _("There is no agreement. {key} prepares that one is noted, for review.", key=key)
            )
            cells = (
                Cell(_("e-service")),
                Cell(shown(e_service.name)),
                Cell(state, "given" if agreed else "muted"),
            )
            rows.append(_Row(f"s-{e_service.id}", cells, told, e_service_id=e_service.id))
        self._rows = tuple(rows)
        self.query_one("#who", Told).tell(organisation_line(home))
        self.query_one(Table).model_changed()
        self.tell_row()

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
        kind, name, state = cells = self._rows[index].cells
        if not self.in_words:
            return cells
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import labelled, line_cells

        if self._rows[index].account_id:
            parts = [labelled(name.text, kind.text), labelled(_("E-mail"), state.text)]
        else:
            parts = [labelled(name.text, state.text)]
        return line_cells(parts, state.role, self.table.columns)

    @property
    def _line(self) -> _Row | None:
        key = self.query_one(Table).cursor_key
        index = None if key is None else self.index_of(key)
        return None if index is None else self._rows[index]

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    def tell_row(self) -> None:
        """Tell about the line under the cursor."""
        line = self._line
        self.tell("" if line is None else line.told)

    async def on_table_activated(self) -> None:
        await self.entered("organisation.choose")

    # Actions --------------------------------------------------------------------------------

    def do_choose(self) -> None:
        """Open the administrator's card, or prepare that the agreement is noted or ended."""
        line = self._line
        if line is None or self._home is None:
            return
        if line.account_id:
            self.behorig.show_card(self._organisation_id, line.account_id)
            return
        kind = c.EndAgreement if line.e_service_id in self._home.agreements else c.SignAgreement
        self._review(kind(e_service_id=Id(line.e_service_id)))

    @work(exclusive=True, group="stage")
    async def do_register(self) -> None:
        """Register a person as user, after review."""
        await self._ask_for_person(administrator=False)

    @work(exclusive=True, group="stage")
    async def do_appoint(self) -> None:
        """Register a person and make it administrator in the same write, after review."""
        await self._ask_for_person(administrator=True)

    async def _ask_for_person(self, *, administrator: bool) -> None:
        # Deferred: most organisations are only read.
        from tui.screens.elsewhere import ask_for_person

        await ask_for_person(self.behorig, self._organisation_id, None, administrator=administrator)

    @work(exclusive=True, group="stage")
    async def do_amend(self) -> None:
        """Change the organisation's name or number, after review."""
        if self._home is None:
            return
        now = self._home.organisation
        form = FieldsForm(
            _("The organisation's details"),
            (
                Asked("name", _("Name"), Title, now.name),
                Asked("number", _("Organisation number"), OrganisationNumber, now.number, optional=True),
            ),
        )
        answer = await self.app.push_screen_wait(form)
        if answer is None:
            return
        name, number = answer["name"], answer["number"]
        self._review(
            c.AmendOrganisation(
                name=name if isinstance(name, Title) and name != now.name else None,
                number=number if isinstance(number, OrganisationNumber) and number != now.number else None,
            )
        )

    def _review(self, change: c.AnyChange) -> None:
        self.behorig.review(self.desk.service.changeset(self._organisation_id, (change,)))

    def do_back(self) -> None:
        """Go back."""
        self.leave()

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if not reason and action_id.startswith("organisation.") and self._home is None:
            return (
                "" if action_id in ("organisation.back", "organisation.reload") else _("it is not read yet")
            )
        return reason
