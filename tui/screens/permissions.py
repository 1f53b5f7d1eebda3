"""The matrix of permissions: rows are users, columns are permissions grouped by e-service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import events, work

from core.queries import AccountRow, Cell
from core.text import shown
from tui.people import MatrixModel, shown_account
from tui.screens.dialogs import Choice, Option
from tui.screens.people_room import NARROW, PeopleRoom
from tui.screens.room import Room, bindings_of
from tui.text import _, ngettext
from tui.text.dates import day as day_text
from tui.text.dates import moment
from tui.text.refusals import sentence
from tui.widgets.columns import Column
from tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from core.catalogue import Permission
    from core.refusal import Refusal
    from tui.desk import CellState
    from tui.widgets.rows import TableModel

REST = 0.08
"""Seconds that the cursor rests on a cell before its story is read."""

LEAST_NAME, MOST_NAME = 15, 34
"""Cells of the name column of the matrix."""

FIRST = 2
"""Columns before the first permission: the sign and the name."""


class PermissionsRoom(PeopleRoom):
    """Who has what, and what is staged."""

    NAME = "permissions"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("permissions")

    DEFAULT_CSS = """
    PermissionsRoom #told { height: 4; }
    PermissionsRoom.-wide #told { height: 3; }
    PermissionsRoom.-narrow #told { height: 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._retired = False
        self._rest: asyncio.TimerHandle | None = None

    def compose_work(self) -> ComposeResult:
        yield from self.compose_find()
        yield Table(
            self.columns(), self.rows, cursor="cell", frozen=FIRST, id="matrix", empty_text=_("Opening …")
        )

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The permissions that have a column."""
        return self.desk.columns(retired=self._retired) if self.behorig.is_open else ()

    def columns(self) -> Sequence[Column]:
        sign = Column("sign", "", 2)
        if not self.behorig.is_open:
            return (sign, Column("name", _("Name"), LEAST_NAME))
        desk = self.desk
        columns: list[Column] = []
        for permission in self.permissions:
            e_service = desk.catalogue.e_service(permission.e_service_id)
            columns.append(
                Column(
                    permission.id,
                    permission.short_name,
                    max(3, len(permission.short_name)),
                    group="" if e_service is None else e_service.name,
                    title=permission.name_on(desk.today),
                    sign="!" if permission.launched_on == desk.today else "",
                )
            )
        # The name takes what the columns leave, but never so much that the eye loses the row on its way.
        room = self.app.size.width - 3 - sum(column.width + 1 for column in columns) - 1
        name = Column("name", _("Name"), max(LEAST_NAME, min(MOST_NAME, room)))
        return [sign, name, *columns]

    def model(self) -> TableModel:
        return MatrixModel(self.people, self.permissions)

    def arrive(self) -> None:
        self._lay_columns()
        super().arrive()
        if self.size.width < NARROW and not self.behorig.message.text:
            self.behorig.say(_("Narrow window: Enter shows the person's permissions as a list."))
        wanted = self.behorig.column
        ids = [column.id for column in self.table.columns]
        if wanted in ids:
            self.table.move_cursor(column=ids.index(wanted))

    def _lay_columns(self) -> None:
        self.rows.inner = self.model()
        self.table.set_columns(self.columns(), frozen=FIRST)

    def fit(self, width: int) -> None:
        super().fit(width)
        self.set_class(width >= WIDE_NAMES, "-wide")

    def on_resize(self, event: events.Resize) -> None:
        if self.behorig.is_open:
            self.table.set_columns(self.columns(), frozen=FIRST)

    @property
    def permission(self) -> Permission | None:
        """The permission of the column under the cursor."""
        place = self.table.cursor_column - FIRST
        permissions = self.permissions
        return permissions[place] if 0 <= place < len(permissions) else None

    async def on_table_activated(self, event: Table.Activated) -> None:
        event.stop()
        if self.size.width < NARROW:
            await self.action_do("people.person")
        else:
            await self.action_do("permissions.toggle")

    # Telling --------------------------------------------------------------------------------

    def cut_group(self, permission: Permission) -> str:
        """Give the name of the e-service where its heading over few columns is cut, else ``""``."""
        e_service = self.desk.catalogue.e_service(permission.e_service_id)
        name = "" if e_service is None else e_service.name
        room = sum(column.width + 1 for column in self.table.columns if column.group == name)
        return name if room < len(name) else ""

    def tell_row(self) -> None:
        row, permission = self.row, self.permission
        if row is None or permission is None:
            # A matrix without columns would leave one wondering.
            reason = self.why_not("permissions.toggle") if row is not None else ""
            self.tell(reason[:1].upper() + reason[1:] + "." if reason else "")
            return
        self.behorig.column = permission.id
        self.tell(cell_text(self, row, permission, None))
        # A held key passes many cells; only the one where it rests is worth a question.
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if row.account.version:
            # By the loop's own timer: one of Textual's is a task, made and ended at each step.
            loop = asyncio.get_running_loop()
            self._rest = loop.call_later(REST, self.call_later, self.tell_story, row, permission)

    @work(exclusive=True, group="story")
    async def tell_story(self, row: AccountRow, permission: Permission) -> None:
        """Read by whom and when the cell was given or taken, and tell it after the rest."""
        desk = self.desk
        query = Cell(
            organisation_id=desk.organisation_id, account_id=row.account.id, permission_id=permission.id
        )
        story = await self.behorig.guarded(desk.service.ask(query))
        if story is None or (self.row, self.permission) != (row, permission):
            return
        if story.granted is not None:
            tail = _(
                "Given {moment} by {name}.", moment=moment(story.granted.at), name=shown(story.granted.by)
            )
        elif story.revoked is not None:
            tail = _(
                "Taken {moment} by {name}.", moment=moment(story.revoked.at), name=shown(story.revoked.by)
            )
        else:
            return  # never given: the line above says so, and silence costs nothing over a slow line
        self.tell(cell_text(self, row, permission, tail))

    # Actions --------------------------------------------------------------------------------

    def do_toggle(self) -> None:
        """Stage the opposite of what the cell under the cursor shows; marks play no part."""
        row, permission = self.row, self.permission
        if row is not None and permission is not None:
            self._stage([row], permission, wanted=not self.desk.cell(row, permission).wanted)

    def do_give(self) -> None:
        """Stage that marked users, or this one, get the permission."""
        self._stage_targets(wanted=True)

    def do_take(self) -> None:
        """Stage that the permission is taken from marked users, or this one."""
        self._stage_targets(wanted=False)

    def _stage_targets(self, *, wanted: bool) -> None:
        permission = self.permission
        if permission is None:
            return
        rows = self.loaded_targets()
        if rows is None:
            self._stage_marked(permission, wanted=wanted)
        else:
            self._stage(rows, permission, wanted=wanted)

    @work(group="stage")
    async def _stage_marked(self, permission: Permission, *, wanted: bool) -> None:
        """Stage for marked users of whom some have to be read first."""
        self._stage(await self.targets(), permission, wanted=wanted)

    def _stage(self, rows: Sequence[AccountRow], permission: Permission, *, wanted: bool) -> None:
        changed, refusals = self.desk.stage(rows, [permission], wanted=wanted)
        self._tell_staged(changed, refusals, rows)

    def _tell_staged(self, changed: int, refusals: list[Refusal], rows: Sequence[AccountRow]) -> None:
        if changed and not self.desk.kept:
            return  # that the draft is not saved is the message that must stand
        if refusals and not changed:
            text = sentence(refusals[0], self._names(rows))
            if len(refusals) > 1:
                text += " " + ngettext(
                    "The same for {count} other.", "The same for {count} others.", len(refusals) - 1
                )
            self.behorig.say(text, problem=True)
        elif refusals:
            self.behorig.say(
                _(
                    "{changed} staged, {refused} cannot be: {reason}",
                    changed=changed,
                    refused=len(refusals),
                    reason=sentence(refusals[0], self._names(rows)),
                ),
                problem=True,
            )
        elif len(rows) > 1 or changed > 1:
            self.behorig.say(
                ngettext(
                    "{count} cell is staged. F8 reviews.", "{count} cells are staged. F8 reviews.", changed
                )
            )
        elif not changed:
            self.behorig.say(_("That is how it is already; nothing is staged."))

    def _names(self, rows: Sequence[AccountRow]) -> dict[str, str]:
        names = {each.id: each.name_on(self.desk.today) for each in self.desk.catalogue.permissions}
        names.update({each.id: each.name for each in self.desk.catalogue.e_services})
        names.update({row.account.id: row.account.name for row in rows})
        return names

    @work(exclusive=True, group="stage")
    async def do_reset(self) -> None:
        """Drop what is staged in the column for marked users, or in this cell."""
        if (permission := self.permission) is None:
            return
        rows = await self.targets()
        dropped = self.desk.reset(rows, [permission])
        self.behorig.say(
            ngettext("{count} cell is as it was.", "{count} cells are as they were.", dropped)
            if dropped
            else _("Nothing was staged there.")
        )

    @work(exclusive=True, group="stage")
    async def do_copy(self) -> None:
        """Stage that the marked users have what the one under the cursor has, as its draft leaves it."""
        source, desk = self.row, self.desk
        rows = await self.targets()
        if source is None:
            return
        targets = [row for row in rows if row.account.id != source.account.id]
        one = targets[0].account.name if len(targets) == 1 else ""
        to = one or ngettext("{count} user", "{count} users", len(targets))
        how = await self.app.push_screen_wait(
            Choice(
                _("Copy from {name} to {to}", name=source.account.name, to=to),
                [
                    Option("add", _("Give what {name} has, take nothing away", name=source.account.name)),
                    Option(
                        "replace",
                        _("Make them the same: also take away what {name} lacks", name=source.account.name),
                    ),
                ],
            )
        )
        if how is None:
            return
        changed, refusals = desk.copy(source, targets, replace=how == "replace")
        self._tell_staged(changed, refusals, targets)

    def do_retired(self) -> None:
        """Show or hide the columns of retired permissions."""
        self._retired = not self._retired
        self._lay_columns()
        self.show_people()
        self.behorig.say(
            _("Retired permissions are shown.") if self._retired else _("Retired permissions are hidden.")
        )

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        if action_id.startswith("permissions.") and self.permission is None:
            return _("the organisation has no agreement for an e-service, so there are no columns")
        if action_id == "permissions.copy" and not self.desk.marks.keys() - {self.table.cursor_key}:
            return _("mark with Space those who shall get the same, then go to the one to copy from")
        return ""


WIDE_NAMES = 100
"""From this many columns the name may grow; below, the columns need the room."""


def state_words(state: CellState) -> str:
    """Say a cell's state in words."""
    if state.staged is True:
        return _("shall be given, not written")
    if state.staged is False:
        return _("shall be taken away, not written")
    return _("given") if state.given else _("not given")


