"""The form for a letter about administrators: who shall come, checked before there is a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import work
from textual.containers import Vertical
from textual.widgets import Input

from core.identity import EmailAddress, FamilyName, GivenName, HsaId
from core.letters import AdministratorLetter, LetterKind, Newcomer, why_not_letter
from core.ports import StorageError
from core.refusal import Refusal, WrongValueError
from tui.actions import key_of
from tui.hsa_ids import number_question
from tui.screens.account_form import FIELDS, why_not_read
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Dialog, Question
from tui.screens.form import Form, FormField
from tui.text import N_, _
from tui.text.letters import letter_title
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from core.directory import Account
    from core.queries import OrganisationDetail
    from tui.app import Behorig
    from tui.desk import Desk

KINDS: dict[str, Callable[[str], str]] = {
    "hsa_id": HsaId,
    "given_name": GivenName,
    "family_name": FamilyName,
    "email": EmailAddress,
}


class LetterForm(Form[AdministratorLetter]):
    """Asks who shall be administrator; answers a letter that can go, or ``None``."""

    KEYS = (
        (N_("Enter"), N_("Goes on to the next field, and on a button does what it says")),
        ("form.go_on", N_("Checks what is written and shows the finished letter")),
        *Dialog.KEYS,
    )

    def __init__(
        self, desk: Desk, detail: OrganisationDetail, kind: LetterKind, leaves: Account | None
    ) -> None:
        """Ask who shall come, for a letter in which ``leaves`` leaves."""
        super().__init__()
        self._desk = desk
        self._detail = detail
        self._kind = kind
        self._leaves = leaves

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield Told(id="hint")
            for name, label in FIELDS:
                yield from self.labelled(_(label), FormField(id=name))
                yield self.fault_of(name)
            yield from self.buttons(_("Show the letter"))

    def on_mount(self) -> None:
        hint = _(
            "Who shall be administrator? Enter goes on, {key} shows the letter. Nothing is sent yet.",
            key=key_of("form.go_on"),
        )
        if self._leaves is not None:
            hint = _("In the place of {name}.", name=self._leaves.name) + " " + hint
        self.tell(letter_title(self._kind), hint)

    def action_go_on(self) -> None:
        self.check()

    @property
    def is_written_in(self) -> bool:
        return any(self.query_one(f"#{name}", Input).value for name, _label in FIELDS)

    @work(exclusive=True, group="check")
    async def check(self) -> None:
        """Check every field and the letter as a whole, ask what must be asked, and answer."""
        wrong = [name for name, _label in FIELDS if self._fault(name)]
        if wrong:
            self.query_one(f"#{wrong[0]}", Input).focus()
            return
        values = {name: self.query_one(f"#{name}", Input).value for name, _label in FIELDS}
        comes = Newcomer(
            hsa_id=HsaId(values["hsa_id"]),
            given_name=GivenName(values["given_name"]),
            family_name=FamilyName(values["family_name"]),
            email=EmailAddress(values["email"]),
        )
        letter = await self._checked(comes)
        if letter is None:
            self.query_one("#hsa_id", Input).focus()
        else:
            self.dismiss(letter)

    def _fault(self, name: str) -> str:
        text = ""
        try:
            value = KINDS[name](self.query_one(f"#{name}", Input).value)
            if isinstance(value, HsaId) and value.is_test and not self._takes_test_ids:
                text = sentence(Refusal("hsa_id_test", name, {"hsa_id": value}))
        except WrongValueError as error:
            text = sentence(error.refusal)
        self.tell_below("fault", name, text)
        return text

    @property
    def _takes_test_ids(self) -> bool:
        """Whether this is a demo: only there somebody has an HSA-id of test form."""
        return self._desk.service.actor.hsa_id.startswith("TSTNMT")

    async def _checked(self, comes: Newcomer) -> AdministratorLetter | None:
        """Give the letter when the kontaktcenter can do what it asks for, else say why not."""
        try:
            holder = await self._desk.service.holder(self._desk.organisation_id, comes.hsa_id)
        except StorageError as error:
            self.tell_below("fault", "hsa_id", why_not_read(cast("Behorig", self.app), error))
            return None
        account = None if holder is None else holder.account
        letter = AdministratorLetter(kind=self._kind, comes=comes, leaves=self._leaves)
        refusals = self._why_not(letter, account)
        if account is not None and [each.code for each in refusals] == ["letter_is_user"]:
            question = Question(
                _("Is a user here"),
                _(
                    "{name} is a user, and a person has one role only. The letter says that the"
                    " permissions as a user end.",
                    name=account.name,
                ),
                yes=_("Say so in the letter"),
                no=_("Back to the id"),
            )
            if not await self.app.push_screen_wait(question):
                return None
            letter = AdministratorLetter(
                kind=self._kind, comes=comes, leaves=self._leaves, ends_permissions=True
            )
            refusals = self._why_not(letter, account)
        if refusals:
            names = {} if account is None else {account.id: account.name}
            self.tell_below("fault", "hsa_id", sentence(refusals[0], names))
            return None
        return letter if await self._is_right(comes.hsa_id) else None

    async def _is_right(self, hsa_id: HsaId) -> bool:
        """Ask about an HSA-id with another organisation's number: a question, never a stop (DOMAIN 4)."""
        text = number_question(hsa_id, self._detail.organisation)
        if not text:
            return True
        title = _("Another organisation number")
        question = Question(title, text, yes=_("The id is right"), no=_("Back to the id"))
        answer = await self.app.push_screen_wait(question)
        return bool(answer)

    def _why_not(self, letter: AdministratorLetter, holder: Account | None) -> tuple[Refusal, ...]:
        return why_not_letter(letter, administrators=self._detail.administrators, holder=holder)
