"""The demo is the same in every build, obeys every rule, and holds what it promises."""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from core import history as h
from core.announcements import Done
from core.days import day_of, local
from core.directory import AUTHORITY, INSTALLATION, Role
from core.ports import Storage
from core.queries import (
    Accounts,
    AccountsByKey,
    Announcements,
    CurrentNotice,
    OrganisationById,
    WholeCatalogue,
)
from core.service import Service
from core.wire import decode
from storage.open import open_storage
from storage.seed.build import places
from storage.seed.cast import (
    BJURHOLM,
    DEMO_DAY,
    DEMO_MORNING,
    DEMO_PERSONS,
    GOTEBORG,
    KARIN_ASTROM,
    SUNDSVALL,
)
from storage.seed.facts import permissions
from storage.seed.news import announcements
from storage.seed.workdays import is_workday
from tests.builders import administrator_of

ROOT = Path(__file__).parents[2]
COUNTRY = INSTALLATION
TOWNS = {SUNDSVALL: 40, BJURHOLM: 3, GOTEBORG: 1200}

BUILD = """
import asyncio, sys
from pathlib import Path
from tui.assemble.databases import make_demo
asyncio.run(make_demo(Path(sys.argv[1])))
"""


@pytest.fixture
async def storage(demo_database: Path) -> AsyncGenerator[Storage]:
    opened = await open_storage(str(demo_database))
    yield opened
    await opened.close()


@pytest.fixture
def service(storage: Storage) -> Service:
    return Service(storage, INSTALLATION, lambda: DEMO_MORNING, lambda: "unused")


def stored(path: Path) -> list[tuple[str, int, bytes, str]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT organisation_id, number, data, hash FROM events ORDER BY organisation_id, number"
        )
        return [(owner, number, bytes(data), as_hex(digest)) for owner, number, data, digest in rows]


def as_hex(digest: str | bytes) -> str:
    return digest.hex() if isinstance(digest, bytes) else digest


def records(path: Path, organisation_id: str) -> list[h.Record]:
    own = (data for owner, _number, data, _hash in stored(path) if owner == organisation_id)
    return [decode(data, h.Record) for data in own]


def test_two_builds_have_the_same_events_to_the_byte(demo_database: Path, tmp_path: Path) -> None:
    # Another process, with its sets in another order.
    again = tmp_path / "again.sqlite"
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    subprocess.run(
        [sys.executable, "-c", BUILD, str(again)], cwd=ROOT, env=environment, check=True, timeout=120
    )
    assert stored(again) == stored(demo_database)
    assert len(stored(again)) > 5000


def test_every_chain_holds(demo_database: Path) -> None:
    chains: dict[str, list[h.StoredRecord]] = {}
    for organisation_id, number, data, digest in stored(demo_database):
        record = h.StoredRecord(number=number, data=data, hash=digest)
        chains.setdefault(organisation_id, []).append(record)
    assert set(chains) == {AUTHORITY, *(place.id for place in places())}
    assert all(h.first_fault(chain) is None for chain in chains.values())


async def test_the_towns_have_the_people_that_are_promised(service: Service) -> None:
    for organisation_id, accounts in TOWNS.items():
        detail = await service.ask(OrganisationById(organisation_id=organisation_id))
        assert detail is not None
        assert detail.active_accounts == accounts
        assert 2 <= len(detail.administrators) <= 5
        assert len(detail.agreements) == 2


async def test_other_organisations_are_there_and_empty(service: Service) -> None:
    for organisation_id in ("kommun-0180", "region-01"):
        detail = await service.ask(OrganisationById(organisation_id=organisation_id))
        assert detail is not None
        assert (detail.active_accounts, detail.agreements) == (0, frozenset())


async def test_whom_one_can_be_is_as_the_choice_says(storage: Storage) -> None:
    for person in DEMO_PERSONS:
        found = await storage.identify(person.hsa_id)
        assert {each.account.name for each in found} == {person.name}
        assert {each.account.role for each in found} == {person.role}
        names = {each.organisation.name for each in found}
        assert names >= set(person.organisation_name.split(", "))
        counted = sum(TOWNS.get(each.organisation.id, 3) for each in found)
        if person.organisation_id is not None:
            assert TOWNS.get(person.organisation_id, 3) == person.accounts
        else:
            assert counted == person.accounts
    assert len(await storage.identify(KARIN_ASTROM.hsa_id)) == 2


async def test_two_permissions_are_launched_on_the_day_and_nobody_has_them_yet(service: Service) -> None:
    catalogue = await service.ask(WholeCatalogue(day=DEMO_DAY))
    assert {each.id for each in catalogue.permissions} == {each.id for each in permissions()}
    todays = {each.id for each in catalogue.permissions if each.launched_on == DEMO_DAY}
    assert len(todays) == 2
    for permission_id in todays:
        page = await service.ask(Accounts(day=DEMO_DAY, permission_id=permission_id))
        assert page.total == 0


async def test_the_catalogue_is_as_the_facts(service: Service) -> None:
    catalogue = await service.ask(WholeCatalogue(day=DEMO_DAY))
    for fact in permissions():
        permission = catalogue.permission(fact.id)
        assert permission is not None
        assert permission.name_on(DEMO_DAY) == fact.name
        assert (permission.launched_on, permission.retired_on) == (fact.launched_on, fact.retired_on)
        assert permission.former_names(DEMO_DAY) == ((fact.former_name,) if fact.former_name else ())


