"""Databases of many invented people, to measure on: real ones, with a chain that verifies.

They are written by the storage's own statements, in bulk and without asking the rules, and kept in
``.cache/bench`` until how they are made changes.
"""

import asyncio
import hashlib
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION, Account, Actor, Organisation, OrganisationKind, Role
from core.history import AccountRegistered, AnyEvent, PermissionGranted, State, chain, details_of, records_of
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, OrganisationNumber, Title
from core.ports import Refused, Storage
from storage.open import new_sqlite
from storage.seed import facts
from storage.sql.decided import Decided
from storage.sql.engine import sqlite_engine
from storage.sql.statistics import fix_statistics
from storage.sql.version import SCHEMA_VERSION
from storage.sql.write import write_events

CACHE = Path(__file__).parents[1] / ".cache" / "bench"
DAY = date(2026, 10, 1)
NOON = datetime(2026, 10, 1, 10, tzinfo=UTC)
"""The day on which the database is asked."""
BEGAN = datetime(2021, 3, 1, 9, 0, tzinfo=UTC)
WRITTEN = "2024-04-15T07:30:00.000000+00:00"
BIG = "kommun-0180"
"""The organisation that has all the accounts of a population in one place."""

ADMINISTRATOR = Actor(account_id="administrator", organisation_id=BIG, role=Role.ADMINISTRATOR, name="Eva Ek")

Kind = Literal["one", "country"]

_PARTS = (
    *("an", "der", "ber", "lin", "kar", "ma", "ri", "el", "sa", "jo", "han", "gun", "nar", "ste", "fan"),
    *("ek", "holm", "qvi", "st", "lund", "berg", "ström", "å", "ös", "ny", "bo", "per", "sven", "ols"),
    *("son", "tor", "vik", "gust", "fred", "rik", "e", "va", "ann", "na", "kla", "ra", "hu", "go"),
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_BATCH = 5_000
_SQL = Path(__file__).parents[1] / "storage" / "sql"
_MADE_BY = (
    Path(__file__),
    _SQL / "schema.py",
    _SQL / "search.py",
    _SQL / "statistics.py",
    _SQL / "write_accounts.py",
    _SQL / "write_versions.py",
    _SQL / "migrations" / "versions" / "version_0001.py",
)
"""When one of these changes, what was made before is made anew."""


def population(size: int, kind: Kind) -> Path:
    """Give a database with so many accounts, in one organisation or over the country; made once."""
    made_by = hashlib.sha256(b"".join(each.read_bytes() for each in _MADE_BY)).hexdigest()[:8]
    path = CACHE / f"{kind}-{size}-{SCHEMA_VERSION}-{made_by}.db"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        print(f"making {path.name} …", end=" ", file=sys.stderr, flush=True)
        # Two benches at once make one each, and the later is kept.
        part = path.with_suffix(f".part-{os.getpid()}")
        make(part, size, kind)
        part.rename(path)
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    return path


def make(path: Path, size: int, kind: Kind) -> None:
    """Make a database at a path where none is."""
    asyncio.run(_foundation(path))
    engine = sqlite_engine(path, "build")
    with engine.connect() as connection:
        with connection.begin():
            indexes = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            ).all()
            # Filling a tree in its order is many times as fast as keeping it in order meanwhile.
            for name, _ in indexes:
                connection.exec_driver_sql(f'DROP INDEX "{name}"')
            shares = list(_shares(connection, size, kind))
        for organisation_id, count in shares:
            _fill(connection, organisation_id, count)
        for _, statement in indexes:
            with connection.begin():
                connection.exec_driver_sql(statement)
        # What the planner is to believe of an index goes away with the index.
        with connection.begin():
            fix_statistics(connection)
    engine.dispose()


async def _foundation(path: Path) -> None:
    """Write what there is before anybody: organisations, catalogue, agreements, administrators."""
    async with new_sqlite(path, demo=True, fast=True) as storage:
        await _commit(storage, AUTHORITY, _catalogue())
        for fact in facts.municipalities():
            await _commit(
                storage,
                f"kommun-{fact.code}",
                (
                    c.RegisterOrganisation(
                        organisation_kind=OrganisationKind.MUNICIPALITY,
                        name=Title(fact.name),
                        code=Id(fact.code),
                        number=OrganisationNumber(fact.organisation_number)
                        if fact.organisation_number
                        else None,
                    ),
                    c.RegisterAccount(
                        account_id=Id(f"administrator-{fact.code}"),
                        hsa_id=HsaId(f"SE5565594230-ADM{fact.code}"),
                        given_name=GivenName("Eva"),
                        family_name=FamilyName("Ek"),
                        email=EmailAddress(f"eva.ek@k{fact.code}.example"),
                    ),
                    c.AppointAdministrator(account_id=Id(f"administrator-{fact.code}")),
                    *(c.SignAgreement(e_service_id=Id(each.id)) for each in facts.e_services()),
                ),
            )


