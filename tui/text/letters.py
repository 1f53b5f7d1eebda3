"""The words of letters to the kontaktcenter, and of what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.letters import AdministratorLetter, LetterKind, Mail, MailState
from core.text import shown
from tui.text import _, speaking
from tui.text.refusals import sentence
from tui.text.sentences import role_name

if TYPE_CHECKING:
    from core.directory import Account, Actor, Organisation
    from core.letters import Newcomer
    from core.refusal import Refusal


KONTAKTCENTER = "sv"
"""The language that the kontaktcenter is written to in."""


def letter_title(kind: LetterKind) -> str:
    """Give what a letter of a kind is about."""
    match kind:
        case LetterKind.REGISTER:
            return _("Register an administrator")
        case LetterKind.REPLACE:
            return _("Replace an administrator")
        case LetterKind.REMOVE:
            return _("Remove an administrator")


def letter_subject(letter: AdministratorLetter, organisation: Organisation) -> str:
    """Give the subject of a letter about administrators, in Swedish as the letter."""
    with speaking(KONTAKTCENTER):
        what = letter_title(letter.kind)
        return _("{what}: {organisation}", what=what, organisation=shown(organisation.name))


def letter_text(letter: AdministratorLetter, organisation: Organisation, actor: Actor, email: str) -> str:
    """Give a letter about administrators with everything that the kontaktcenter needs (DOMAIN 6).

    It is Swedish whatever the writer reads: it is an errand at a Swedish authority.
    """
    with speaking(KONTAKTCENTER):
        return _letter_text(letter, organisation, actor, email)


def question_text(
    question: str, technical: str, *, actor: Actor, organisation: Organisation, email: str
) -> str:
    """Give a question with its technical lines (``""`` for none), greeted and signed in Swedish."""
    with speaking(KONTAKTCENTER):
        signed = _(
            "{name}, {role}, {organisation}",
            name=shown(actor.name),
            role=role_name(actor.role),
            organisation=shown(organisation.name),
        )
        ending = "\n".join((_("Kind regards,"), signed, shown(email)))
        return "\n\n".join(part for part in (question, technical, ending) if part) + "\n"


def _letter_text(letter: AdministratorLetter, organisation: Organisation, actor: Actor, email: str) -> str:
    name = shown(organisation.name)
    where = _("{name} ({number})", name=name, number=organisation.number) if organisation.number else name
    parts = [_("Hello,")]
    match letter.kind:
        case LetterKind.REGISTER:
            parts.append(
                _("We want a new administrator to be registered for {organisation}.", organisation=where)
            )
        case LetterKind.REPLACE:
            parts.append(_("We want an administrator of {organisation} to be replaced.", organisation=where))
        case LetterKind.REMOVE:
            parts.append(_("We want an administrator of {organisation} to be removed.", organisation=where))
    if letter.comes is not None:
        parts.append(_("To be registered as administrator:") + "\n" + _newcomer(letter.comes))
    if letter.leaves is not None:
        parts.append(_("Shall no longer be administrator:") + "\n" + _account(letter.leaves))
    if letter.comes is not None and letter.ends_permissions:
        parts.append(
            _(
                "{name} is a user with us. A person has one role only: we know that the permissions as a user"
                " end when {name} becomes administrator.",
                name=letter.comes.name,
            )
        )
    if letter.kind is LetterKind.REMOVE:
        parts.append(_("We have at least one other administrator who stays."))
    signed = _("{name}, administrator of {organisation}", name=shown(actor.name), organisation=name)
    parts.append("\n".join((_("Kind regards,"), signed, f"{shown(actor.hsa_id)}, {shown(email)}")))
    return "\n\n".join(parts) + "\n"


def _newcomer(person: Newcomer) -> str:
    return _person(person.hsa_id, person.given_name, person.family_name, person.email)


def _account(account: Account) -> str:
    return _person(account.hsa_id, account.given_name, account.family_name, account.email)


def _person(hsa_id: str, given_name: str, family_name: str, email: str) -> str:
    return "\n".join(
        (
            _("  HSA-id: {value}", value=shown(hsa_id)),
            _("  First name: {value}", value=shown(given_name)),
            _("  Last name: {value}", value=shown(family_name)),
            _("  E-mail: {value}", value=shown(email)),
        )
    )


def whole(mail: Mail) -> str:
    """Give a letter with its recipient and subject, to paste into a mail program."""
    head = (_("To: {value}", value=mail.to), _("Subject: {value}", value=mail.subject))
    return "\n".join(head) + "\n\n" + mail.text


def state_words(state: MailState) -> str:
    """Say how far a letter has come."""
    match state:
        case MailState.WAITING:
            return _("not sent")
        case MailState.SENDING:
            return _("being sent")
        case MailState.UNSURE:
            return _("perhaps sent")
        case MailState.SENT:
            return _("sent")


def told_of_sending(mail: Mail, state: MailState, refusal: Refusal | None) -> tuple[str, bool]:
    """Say what became of sending a letter, and whether that is a problem."""
    reason = "" if refusal is None else sentence(refusal)
    if state is MailState.SENT:
        done = _("The letter is sent to {to}.", to=mail.to)
        return (f"{done} {reason}" if reason else done), bool(reason)
    if state is MailState.UNSURE:
        return _("{reason} It is here under Support; sending it again asks first.", reason=reason), True
    if state is MailState.SENDING:
        return reason, True
    return _("The letter is not sent, it is here under Support. {reason}", reason=reason), True
