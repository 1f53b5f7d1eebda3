"""Letters and questions to the kontaktcenter: made, kept, read, saved, sent or thrown away."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import msgspec

from core.identity import EmailAddress, FamilyName, GivenName, HsaId
from core.letters import AdministratorLetter, LetterKind, MailState, Newcomer, why_not_letter
from core.queries import ContactOn
from core.refusal import Refusal
from core.review import hsa_id_caution
from core.text import shown, trimmed
from tui.letters import LONGEST_SUBJECT, LONGEST_TEXT, finished, own_address
from tui.line.ask import can_ask, confirm
from tui.line.init import names_of
from tui.line.lists import read_text
from tui.line.naming import none_of, person_named
from tui.line.outcome import ended
from tui.line.output import Field, Output, form_of
from tui.line.regular import file_named
from tui.line.session import run
from tui.line.write_users import Person, checked
from tui.session import DONE, INTERRUPTED, REFUSED, WRONG_USE, StartError
from tui.settings import wrong
from tui.terminal import say
from tui.text import _
from tui.text.dates import moment
from tui.text.letters import (
    letter_subject,
    letter_text,
    question_text,
    state_words,
    told_of_sending,
    whole,
)
from tui.text.question import technical
from tui.text.refusals import sentence
from tui.text.sentences import of_caution

if TYPE_CHECKING:
    from core.directory import Account
    from core.letters import KeptMail
    from core.queries import OrganisationDetail
    from tui.line.options import Forms, SignIn
    from tui.line.session import SignedIn
    from tui.session import Letters

NEW = "new"
"""What a newcomer is known by, who has no account yet."""

KINDS = tuple(each.value for each in LetterKind)


def run_letter(
    sign_in: SignIn, kind: str, person: Person, *, leaves: str | None, ends_permissions: bool
) -> int:
    """Make a letter about administrators, and keep it; nothing is sent.

    Raises:
        StartError: the kontaktcenter could not do what it asks for.
    """
    if kind not in KINDS:
        raise none_of(kind, KINDS)

    async def work(here: SignedIn) -> int:
        detail = await here.service.organisation(here.actor.organisation_id)
        letter = AdministratorLetter(
            kind=LetterKind(kind),
            comes=None if person == Person() else _newcomer(here, person),
            leaves=None if leaves is None else await _who_leaves(here, detail, leaves),
            ends_permissions=ends_permissions,
        )
        holder = (
            None if letter.comes is None
            else await here.service.holder(here.actor.organisation_id, letter.comes.hsa_id)
        )  # fmt: skip
        account = None if holder is None else holder.account
        refusals = why_not_letter(letter, administrators=detail.administrators, holder=account)
        if refusals:
            names = {each.id: each.name for each in (*detail.administrators, *([account] if account else ()))}
            raise StartError("\n".join(sentence(each, names) for each in refusals), REFUSED)
        if letter.comes is not None:
            _look_at_number(here, letter.comes, detail)
        own = await own_address(here.service, detail)
        text = letter_text(letter, detail.organisation, here.actor, own)
        return await _keep(here, letter_subject(letter, detail.organisation), text, own)

    return run(sign_in, work)


def _newcomer(here: SignedIn, person: Person) -> Newcomer:
    given, family = names_of(person.flags)
    hsa_id = checked(HsaId, person.hsa_id or "", "--hsa-id")
    if hsa_id.is_test and not here.session.demo:
        raise wrong(sentence(Refusal("hsa_id_test", "hsa_id", {"hsa_id": hsa_id})))
    return Newcomer(
        hsa_id=hsa_id,
        given_name=checked(GivenName, given, "--given-name"),
        family_name=checked(FamilyName, family, "--family-name"),
        email=checked(EmailAddress, person.email or "", "--email"),
    )


async def _who_leaves(here: SignedIn, detail: OrganisationDetail, text: str) -> Account:
    row = await person_named(here, text, detail.organisation)
    return row.account


def _look_at_number(here: SignedIn, comes: Newcomer, detail: OrganisationDetail) -> None:
    caution = hsa_id_caution(comes.hsa_id, detail.organisation)
    if caution is not None:
        told = of_caution(msgspec.structs.replace(caution, account_id=NEW), here.words({NEW: comes.name}))
        say(_("Look: {caution}", caution=ended(told)))


def run_question(sign_in: SignIn, subject: str, text_file: str, *, with_technical: bool) -> int:
    """Make a question to the kontaktcenter, and keep it; nothing is sent.

    Raises:
        StartError: there is no subject or no text, or the text is too long.
    """
    about = shown(trimmed(subject), LONGEST_SUBJECT)
    lines = asyncio.run(read_text(text_file)).strip().splitlines()
    text = "\n".join(shown(line, LONGEST_TEXT) for line in lines)
    if not about:
        raise wrong(_("Say in the subject what it is about."))
    if not text:
        raise wrong(_("Write the question."))
    if len(text) > LONGEST_TEXT:
        raise wrong(_("The question is too long for a letter."))

    async def work(here: SignedIn) -> int:
        detail = await here.service.organisation(here.actor.organisation_id)
        own = await own_address(here.service, detail)
        told = technical(role=here.actor.role, storage_kind=here.session.storage_kind, messages=())
        letter = question_text(
            text,
            told if with_technical else "",
            actor=here.actor,
            organisation=detail.organisation,
            email=own,
        )
        return await _keep(here, about, letter, own)

    return run(sign_in, work)


def _letters(here: SignedIn) -> Letters:
    if here.session.open_letters is None:
        raise wrong(_("There is no place for letters here."))
    return here.session.open_letters()


async def _keep(here: SignedIn, subject: str, text: str, sender: str) -> int:
    """Keep a finished letter, and write it to stdout."""
    contact = await here.service.ask(ContactOn(day=here.today))
    mail = finished(here.service, contact, subject, text, sender)
    kept = _letters(here).keep(mail)
    sys.stdout.write(whole(mail))
    sys.stdout.flush()
    say(
        _(
            "Nothing is sent. The letter lies in {place}; behorig letters send {id} sends it.",
            place=kept.place,
            id=mail.id,
        )
    )
    return DONE


def run_list(sign_in: SignIn, forms: Forms) -> int:
    """List the letters that are kept on this machine, the newest first."""

    async def work(here: SignedIn) -> int:
        fields = (
            Field("id", _("Id")),
            Field("subject", _("Subject")),
            Field("to", _("To")),
            Field("state", _("State")),
            Field("at", _("Made")),
            Field("place", _("File")),
        )
        with Output(form_of(forms), "letters", fields) as output:
            for kept in _letters(here).kept():
                mail = kept.mail
                line = _(
                    "{subject}, {state}, {moment}, {id}",
                    subject=shown(mail.subject),
                    state=state_words(kept.state),
                    moment=moment(mail.at),
                    id=mail.id,
                )
                output.row(
                    {
                        "id": str(mail.id),
                        "subject": shown(mail.subject),
                        "to": shown(mail.to),
                        "state": kept.state.value,
                        "at": mail.at,
                        "place": kept.place,
                    },
                    line,
                )
        if not output.count:
            say(_("There is no letter."))
        return DONE

    return run(sign_in, work)


def _kept(here: SignedIn, letter_id: str) -> KeptMail:
    found = next((each for each in _letters(here).kept() if each.mail.id == letter_id), None)
    if found is None:
        raise StartError(_("There is no letter “{id}”.", id=shown(letter_id)), REFUSED)
    return found


def run_show(sign_in: SignIn, letter_id: str) -> int:
    """Write a letter whole to stdout.

    Raises:
        StartError: there is none of that id.
    """

    async def work(here: SignedIn) -> int:
        kept = _kept(here, letter_id)
        sys.stdout.write(whole(kept.mail))
        say(_("State: {state}.", state=state_words(kept.state)))
        return DONE

    return run(sign_in, work)


def run_save(sign_in: SignIn, letter_id: str, file: str, *, replace: bool) -> int:
    """Write a letter to a file that a mail program opens.

    Raises:
        StartError: there is no such letter, or a file that is not to be replaced.
    """
    path = file_named(file)

    async def work(here: SignedIn) -> int:
        try:
            _letters(here).save(path, _kept(here, letter_id).mail, replace=replace)
        except FileExistsError as error:
            raise StartError(
                _("{path} is there already: --replace puts the letter in its place.", path=str(path)), REFUSED
            ) from error
        say(_("The letter is saved as {path}. A mail program opens it.", path=shown(str(path))))
        return DONE

    return run(sign_in, work)


def run_send(sign_in: SignIn, letter_id: str, *, yes: bool) -> int:
    """Send a letter after a question, and say what became of it.

    Raises:
        StartError: it cannot be sent, or somebody says no.
    """

    async def work(here: SignedIn) -> int:
        letters, kept = _letters(here), _kept(here, letter_id)
        if not letters.can_send:
            raise wrong(_("No mail server is named (smtp_host). Copy the letter, or save it as a file."))
        if kept.state is MailState.SENDING:
            raise StartError(_("It is being sent already."), REFUSED)
        if kept.state is MailState.SENT:
            say(_("It has been sent."))
            return DONE
        if kept.state is MailState.UNSURE:
            say(_("It may have arrived already. Sent again, the kontaktcenter may get it twice."))
        else:
            say(_("The letter goes to {to} as it stands here.", to=kept.mail.to))
        if not yes:
            if not can_ask():
                say(_("Nothing is sent: nobody can be asked here. Add --yes to send it."))
                return WRONG_USE
            if not await confirm(_("Send it?")):
                raise StartError(_("Nothing is sent."), INTERRUPTED)
        state, refusal = letters.send(letter_id)
        told, _is_problem = told_of_sending(kept.mail, state, refusal)
        say(told)
        return DONE if state is MailState.SENT else REFUSED

    return run(sign_in, work)


def run_drop(sign_in: SignIn, letter_id: str, *, yes: bool) -> int:
    """Throw a letter away after a question.

    Raises:
        StartError: there is none of that id, it is being sent, or somebody says no.
    """

    async def work(here: SignedIn) -> int:
        kept = _kept(here, letter_id)
        if kept.state is MailState.SENDING:
            raise StartError(_("It is being sent already."), REFUSED)
        if not yes:
            if not can_ask():
                say(_("The letter stays: nobody can be asked here. Add --yes to throw it away."))
                return WRONG_USE
            if not await confirm(_("Throw the letter away?")):
                raise StartError(_("The letter stays."), INTERRUPTED)
        _letters(here).drop(kept.mail.id)
        say(_("The letter is thrown away."))
        return DONE

    return run(sign_in, work)
