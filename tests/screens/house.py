"""The municipality that the screens are tried on: a database made once, and a copy of it for each test."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from core import changes as c
from core.changes import AnyChange
from core.directory import AUTHORITY, INSTALLATION, Account, Actor
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, Title
from core.ports import Membership, Storage
from core.queries import AccountRow, WriteRow, Writes
from core.service import Service, actor_of
from storage.files.drafts import FileDrafts
from storage.files.letters import FileLetters
from storage.files.post import Post
from storage.open import new_sqlite, open_storage
from storage.seed import build
from tests.screens.between import Between
from tui.session import Session

MORNING = datetime(2024, 2, 1, 7, 12, tzinfo=UTC)
"""12 past 8 on a day on which two permissions are launched."""

SUNDSVALL, BJURHOLM = "kommun-2281", "kommun-2403"
OWNER = "TSTNMT2120002411"
EVA, BO, PER_ERIK = f"{OWNER}-1000", f"{OWNER}-1001", f"{OWNER}-9000"
LEFT = f"{OWNER}-1900"

PRESCHOOL, PRESCHOOL_CLASS, SCHOOL, SECONDARY = (
    "asyl-forskola",
    "asyl-forskoleklass",
    "asyl-grundskola",
    "asyl-gymnasieskola",
)
CHILDREN, RETIRED, TODAYS, ALSO_TODAYS = (
    "barn-utan-vardnadshavare",
    "medicinska-skal-ekonomiskt-bistand",
    "nyanlanda-forsorjningsstod-ensamkommande",
    "nyanlanda-forsorjningsstod-gymnasiestuderande",
)

PEOPLE = (
    ("anna", "Anna", "Andersson", "anna@sundsvall.example"),
    ("ake", "Åke", "Annerstedt", "social@sundsvall.example"),
    ("kaisa", "Kaisa", "Hannu", "social@sundsvall.example"),
    ("lisa", "Lisa", "Larsson", "lisa@sundsvall.example"),
    ("emile", "Émile", "Dubois", "emile@sundsvall.example"),
    ("per", "Per", "Persson", "per@sundsvall.example"),
    ("orjan", "Örjan", "Öberg", "orjan@sundsvall.example"),
    ("zoe", "Zoë", "Zetterström", "zoe@sundsvall.example"),
)
"""Account id, first name, last name and address of those who have a part in the tests."""
CROWD = tuple(
    (f"crowd-{number}", given, f"{family}ström", f"crowd{number}@sundsvall.example")
    for number, (given, family) in enumerate(
        (given, family)
        for family in ("Berg", "Dahl", "Eng", "Hag", "Ny")
        for given in ("Bea", "Cilla", "Disa", "Erik", "Frans", "Greta")
    )
)
"""Thirty more, so that lists are longer than a screen."""


class Clock:
    """A clock that goes on by a second each time it is read."""

    def __init__(self, now: datetime) -> None:
        """Start at a moment in UTC."""
        self.now = now

    def __call__(self) -> datetime:
        """Give the present moment."""
        self.now += timedelta(seconds=1)
        return self.now


def counted(prefix: str) -> Callable[[], str]:
    """Give a maker of ids that counts."""
    numbers = count(1)
    return lambda: f"{prefix}-{next(numbers)}"


class House:
    """A database of the municipality, the folder of drafts, and the clock."""

    def __init__(self, folder: Path, template: Path, clock: Callable[[], datetime] | None = None) -> None:
        """Copy the template into ``folder``, which is the test's own."""
        self.path = folder / "house.sqlite"
        shutil.copyfile(template, self.path)
        self.folder = folder
        self.demo = False
        self.clock = clock or Clock(MORNING)
        self._starts = count(1)
        self.post: Post | None = None
        self.keeps_letters = True

    async def connect(self, hsa_id: str = EVA, *, storage: Storage | None = None) -> Session:
        """Sign in on the storage given, or on the file."""
        storage = storage or await open_storage(str(self.path))
        membership = await _membership(storage, hsa_id)
        account = membership.account
        drafts = FileDrafts(self.folder / "drafts", str(self.path), account.id, membership.organisation.id)
        letters = partial(
            FileLetters, self.folder / "letters", "house", account.id, membership.organisation.id, self.post
        )
        return Session(
            service=Service(storage, actor_of(membership), self.clock, counted(f"id{next(self._starts)}")),
            membership=membership,
            drafts=drafts,
            at_close=storage.close,
            demo=self.demo,
            open_letters=letters if self.keeps_letters else None,
            storage_kind="SQLite",
        )

    async def between(self) -> Between:
        """Give a storage that stands before the file, to connect on; closing the session closes it."""
        return Between(await open_storage(str(self.path)))

    # What another person does, and what is there ------------------------------------------------

    async def written_by(self, hsa_id: str, *changes: AnyChange) -> str:
        """Let another administrator write, and give the id of the write."""
        storage = await open_storage(str(self.path))
        try:
            membership = await _membership(storage, hsa_id)
            service = Service(
                storage, actor_of(membership), self.clock, counted(f"other{next(self._starts)}")
            )
            return await build.write(service, membership.organisation.id, changes)
        finally:
            await storage.close()

    async def launch(
        self,
        permission_id: str,
        short_name: str,
        day: date,
        *,
        name: str | None = None,
        target_group: str | None = None,
    ) -> None:
        """Let Migrationsverket launch a permission on a day, under a name made of its id unless given."""
        storage = await open_storage(str(self.path))
        try:
            service = Service(storage, INSTALLATION, self.clock, counted(f"launch{next(self._starts)}"))
            launch = c.LaunchPermission(
                permission_id=Id(permission_id),
                e_service_id=Id("ansok-om-statlig-ersattning"),
                name=Title(name or permission_id.capitalize()),
                short_name=Title(short_name),
                launched_on=day,
                target_group=None if target_group is None else Title(target_group),
            )
            await build.write(service, AUTHORITY, [launch])
        finally:
            await storage.close()

    async def installs(self, organisation_id: str, *changes: AnyChange) -> str:
        """Let the installation write in any organisation, and give the id of the write."""
        storage = await open_storage(str(self.path))
        try:
            service = Service(storage, INSTALLATION, self.clock, counted(f"set{next(self._starts)}"))
            return await build.write(service, organisation_id, changes)
        finally:
            await storage.close()

    async def writes(self) -> tuple[WriteRow, ...]:
        """Give what was written in Sundsvall, newest first."""
        storage = await open_storage(str(self.path))
        try:
            service = Service(storage, await self._eva(storage), self.clock, counted("read"))
            return (await service.ask(Writes(organisation_id=SUNDSVALL))).rows
        finally:
            await storage.close()

    async def people(self, *account_ids: str) -> dict[str, AccountRow]:
        """Give accounts of Sundsvall as they are in the file, by id."""
        storage = await open_storage(str(self.path))
        try:
            service = Service(storage, await self._eva(storage), self.clock, counted("read"))
            return await service.rows(SUNDSVALL, frozenset(account_ids))
        finally:
            await storage.close()

    async def account(self, account_id: str) -> Account:
        """Give one account of Sundsvall."""
        return (await self.people(account_id))[account_id].account

    async def has(self, account_id: str) -> frozenset[str]:
        """Give the permissions that a person has in the file."""
        return (await self.people(account_id))[account_id].all_granted

    async def _eva(self, storage: Storage) -> Actor:
        return actor_of((await storage.identify(EVA))[0])

    def sql(self, statement: str, *values: object) -> None:
        """Change the file behind the program's back."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, values)


async def _membership(storage: Storage, hsa_id: str) -> Membership:
    """Give the account that an HSA-id has in Sundsvall, or else in the one municipality that it is in."""
    found = await storage.identify(hsa_id)
    return next((each for each in found if each.organisation.id == SUNDSVALL), found[0])


def register(
    account_id: str, given_name: str, family_name: str, email: str, hsa_id: str
) -> c.RegisterAccount:
    """Register a person."""
    return c.RegisterAccount(
        account_id=Id(account_id),
        hsa_id=HsaId(hsa_id),
        given_name=GivenName(given_name),
        family_name=FamilyName(family_name),
        email=EmailAddress(email),
    )


def amend(account_id: str, family_name: str, seen_version: int = 1) -> c.AmendAccount:
    """Give somebody another last name."""
    return c.AmendAccount(
        account_id=Id(account_id), seen_version=seen_version, family_name=FamilyName(family_name)
    )


def grants(account_id: str, *permission_ids: str) -> list[AnyChange]:
    """Give permissions to a person."""
    return [c.Grant(account_id=Id(account_id), permission_id=Id(each)) for each in permission_ids]


def revokes(account_id: str, *permission_ids: str) -> list[AnyChange]:
    """Take permissions from a person."""
    return [c.Revoke(account_id=Id(account_id), permission_id=Id(each)) for each in permission_ids]


async def make_template(path: Path) -> None:
    """Make the database: two municipalities with administrators, and the people of one."""
    async with new_sqlite(path, demo=True, fast=True) as storage:
        clock = Clock(datetime(2021, 3, 1, 8, 0, tzinfo=UTC))
        service = Service(storage, INSTALLATION, clock, counted("made"))
        await build.write(service, AUTHORITY, [build.found_authority(), *build.catalogue()])
        places = {place.id: place for place in build.places()}
        await build.write(
            service,
            SUNDSVALL,
            [
                build.found(places[Id(SUNDSVALL)]),
                *build.agreements(),
                register("eva", "Eva", "Ek", "eva@sundsvall.example", EVA),
                c.AppointAdministrator(account_id=Id("eva")),
                register("bo", "Bo", "Berg", "bo@sundsvall.example", BO),
                c.AppointAdministrator(account_id=Id("bo")),
            ],
        )
        await build.write(
            service,
            BJURHOLM,
            [
                build.found(places[Id(BJURHOLM)]),
                register("per-erik", "Per-Erik", "Sundin", "pererik@bjurholm.example", PER_ERIK),
                c.AppointAdministrator(account_id=Id("per-erik")),
            ],
        )
        eva = Service(storage, actor_of((await storage.identify(EVA))[0]), clock, counted("eva"))
        await build.write(eva, SUNDSVALL, _registrations())
        await build.write(
            eva,
            SUNDSVALL,
            [
                *grants("anna", PRESCHOOL, SCHOOL, CHILDREN),
                *grants("kaisa", PRESCHOOL, RETIRED),
                *grants("per", PRESCHOOL),
                *grants("left", SCHOOL),
            ],
            note="Vårens behörigheter",
        )
        clock.now = datetime(2023, 5, 4, 12, 30, tzinfo=UTC)
        left = c.DeregisterAccount(account_id=Id("left"), seen_version=1, seen_permission_ids=(Id(SCHOOL),))
        await build.write(eva, SUNDSVALL, [left], note="Slutar")


def _registrations() -> Iterable[AnyChange]:
    for number, (account_id, given_name, family_name, email) in enumerate((*PEOPLE, *CROWD), start=1101):
        yield register(account_id, given_name, family_name, email, f"{OWNER}-{number}")
    yield register("left", "Lena", "Lämnat", "lena@sundsvall.example", LEFT)