async def test_what_is_current_is_as_the_facts_each_on_its_day(service: Service) -> None:
    query = Announcements(organisation_id=AUTHORITY, account_id="nobody", moment=DEMO_MORNING, limit=50)
    page = await service.ask(query)
    found = {row.id: row for row in page.rows}
    assert [row.id for row in page.rows] == [fact.id for fact in reversed(announcements())]
    assert len(found) == 20
    for fact in announcements():
        row = found[fact.id]
        assert (row.kind, row.title, day_of(row.published_at)) == (fact.kind, fact.title, fact.published_on)
        assert (row.effective_on, row.corrected_on) == (fact.effective_on, fact.corrected_on)
        assert set(row.permission_ids) == set(fact.permission_ids.split())


async def test_two_things_are_unread_and_the_launch_of_the_day_is_to_be_done(storage: Storage) -> None:
    for person in DEMO_PERSONS:
        for membership in await storage.identify(person.hsa_id):
            if membership.account.role is not Role.ADMINISTRATOR:
                continue
            here, who = membership.organisation.id, membership.account.id
            by = administrator_of(here)
            query = Announcements(organisation_id=here, account_id=who, moment=DEMO_MORNING, limit=50)
            rows = (await storage.ask(query, by, DEMO_MORNING)).rows
            assert [row.id for row in rows if row.is_unread] == [rows[0].id, rows[1].id]
            assert rows[0].done is Done.OPEN
            notice = await storage.ask(
                CurrentNotice(organisation_id=here, account_id=who, moment=DEMO_MORNING), by, DEMO_MORNING
            )
            assert notice is not None
            assert (notice.unread, notice.banners) == (2, ())
            states = {row.id: row.done for row in rows}
            assert states["2022-tidigare-ensamkommande"] is Done.GIVEN
            said = Done.SAID if here == SUNDSVALL else Done.OPEN
            assert states["2019-aviseringar"] is said


def test_the_history_is_written_in_order_on_workdays_in_office_hours(demo_database: Path) -> None:
    for organisation_id in (*TOWNS, AUTHORITY):
        moments = [datetime.fromisoformat(each.at) for each in records(demo_database, organisation_id)]
        assert moments == sorted(moments)
        assert moments[-1] < DEMO_MORNING
        for moment in moments:
            assert is_workday(day_of(moment))
            assert 8 <= local(moment).hour < 17
    years = {datetime.fromisoformat(each.at).year for each in records(demo_database, SUNDSVALL)}
    assert years == {2019, 2020, 2021, 2022, 2023, 2024}


def test_all_that_can_happen_to_people_has_happened(demo_database: Path) -> None:
    kinds = Counter(type(each.event) for each in records(demo_database, SUNDSVALL))
    assert set(kinds) >= {
        h.AccountRegistered,
        h.AccountReregistered,
        h.AccountAmended,
        h.AccountDeregistered,
        h.RoleChanged,
        h.PermissionGranted,
        h.PermissionRevoked,
        h.AgreementSigned,
    }
    amended = [
        each.event for each in records(demo_database, SUNDSVALL) if isinstance(each.event, h.AccountAmended)
    ]
    assert any(each.before.family_name != each.after.family_name for each in amended)
    assert any(each.before.hsa_id != each.after.hsa_id for each in amended)
    assert any(each.before.email != each.after.email for each in amended)


def test_a_write_has_been_undone(demo_database: Path) -> None:
    with closing(sqlite3.connect(demo_database)) as connection:
        undone = connection.execute(
            "SELECT count(*) FROM changesets AS later JOIN changesets AS earlier"
            " ON earlier.organisation_id = later.organisation_id AND earlier.id = later.undoes"
            " WHERE later.organisation_id = ?",
            (SUNDSVALL,),
        ).fetchone()
    assert undone == (1,)


async def test_replaying_a_town_gives_what_the_storage_answers(demo_database: Path, storage: Storage) -> None:
    state = h.replay(SUNDSVALL, (each.event for each in records(demo_database, SUNDSVALL)))
    query = AccountsByKey(day=DEMO_DAY, organisation_id=SUNDSVALL, account_ids=frozenset(state.accounts))
    rows = await storage.ask(query, COUNTRY, DEMO_MORNING)
    assert {row.account.id: row.account for row in rows} == state.accounts
    assert all(row.all_granted == state.granted_to(row.account.id) for row in rows)


async def test_nobody_in_the_demo_can_be_a_real_person(storage: Storage) -> None:
    hsa_ids: list[str] = []
    cursor = None
    while True:
        page = await storage.ask(Accounts(day=DEMO_DAY, limit=500, cursor=cursor), COUNTRY, DEMO_MORNING)
        for row in page.rows:
            hsa_ids.append(row.account.hsa_id)
            assert row.account.email.endswith(".example")
        cursor = page.after
        if cursor is None:
            break
    assert len(hsa_ids) > 1240
    assert {each for each in hsa_ids if not each.startswith("TSTNMT")} == {"SE5565594230-2201"}
    # Some people work in two organisations, under one HSA-id.
    assert sum(times == 2 for times in Counter(hsa_ids).values()) == 3


async def test_some_share_a_mailbox_and_some_have_everything_or_nothing(storage: Storage) -> None:
    page = await storage.ask(
        Accounts(day=DEMO_DAY, organisation_id=SUNDSVALL, limit=100), COUNTRY, DEMO_MORNING
    )
    emails = Counter(row.account.email for row in page.rows)
    assert emails["socialkontoret@sundsvall.example"] >= 2
    granted = [len(row.granted) for row in page.rows if row.account.role is Role.USER]
    assert min(granted) == 0
    assert max(granted) == 20
