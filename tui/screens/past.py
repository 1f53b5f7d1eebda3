"""The dialogs of the past: which day to look at, one person on it, and two days compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.queries import DifferencesBetween
from core.text import shown
from tui.screens.ask import ask_day
from tui.screens.dialogs import Reading
from tui.text import _
from tui.text.dates import day as day_text
from tui.text.differences import of_catalogue, of_person
from tui.text.read_day import read_day

if TYPE_CHECKING:
    from datetime import date

    from core.queries import AccountRow
    from tui.desk import Desk
    from tui.screens.people_room import PeopleRoom


async def choose_day(room: PeopleRoom) -> date | None:
    """Ask for a day to look at; ``None`` when none was chosen."""
    today = room.desk.today
    text = _("Users and permissions are shown as they were at the end of the day, only to read.")
    return await _ask(room, _("As of a day"), text, room.people.as_of, today)


async def _ask(room: PeopleRoom, title: str, text: str, value: date | None, today: date) -> date | None:
    dialog = ask_day(title, text, today=today, value=value, may_be_empty=False)
    answer = await room.app.push_screen_wait(dialog)
    return None if answer is None else read_day(answer, today)


async def compare_days(room: PeopleRoom, shown_day: date | None) -> None:
    """Ask for a day and tell what is different between it and the one that is shown."""
    desk = room.desk
    here = shown_day or desk.today
    title = _("Compare two days")
    text = _("What is different between that day and {day}, both at their end.", day=day_text(here))
    other = await _ask(room, title, text, None if shown_day is None else desk.today, desk.today)
    if other is None:
        return
    first, last = sorted((other, here))
    query = DifferencesBetween(organisation_id=desk.organisation_id, from_day=first, until_day=last)
    found = await room.behorig.guarded(desk.service.ask(query))
    if found is None:
        return
    lines = [("", each) for each in of_catalogue(desk.catalogue, first, last)]
    for person in found.people:
        lines.extend(("", each) for each in of_person(person, desk.catalogue, last))
    if found.more:
        lines.append(("", _("There is more than can be shown: choose days that are closer to each other.")))
    room.app.push_screen(
        Reading(
            _("From {first} to {last}", first=day_text(first), last=day_text(last)),
            lines,
            label_width=0,
            empty=_("Nothing is different between these days."),
        )
    )


def person_then(desk: Desk, row: AccountRow, day: date) -> Reading:
    """Make the list of one person's permissions as they were on a day."""
    account = row.account
    lines = [
        ("", _("PAST: as it was at the end of {day}, only to read. Esc shows today.", day=day_text(day))),
        ("", _("{name}, {hsa_id}, {email}.", name=account.name, hsa_id=account.hsa_id, email=account.email)),
    ]
    for permission in desk.columns(retired=False, as_of=day):
        given = permission.id in row.all_granted
        lines.append(("X" if given else ".", shown(permission.name_on(day))))
    title = _("{name} on {day}", name=account.name, day=day_text(day))
    return Reading(title, lines, label_width=2, empty="")
