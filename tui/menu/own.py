"""What a user sees: the own permissions with the reasons, and whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.queries import AccountById, ContactOn
from core.text import shown
from tui.actions import USER
from tui.menu.tasks import Task, of
from tui.text import N_, _
from tui.text.access import access_lines, administrators_text

if TYPE_CHECKING:
    from tui.menu.sitting import Sitting


async def _own(sitting: Sitting, _subject: None) -> None:
    desk = sitting.desk
    await sitting.reading(desk.load())
    actor = desk.service.actor
    query = AccountById(day=desk.today, organisation_id=desk.organisation_id, account_id=actor.account_id)
    detail = await sitting.ask(query)
    if detail is None:
        sitting.say(_("Your account is no longer there. Ask an administrator."))
        return
    account = detail.row.account
    lines = [
        _("{name}, {hsa_id}, {email}.", name=account.name, hsa_id=account.hsa_id, email=account.email),
        *(
            line.told(sitting.words(), "")
            for line in access_lines(desk.catalogue, desk.agreements, detail, desk.today)
        ),
    ]
    await sitting.dialogue.read_out(lines)


async def _whom(sitting: Sitting, _subject: None) -> None:
    desk = sitting.desk
    await sitting.reading(desk.load())
    contact = await sitting.ask(ContactOn(day=desk.today))
    sitting.say(administrators_text(() if desk.detail is None else desk.detail.administrators))
    sitting.say(_("If nobody there can help: the kontaktcenter, {email}.", email=shown(contact.email)))


OWN: tuple[Task[None], ...] = (
    Task(
        N_("My permissions"),
        N_("Tells your own permissions, with the reasons."),
        _own,
        of("app.own", "own.reload", "app.told"),
        roles=frozenset({USER}),
    ),
    Task(
        N_("Whom to ask"),
        N_("Tells who your administrators are, and when to ask the kontaktcenter."),
        _whom,
        of("app.own"),
        roles=frozenset({USER}),
    ),
)
