"""Letters to the kontaktcenter: about administrators, a question, and those that are kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.identity import EmailAddress, FamilyName, GivenName, HsaId
from core.letters import AdministratorLetter, KeptMail, LetterKind, MailState, Newcomer, why_not_letter
from core.ports import StorageError
from core.queries import ContactOn
from core.refusal import Refusal
from core.text import shown, trimmed
from tui.actions import WRITING
from tui.hsa_ids import number_question
from tui.letters import LONGEST_SUBJECT, LONGEST_TEXT, finished, own_address
from tui.menu.dialogue import Option
from tui.menu.form import Asked, fill_in
from tui.menu.tasks import Task, of, visit
from tui.menu.typed import guarded
from tui.named_file import named_file
from tui.text import N_, _
from tui.text.letters import (
    letter_subject,
    letter_text,
    letter_title,
    question_text,
    state_words,
    told_of_sending,
)
from tui.text.question import technical
from tui.text.refusals import sentence
from tui.threads import in_thread

if TYPE_CHECKING:
    from core.directory import Account
    from core.queries import OrganisationDetail
    from core.support import Contact
    from tui.menu.sitting import Sitting


async def _home(sitting: Sitting) -> OrganisationDetail:
    return await sitting.reading(sitting.desk.service.organisation(sitting.desk.organisation_id))


# About administrators -----------------------------------------------------------------------------------


async def administrator_letter(sitting: Sitting, _subject: None) -> None:
    """Make a letter about administrators: what, who leaves, who comes, and then the letter to read."""
    detail = await _home(sitting)
    options = []
    for each in LetterKind:
        why_not = ""
        if each is LetterKind.REMOVE and len(detail.administrators) < 2:
            why_not = sentence(Refusal("letter_last_administrator"))
        elif each is LetterKind.REPLACE and not detail.administrators:
            why_not = _("There is none to replace.")
        options.append(Option(each, letter_title(each), why_not=why_not))
    kind = await sitting.dialogue.choose(_("Letter about administrators"), options)
    leaves = None
    if kind is not LetterKind.REGISTER:
        leaves = await sitting.dialogue.choose(
            _("Who shall no longer be administrator?"),
            [
                Option(each, _("{name}, {email}", name=shown(each.name), email=shown(each.email)))
                for each in detail.administrators
            ],
        )
    letter = AdministratorLetter(kind=kind, leaves=leaves)
    if kind is not LetterKind.REMOVE:
        letter = await _with_newcomer(sitting, detail, letter)
    own = await sitting.reading(own_address(sitting.desk.service, detail))
    text = letter_text(letter, detail.organisation, sitting.desk.service.actor, own)
    contact = await sitting.ask(ContactOn(day=sitting.desk.today))
    await _finish(sitting, contact, letter_subject(letter, detail.organisation), text, own)


async def _with_newcomer(
    sitting: Sitting, detail: OrganisationDetail, letter: AdministratorLetter
) -> AdministratorLetter:
    """Ask who shall be administrator, until the kontaktcenter can do what the letter asks for."""
    takes_test_ids = sitting.desk.service.actor.hsa_id.startswith("TSTNMT")

    async def test_fault(value: object) -> str:
        hsa_id = HsaId(str(value))
        if hsa_id.is_test and not takes_test_ids:
            return sentence(Refusal("hsa_id_test", "hsa_id", {"hsa_id": hsa_id}))
        return ""

    sitting.say(_("Who shall be administrator? Nothing is sent yet."))
    typed: dict[str, str] = {}
    while True:
        await fill_in(
            sitting.dialogue,
            (
                Asked("hsa_id", _("HSA-id"), HsaId, check=test_fault),
                Asked("given_name", _("First name"), GivenName),
                Asked("family_name", _("Last name"), FamilyName),
                Asked("email", _("E-mail"), EmailAddress),
            ),
            typed,
        )
        comes = Newcomer(
            hsa_id=HsaId(typed["hsa_id"]),
            given_name=GivenName(typed["given_name"]),
            family_name=FamilyName(typed["family_name"]),
            email=EmailAddress(typed["email"]),
        )
        found = await _checked(sitting, detail, letter.kind, letter.leaves, comes)
        if found is not None:
            return found


async def _checked(
    sitting: Sitting, detail: OrganisationDetail, kind: LetterKind, leaves: Account | None, comes: Newcomer
) -> AdministratorLetter | None:
    """Give the letter when the kontaktcenter can do what it asks for, else say why not."""
    desk = sitting.desk
    holder = await sitting.reading(desk.service.holder(desk.organisation_id, comes.hsa_id))
    account = None if holder is None else holder.account
    letter = AdministratorLetter(kind=kind, comes=comes, leaves=leaves)
    refusals = why_not_letter(letter, administrators=detail.administrators, holder=account)
    if account is not None and [each.code for each in refusals] == ["letter_is_user"]:
        text = _(
            "{name} is a user, and a person has one role only. The letter says that the"
            " permissions as a user end.",
            name=account.name,
        )
        if not await sitting.dialogue.confirm(text, yes=_("Say so in the letter"), no=_("Back to the id")):
            return None
        letter = AdministratorLetter(kind=kind, comes=comes, leaves=leaves, ends_permissions=True)
        refusals = why_not_letter(letter, administrators=detail.administrators, holder=account)
    if refusals:
        sitting.tell(refusals[0], {} if account is None else {account.id: account.name})
        return None
    text = number_question(comes.hsa_id, detail.organisation)
    if not text:
        return letter
    is_right = await sitting.dialogue.confirm(text, yes=_("The id is right"), no=_("Back to the id"))
    return letter if is_right else None


# A question -----------------------------------------------------------------------------------------------


async def ask_question(sitting: Sitting, _subject: None) -> None:
    """Write a question, with technical lines where they are wanted, and show it as a letter."""
    detail, actor = await _home(sitting), sitting.desk.service.actor
    # All is read before anything is typed: a contact that is lost then costs nobody a text.
    own = await sitting.reading(own_address(sitting.desk.service, detail))
    contact = await sitting.ask(ContactOn(day=sitting.desk.today))
    sitting.say(_("Write no more about people than is needed. Nothing is sent yet."))
    subject = await sitting.dialogue.text(
        _("Subject"),
        fault=lambda answer: "" if trimmed(answer) else _("Say in the subject what it is about."),
    )
    subject = shown(trimmed(subject), LONGEST_SUBJECT)
    typed: list[str] = []
    while True:
        ask = partial(sitting.dialogue.long_text, _("The question"), typed=typed)
        text = await guarded(sitting.dialogue, ask, lambda: True)
        if not text:
            sitting.say(_("Write the question."))
        elif len(text) > LONGEST_TEXT:
            sitting.say(_("The question is too long for a letter."))
            typed.clear()
        else:
            break
    lines = technical(role=actor.role, storage_kind=sitting.session.storage_kind, messages=sitting.problems)
    sitting.say(_("These lines can go along, and nothing else about you or the users:"))
    sitting.say(lines)
    ask_lines = partial(sitting.dialogue.confirm, "", yes=_("Let them go along"), no=_("Without them"))
    with_lines = await guarded(sitting.dialogue, ask_lines, lambda: True)
    whole = question_text(
        text, lines if with_lines else "", actor=actor, organisation=detail.organisation, email=own
    )
    await _finish(sitting, contact, subject, whole, own)


async def _finish(sitting: Sitting, contact: Contact, subject: str, text: str, sender: str) -> None:
    """Keep a finished letter before anything else is done with it, and show it."""
    desk = sitting.desk
    mail = finished(desk.service, contact, subject, text, sender)
    kept = KeptMail(mail=mail, place="", state=MailState.WAITING)
    if sitting.letters is not None:
        try:
            kept = sitting.letters.keep(mail)
        except StorageError as error:
            sitting.tell(error.refusal)
    await visit_letter(sitting, kept)


# Letters that are here --------------------------------------------------------------------------------------


async def list_letters(sitting: Sitting, _subject: None) -> None:
    """List the letters that are kept on this machine."""
    while True:
        letters = () if sitting.letters is None else sitting.letters.kept()
        if not letters:
            sitting.say(_("There are no letters here."))
            return
        options = [
            Option(
                each,
                _(
                    "{subject}, {state}, {day}",
                    subject=each.mail.subject,
                    state=state_words(each.state),
                    day=each.mail.at[:10],
                ),
            )
            for each in letters
        ]
        kept = await sitting.dialogue.choose(_("Letters"), options)
        await visit_letter(sitting, kept)


async def visit_letter(sitting: Sitting, kept: KeptMail) -> None:
    """Tell a letter, and offer what can be done with it."""
    await _tell(sitting, kept)

    async def arrive() -> tuple[str, KeptMail] | None:
        if not kept.place:
            return _("Letter to the kontaktcenter"), kept
        here = () if sitting.letters is None else sitting.letters.kept()
        now = next((each for each in here if each.mail.id == kept.mail.id), None)
        return None if now is None else (_("Letter to the kontaktcenter"), now)

    await visit(sitting, LETTER, arrive)


async def _tell(sitting: Sitting, kept: KeptMail) -> None:
    mail = kept.mail
    lines = [
        _(
            "{label}: {value}",
            label=_("From"),
            value=_("{name} <{email}>", name=mail.sender_name, email=mail.sender),
        ),
        _("{label}: {value}", label=_("To"), value=mail.to),
        _("{label}: {value}", label=_("Subject"), value=mail.subject),
        *(line.strip() for line in mail.text.splitlines()),
        _("State: {state}.", state=state_words(kept.state)),
    ]
    if kept.place:
        lines.append(_("It lies in {place}", place=kept.place))
    sitting.dialogue.head("")
    await sitting.dialogue.read_out(lines)


def _expanded(name: str) -> Path:
    return named_file(name)


async def _save(sitting: Sitting, kept: KeptMail) -> None:
    """Save the letter as a file, after a question where there is one already."""
    letters, mail = sitting.letters, kept.mail
    if letters is None:
        return
    suggested = f"~/behorig-{mail.at[:10]}.eml"
    path = _expanded(await sitting.dialogue.value(_("The name of the file"), now=suggested))
    try:
        letters.save(path, mail, replace=False)
    except FileExistsError:
        text = _("{path} is there already. Shall the letter take its place?", path=str(path))
        if not await sitting.dialogue.confirm(text, yes=_("Replace it"), no=_("Leave it")):
            sitting.say(_("Nothing was saved."))
            return
        letters.save(path, mail)
    sitting.say(_("The letter is saved as {path}. A mail program opens it.", path=shown(str(path))))


async def _send(sitting: Sitting, kept: KeptMail) -> None:
    """Send the letter after a question, and say what became of it."""
    letters = sitting.letters
    if letters is None:
        return
    if kept.state is MailState.UNSURE:
        text = _("It may have arrived already. Sent again, the kontaktcenter may get it twice.")
    else:
        text = _("The letter goes to {to} as it stands here.", to=kept.mail.to)
    if not await sitting.dialogue.confirm(text, yes=_("Send"), no=_("Do not send")):
        return
    sitting.say(_("Sending the letter to {to} …", to=kept.mail.to))
    state, refusal = await sitting.reading(in_thread(lambda: letters.send(kept.mail.id)))
    told, _problem = told_of_sending(kept.mail, state, refusal)
    sitting.say(told)


def _why_not_send(sitting: Sitting, kept: KeptMail) -> str:
    letters = sitting.letters
    if letters is None or not letters.can_send:
        return _("no mail server is named (smtp_host); save the letter as a file")
    if not kept.place:
        return _("it could not be kept on disk, and only what is kept is sent; save it as a file")
    if kept.state is MailState.SENDING:
        return _("it is being sent already")
    return _("it has been sent") if kept.state is MailState.SENT else ""


async def _drop(sitting: Sitting, kept: KeptMail) -> bool:
    """Throw the letter away after a question."""
    text = _("The letter is gone then.")
    if sitting.letters is None or not await sitting.dialogue.confirm(
        text, yes=_("Throw away"), no=_("Keep it")
    ):
        return False
    if kept.place:
        sitting.letters.drop(kept.mail.id)
    sitting.say(_("The letter is thrown away."))
    return True


def _why_not_drop(_sitting: Sitting, kept: KeptMail) -> str:
    return _("it is being sent already") if kept.state is MailState.SENDING else ""


LETTER: tuple[Task[KeptMail], ...] = (
    Task(N_("Tell it again"), N_("Tells the whole letter."), _tell, of("support.choose"), roles=WRITING),
    Task(N_("Save as a file"), N_("Saves the letter, for a mail program."), _save, roles=WRITING),
    Task(
        N_("Send"),
        N_("Sends the letter to the kontaktcenter, after a question."),
        _send,
        roles=WRITING,
        why_not=_why_not_send,
    ),
    Task(
        N_("Throw away"),
        N_("Throws the letter away, after a question."),
        _drop,
        roles=WRITING,
        why_not=_why_not_drop,
    ),
)
