"""Support's commands for organisations and their agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core.directory import OrganisationKind
from core.identity import Id, OrganisationNumber, Title
from tui.line.naming import e_service_named, none_of, organisation_named
from tui.line.write_users import checked
from tui.settings import wrong
from tui.text import _

if TYPE_CHECKING:
    from tui.line.writing import Office

KINDS = tuple(each.value for each in OrganisationKind)


async def register(
    office: Office, organisation_id: str, kind: str, name: str, code: str | None, number: str | None
) -> None:
    """Stage that an organisation is registered under an id that nobody has."""
    if kind not in KINDS:
        raise none_of(kind, KINDS, "--kind")
    change = c.RegisterOrganisation(
        organisation_kind=OrganisationKind(kind),
        name=checked(Title, name, "--name"),
        code=None if code is None else checked(Id, code, "--code"),
        number=None if number is None else checked(OrganisationNumber, number, "--number"),
    )
    await office.found(checked(Id, organisation_id, _("Id")), change)


async def amend(office: Office, where: str, name: str | None, number: str | None) -> None:
    """Stage another name or number of an organisation."""
    if name is None and number is None:
        raise wrong(_("Say what shall change: --name or --number."))
    organisation = await organisation_named(office.here, where)
    work = await office.work(organisation.id)
    title = None if name is None else checked(Title, name, "--name")
    digits = None if number is None else checked(OrganisationNumber, number, "--number")
    change = c.AmendOrganisation(
        name=None if title == organisation.name else title,
        number=None if digits == organisation.number else digits,
    )
    if change != c.AmendOrganisation():
        work.add(change)


async def sign(office: Office, e_service: str, where: str) -> None:
    """Stage that an organisation has an agreement for an e-service."""
    work = await office.work((await organisation_named(office.here, where)).id)
    found = e_service_named(office.here, e_service)
    if found.id not in work.desk.agreements:
        work.add(c.SignAgreement(e_service_id=Id(found.id)))


async def end(office: Office, e_service: str, where: str) -> None:
    """Stage that an agreement ends, and with it what was given under it."""
    work = await office.work((await organisation_named(office.here, where)).id)
    found = e_service_named(office.here, e_service)
    work.add(c.EndAgreement(e_service_id=Id(found.id)))