def permission_words(room: Room, permission: Permission) -> str:
    """Say a permission's launch, end and former names."""
    today = room.desk.today
    parts = [
        _("Launched today.")
        if permission.launched_on == today
        else _("Launched {day}.", day=day_text(permission.launched_on))
    ]
    if permission.retired_on is not None:
        ended = permission.is_retired(today)
        day = day_text(permission.retired_on)
        parts.append(_("Ended {day}.", day=day) if ended else _("Ends {day}.", day=day))
    former = permission.former_names(today)
    if former:
        parts.append(_("Formerly: {names}.", names=_(", ").join(former)))
    return " ".join(parts)


def cell_text(room: PeopleRoom, row: AccountRow, permission: Permission, story: str | None) -> str:
    """Tell a cell: who, what, its state, why it cannot be set, its dates and its story."""
    desk = room.desk
    state = desk.cell(row, permission)
    name = shown_account(desk, row).name
    retired = permission.is_retired(desk.today)
    words = _("had it to the end") if state.given and retired else state_words(state)
    parts = [f"{name}, {permission.name_on(desk.today)}: {words}."]
    if state.blocked is not None and state.staged is None and not retired:
        parts.append(
            sentence(state.blocked, {row.account.id: name, permission.id: permission.name_on(desk.today)})
        )
    parts.append(permission_words(room, permission))
    if isinstance(room, PermissionsRoom) and (e_service := room.cut_group(permission)):
        parts.append(_("E-service: {name}.", name=e_service))
    # On a line of its own, as it is read a moment later and only that line is then painted anew.
    return " ".join(parts) + (f"\n{story}" if story else "")