def _catalogue() -> tuple[c.AnyChange, ...]:
    return (
        c.RegisterOrganisation(organisation_kind=OrganisationKind.AUTHORITY, name=Title("Migrationsverket")),
        *(c.RegisterEService(e_service_id=Id(each.id), name=Title(each.name)) for each in facts.e_services()),
        *(
            c.LaunchPermission(
                permission_id=Id(each.id),
                e_service_id=Id(each.e_service_id),
                name=Title(each.name),
                short_name=Title(each.short_name),
                launched_on=each.launched_on,
            )
            for each in facts.permissions()
        ),
        *(
            c.RetirePermission(permission_id=Id(each.id), retired_on=each.retired_on)
            for each in facts.permissions()
            if each.retired_on is not None and each.retired_on > BEGAN.date()
        ),
    )


async def _commit(storage: Storage, organisation_id: str, changes: tuple[c.AnyChange, ...]) -> None:
    changeset = c.Changeset(id=Id("foundation"), organisation_id=Id(organisation_id), changes=changes)
    answer = await storage.commit(changeset, INSTALLATION, BEGAN)
    if isinstance(answer, Refused):
        raise ValueError(answer.refusals)


def _shares(connection: Connection, size: int, kind: Kind) -> Iterator[tuple[str, int]]:
    """Give each organisation with how many accounts it gets: all to one, or evenly to each."""
    if kind == "one":
        yield BIG, size
        return
    rows = connection.exec_driver_sql("SELECT id FROM organisations WHERE kind = 'municipality' ORDER BY id")
    ids = [row[0] for row in rows]
    for place, each in enumerate(ids):
        yield each, size * (place + 1) // len(ids) - size * place // len(ids)


def people(organisation_id: str, count: int) -> Iterator[Account]:
    """Give invented people, the same each time."""
    chance = random.Random(f"people of {organisation_id}")

    def name(parts: int) -> str:
        return "".join(chance.choices(_PARTS, k=parts)).capitalize()

    given = [name(2) for _ in range(600)] + [name(3) for _ in range(300)]
    family = [name(2) + chance.choice(("", "son", "berg", "lund", "-" + name(2))) for _ in range(5_000)]
    domain = organisation_id.replace("-", "") + ".example"
    for number in range(count):
        first, last = chance.choice(given), chance.choice(family)
        mark = "".join(chance.choices(_LETTERS, k=4))
        yield Account(
            id=f"{organisation_id}-{number:07}-{chance.getrandbits(32):08x}",
            organisation_id=organisation_id,
            hsa_id=f"SE5565594230-{number:X}{mark}",
            given_name=first,
            family_name=last,
            email=f"{first}.{last}@{domain}".lower(),
        )


def _fill(connection: Connection, organisation_id: str, count: int) -> None:
    """Register people and give each some permissions, in changesets of :data:`_BATCH` people."""
    with connection.begin():
        number, head, stretch, name = connection.exec_driver_sql(
            "SELECT head_number, head_hash, number, name FROM organisations WHERE id = ?", (organisation_id,)
        ).one()
        # Also one that has been retired since, as everywhere where people have worked for some years.
        permissions = [
            row[0] for row in connection.exec_driver_sql("SELECT id FROM permissions ORDER BY position")
        ]
    chance = random.Random(f"grants of {organisation_id}")
    everybody = people(organisation_id, count)
    home = Organisation(id=organisation_id, kind=OrganisationKind.MUNICIPALITY, name=name)
    batch = 0
    while some := list(islice(everybody, _BATCH)):
        batch += 1
        # A day each, so that there is a past to look at.
        written = (datetime.fromisoformat(WRITTEN) + timedelta(days=batch)).isoformat(timespec="microseconds")
        changeset = c.Changeset(id=Id(f"filled-{batch}"), organisation_id=Id(organisation_id), changes=())
        state = State(organisation_id)
        state.organisation = home
        state.accounts.update((account.id, account) for account in some)
        events = _events(some, permissions, chance)
        records = records_of(changeset, ADMINISTRATOR, None, written, number + 1, events)
        stored = chain(head, records)
        with connection.begin():
            write_events(
                connection,
                Decided(
                    changeset=changeset,
                    day=date.fromisoformat(written[:10]),
                    content_hash=b"",
                    organisation_number=stretch,
                    records=records,
                    stored=stored,
                    state=state,
                ),
            )
        number, head = stored[-1].number, stored[-1].hash


def _events(some: list[Account], permissions: list[str], chance: random.Random) -> Iterator[AnyEvent]:
    for account in some:
        details = details_of(account)
        yield AccountRegistered(account_id=account.id, version=1, after=details)
        for each in sorted(chance.sample(permissions, chance.choice((0, 1, 2, 2, 3, 4)))):
            yield PermissionGranted(account_id=account.id, permission_id=each)
