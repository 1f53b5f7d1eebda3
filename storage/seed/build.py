"""Fill a new database: Migrationsverket with its catalogue, every organisation, the first accounts.

All of it is written as anything else is, by :meth:`core.service.Service.commit`, so that a database
has a history from its first moment and no rule is passed by.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from core import changes as c
from core.directory import AUTHORITY, OrganisationKind
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, Note, OrganisationNumber, Title
from core.ports import Refused
from core.refusal import Refusal
from core.service import Service
from core.support import KONTAKTCENTER, ContactPart
from storage.seed import facts

AUTHORITY_NAME = "Migrationsverket"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets a first account."""

    hsa_id: HsaId
    given_name: GivenName
    family_name: FamilyName
    email: EmailAddress


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that every new database has; ``number`` is ``None`` where it is not known."""

    id: Id
    kind: OrganisationKind
    name: Title
    code: Id
    number: OrganisationNumber | None = None


class RefusedError(Exception):
    """A rule refused what was to be built."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        """Carry the refusals to the edge."""
        super().__init__(", ".join(f"{each.subject}: {each.code}" for each in refusals))
        self.refusals = refusals


def places() -> tuple[Place, ...]:
    """Give the municipalities and then the regions, each in order of code."""
    municipalities = (
        Place(
            id=Id(f"kommun-{each.code}"),
            kind=OrganisationKind.MUNICIPALITY,
            name=Title(each.name),
            code=Id(each.code),
            number=OrganisationNumber(each.organisation_number) if each.organisation_number else None,
        )
        for each in facts.municipalities()
    )
    regions = (
        Place(
            id=Id(f"region-{each.code}"),
            kind=OrganisationKind.REGION,
            name=Title(each.name),
            code=Id(each.code),
        )
        for each in facts.regions()
    )
    return (*municipalities, *regions)


async def write(
    service: Service,
    organisation_id: str,
    changes: Iterable[c.AnyChange],
    *,
    note: str = "",
    undoes: str | None = None,
) -> str:
    """Write changes in one organisation and give the write's id; a refusal is a :class:`RefusedError`."""
    remark = Note(note) if note else None
    changeset = service.changeset(organisation_id, tuple(changes), note=remark, undoes=undoes)
    answer = await service.commit(changeset)
    if isinstance(answer, Refused):
        raise RefusedError(answer.refusals)
    return changeset.id


async def build(
    service: Service, *, organisation_id: str, administrator: Person, support: Person | None = None
) -> None:
    """Fill an empty database for one organisation to begin with.

    ``service`` acts for the installation. The organisation gets agreements for both e-services and its
    first administrator; Migrationsverket gets its first support account where one is given.
    """
    first: list[c.AnyChange] = [found_authority(), *catalogue(), contact(service.today())]
    if support is not None:
        first += appointed(service, support, c.AppointSupport)
    await write(service, AUTHORITY, first)
    for place in places():
        changes: list[c.AnyChange] = [found(place)]
        if place.id == organisation_id:
            changes += appointed(service, administrator, c.AppointAdministrator)
            changes += agreements()
        await write(service, place.id, changes)


def found_authority() -> c.RegisterOrganisation:
    """Make the change that brings Migrationsverket into being."""
    return c.RegisterOrganisation(organisation_kind=OrganisationKind.AUTHORITY, name=Title(AUTHORITY_NAME))


def contact(from_day: date) -> c.SetContact:
    """Make the change that enters the kontaktcenter's address; a telephone number support enters itself."""
    return c.SetContact(part=ContactPart.EMAIL, value=Note(KONTAKTCENTER), from_day=from_day)


def found(place: Place) -> c.RegisterOrganisation:
    """Make the change that brings an organisation into being."""
    return c.RegisterOrganisation(
        organisation_kind=place.kind, name=place.name, code=place.code, number=place.number
    )


def catalogue() -> list[c.AnyChange]:
    """Make the changes that give the catalogue with its dated names, launches and retirements."""
    changes = e_services()
    for each in facts.permissions():
        changes.append(launch(each))
        changes += rename(each)
        changes += retire(each)
    return changes


def e_services() -> list[c.AnyChange]:
    """Make the changes that add the e-services."""
    return [
        c.RegisterEService(e_service_id=Id(each.id), name=Title(each.name)) for each in facts.e_services()
    ]


def launch(fact: facts.PermissionFact) -> c.LaunchPermission:
    """Make the launch of a permission, under the name that it had first."""
    return c.LaunchPermission(
        permission_id=Id(fact.id),
        e_service_id=Id(fact.e_service_id),
        name=Title(fact.former_name or fact.name),
        short_name=Title(fact.short_name),
        launched_on=fact.launched_on,
        target_group=Title(fact.target_group) if fact.target_group else None,
        payment=Title(fact.payment) if fact.payment else None,
    )


def rename(fact: facts.PermissionFact) -> list[c.AnyChange]:
    """Make the renaming of a permission, where it has a former name."""
    if fact.renamed_on is None:
        return []
    return [c.RenamePermission(permission_id=Id(fact.id), name=Title(fact.name), from_day=fact.renamed_on)]


def retire(fact: facts.PermissionFact) -> list[c.AnyChange]:
    """Make the retirement of a permission, where it has ended."""
    if fact.retired_on is None:
        return []
    return [c.RetirePermission(permission_id=Id(fact.id), retired_on=fact.retired_on)]


def agreements() -> list[c.AnyChange]:
    """Make the changes that note agreements for every e-service."""
    return [c.SignAgreement(e_service_id=Id(each.id)) for each in facts.e_services()]


def appointed(
    service: Service, person: Person, role: type[c.AppointAdministrator | c.AppointSupport]
) -> list[c.AnyChange]:
    """Make the changes that register a person under a fresh id and give the role."""
    account_id = Id(service.new_id())
    return [register(account_id, person), role(account_id=account_id)]


def register(account_id: Id, person: Person) -> c.RegisterAccount:
    """Make the registration of a person."""
    return c.RegisterAccount(
        account_id=account_id,
        hsa_id=person.hsa_id,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
    )
