"""The catalogue for support: every e-service and permission with its days, to launch, rename and end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core import changes as c
from core.identity import Id, Title
from core.refusal import Refusal, WrongValueError
from core.text import search_key, shown
from tui.actions import SUPPORTS
from tui.menu.announcement_form import write_announcement
from tui.menu.dialogue import Option, Ready
from tui.menu.form import Asked, fill_in
from tui.menu.review import reviewed
from tui.menu.tasks import Task, of, visit, visit_area
from tui.text import N_, _
from tui.text.announcements import draft_announcement_for
from tui.text.dates import day as day_text

if TYPE_CHECKING:
    from core.catalogue import Permission
    from tui.menu.sitting import Sitting


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongValueError(Refusal("day_form", _("Day"))) from error


def _label(permission: Permission, today: date) -> str:
    parts = [shown(permission.name_on(today)), shown(permission.short_name)]
    if not permission.is_launched(today):
        parts.append(_("is launched {day}", day=day_text(permission.launched_on)))
    if permission.retired_on is not None:
        day = day_text(permission.retired_on)
        parts.append(_("ended {day}", day=day) if permission.is_retired(today) else _("ends {day}", day=day))
    return _(", ").join(parts)


def about_permission(permission: Permission, today: date) -> list[str]:
    """Tell a permission with its days and names, a line each."""
    lines = [
        _("Name: {value}", value=shown(permission.name_on(today))),
        _("Short name: {value}", value=shown(permission.short_name)),
        _("Launch day: {value}", value=day_text(permission.launched_on)),
    ]
    if permission.retired_on is not None:
        lines.append(_("Ends on the day: {value}", value=day_text(permission.retired_on)))
    former = permission.former_names(today)
    if former:
        lines.append(_("Former name: {names}", names=_(", ").join(map(shown, former))))
    lines.extend(
        _("Is called {name} from {day}.", name=shown(each.name), day=day_text(each.from_day))
        for each in permission.names
        if each.from_day is not None and each.from_day > today
    )
    if permission.target_group:
        lines.append(_("Target group: {name}.", name=shown(permission.target_group)))
    if permission.payment:
        lines.append(_("Payment: {name}.", name=shown(permission.payment)))
    return lines


async def _choose(sitting: Sitting, _subject: None) -> None:
    """Choose a permission, and offer what can be done about it."""
    today = sitting.today

    def options() -> list[Option[Permission]]:
        return [Option(each, _label(each, today)) for each in sitting.desk.catalogue.permissions]

    async def search(text: str) -> Ready[Permission]:
        words = search_key(text).split()
        found = [each for each in options() if all(word in search_key(each.label) for word in words)]
        if not found:
            sitting.say(_("No permission matches “{search}”.", search=shown(text)))
        return Ready(found or options())

    while True:
        chosen = await sitting.dialogue.pick(_("Catalogue"), Ready(options()), search=search)
        await _visit_permission(sitting, chosen)


async def _visit_permission(sitting: Sitting, permission: Permission) -> None:
    first = [True]

    async def arrive() -> tuple[str, Permission]:
        await sitting.reading(sitting.desk.load())
        now = sitting.desk.catalogue.permission(permission.id) or permission
        if first:
            first.clear()
            await _tell(sitting, now)
        return shown(now.name_on(sitting.today)), now

    await visit(sitting, PERMISSION, arrive)


async def _tell(sitting: Sitting, permission: Permission) -> None:
    sitting.dialogue.head("")
    await sitting.dialogue.read_out(about_permission(permission, sitting.today))


async def _launch(sitting: Sitting, _subject: None) -> None:
    """Ask for a new permission and the day from which it can be given."""
    desk = sitting.desk
    options = [Option(each.id, shown(each.name)) for each in desk.catalogue.e_services]
    e_service_id = await sitting.dialogue.choose(_("In which e-service"), options)
    answers = await fill_in(
        sitting.dialogue,
        (
            Asked("name", _("Name"), Title),
            Asked(
                "short_name",
                _("Short name"),
                Title,
                hint=_("heads a narrow column: three letters, such as Fsk"),
            ),
            Asked("launched_on", _("Launch day"), _day, hint=_("such as {day}", day=desk.today.isoformat())),
            Asked("target_group", _("Target group"), Title, optional=True),
            Asked("payment", _("Payment"), Title, optional=True),
        ),
    )
    # The id is opaque and lasts: it is not made of the name, which may change.
    change = c.LaunchPermission(
        permission_id=Id(desk.service.new_id()),
        e_service_id=Id(e_service_id),
        **answers,  # type: ignore[arg-type]  # each field has made its own type
    )
    await _review(sitting, change)


async def _register_e_service(sitting: Sitting, _subject: None) -> None:
    answers = await fill_in(sitting.dialogue, (Asked("name", _("Name"), Title),))
    # The id is opaque and lasts, as above.
    change = c.RegisterEService(
        e_service_id=Id(sitting.desk.service.new_id()), name=Title(str(answers["name"]))
    )
    await reviewed(sitting, sitting.desk.service.changeset(sitting.desk.organisation_id, (change,)))


def _why_not_launch(sitting: Sitting, _subject: None) -> str:
    return "" if sitting.desk.catalogue.e_services else _("there is no e-service yet")


async def _rename(sitting: Sitting, permission: Permission) -> None:
    today = sitting.today
    answers = await fill_in(
        sitting.dialogue,
        (
            Asked("name", _("New name"), Title, permission.name_on(today)),
            Asked("from_day", _("From the day"), _day, today.isoformat()),
        ),
    )
    await _review(sitting, c.RenamePermission(permission_id=Id(permission.id), **answers))  # type: ignore[arg-type]  # as above


async def _retire(sitting: Sitting, permission: Permission) -> None:
    now = "" if permission.retired_on is None else permission.retired_on.isoformat()
    hint = _("such as {day}", day=sitting.today.isoformat())
    answers = await fill_in(
        sitting.dialogue, (Asked("retired_on", _("Ends on the day"), _day, now, hint=hint),)
    )
    await _review(sitting, c.RetirePermission(permission_id=Id(permission.id), **answers))  # type: ignore[arg-type]  # as above


def _why_not_retire(sitting: Sitting, permission: Permission) -> str:
    return _("it has ended already") if permission.is_retired(sitting.today) else ""


async def _review(
    sitting: Sitting, change: c.LaunchPermission | c.RenamePermission | c.RetirePermission
) -> None:
    """Review one change, where it is counted what it will touch; then offer to tell of it."""
    desk = sitting.desk
    ready = draft_announcement_for(change, desk.catalogue, desk.today)
    if not await reviewed(sitting, desk.service.changeset(desk.organisation_id, (change,))):
        return
    text = _("Nobody has been told of it yet. An announcement is ready-written, to look over and publish.")
    if await sitting.dialogue.confirm(text, yes=_("Look it over"), no=_("Not now")):
        await sitting.reading(desk.load())
        await write_announcement(sitting, ready)


PERMISSION: tuple[Task[Permission], ...] = (
    Task(N_("Tell it again"), N_("Tells its names and days."), _tell, of("catalogue.reload"), roles=SUPPORTS),
    Task(
        N_("Rename"),
        N_("Asks for another name and the day from which it holds."),
        _rename,
        of("catalogue.rename"),
        of("rename_permission"),
        SUPPORTS,
    ),
    Task(
        N_("End"),
        N_("Asks for the day on which the permission ends, and counts who loses it."),
        _retire,
        of("catalogue.retire"),
        of("retire_permission"),
        SUPPORTS,
        why_not=_why_not_retire,
    ),
)

CATALOGUE: tuple[Task[None], ...] = (
    Task(
        N_("Permissions"),
        N_("Lists every permission with its days; each can be renamed and ended."),
        _choose,
        of("app.catalogue"),
        roles=SUPPORTS,
    ),
    Task(
        N_("Launch"),
        N_("Asks for a new permission and its launch day, and counts whom it reaches."),
        _launch,
        of("catalogue.launch"),
        of("launch_permission"),
        SUPPORTS,
        why_not=_why_not_launch,
    ),
    Task(
        N_("Add an e-service"),
        N_("Adds an e-service, after review."),
        _register_e_service,
        changes=of("register_e_service"),
        roles=SUPPORTS,
    ),
)


async def visit_catalogue(sitting: Sitting, _subject: None) -> None:
    """Offer what can be done about the catalogue."""
    await visit_area(sitting, CATALOGUE, _("Catalogue"))
