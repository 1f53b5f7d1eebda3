"""The catalogue for support: every e-service and permission with its days, to launch, rename and end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work

from core import changes as c
from core.directory import AUTHORITY
from core.identity import Id, Title
from core.text import shown
from tui.actions import key_of
from tui.screens.announcement_form import write_announcement
from tui.screens.dialogs import Choice, Option, Question
from tui.screens.fields_form import Answer, Asked, FieldsForm, day
from tui.screens.list_room import ListRoom
from tui.screens.room import ended
from tui.text import _
from tui.text.announcements import draft_announcement_for
from tui.text.dates import day as day_text
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.catalogue import Permission
    from tui.follower import Batch


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: an e-service, or a permission of the one above."""

    key: str
    cells: tuple[Cell, Cell, Cell, Cell]
    told: str


class CatalogueRoom(ListRoom):
    """E-services and permissions, a line each."""

    NAME = "catalogue"

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[_Row, ...] = ()

    def compose_work(self) -> ComposeResult:
        yield self.list_of(self, "catalogue", _("Reading …"))

    def heading_in_words(self) -> str:
        return _("E-services and permissions")

    def usual_columns(self) -> Sequence[Column]:
        return (
            Column("name", _("Name"), 30, grow=1),
            Column("short", _("Short"), 5),
            Column("launched", _("Launched"), 17),
            Column("retired", _("Ends"), 17),
        )

    def arrive(self) -> None:
        self.read()

    async def follow(self, batch: Batch) -> None:
        if batch.is_about(AUTHORITY):
            await ended(self.read())

    def do_reload(self) -> None:
        """Read again."""
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the catalogue."""
        await self.behorig.guarded(self.desk.load())
        desk = self.desk
        rows: list[_Row] = []
        for e_service in desk.catalogue.e_services:
            cells = (Cell(shown(e_service.name), "given"), Cell(""), Cell(""), Cell(""))
            rows.append(
                _Row(
                    f"s-{e_service.id}",
                    cells,
                    _("An e-service. {key} launches a permission of it.", key=key_of("catalogue.launch")),
                )
            )
            rows.extend(
                self._permission_row(each)
                for each in desk.catalogue.permissions
                if each.e_service_id == e_service.id
            )
        self._rows = tuple(rows)
        table = self.query_one(Table)
        table.set_empty_text(_("There is no e-service yet."))
        table.model_changed()
        self.tell_row()

    def _permission_row(self, permission: Permission) -> _Row:
        today = self.desk.today
        role = "muted" if permission.is_retired(today) else "normal"
        retired = "" if permission.retired_on is None else day_text(permission.retired_on)
        cells = (
            Cell("  " + shown(permission.name_on(today)), role),
            Cell(shown(permission.short_name), role),
            Cell(day_text(permission.launched_on), role),
            Cell(retired, role),
        )
        parts = [shown(permission.name_on(today)) + "."]
        if not permission.is_launched(today):
            parts.append(_("Is launched on {day}, not before.", day=day_text(permission.launched_on)))
        former = permission.former_names(today)
        if former:
            parts.append(_("Former name: {names}", names=_(", ").join(map(shown, former))) + ".")
        parts.extend(
            _("Is called {name} from {day}.", name=shown(each.name), day=day_text(each.from_day))
            for each in permission.names
            if each.from_day is not None and each.from_day > today
        )
        if permission.target_group:
            parts.append(_("Target group: {name}.", name=shown(permission.target_group)))
        if permission.payment:
            parts.append(_("Payment: {name}.", name=shown(permission.payment)))
        return _Row(f"p-{permission.id}", cells, " ".join(parts))

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
        name, short, launched, retired = cells = self._rows[index].cells
        if not self.in_words:
            return cells
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import labelled, line_cells

        if not short.text:
            parts = [labelled(name.text, _("e-service"))]
        else:
            parts = [labelled(short.text, name.text.strip()), labelled(_("Launched"), launched.text)]
            if retired.text:
                parts.append(labelled(_("Ends"), retired.text))
        return line_cells(parts, name.role, self.table.columns)

    @property
    def permission(self) -> Permission | None:
        """The permission under the cursor."""
        key = self.query_one(Table).cursor_key
        if key is None or not key.startswith("p-"):
            return None
        return self.desk.catalogue.permission(key[2:])

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    def tell_row(self) -> None:
        """Tell about the line under the cursor."""
        key = self.query_one(Table).cursor_key
        index = None if key is None else self.index_of(key)
        self.tell("" if index is None else self._rows[index].told)

    async def on_table_activated(self) -> None:
        await self.entered("catalogue.rename")

    # Actions --------------------------------------------------------------------------------

    @work(exclusive=True, group="stage")
    async def do_launch(self) -> None:
        """Ask for a new permission and the day from which it can be given."""
        desk = self.desk
        options = [Option(each.id, shown(each.name)) for each in desk.catalogue.e_services]
        here = self.permission
        chosen = await self.app.push_screen_wait(
            Choice(_("In which e-service"), options, chosen=None if here is None else here.e_service_id)
        )
        if chosen is None:
            return
        answer = await self._asked(
            _("Launch a permission"),
            Asked("name", _("Name"), Title),
            Asked(
                "short_name",
                _("Short name"),
                Title,
                hint=_("heads a narrow column: three letters, such as Fsk"),
            ),
            Asked("launched_on", _("Launch day"), day, hint=desk.today.isoformat()),
            Asked("target_group", _("Target group"), Title, optional=True),
            Asked("payment", _("Payment"), Title, optional=True),
        )
        if answer is not None:
            # The id is opaque and lasts: it is not made of the name, which may change.
            await self._review(
                c.LaunchPermission(
                    permission_id=Id(desk.service.new_id()),
                    e_service_id=Id(chosen),
                    **answer,  # type: ignore[arg-type]  # each field has made its own type
                )
            )

    @work(exclusive=True, group="stage")
    async def do_rename(self) -> None:
        """Ask for another name and the day from which it holds."""
        permission = self.permission
        if permission is None:
            return
        today = self.desk.today
        answer = await self._asked(
            _("Rename {name}", name=shown(permission.name_on(today))),
            Asked("name", _("New name"), Title, permission.name_on(today)),
            Asked("from_day", _("From the day"), day, today.isoformat()),
        )
        if answer is not None:
            await self._review(c.RenamePermission(permission_id=Id(permission.id), **answer))  # type: ignore[arg-type]  # as above

    @work(exclusive=True, group="stage")
    async def do_retire(self) -> None:
        """Ask for the day on which the permission ends."""
        permission = self.permission
        if permission is None:
            return
        now = "" if permission.retired_on is None else permission.retired_on.isoformat()
        answer = await self._asked(
            _("End {name}", name=shown(permission.name_on(self.desk.today))),
            Asked("retired_on", _("Ends on the day"), day, now, hint=self.desk.today.isoformat()),
        )
        if answer is not None:
            await self._review(c.RetirePermission(permission_id=Id(permission.id), **answer))  # type: ignore[arg-type]  # as above

    async def _asked(self, title: str, *fields: Asked) -> Answer | None:
        hint = _("Days are written year-month-day, such as {day}.", day=self.desk.today.isoformat())
        return await self.app.push_screen_wait(FieldsForm(title, fields, hint))

    async def _review(self, change: c.LaunchPermission | c.RenamePermission | c.RetirePermission) -> None:
        """Review one change, where it is counted what it will touch; then offer to tell of it."""
        desk = self.desk
        ready = draft_announcement_for(change, desk.catalogue, desk.today)
        if not await self.behorig.reviewed(desk.service.changeset(desk.organisation_id, (change,))):
            return
        text = _(
            "Nobody has been told of it yet. An announcement is ready-written, to look over and publish."
        )
        question = Question(
            _("Tell of it"),
            # The question covers the line that says so.
            f"{self.behorig.message.text} {text}",
            yes=_("Look it over"),
            no=_("Not now"),
        )
        if await self.app.push_screen_wait(question):
            await write_announcement(self.behorig, ready)

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        if action_id in ("catalogue.rename", "catalogue.retire"):
            permission = self.permission
            if permission is None:
                return _("this line is no permission")
            if action_id == "catalogue.retire" and permission.is_retired(self.desk.today):
                return _("it has ended already")
        if action_id == "catalogue.launch" and not self.desk.catalogue.e_services:
            return _("there is no e-service yet")
        return ""
