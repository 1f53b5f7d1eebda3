"""The list of users: find, register, change, deregister."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.containers import Container

from core.text import shown
from tui.actions import key_of
from tui.screens.bands import Lines
from tui.screens.people_room import PeopleRoom
from tui.text import _, ngettext
from tui.widgets.columns import Column
from tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from core.queries import AccountDetail, AccountRow
    from tui.widgets.rows import TableModel

WIDE = 110
"""From this many columns the detail pane stands at the right, else below."""

LEAST_HSA_ID, MOST_HSA_ID = 17, 21
"""Cells of the HSA-ids: of nearly all, and of the longest that a narrow screen has room for."""


class Work(Container):
    """The table and the detail pane, which cover all of it."""

    BLANK = True


class UsersRoom(PeopleRoom):
    """The users of the organisation, a row each."""

    NAME = "users"

    DEFAULT_CSS = """
    UsersRoom #work { layout: vertical; height: 1fr; }
    UsersRoom.-wide #work { layout: horizontal; }
    UsersRoom #detail { display: none; border-top: solid $border; height: 8; }
    UsersRoom.-detail #detail { display: block; }
    UsersRoom.-low #detail { height: 4; }
    UsersRoom.-low.-detail #told { display: none; }
    UsersRoom.-wide #detail {
        width: 40; height: 100%; border-top: none; border-left: solid $border;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hsa_id_width = LEAST_HSA_ID

    def compose_work(self) -> ComposeResult:
        yield from self.compose_find()
        with Work(id="work"):
            yield Table(self.columns(), self.rows, frozen=2, id="users", empty_text=_("Opening …"))
            yield Lines(id="detail")

    def columns(self) -> Sequence[Column]:
        if self.behorig.looks.in_words:
            # Deferred: the usual looks have no use for it.
            from tui.screens.in_words import list_columns

            return list_columns(self.app.size.width)
        return (
            Column("sign", "", 2),
            Column("name", _("Name"), 18, grow=1),
            Column("hsa_id", _("HSA-id"), self._hsa_id_width),
            # Addresses are the longest texts, and get the most of what is left.
            Column("email", _("E-mail"), 26, grow=4),
            Column("permissions", _("Perm."), 5, align="right"),
        )

    def model(self) -> TableModel:
        if self.behorig.looks.in_words:
            # Deferred: the usual looks have no use for it.
            from tui.screens.in_words import ListInWords

            return ListInWords(self.people, lambda: self.table.columns)
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.people import ListModel

        return ListModel(self.people)

    def lay_out(self) -> None:
        if self.behorig.is_open:
            self.rows.inner = self.model()
        self.fit(self.app.size.width)
        columns = self.columns()
        # From the first of those that scroll: the same one may stand elsewhere now.
        self.table.set_columns(columns, cursor=columns[2].id)
        self.table.model_changed()

    def arrive(self) -> None:
        self.rows.inner = self.model()
        super().arrive()

    def show_people(self, *, keep_key: bool = True) -> None:
        self._fit_hsa_id()
        super().show_people(keep_key=keep_key)

    def _fit_hsa_id(self) -> None:
        """Widen the column where a longer id is shown anew; never narrow it, nor while one pages."""
        longest = max((len(row.account.hsa_id) for row in self.people.rows), default=0)
        width = min(MOST_HSA_ID, longest)
        if width > self._hsa_id_width:
            self._hsa_id_width = width
            self.table.set_columns(self.columns())

    def fit(self, width: int) -> None:
        super().fit(width)
        # Where rows are in words, the words have all of the width.
        self.set_class(width >= WIDE and not self.behorig.looks.in_words, "-wide")

    def on_resize(self, _event: events.Resize) -> None:
        if self.behorig.looks.in_words:
            self.table.set_columns(self.columns())

    async def on_table_activated(self, _event: Table.Activated) -> None:
        await self.entered("users.amend")

    # Telling --------------------------------------------------------------------------------

    def tell_row(self) -> None:
        row = self.row
        if row is None:
            self.tell("")
            self.query_one("#detail", Lines).tell("")
            return
        # The pane tells it all; twice would only be more to read.
        if self.people.as_of is not None:
            self.remove_class("-detail")  # it tells of today
        pane = self.has_class("-detail")
        self.tell("" if pane else self._one_sentence(row))
        if pane:
            self.tell_detail(row.account.id)

    def _one_sentence(self, row: AccountRow) -> str:
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.directory import Role
        from core.finding import is_found_now
        from tui.people import shown_account
        from tui.text.sentences import role_name

        desk = self.desk
        if self.people.as_of is not None:
            return self._one_sentence_then(row)
        account = shown_account(desk, row)
        name = account.name
        stale = desk.stale_row(account.id)
        if stale is not None:
            # Deferred for the same reason.
            from tui.text.refusals import sentence

            return _(
                "What is staged for {name} no longer fits: {reason}",
                name=name,
                reason=sentence(stale, {account.id: name}),
            )
        if account.id in desk.draft.registrations:
            return _("{name} will be registered; not written yet.", name=name)
        if account.id in desk.draft.returns:
            return _("{name} will be registered again; not written yet.", name=name)
        if account.id in desk.draft.leavings:
            return _("{name} will be deregistered; not written yet.", name=name)
        total = len(desk.columns(retired=False))
        parts = [_("{name}, {hsa_id}, {email}.", name=name, hsa_id=account.hsa_id, email=account.email)]
        if self.people.searched and not is_found_now(self.people.searched, row.account):
            parts.insert(0, _("Found by a former name."))
        if not account.active:
            parts.append(_("Deregistered."))
        elif account.role is not Role.USER:
            parts.append(_("Is {role} and has no permissions as such.", role=role_name(account.role)))
        else:
            parts.append(_("Has {count} of {total} permissions.", count=len(row.granted), total=total))
        if account.id in desk.draft.amendments:
            parts.append(_("Changed details are not written yet."))
        return " ".join(parts)

    def _one_sentence_then(self, row: AccountRow) -> str:
        """Say who somebody was on the day in the past that is shown."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.directory import Role
        from tui.text.sentences import role_name

        account = row.account
        parts = [
            _("{name}, {hsa_id}, {email}.", name=account.name, hsa_id=account.hsa_id, email=account.email)
        ]
        if not account.active:
            parts.append(_("Was deregistered."))
        elif account.role is not Role.USER:
            parts.append(_("Was {role}.", role=role_name(account.role)))
        else:
            count = len(row.granted)
            parts.append(ngettext("Had {count} permission.", "Had {count} permissions.", count))
        return " ".join(parts)

    @work(exclusive=True, group="detail")
    async def tell_detail(self, account_id: str) -> None:
        """Read one account for the pane."""
        detail = await self._detail_of(account_id)
        row = self.row
        if row is None or row.account.id != account_id:
            return
        nobody = self.behorig.not_read() or _("Not registered yet.")
        text = nobody if detail is None else self._detail_text(detail)
        self.query_one("#detail", Lines).tell(text)

    async def _detail_of(self, account_id: str) -> AccountDetail | None:
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.queries import AccountById

        desk = self.desk
        query = AccountById(day=desk.today, organisation_id=desk.organisation_id, account_id=account_id)
        return await self.behorig.guarded(desk.service.ask(query), beside=True)

    def _detail_text(self, detail: AccountDetail) -> str:
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.text.dates import moment

        account = detail.row.account
        short = [
            permission.short_name
            for permission in self.desk.columns(retired=False)
            if permission.id in detail.row.granted
        ]
        lines = [
            *(
                (account.name, account.hsa_id)
                if self.has_class("-wide")
                else (_("{name}, {hsa_id}", name=account.name, hsa_id=account.hsa_id),)
            ),
            account.email,
            _("Has: {permissions}", permissions=" ".join(short) or _("no permissions")),
        ]
        if detail.email_shared_by:
            count = detail.email_shared_by
            lines.append(
                ngettext(
                    "The address is shared by {count} other.",
                    "The address is shared by {count} others.",
                    count,
                )
            )
        if detail.former_names:
            lines.append(_("Former name: {names}", names=_(", ").join(detail.former_names)))
        at, by = moment(detail.registered.at), shown(detail.registered.by)
        lines.append(_("Registered {moment} by {name}", moment=at, name=by))
        if detail.changed != detail.registered:
            at, by = moment(detail.changed.at), shown(detail.changed.by)
            lines.append(_("Changed {moment} by {name}", moment=at, name=by))
        return "\n".join(lines)

    # Actions --------------------------------------------------------------------------------

    def do_detail(self) -> None:
        """Open or close the detail pane; where nothing follows the cursor, show the details to read."""
        if not self.behorig.looks.live_detail:
            self._read_detail()
            return
        self.toggle_class("-detail")
        self.tell_row()

    @work(exclusive=True, group="detail")
    async def _read_detail(self) -> None:
        # Deferred: only needed where nothing follows the cursor.
        from tui.screens.dialogs import Reading

        row = self.row
        if row is not None:
            detail = await self._detail_of(row.account.id)
            nobody = self.behorig.not_read() or _("Not registered yet.")
            text = nobody if detail is None else self._detail_text(detail)
            lines = [("", line) for line in text.split("\n")]
            self.app.push_screen(Reading(_("Details"), lines, label_width=0, empty=""))

    @work
    async def do_register(self) -> None:
        """Register a person."""
        await self._form(None)

    @work
    async def do_amend(self) -> None:
        """Change the details of the row's account, staged ones too; a deregistered one is taken back."""
        row = self.row
        if row is not None:
            await self._form(row)

    async def _form(self, row: AccountRow | None) -> None:
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.screens.account_form import AccountForm

        desk = self.desk
        account_id = await self.app.push_screen_wait(AccountForm(desk, row))
        if account_id is None:
            return
        self.behorig.place = account_id
        self.draft_changed()
        index = self.people.index_of(account_id)
        if index is not None:
            self.table.move_cursor(row=index)
        name = desk.draft.names.get(account_id, "")
        self.behorig.say(
            _("{name} is staged, not written. {key} reviews.", key=key_of("app.review"), name=name)
        )

    @work
    async def do_deregister(self) -> None:
        """Stage that the row's account is deregistered, or drop what is staged for a newcomer."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.screens.dialogs import Question

        desk, row = self.desk, self.row
        if row is None:
            return
        account = row.account
        staged = account.id in desk.draft.registrations or account.id in desk.draft.returns
        if staged or account.id in desk.draft.leavings:
            question = _("Drop what is staged for {name}? Nothing of it has been written.", name=account.name)
            if await self.app.push_screen_wait(
                Question(_("Drop the change"), question, yes=_("Drop"), no=_("Keep"))
            ):
                desk.change(desk.draft.without_account(account.id))
                self.behorig.say(_("What was staged for {name} is dropped.", name=account.name))
            return
        ids = frozenset({account.id})
        now = await self.behorig.guarded(desk.service.rows(desk.organisation_id, ids), beside=True)
        if now is None and self.behorig.away_since is not None:
            # What is loaded is what there is; the review holds it against what is true once there is contact.
            now = {account.id: row}
        fresh = None if now is None else now.get(account.id)
        if fresh is None:
            return
        count = len(fresh.granted)
        text = ngettext(
            "{name} loses {count} permission. The deregistering is staged and is written after review.",
            "{name} loses {count} permissions. The deregistering is staged and is written after review.",
            count,
            name=account.name,
        )
        if await self.app.push_screen_wait(
            Question(_("Deregister"), text, yes=_("Deregister"), no=_("Keep the user"))
        ):
            desk.change(desk.draft.with_leaving(fresh.account, fresh.all_granted))
            self.behorig.say(
                _(
                    "Staged: {name} will be deregistered. {key} reviews.",
                    key=key_of("app.review"),
                    name=account.name,
                )
            )

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason or not self.behorig.is_open:
            return reason
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.directory import Role
        from core.queries import Standing

        row = self.row
        if action_id == "users.deregister" and row is not None:
            staged = row.account.id in self.desk.draft.returns
            if not row.account.active and not staged:
                return _("{name} is deregistered already", name=row.account.name)
            if row.account.role is not Role.USER:
                return _("an administrator is dismissed by Migrationsverket's kontaktcenter")
        if action_id == "users.amend" and row is not None and row.account.id in self.desk.draft.leavings:
            return _("the user is about to be deregistered; {key} drops that", key=key_of("users.deregister"))
        if action_id == "users.register" and self.people.question.standing is Standing.DEREGISTERED:
            return _(
                "the list shows deregistered users; {filter} and “Everybody” first,"
                " or {amend} to register one again",
                filter=key_of("people.filter"),
                amend=key_of("users.amend"),
            )
        return ""
