"""The matrix of permissions: rows are users, columns are permissions grouped by e-service."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, work

from core.queries import AccountRow, Cell
from core.text import shown
from tui.actions import action_by_id, key_of, keys_of
from tui.history import HistoryFilter
from tui.keys import key_name
from tui.people import (
    Folded,
    MatrixModel,
)
from tui.screens.dialogs import Choice, Option
from tui.screens.matrix_layout import (
    column_id,
    column_note,
    folded_column,
    folded_id,
    permission_column,
    under_whole_names,
)
from tui.screens.matrix_texts import cell_text, folded_text, past_cell_text, past_folded_text
from tui.screens.people_room import NARROW, PeopleRoom
from tui.text import _, ngettext
from tui.text.dates import day as day_text
from tui.text.dates import moment
from tui.text.refusals import sentence
from tui.widgets.columns import Column
from tui.widgets.table import MARKER, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from textual.app import ComposeResult

    from core.catalogue import Permission
    from core.refusal import Refusal
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

    DEFAULT_CSS = """
    PermissionsRoom #told { height: 4; }
    PermissionsRoom.-wide #told { height: 3; }
    PermissionsRoom.-narrow #told { height: 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._retired = False
        self._rest: asyncio.TimerHandle | None = None
        self._folded: frozenset[str] = frozenset()
        self._launch_told: date | None = None

    def compose_work(self) -> ComposeResult:
        yield from self.compose_find()
        yield Table(
            self.columns(), self.rows, cursor="cell", frozen=FIRST, id="matrix", empty_text=_("Opening …")
        )

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The permissions that have a column, or stand in a folded one."""
        if not self.behorig.is_open:
            return ()
        return self.desk.columns(retired=self._retired, as_of=self.people.as_of)

    @property
    def matrix(self) -> tuple[Permission | Folded, ...]:
        """What the columns are, after the name: permissions, and e-services that are folded."""
        if not self._folded:
            return self.permissions  # asked for at each step
        columns: dict[str, Permission | Folded] = {}
        for permission in self.permissions:
            e_service_id = permission.e_service_id
            if e_service_id not in self._folded:
                columns[permission.id] = permission
            elif folded_id(e_service_id) not in columns:
                columns[folded_id(e_service_id)] = self._fold_of(e_service_id)
        return tuple(columns.values())

    def _fold_of(self, e_service_id: str) -> Folded:
        permissions = self.desk.columns(retired=False, as_of=self.people.as_of)
        return Folded(e_service_id, tuple(each for each in permissions if each.e_service_id == e_service_id))

    def e_service_name(self, e_service_id: str) -> str:
        """Give the name of an e-service."""
        e_service = self.desk.catalogue.e_service(e_service_id)
        return "" if e_service is None else e_service.name

    def columns(self) -> Sequence[Column]:
        sign = Column("sign", "", 2)
        if not self.behorig.is_open:
            return (sign, Column("name", _("Name"), LEAST_NAME))
        day = self.people.as_of or self.desk.today
        if self.behorig.looks.in_words:
            return self._columns_in_words(day)
        columns = [
            folded_column(column, self.e_service_name(column.e_service_id), day)
            if isinstance(column, Folded)
            else permission_column(column, self.e_service_name(column.e_service_id), day)
            for column in self.matrix
        ]
        # The name takes what the columns and the heading over the last of them leave, but never so much
        # that the eye loses the row on its way.
        last = [column.width + 1 for column in columns if column.group == columns[-1].group]
        heading = max(0, len(columns[-1].group) - sum(last)) if columns else 0
        room = self.app.size.width - 3 - sum(column.width + 1 for column in columns) - heading - 1
        name = Column("name", _("Name"), max(LEAST_NAME, min(MOST_NAME, room)))
        return [sign, name, *under_whole_names(columns, room - name.width)]

    def _columns_in_words(self, day: date) -> Sequence[Column]:
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import matrix_columns

        matrix = self.matrix
        room = self.app.size.width - (len(MARKER) if self.behorig.looks.row_marker else 0)
        ids = [column_id(each) for each in matrix]
        names = [self.e_service_name(each.e_service_id) for each in matrix]
        return matrix_columns(matrix, ids, names, day, room)

    def model(self) -> TableModel:
        if self.behorig.looks.in_words:
            # Deferred for the same reason.
            from tui.screens.in_words import MatrixInWords

            return MatrixInWords(self.people, self.matrix)
        return MatrixModel(self.people, self.matrix)

    def arrive(self) -> None:
        # Before the columns are laid and told about: that makes the first of them the present one.
        present = self.behorig.column or ""
        self._lay_columns()
        super().arrive()
        if self.is_too_narrow and not self.behorig.message.text:
            self.behorig.say(
                _(
                    "Narrow window: {key} shows the person's permissions as a list.",
                    key=key_name("enter") if self._opens_person else key_of("people.person"),
                )
            )
        self._tell_launch()
        ids = [column.id for column in self.table.columns]
        wanted = self._column_with(present)
        if wanted in ids:
            self.behorig.column = present
            self.table.move_cursor(column=ids.index(wanted))

    def show_people(self, *, keep_key: bool = True) -> None:
        # What is launched, renamed or retired meanwhile is read together with the people.
        self.rows.inner = self.model()
        columns = self.columns()
        if tuple(columns) != self.table.columns:
            self.table.set_columns(columns, frozen=FIRST)
        super().show_people(keep_key=keep_key)

    def _tell_launch(self) -> None:
        """Say once a day what is launched: its column may be out of view."""
        today = self.desk.today
        told, self._launch_told = self._launch_told, today
        count = sum(each.launched_on == today for each in self.permissions)
        if count and told != today and not self.behorig.message.text:
            self.behorig.say(
                ngettext(
                    "{count} permission is launched today. {key} goes to its column.",
                    "{count} permissions are launched today. {key} goes to their columns.",
                    count,
                    key=key_of("permissions.launch"),
                )
            )

    def _lay_columns(self, cursor: str | None = None) -> None:
        """Lay the columns out, with the cursor on the one with that id, else on the one it was on."""
        self.rows.inner = self.model()
        self.table.set_columns(self.columns(), frozen=FIRST, cursor=cursor)

    def _column_with(self, permission_id: str) -> str:
        """Give the id of the column that a permission stands in, folded or not; ``""`` where in none."""
        for permission in self.permissions:
            if permission.id == permission_id:
                e_service_id = permission.e_service_id
                return folded_id(e_service_id) if e_service_id in self._folded else permission_id
        return ""

    def fit(self, width: int) -> None:
        super().fit(width)
        self.set_class(width >= WIDE_NAMES, "-wide")

    def on_resize(self, event: events.Resize) -> None:
        if self.behorig.is_open:
            self.table.set_columns(self.columns(), frozen=FIRST)

    @property
    def is_too_narrow(self) -> bool:
        """Whether so few columns of signs are in view that a list of one person's is of more use."""
        return self.size.width < NARROW and not self.behorig.looks.in_words

    @property
    def _opens_person(self) -> bool:
        """Whether Enter shows the list of one person, in the place of what it is for in a wide window."""
        return self.is_too_narrow and "enter" in keys_of(action_by_id("permissions.toggle"))

    def lay_out(self) -> None:
        if self.behorig.is_open:
            self._lay_columns()
            self.table.model_changed()

    @property
    def at_column(self) -> Permission | Folded | None:
        """What the column under the cursor is."""
        # By its id and not by its place: the catalogue may be read anew before the columns are laid anew.
        columns, place = self.table.columns, self.table.cursor_column
        wanted = columns[place].id if place < len(columns) else ""
        return next((each for each in self.matrix if column_id(each) == wanted), None)

    @property
    def permission(self) -> Permission | None:
        """The permission of the column under the cursor, where it is not folded."""
        column = self.at_column
        return None if isinstance(column, Folded) else column

    async def on_table_activated(self, event: Table.Activated) -> None:
        event.stop()
        if self._opens_person:
            await self.action_do("people.person")
        else:
            await self.entered("permissions.toggle")

    # Telling --------------------------------------------------------------------------------

    def day_changed(self) -> None:
        self._lay_columns()

    def cut_group(self, permission: Permission) -> str:
        """Give the name of the e-service where its heading over few columns is cut, else ``""``."""
        name = self.e_service_name(permission.e_service_id)
        room = sum(column.width + 1 for column in self.table.columns if column.group == name)
        return name if room < len(name) else ""

    def tell_row(self) -> None:
        row, column = self.row, self.at_column
        if row is not None and isinstance(column, Folded):
            self._stop_story()
            self._remember_in(column)
            past = self.people.as_of is not None
            self.tell(past_folded_text(self, row, column) if past else folded_text(self, row, column))
            return
        permission = None if isinstance(column, Folded) else column
        if row is None or permission is None:
            # A matrix without columns would leave one wondering.
            reason = self.why_not("permissions.toggle") if row is not None else ""
            self.tell(reason[:1].upper() + reason[1:] + "." if reason else "")
            return
        self.behorig.column = permission.id
        if self.people.as_of is not None:
            self.tell(past_cell_text(row, permission, self.people.as_of))
            return
        self.tell(cell_text(self, row, permission, None))
        # A held key passes many cells; only the one where it rests is worth a question.
        self._stop_story()
        if row.account.version and self.behorig.looks.live_detail:
            # By the loop's own timer: one of Textual's is a task, made and ended at each step.
            loop = asyncio.get_running_loop()
            self._rest = loop.call_later(REST, self.call_later, self.tell_story, row, permission)

    def _stop_story(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None

    def _remember_in(self, folded: Folded) -> None:
        """Keep which of a folded e-service's columns the cursor stood on, to go back there."""
        ids = [each.id for each in self.permissions if each.e_service_id == folded.e_service_id]
        if self.behorig.column not in ids:
            self.behorig.column = ids[0]

    @work(exclusive=True, group="story")
    async def tell_story(self, row: AccountRow, permission: Permission) -> None:
        """Read by whom and when the cell was given or taken, and tell it after the rest."""
        tail = await self._story(row, permission)
        # Where it was never given the line above says so, and silence costs nothing over a slow line.
        if tail and (self.row, self.permission) == (row, permission):
            self.tell(cell_text(self, row, permission, tail))

    async def read_told(self) -> str:
        row, column = self.row, self.at_column
        if row is None or column is None or isinstance(column, Folded) or self.people.as_of is not None:
            return self.told
        tail = await self._story(row, column) if row.account.version else ""
        return cell_text(self, row, column, tail)

    async def _story(self, row: AccountRow, permission: Permission) -> str:
        """Read by whom and when a cell was given or taken, and say it; ``""`` where it never was."""
        desk = self.desk
        query = Cell(
            organisation_id=desk.organisation_id, account_id=row.account.id, permission_id=permission.id
        )
        story = await self.behorig.guarded(desk.service.ask(query), beside=True)
        if story is None:
            return self.behorig.not_read()
        if story.granted is not None:
            return _(
                "Given {moment} by {name}.", moment=moment(story.granted.at), name=shown(story.granted.by)
            )
        if story.revoked is not None:
            return _(
                "Taken {moment} by {name}.", moment=moment(story.revoked.at), name=shown(story.revoked.by)
            )
        return ""

    async def history_of(self, person: HistoryFilter) -> HistoryFilter | None:
        permission = self.permission
        if permission is None or person.person is None:
            return person
        name, title = person.person.name, permission.name_on(self.desk.today)
        options = [
            Option("cell", _("Only this cell"), told=f"{name}, {title}"),
            Option("person", _("Everything about {name}", name=name)),
            Option("permission", _("This permission for everybody"), told=title),
        ]
        match await self.app.push_screen_wait(Choice(_("History of this"), options)):
            case "cell":
                return replace(person, permission_id=permission.id)
            case "person":
                return person
            case "permission":
                return HistoryFilter(permission_id=permission.id)
            case _:
                return None

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
        self._tell_staged(changed, refusals, rows, already=len(rows) - changed - len(refusals))

    def _tell_staged(
        self, changed: int, refusals: list[Refusal], rows: Sequence[AccountRow], *, already: int = 0
    ) -> None:
        """Say what was staged and what not; ``already`` are cells that were as wanted before."""
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
        elif not changed:
            self.behorig.say(_("That is how it is already; nothing is staged."))
        elif len(rows) > 1 or changed > 1:
            text = ngettext(
                "{count} cell is staged. {key} reviews.",
                "{count} cells are staged. {key} reviews.",
                changed,
                key=key_of("app.review"),
            )
            if already:
                text += " " + ngettext(
                    "{count} other is like that already.",
                    "{count} others are like that already.",
                    already,
                )
            self.behorig.say(text)

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

    def do_fold(self) -> None:
        """Make one column of an e-service's columns, or show them again."""
        if (column := self.at_column) is None:
            return
        name = self.e_service_name(column.e_service_id)
        if isinstance(column, Folded):
            self._unfold(column.e_service_id, self.behorig.column)
            self.behorig.say(_("Unfolded: {name}.", name=name))
        else:
            self._folded |= {column.e_service_id}
            self._lay_columns(folded_id(column.e_service_id))
            self.behorig.say(
                _(
                    "Folded into one column: {name}. {key} unfolds it.",
                    name=name,
                    key=key_of("permissions.fold"),
                )
            )

    def _stands_alone(self, permission: Permission) -> bool:
        """Say whether a permission is the only one of its e-service with a column."""
        return sum(each.e_service_id == permission.e_service_id for each in self.permissions) == 1

    def _unfold(self, e_service_id: str, cursor: str | None) -> None:
        self._folded -= {e_service_id}
        self._lay_columns(cursor)

    def _go_to_column(self, permission: Permission, text: str = "") -> None:
        """Put the cursor on a permission's column, unfolded where it was folded, and say ``text``."""
        if permission.e_service_id in self._folded:
            self._unfold(permission.e_service_id, permission.id)
            unfolded = _("Unfolded: {name}.", name=self.e_service_name(permission.e_service_id))
            text = f"{text} {unfolded}" if text else unfolded
        else:
            ids = [column.id for column in self.table.columns]
            self.table.move_cursor(column=ids.index(permission.id))
        if text:
            self.behorig.say(text)

    def do_launch(self) -> None:
        """Go to the next column that was launched today, else to the next of the latest launch."""
        today, permissions = self.desk.today, self.permissions
        day = max(each.launched_on for each in permissions)
        launched = [each for each in permissions if each.launched_on == day]
        here = -1 if self.permission is None else permissions.index(self.permission)
        found = next((each for each in launched if permissions.index(each) > here), launched[0])
        if day == today:
            text = _(
                "Launched today: {place} of {count}.", place=launched.index(found) + 1, count=len(launched)
            )
        else:
            text = _(
                "Nothing was launched today; the latest launch was {name}, {day}.",
                name=found.name_on(today),
                day=day_text(day),
            )
        self._go_to_column(found, text)

    @work
    async def do_column(self) -> None:
        """Choose a column by its name and go there."""
        today = self.desk.today
        options = [
            Option(permission.id, permission.name_on(today), column_note(permission, today))
            for permission in self.permissions
        ]
        chosen = await self.app.push_screen_wait(
            Choice(_("Go to column"), options, chosen=self.behorig.column, searched=True, note_width=22)
        )
        found = next((each for each in self.permissions if each.id == chosen), None)
        if found is not None:
            self._go_to_column(found)

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        column = self.at_column
        if action_id.startswith("permissions.") and column is None:
            return _("the organisation has no agreement for an e-service, so there are no columns")
        if isinstance(column, Folded):
            name = self.e_service_name(column.e_service_id)
            if action_id in ON_ONE_COLUMN:
                return _(
                    "{name} is folded; unfold it first with {key}", name=name, key=key_of("permissions.fold")
                )
        elif action_id == "permissions.fold" and column is not None and self._stands_alone(column):
            name = self.e_service_name(column.e_service_id)
            return _("{name} has only one column; go to another e-service to fold that", name=name)
        if action_id == "permissions.copy" and not self.desk.marks.keys() - {self.table.cursor_key}:
            return _(
                "mark with {key} those who shall get the same, then go to the one to copy from",
                key=key_of("people.mark"),
            )
        return ""


WIDE_NAMES = 100
"""From this many columns the name may grow; below, the columns need the room."""


ON_ONE_COLUMN = frozenset(f"permissions.{name}" for name in ("toggle", "give", "take", "copy", "reset"))
"""Actions that change cells, and so need to see them."""
