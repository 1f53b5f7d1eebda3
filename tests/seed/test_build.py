"""A real database begins with every organisation, the catalogue and its first accounts, by the rules."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from core.directory import AUTHORITY, INSTALLATION, OrganisationKind, Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId
from core.ports import Storage
from core.queries import Accounts, OrganisationById, WholeCatalogue, Writes
from core.service import Service
from storage.open import new_sqlite
from storage.seed.build import Person, RefusedError, build, places
from storage.seed.facts import e_services, permissions

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def somebody(hsa_id: str = "SE5565594230-1337") -> Person:
    return Person(
        hsa_id=HsaId(hsa_id),
        given_name=GivenName("Eva"),
        family_name=FamilyName("Ek"),
        email=EmailAddress("eva.ek@sundsvall.example"),
    )


def service_for(storage: Storage) -> Service:
    ids = count(1)
    return Service(storage, INSTALLATION, lambda: NOW, lambda: f"id-{next(ids)}")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncGenerator[Service]:
    async with new_sqlite(tmp_path / "real.sqlite", fast=True) as storage:
        made = service_for(storage)
        support = somebody("SE5565594230-YJ54")
        await build(made, organisation_id="region-22", administrator=somebody(), support=support)
        yield made


def test_the_places_are_the_municipalities_and_the_regions() -> None:
    assert len(places()) == 290 + 21
    assert len({place.id for place in places()}) == 311
    known = {place.id: place for place in places()}
    by_id = {str(place_id): place for place_id, place in known.items()}
    assert by_id["kommun-0180"].name == "Stockholms kommun"
    assert by_id["kommun-0180"].number == "212000-0142"
    assert by_id["region-22"].name == "Region Västernorrland"
    assert by_id["region-22"].kind is OrganisationKind.REGION


async def test_every_organisation_is_there_and_one_has_begun(service: Service) -> None:
    for place in places():
        detail = await service.ask(OrganisationById(organisation_id=place.id))
        assert detail is not None
        assert (detail.organisation.name, detail.organisation.code) == (place.name, place.code)
        begun = place.id == "region-22"
        assert len(detail.administrators) == detail.active_accounts == (1 if begun else 0)
        assert detail.agreements == (frozenset(each.id for each in e_services()) if begun else frozenset())


async def test_support_works_at_the_authority(service: Service) -> None:
    page = await service.ask(Accounts(day=TODAY, organisation_id=AUTHORITY))
    assert [(row.account.role, row.account.hsa_id) for row in page.rows] == [
        (Role.SUPPORT, "SE5565594230-YJ54")
    ]


async def test_the_catalogue_is_as_the_facts_with_former_names_and_ends(service: Service) -> None:
    catalogue = await service.ask(WholeCatalogue(day=TODAY))
    assert [each.id for each in catalogue.e_services] == [each.id for each in e_services()]
    for permission, fact in zip(catalogue.permissions, permissions(), strict=True):
        assert permission.id == fact.id
        assert (permission.name_on(TODAY), permission.short_name) == (fact.name, fact.short_name)
        assert (permission.launched_on, permission.retired_on) == (fact.launched_on, fact.retired_on)
        assert (permission.target_group, permission.payment) == (fact.target_group, fact.payment)
        if fact.renamed_on is not None:
            assert permission.former_names(TODAY) == (fact.former_name,)
            assert [each.from_day for each in permission.names] == [None, fact.renamed_on]


async def test_the_history_says_that_the_installation_did_it(service: Service) -> None:
    page = await service.ask(Writes(organisation_id="region-22"))
    assert [(row.actor_id, row.by) for row in page.rows] == [("installation", INSTALLATION.name)]


def test_a_test_id_is_refused_in_a_real_database_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "real.sqlite"
    with pytest.raises(RefusedError) as caught:
        asyncio.run(build_in(path, "TSTNMT2321000156-1019"))
    assert caught.value.refusals[0].code == "hsa_id_test"
    assert list(tmp_path.iterdir()) == []


async def build_in(path: Path, hsa_id: str) -> None:
    async with new_sqlite(path, fast=True) as storage:
        await build(service_for(storage), organisation_id="kommun-0180", administrator=somebody(hsa_id))
