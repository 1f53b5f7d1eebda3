"""Permissions, from the permission on: whom to give it, who has it, who lacks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.directory import Role
from core.queries import Standing
from core.text import search_key, shown
from tui.actions import ADMINISTERS
from tui.history import HistoryFilter
from tui.menu.choosing import chosen_words, one_person, people_of, several_people
from tui.menu.dialogue import Option, Ready
from tui.menu.person import visit_person
from tui.menu.tasks import Task, of, visit
from tui.text import N_, _, ngettext
from tui.text.dates import day as day_text

if TYPE_CHECKING:
    from core.catalogue import Permission
    from tui.menu.sitting import Sitting
    from tui.people import People

MOST_MARKS = 1_000
"""The most people that are chosen at a time."""


def permission_words(sitting: Sitting, permission: Permission) -> str:
    """Say what a permission is called, and what is special about it today."""
    today = sitting.today
    parts = [shown(permission.name_on(today))]
    if permission.launched_on == today:
        parts.append(_("launched today"))
    if permission.is_retired(today):
        parts.append(_("retired"))
    former = permission.former_names(today)
    if former:
        parts.append(_("formerly {names}", names=_(", ").join(map(shown, former))))
    return _(", ").join(parts)


async def one_permission(sitting: Sitting, title: str, *, retired: bool = True) -> Permission:
    """Let a permission be chosen; what was launched today comes first, and former names find it too."""
    desk = sitting.desk
    columns = list(desk.columns(retired=retired))
    columns.sort(key=lambda each: (each.launched_on != desk.today, each.is_retired(desk.today)))
    options = [Option(each, permission_words(sitting, each)) for each in columns]

    async def search(text: str) -> Ready[Permission]:
        words = search_key(text).split()
        found = [each for each in options if all(word in search_key(each.label) for word in words)]
        if not found:
            sitting.say(_("No permission matches “{search}”.", search=shown(text)))
        return Ready(found or options)

    return await sitting.dialogue.pick(title, Ready(options), search=search)


def _holders(sitting: Sitting, permission: Permission, *, lacking: bool) -> People:
    people = people_of(sitting)
    people.filter_by(
        standing=Standing.ACTIVE, e_service_id=None, permission_id=permission.id, lacking=lacking
    )
    people.question = msgspec.structs.replace(people.question, role=Role.USER)
    return people


async def visit_permissions(sitting: Sitting, _subject: None) -> None:
    """Choose a permission, and offer what can be done about it."""
    await sitting.reading(sitting.desk.load())
    if not sitting.desk.columns(retired=True):
        sitting.say(_("The organisation has no agreement for an e-service."))
        return
    while True:
        await visit_permission(sitting, await one_permission(sitting, _("Permissions")))


async def visit_permission(sitting: Sitting, permission: Permission) -> None:
    """Offer what can be done about a permission."""

    async def arrive() -> tuple[str, Permission]:
        await sitting.reading(sitting.desk.load())
        now = sitting.desk.catalogue.permission(permission.id) or permission
        return about(sitting, now), now

    await visit(sitting, PERMISSION, arrive)


def about(sitting: Sitting, permission: Permission) -> str:
    """Say in sentences what a permission is, and what of it is staged."""
    desk = sitting.desk
    parts = [f"{permission_words(sitting, permission)}."]
    if permission.launched_on != desk.today:
        parts.append(_("Launched {day}.", day=day_text(permission.launched_on)))
    if permission.retired_on is not None:
        day = day_text(permission.retired_on)
        parts.append(
            _("Ended {day}.", day=day) if permission.is_retired(desk.today) else _("Ends {day}.", day=day)
        )
    parts.append(_("E-service: {name}.", name=sitting.words().e_service(permission.e_service_id)))
    staged = [row[permission.id] for row in desk.draft.cells.values() if permission.id in row]
    if staged:
        parts.append(
            ngettext(
                "{count} change of it is staged, not written.",
                "{count} changes of it are staged, not written.",
                len(staged),
            )
        )
    return " ".join(parts)


async def _set(sitting: Sitting, permission: Permission, *, wanted: bool) -> None:
    name = shown(permission.name_on(sitting.today))
    title = _("Give to whom: {name}", name=name) if wanted else _("Take from whom: {name}", name=name)
    rows = await several_people(sitting, title, _holders(sitting, permission, lacking=wanted))
    sitting.staged(*sitting.desk.stage(rows, [permission], wanted=wanted))


async def _give(sitting: Sitting, permission: Permission) -> None:
    await _set(sitting, permission, wanted=True)


async def _give_like(sitting: Sitting, permission: Permission) -> None:
    """Stage that everybody who has another permission gets this one: a new kind is often like an old one."""
    other = await one_permission(sitting, _("Give to those who have which permission?"), retired=False)
    people = _holders(sitting, other, lacking=False)
    rows, is_all = await sitting.reading(people.all_matching(MOST_MARKS))
    if not rows:
        sitting.say(_("Nobody is in this list."))
        return
    sitting.say(chosen_words(rows))
    if not is_all:
        sitting.say(_("There are more than can be chosen at a time; these are the first."))
    question = _("Shall they get {name}?", name=shown(permission.name_on(sitting.today)))
    if await sitting.dialogue.confirm(question, yes=_("Give"), no=_("Back")):
        sitting.staged(*sitting.desk.stage(rows, [permission], wanted=True))


async def _take(sitting: Sitting, permission: Permission) -> None:
    await _set(sitting, permission, wanted=False)


def _why_not_give(sitting: Sitting, permission: Permission) -> str:
    if permission.is_retired(sitting.today):
        return _("the permission has ended")
    if permission.e_service_id not in sitting.desk.agreements:
        return _("your organisation has no agreement for the e-service")
    return ""


async def _who_has(sitting: Sitting, permission: Permission) -> None:
    await _list(sitting, permission, lacking=False)


async def _who_lacks(sitting: Sitting, permission: Permission) -> None:
    await _list(sitting, permission, lacking=True)


async def _list(sitting: Sitting, permission: Permission, *, lacking: bool) -> None:
    name = shown(permission.name_on(sitting.today))
    title = _("Lack {name}", name=name) if lacking else _("Have {name}", name=name)
    while True:
        await visit_person(
            sitting, await one_person(sitting, title, _holders(sitting, permission, lacking=lacking))
        )


async def _drop(sitting: Sitting, permission: Permission) -> None:
    """Drop what is staged about a permission, for everybody, after a question."""
    desk = sitting.desk
    draft = desk.draft
    for account_id, row in desk.draft.cells.items():
        if permission.id in row:
            draft = draft.without_cell(account_id, permission.id)
    count = desk.draft.count - draft.count
    text = ngettext(
        "{count} staged change is thrown away. Nothing of it has been written.",
        "{count} staged changes are thrown away. Nothing of them has been written.",
        count,
    )
    if await sitting.dialogue.confirm(text, yes=_("Drop"), no=_("Keep")):
        desk.change(draft)
        sitting.say(ngettext("{count} cell is as it was.", "{count} cells are as they were.", count))


def _is_staged(sitting: Sitting, permission: Permission) -> bool:
    return any(permission.id in row for row in sitting.desk.draft.cells.values())


async def _history(sitting: Sitting, permission: Permission) -> None:
    # Deferred: who gives a permission need not know what happened.
    from tui.menu.history import list_writes

    await list_writes(sitting, HistoryFilter(permission_id=permission.id))


PERMISSION: tuple[Task[Permission], ...] = (
    Task(
        N_("Give to users"),
        N_("Lists those who lack it; stages that those you choose get it."),
        _give,
        of(
            "app.permissions",
            "permissions.give",
            "permissions.launch",
            "permissions.column",
            "people.mark",
            "people.mark_all",
            "people.unmark_all",
        ),
        of("grant"),
        ADMINISTERS,
        why_not=_why_not_give,
    ),
    Task(
        N_("Give to those who have another"),
        N_("Stages that everybody who has a permission that you choose gets this one."),
        _give_like,
        of("permissions.give", "people.mark_all"),
        of("grant"),
        ADMINISTERS,
        why_not=_why_not_give,
    ),
    Task(
        N_("Take from users"),
        N_("Lists those who have it; stages that it is taken from those you choose."),
        _take,
        of("permissions.take"),
        of("revoke"),
        ADMINISTERS,
    ),
    Task(
        N_("Who has it"),
        N_("Lists those who have it."),
        _who_has,
        of("people.filter", "permissions.retired"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("Who lacks it"), N_("Lists those who lack it."), _who_lacks, of("people.filter"), roles=ADMINISTERS
    ),
    Task(
        N_("History of this permission"),
        N_("Tells to whom it was given and from whom it was taken, and when."),
        _history,
        of("people.history"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("Drop what is staged"),
        N_("Takes what is staged about this permission out of the draft."),
        _drop,
        of("permissions.reset"),
        roles=ADMINISTERS,
        is_there=_is_staged,
    ),
)
