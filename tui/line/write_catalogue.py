"""Support's commands for the catalogue and the kontaktcenter's contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.directory import AUTHORITY
from core.identity import Id, Note, Title
from core.queries import WholeCatalogue
from core.refusal import WrongValueError
from core.support import ContactPart
from tui.line.naming import e_service_named, none_of
from tui.line.people import permissions_meant
from tui.line.session import day_of_flag
from tui.line.write_users import checked
from tui.settings import wrong
from tui.text import _
from tui.text.announcements import draft_announcement_for
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from datetime import date

    from tui.line.writing import Office


async def register_e_service(office: Office, name: str, e_service_id: str | None) -> None:
    """Stage a new e-service."""
    work = await office.work(AUTHORITY)
    # The id is opaque and lasts: it is not made of the name, which may change.
    new = work.service.new_id() if e_service_id is None else e_service_id
    work.add(c.RegisterEService(e_service_id=checked(Id, new, "--id"), name=checked(Title, name, _("Name"))))


async def launch(  # noqa: PLR0913 - each is an option of the command
    office: Office,
    name: str,
    *,
    e_service: str,
    short_name: str,
    day: str,
    target_group: str | None,
    payment: str | None,
    permission_id: str | None,
    announce: bool,
) -> None:
    """Stage a new permission from a day on, and with ``announce`` what is ready-written to tell of it."""
    work = await office.work(AUTHORITY)
    change = c.LaunchPermission(
        permission_id=checked(Id, permission_id or work.service.new_id(), "--id"),
        e_service_id=Id(e_service_named(office.here, e_service).id),
        name=checked(Title, name, _("Name")),
        short_name=checked(Title, short_name, "--short-name"),
        launched_on=_day(office, day),
        target_group=None if target_group is None else checked(Title, target_group, "--target-group"),
        payment=None if payment is None else checked(Title, payment, "--payment"),
    )
    await _stage(office, change, announce=announce)


async def rename(office: Office, permission: str, name: str, day: str | None, *, announce: bool) -> None:
    """Stage another name of a permission from a day on, today unless it is named."""
    (found,) = permissions_meant(office, (permission,))
    change = c.RenamePermission(
        permission_id=Id(found.id), name=checked(Title, name, "--name"), from_day=_day(office, day)
    )
    await _stage(office, change, announce=announce)


async def retire(office: Office, permission: str, day: str, *, announce: bool) -> None:
    """Stage that a permission ends on a day."""
    (found,) = permissions_meant(office, (permission,))
    await _stage(
        office,
        c.RetirePermission(permission_id=Id(found.id), retired_on=_day(office, day)),
        announce=announce,
    )


async def _stage(
    office: Office, change: c.LaunchPermission | c.RenamePermission | c.RetirePermission, *, announce: bool
) -> None:
    work = await office.work(AUTHORITY)
    work.add(change)
    if announce:
        today = work.desk.today
        catalogue = await office.service.ask(WholeCatalogue(day=today))
        work.add(draft_announcement_for(change, catalogue, today))


def _day(office: Office, text: str | None) -> date:
    return day_of_flag(office.here, "--day", text) or office.here.today


async def set_contact(office: Office, part: str, value: str | None, day: str | None) -> None:
    """Stage that a part of the contact is another from a day on; without a value there is none from then."""
    parts = tuple(each.value for each in ContactPart)
    if part not in parts:
        raise none_of(part, parts)
    work = await office.work(AUTHORITY)
    try:
        said = None if value is None else Note(value)
    except WrongValueError as error:
        raise wrong(sentence(msgspec.structs.replace(error.refusal, subject=part))) from error
    work.add(c.SetContact(part=ContactPart(part), value=said, from_day=_day(office, day)))
