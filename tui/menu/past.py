"""The past: which day is meant, what somebody had on it, and what is different between two days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.queries import DifferencesBetween
from core.text import shown
from tui.text import _
from tui.text.dates import day as day_text
from tui.text.differences import of_catalogue, of_person
from tui.text.read_day import read_day

if TYPE_CHECKING:
    from datetime import date

    from core.queries import AccountRow
    from tui.menu.sitting import Sitting


async def ask_day(sitting: Sitting, question: str, *, may_be_empty: bool = False) -> date | None:
    """Ask for a day no later than today; ``None`` is an empty answer, where it may be given."""
    today = sitting.today

    def fault(answer: str) -> str:
        day = read_day(answer, today)
        if day is None:
            return _("“{text}” is no day. Write 2023-05-02, 2 May 2023 or 2/5 2023.", text=shown(answer))
        return _("{day} has not been yet.", day=day_text(day)) if day > today else ""

    if may_be_empty:
        while True:
            answer = await sitting.dialogue.value(question, may_be_empty=True)
            wrong = fault(answer) if answer else ""
            if not wrong:
                return read_day(answer, today) if answer else None
            sitting.say(wrong)
    return read_day(await sitting.dialogue.text(question, fault=fault), today)


async def tell_past(sitting: Sitting, row: AccountRow, day: date) -> None:
    """Tell what somebody had at the end of a day."""
    account, desk = row.account, sitting.desk
    lines = [
        _("{name} on {day}", name=account.name, day=day_text(day)),
        _("{name}, {hsa_id}, {email}.", name=account.name, hsa_id=account.hsa_id, email=account.email),
    ]
    for permission in desk.columns(retired=False, as_of=day):
        state = _("given") if permission.id in row.all_granted else _("not given")
        lines.append(_("{name}: {state}", name=shown(permission.name_on(day)), state=state))
    await sitting.dialogue.read_out(lines)


async def compare(sitting: Sitting, _subject: None) -> None:
    """Tell what is different between two days."""
    desk = sitting.desk
    first = await ask_day(sitting, _("The first day"))
    last = await ask_day(sitting, _("The last day; empty is today"), may_be_empty=True)
    first, last = sorted((first or desk.today, last or desk.today))
    query = DifferencesBetween(organisation_id=desk.organisation_id, from_day=first, until_day=last)
    found = await sitting.ask(query)
    lines = [*of_catalogue(desk.catalogue, first, last)]
    for person in found.people:
        lines.extend(of_person(person, desk.catalogue, last))
    if found.more:
        lines.append(_("There is more than can be shown: choose days that are closer to each other."))
    sitting.dialogue.head(_("From {first} to {last}", first=day_text(first), last=day_text(last)))
    await sitting.dialogue.read_out(lines or [_("Nothing is different between these days.")])
