"""The questions about a person: to register, change, or register again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core.directory import Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from tui.hsa_ids import number_question, who_comes_back, why_taken
from tui.menu.form import Answers, Asked, fill_in
from tui.people import shown_account
from tui.text import _

if TYPE_CHECKING:
    from core.draft import Draft
    from core.queries import AccountRow
    from tui.desk import Desk
    from tui.menu.sitting import Sitting


class PersonForm:
    """Asks for a person's details and stages them on a desk, which may be another than the sitting's."""

    def __init__(self, sitting: Sitting, desk: Desk, row: AccountRow | None) -> None:
        """Ask about a new person, or about the account of a row."""
        self._sitting = sitting
        self._desk = desk
        self._row = row
        self._back = row if row is not None and self._is_back(row) else None
        self._confirmed = ""

    def _is_back(self, row: AccountRow) -> bool:
        """Whether the account was deregistered; one that is staged to come is not."""
        staged = self._desk.draft.registrations
        return row.account.id not in staged and (
            not row.account.active or row.account.id in self._desk.draft.returns
        )

    @property
    def _is_new(self) -> bool:
        return self._row is None or self._row.account.id in self._desk.draft.registrations

    @property
    def _keeps_hsa_id(self) -> bool:
        """Whether the HSA-id stays: that of who is taken back, and of an administrator (DOMAIN 1.2)."""
        if self._row is None or self._is_new:
            return False
        by_administrator = self._desk.service.actor.role is Role.ADMINISTRATOR
        return self._back is not None or (self._row.account.role is not Role.USER and by_administrator)

    async def stage(self) -> str:
        """Ask, stage, and give the account's id; ``BackError`` where the person goes back."""
        say = self._sitting.say
        answers: Answers = {}
        if self._back is None and not self._keeps_hsa_id:
            now = "" if self._row is None else shown_account(self._desk, self._row).hsa_id
            asked = Asked("hsa_id", _("HSA-id"), HsaId, now, check=self._fault)
            answers = await fill_in(self._sitting.dialogue, [asked])
        if self._back is not None:
            say(_("The user was registered before. Permissions are given anew afterwards."))
        account = None if self._row is None else shown_account(self._desk, self._row)
        rest = [
            Asked(name, label, make, "" if account is None else str(getattr(account, name)))
            for name, label, make in (
                ("given_name", _("First name"), GivenName),
                ("family_name", _("Last name"), FamilyName),
                ("email", _("E-mail"), EmailAddress),
            )
        ]
        answers = {**answers, **await fill_in(self._sitting.dialogue, rest)}
        draft, account_id = self._staged(answers)
        self._desk.change(draft)
        return account_id

    async def _fault(self, value: object) -> str:
        """Say what is wrong with an HSA-id in this organisation, and ask what has to be asked about it."""
        hsa_id = HsaId(str(value))
        holder = await self._sitting.reading(self._desk.service.holder(self._desk.organisation_id, hsa_id))
        own = None if self._row is None else self._row.account.id
        back = who_comes_back(hsa_id, holder, self._desk.draft, own) if self._is_new else None
        if back is not None:
            self._back = self._row = back
            return ""
        return why_taken(hsa_id, holder, self._desk.draft, own) or await self._doubt(hsa_id)

    async def _doubt(self, hsa_id: HsaId) -> str:
        """Ask about an HSA-id with another organisation's number: a question, never a stop (DOMAIN 4)."""
        detail = self._desk.detail
        own = None if self._row is None else shown_account(self._desk, self._row).hsa_id
        text = "" if detail is None or hsa_id == own else number_question(hsa_id, detail.organisation)
        if not text:
            return ""
        if await self._sitting.dialogue.confirm(text, yes=_("The id is right"), no=_("Back to the id")):
            return ""
        return _("Type the id once more.")

    def _staged(self, answers: Answers) -> tuple[Draft, str]:
        draft, row = self._desk.draft, self._row
        given, family = GivenName(str(answers["given_name"])), FamilyName(str(answers["family_name"]))
        email = EmailAddress(str(answers["email"]))
        if self._back is not None:
            account = self._back.account
            staged = draft.returns.get(account.id)
            back = c.ReregisterAccount(
                account_id=Id(account.id),
                seen_version=account.version if staged is None else staged.change.seen_version,
                given_name=given,
                family_name=family,
                email=email,
            )
            return draft.with_return(back, account.hsa_id), account.id
        if row is None or row.account.id in draft.registrations:
            account_id = self._desk.service.new_id() if row is None else row.account.id
            registration = c.RegisterAccount(
                account_id=Id(account_id),
                hsa_id=HsaId(str(answers["hsa_id"])),
                given_name=given,
                family_name=family,
                email=email,
            )
            return draft.with_registration(registration), account_id
        account = row.account
        amended = draft.with_amendment(
            account,
            hsa_id=HsaId(str(answers.get("hsa_id", account.hsa_id))),
            given_name=given,
            family_name=family,
            email=email,
        )
        return amended, account.id
