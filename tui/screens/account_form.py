"""The form for a person's details: register, change, or register again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from textual import work
from textual.containers import Vertical
from textual.widgets import Input

from core import changes as c
from core.directory import Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.ports import StorageError, is_away
from core.refusal import Refusal, WrongValueError
from core.review import hsa_id_caution
from tui.actions import key_of
from tui.people import shown_account
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Question
from tui.screens.form import Form, FormField
from tui.text import N_, _
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from core.draft import Draft
    from core.queries import AccountRow
    from tui.app import Behorig
    from tui.desk import Desk

FIELDS = (
    ("hsa_id", N_("HSA-id")),
    ("given_name", N_("First name")),
    ("family_name", N_("Last name")),
    ("email", N_("E-mail")),
)


class _Holder(NamedTuple):
    """Who has an HSA-id: an account, or nobody."""

    row: AccountRow | None


def why_not_read(app: Behorig, error: StorageError) -> str:
    """Say at a field why it could not be looked up; a storage that is away is told of as always."""
    if is_away(error.refusal):
        app.lose(error.refusal)
    return app.not_read() or sentence(error.refusal)


class AccountForm(Form[str]):
    """Asks for a person's details and stages them; answers the account's id, or ``None``."""

    DEFAULT_CSS = "AccountForm .before { height: auto; color: $text-muted; padding: 0 0 0 14; }"

    KEYS = (
        (N_("Enter"), N_("Goes on to the next field, and on a button does what it says")),
        (
            "form.go_on",
            N_("Stages what is written here; nothing is written to the storage before the review"),
        ),
        ("dialog.close", N_("Leaves the form, after a question when something is typed")),
    )

    def __init__(self, desk: Desk, row: AccountRow | None) -> None:
        """Ask about a new person, or about the account of a row."""
        super().__init__()
        self._desk = desk
        self._row = row
        self._back: AccountRow | None = None
        if row is not None and not row.account.active:
            self._back = row
        self._confirmed_hsa_id = ""

    @property
    def _is_new(self) -> bool:
        return self._row is None or self._row.account.id in self._desk.draft.registrations

    def compose(self) -> ComposeResult:
        account = None if self._row is None else shown_account(self._desk, self._row)
        with Vertical():
            yield Line(id="title")
            yield Told(id="hint")
            for name, label in FIELDS:
                field = FormField("" if account is None else str(getattr(account, name)), id=name)
                field.disabled = name == "hsa_id" and self._keeps_hsa_id
                yield from self.labelled(_(label), field)
                yield Told(id=f"before_{name}", classes="before empty")
                yield self.fault_of(name)
            yield from self.buttons(_("Stage"))

    @property
    def _keeps_hsa_id(self) -> bool:
        """Whether the HSA-id stays: that of who is taken back, and of an administrator (DOMAIN 1.2)."""
        if self._row is None or self._is_new:
            return False
        by_administrator = self._desk.service.actor.role is Role.ADMINISTRATOR
        return self._back is not None or (self._row.account.role is not Role.USER and by_administrator)

    def on_mount(self) -> None:
        self._tell_kind()

    def _tell_kind(self) -> None:
        if self._back is not None:
            hint = _("The user was registered before. Permissions are given anew afterwards.")
            self.tell(_("Register again"), hint)
            return
        hint = _(
            "Enter goes on, {key} stages. Nothing is written before the review.", key=key_of("form.go_on")
        )
        self.tell(_("New user") if self._is_new else _("Change details"), hint)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the old value under a field that differs from it."""
        if self._row is None or self._is_new or event.input.id is None:
            return
        before = str(getattr(self._row.account, event.input.id))
        text = _("Before: {value}", value=before) if event.value != before else ""
        self.tell_below("before", event.input.id, text)

    # Checking -----------------------------------------------------------------------------

    def on_input_blurred(self, event: Input.Blurred) -> None:
        if event.input.id == "hsa_id" and event.value and not event.input.disabled:
            self.look_up_hsa_id(event.value)

    @work(exclusive=True, group="holder")
    async def look_up_hsa_id(self, text: str) -> None:
        """Tell at once when somebody has the HSA-id, or had it."""
        fault = self._fault("hsa_id")
        if fault is not None:
            self.tell_below("fault", "hsa_id", sentence(fault))
            return
        await self._holder_fault(HsaId(text))

    async def _holder_fault(self, hsa_id: HsaId) -> bool:
        """Say whether the HSA-id is somebody else's; one that was deregistered is offered back."""
        found = await self._found(hsa_id)
        if found is None:
            return False  # the write looks it up again
        holder = found.row
        own = None if self._row is None else self._row.account.id
        staged = next(
            (
                each
                for each in self._desk.draft.registrations.values()
                if each.hsa_id.key == hsa_id.key and each.account_id != own
            ),
            None,
        )
        if staged is not None:
            name = f"{staged.given_name} {staged.family_name}"
            text = _("{name} has this HSA-id and is about to be registered. Check the id.", name=name)
        elif holder is None or holder.account.id == own:
            text = ""
        elif holder.account.active:
            text = _("{name} has this HSA-id already. Check the id.", name=holder.account.name)
        elif self._is_new:
            self._offer_back(holder)
            return True
        else:
            text = _("{name}, who is deregistered, has this HSA-id. Check the id.", name=holder.account.name)
        self.tell_below("fault", "hsa_id", text)
        return bool(text)

    async def _found(self, hsa_id: HsaId) -> _Holder | None:
        """Ask who has an HSA-id; ``None`` where that cannot be known just now, which is said at the field."""
        try:
            return _Holder(await self._desk.service.holder(self._desk.organisation_id, hsa_id))
        except StorageError as error:
            self.tell_below("fault", "hsa_id", why_not_read(cast("Behorig", self.app), error))
            return None

    def _offer_back(self, holder: AccountRow) -> None:
        """Turn the form into one that takes a deregistered account back, with what is typed kept."""
        self._back = self._row = holder
        for name, _label in FIELDS:
            field = self.query_one(f"#{name}", Input)
            if not field.value:
                field.value = str(getattr(holder.account, name))
            before = str(getattr(holder.account, name))
            if field.value != before:
                self.tell_below("before", name, _("Before: {value}", value=before))
        self.query_one("#hsa_id", Input).disabled = True
        self._tell_kind()

    def _fault(self, name: str) -> Refusal | None:
        kinds = {"hsa_id": HsaId, "given_name": GivenName, "family_name": FamilyName, "email": EmailAddress}
        try:
            kinds[name](self.query_one(f"#{name}", Input).value)
        except WrongValueError as error:
            return error.refusal
        return None

    # Staging ------------------------------------------------------------------------------

    def action_go_on(self) -> None:
        self.stage()

    @work(exclusive=True, group="stage")
    async def stage(self) -> None:
        """Check every field, ask what must be asked, and stage."""
        wrong: list[str] = []
        for name, _label in FIELDS:
            disabled = self.query_one(f"#{name}", Input).disabled
            fault = None if disabled else self._fault(name)
            self.tell_below("fault", name, "" if fault is None else sentence(fault))
            if fault is not None:
                wrong.append(name)
        hsa_id: HsaId | None = None
        if not self._hsa_id_fixed and "hsa_id" not in wrong:
            hsa_id = HsaId(self.query_one("#hsa_id", Input).value)
            if await self._holder_fault(hsa_id):
                wrong.insert(0, "hsa_id" if self._back is None else "given_name")
        if wrong:
            self.query_one(f"#{wrong[0]}", Input).focus()
            return
        if hsa_id is not None and not await self._confirmed(hsa_id):
            self.query_one("#hsa_id", Input).focus()
            return
        draft, account_id = self._staged(hsa_id)
        self._desk.change(draft)
        self.dismiss(account_id)

    @property
    def _hsa_id_fixed(self) -> bool:
        return self.query_one("#hsa_id", Input).disabled

    async def _confirmed(self, hsa_id: HsaId) -> bool:
        """Ask about an HSA-id with another organisation's number: a question, never a stop (DOMAIN 4)."""
        detail = self._desk.detail
        caution = None if detail is None else hsa_id_caution(hsa_id, detail.organisation)
        own = None if self._row is None else shown_account(self._desk, self._row).hsa_id
        if caution is None or hsa_id in (own, self._confirmed_hsa_id):
            return True
        text = _(
            "{hsa_id} has organisation number {owner}, and {organisation} has {number}. That is right where"
            " another organisation owns the directory. Is the id right?",
            hsa_id=hsa_id,
            owner=str(caution.params["owner"]),
            number=str(caution.params["number"]),
            organisation="" if detail is None else detail.organisation.name,
        )
        question = Question(
            _("Another organisation number"), text, yes=_("The id is right"), no=_("Back to the id")
        )
        answer = await self.app.push_screen_wait(question)
        if answer:
            self._confirmed_hsa_id = hsa_id
        return bool(answer)

    def _staged(self, hsa_id: HsaId | None) -> tuple[Draft, str]:
        draft = self._desk.draft
        given = GivenName(self.query_one("#given_name", Input).value)
        family = FamilyName(self.query_one("#family_name", Input).value)
        email = EmailAddress(self.query_one("#email", Input).value)
        row = self._row
        if self._back is not None:
            account = self._back.account
            back = c.ReregisterAccount(
                account_id=Id(account.id),
                seen_version=account.version,
                given_name=given,
                family_name=family,
                email=email,
            )
            return draft.with_return(back, account.hsa_id), account.id
        if row is None or row.account.id in draft.registrations:
            if hsa_id is None:
                raise RuntimeError("a registration has an HSA-id")
            account_id = self._desk.service.new_id() if row is None else row.account.id
            registration = c.RegisterAccount(
                account_id=Id(account_id), hsa_id=hsa_id, given_name=given, family_name=family, email=email
            )
            return draft.with_registration(registration), account_id
        account = row.account
        amended = draft.with_amendment(
            account,
            hsa_id=HsaId(account.hsa_id) if hsa_id is None else hsa_id,
            given_name=given,
            family_name=family,
            email=email,
        )
        return amended, account.id

    @property
    def is_written_in(self) -> bool:
        account = None if self._row is None else shown_account(self._desk, self._row)
        return any(
            self.query_one(f"#{name}", Input).value != ("" if account is None else getattr(account, name))
            for name, _label in FIELDS
        )

    @property
    def lost(self) -> str:
        return _("What you typed here is not staged and is lost if you leave.")
