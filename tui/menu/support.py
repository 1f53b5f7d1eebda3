"""Whom to ask, in the order in which to ask them, and how to write to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core import changes as c
from core.directory import AUTHORITY
from core.identity import Note
from core.queries import ContactOn
from core.refusal import Refusal, WrongValueError
from core.support import PART_TYPES, ContactPart
from core.text import shown
from tui.actions import SUPPORT as ROLE_SUPPORT
from tui.actions import WRITING
from tui.menu.dialogue import Option
from tui.menu.form import Asked, fill_in
from tui.menu.letters import administrator_letter, ask_question, list_letters
from tui.menu.review import reviewed
from tui.menu.tasks import Task, of, visit_area
from tui.text import N_, _
from tui.text.dates import day as day_text
from tui.text.sentences import part_name

if TYPE_CHECKING:
    from core.support import Contact
    from tui.menu.sitting import Sitting


async def _whom(sitting: Sitting, _subject: None) -> None:
    """Tell whom to ask: first the own administrators, then the kontaktcenter."""
    desk = sitting.desk
    contact = await sitting.ask(ContactOn(day=desk.today))
    detail = await sitting.reading(desk.service.organisation(desk.organisation_id))
    lines = [_("First: the administrators of {name}", name=shown(detail.organisation.name)) + ":"]
    own = desk.service.actor
    for each in detail.administrators:
        line = _("{name}, {email}", name=shown(each.name), email=shown(each.email))
        is_own = (each.organisation_id, each.id) == (own.organisation_id, own.account_id)
        lines.append(_("{line} (you)", line=line) if is_own else line)
    if not detail.administrators:
        lines.append(_("There is none. Ask the kontaktcenter."))
    lines.append(_("Then: Migrationsverket's kontaktcenter") + ":")
    lines.extend(_contact_lines(contact))
    lines.append(_("The card or the signing in: ask your own SITHS and HSA people first") + ".")
    await sitting.dialogue.read_out(lines)


def _contact_lines(contact: Contact) -> list[str]:
    lines = [_("E-mail: {value}", value=contact.email)]
    if contact.telephone:
        lines.append(_("Telephone: {value}", value=contact.telephone))
    if contact.hours:
        lines.append(_("Telephone hours: {value}", value=contact.hours))
    for each in contact.coming:
        from_day, part = day_text(each.from_day), part_name(each.part)
        lines.append(
            _("From {day}: {part} {value}", day=from_day, part=part, value=each.value)
            if each.value
            else _("From {day}: without {part}", day=from_day, part=part)
        )
    return lines


async def _contact(sitting: Sitting, _subject: None) -> None:
    """Enter a part of the contact from a day on; it is reviewed like any other write."""
    desk = sitting.desk
    contact = await sitting.ask(ContactOn(day=desk.today))
    labels = {
        ContactPart.EMAIL: _("E-mail"),
        ContactPart.TELEPHONE: _("Telephone"),
        ContactPart.HOURS: _("Telephone hours"),
    }
    options = [Option(part, label) for part, label in labels.items()]
    part = await sitting.dialogue.choose(_("The kontaktcenter's contact"), options)

    def day(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise WrongValueError(Refusal("day_form", _("From day"))) from None

    now = str(getattr(contact, part.value))
    answers = await fill_in(
        sitting.dialogue,
        (
            Asked("value", labels[part], PART_TYPES[part], now, optional=part is not ContactPart.EMAIL),
            Asked("from_day", _("From day"), day, desk.today.isoformat()),
        ),
    )
    value = answers["value"]
    change = c.SetContact(
        part=part,
        value=None if value is None else Note(str(value)),
        from_day=answers["from_day"],  # type: ignore[arg-type]  # the field makes a day
    )
    await reviewed(sitting, desk.service.changeset(AUTHORITY, (change,)))


SUPPORT: tuple[Task[None], ...] = (
    Task(
        N_("Whom to ask"),
        N_("Tells whom to ask, in which order, with addresses and telephone."),
        _whom,
        of("support.choose", "support.reload"),
        roles=WRITING,
    ),
    Task(
        N_("Letter about administrators"),
        N_("Makes the letter with which an administrator is registered, replaced or removed."),
        administrator_letter,
        of("support.letter"),
        roles=WRITING,
    ),
    Task(
        N_("Ask a question"),
        N_("Writes a question to the kontaktcenter."),
        ask_question,
        of("support.question"),
        roles=WRITING,
    ),
    Task(
        N_("Letters"),
        N_("Lists the letters that are here: to read, save, send or throw away."),
        list_letters,
        of("support.choose"),
        roles=WRITING,
    ),
    Task(
        N_("Change the contact"),
        N_("Enters the kontaktcenter's address, telephone or hours from a day on."),
        _contact,
        of("support.contact"),
        of("set_contact"),
        frozenset({ROLE_SUPPORT}),
    ),
)


async def visit_support(sitting: Sitting, _subject: None) -> None:
    """Offer what can be done about support."""
    await visit_area(sitting, SUPPORT, _("Support"))
