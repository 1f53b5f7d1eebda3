"""The users of the organisation: finding them in lists, in an order and on a day, and registering one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.queries import SortBy, Standing
from core.text import shown
from tui.actions import ADMINISTERS
from tui.menu.choosing import one_person, people_of
from tui.menu.dialogue import Option
from tui.menu.past import ask_day, compare, tell_past
from tui.menu.person import tell_person_staged, visit_person
from tui.menu.person_form import PersonForm
from tui.menu.tasks import Task, of, visit_area
from tui.people import People
from tui.text import N_, _
from tui.text.dates import day as day_text

if TYPE_CHECKING:
    from tui.menu.sitting import Sitting


async def find(sitting: Sitting, _subject: None) -> None:
    """Find somebody, and do something about that person."""
    await _people_menu(sitting, _("Users"), None)


async def _people_menu(sitting: Sitting, title: str, like: People | None) -> None:
    while True:
        row = await one_person(sitting, title, like)
        if like is not None and like.as_of is not None:
            await tell_past(sitting, row, like.as_of)
        else:
            await visit_person(sitting, row)


SORT_NAMES = {
    SortBy.NAME: N_("Name"),
    SortBy.HSA_ID: N_("HSA-id"),
    SortBy.EMAIL: N_("E-mail"),
    SortBy.PERMISSIONS: N_("Number of permissions"),
}


async def filtered(sitting: Sitting, _subject: None) -> None:
    """Choose who is listed."""
    desk, people = sitting.desk, people_of(sitting)
    options: list[Option[tuple[str, str, bool]]] = [
        Option(("standing", Standing.DEREGISTERED.value, False), _("Deregistered users"))
    ]
    for permission in desk.columns(retired=False):
        name = shown(permission.name_on(desk.today))
        options.append(Option(("permission", permission.id, False), _("Have {name}", name=name)))
        options.append(Option(("permission", permission.id, True), _("Lack {name}", name=name)))
    for e_service in desk.catalogue.e_services:
        name = shown(e_service.name)
        options.append(Option(("service", e_service.id, False), _("Have any of {name}", name=name)))
        options.append(Option(("service", e_service.id, True), _("Have none of {name}", name=name)))
    kind, wanted, lacking = await sitting.dialogue.choose(_("Show only"), options)
    people.filter_by(
        standing=Standing.DEREGISTERED if kind == "standing" else Standing.ACTIVE,
        e_service_id=wanted if kind == "service" else None,
        permission_id=wanted if kind == "permission" else None,
        lacking=lacking,
    )
    title = next(each.label for each in options if each.value == (kind, wanted, lacking))
    await _people_menu(sitting, title, people)


async def ordered(sitting: Sitting, _subject: None) -> None:
    """Choose the order of the list."""
    people = people_of(sitting)
    options = [
        Option((by, falling), _(name) + (_(", falling") if falling else _(", rising")))
        for by, name in SORT_NAMES.items()
        for falling in (False, True)
    ]
    by, falling = await sitting.dialogue.choose(_("Sort by"), options)
    people.order_by(by, descending=falling)
    await _people_menu(sitting, _("Users"), people)


async def as_of(sitting: Sitting, _subject: None) -> None:
    """List users as they were at the end of a day."""
    sitting.say(_("Users and permissions are shown as they were at the end of the day, only to read."))
    day = await ask_day(sitting, _("Day"))
    people = people_of(sitting)
    people.look_at(None if day == sitting.today else day)
    title = _("Users") if day is None else _("Users on {day}, only to read", day=day_text(day))
    await _people_menu(sitting, title, people)


async def register(sitting: Sitting, _subject: None) -> None:
    """Register somebody, and go on with that person."""
    account_id = await PersonForm(sitting, sitting.desk, None).stage()
    tell_person_staged(sitting, account_id)
    people = People(sitting.desk)
    people.rebuild()
    row = people.find(account_id)
    if row is not None:
        await visit_person(sitting, row)


USERS: tuple[Task[None], ...] = (
    Task(
        N_("Find a user"),
        N_("Lists all users; what you type is searched for, with or without dots."),
        find,
        of("app.users", "people.search", "people.all", "people.reload"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("New user"),
        N_("Registers a person as user."),
        register,
        of("users.register"),
        of("register_account"),
        ADMINISTERS,
    ),
    Task(
        N_("Filter"),
        N_("Shows only those who have, or lack, a permission; or deregistered ones."),
        filtered,
        of("people.filter"),
        roles=ADMINISTERS,
    ),
    Task(N_("Sort"), N_("Chooses the order of the list."), ordered, of("people.sort"), roles=ADMINISTERS),
    Task(
        N_("As of a day"),
        N_("Shows users and permissions as they were at the end of a day; only to read."),
        as_of,
        of("people.as_of"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("Compare two days"),
        N_("Tells who came and left, was changed, got or lost what between two days."),
        compare,
        of("people.compare"),
        roles=ADMINISTERS,
    ),
)


async def visit_users(sitting: Sitting, _subject: None) -> None:
    """Offer what can be done about users."""
    await visit_area(sitting, USERS, _("Users"))
