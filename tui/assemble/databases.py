"""Whole databases: made, checked, brought up to date, copied."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from core.directory import INSTALLATION
from core.ports import StorageError
from core.service import Service
from storage.files.drafts import forget_drafts
from storage.open import (
    canonical,
    is_postgresql,
    migrate_storage,
    new_postgresql,
    new_sqlite,
    open_storage,
    sqlite_path,
    told,
    verify_storage,
    version_of,
)
from tui.assemble.demo import holds_demo
from tui.clock import new_id, system_clock
from tui.settings import state_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.identity import EmailAddress, FamilyName, GivenName, HsaId
    from core.refusal import Refusal
    from core.verify import ChainReport
    from storage.copy import Copied
    from storage.open import OpenStorage
    from storage.seed import build as _build

    Person = _build.Person
    Place = _build.Place

__all__ = [
    "copy",
    "is_demo",
    "location",
    "make_demo",
    "make_real",
    "migrate",
    "person",
    "places",
    "remake_demo",
    "shown_storage",
    "told",
    "verify",
    "versions",
]


def verify(storage: str) -> Iterator[ChainReport]:
    """Check the chain of every organisation, a report for each.

    Raises:
        StorageError: the storage cannot be read.
    """
    return verify_storage(storage)


def versions(storage: str) -> tuple[str, str]:
    """Give the version that a storage has, and the one that this program needs.

    Raises:
        StorageError: the storage cannot be read, or is newer.
    """
    return version_of(storage)


def migrate(storage: str) -> Path | None:
    """Bring a storage up to date, and give the copy that was kept of how it was, where one was.

    Raises:
        StorageError: the storage cannot be changed; nothing was.
    """
    return migrate_storage(storage)


def copy(source: str, target: str) -> Copied:
    """Copy a whole database to where there is none, and prove that both hold the same.

    Raises:
        StorageError: it cannot be copied; the target is as it was.
    """
    from storage.copy import copy_storage  # nothing else here copies

    return copy_storage(source, target)


def shown_storage(url: str) -> str:
    """Give the address of a storage as it may be shown, without a password; ``""`` where it is none."""
    try:
        return told(url)
    except StorageError:
        return ""


def location(storage: str) -> Path:
    """Give the file that a storage names.

    Raises:
        StorageError: it names no file.
    """
    return sqlite_path(storage)


def places() -> tuple[Place, ...]:
    """Give the organisations that every new database has."""
    from storage.seed.build import places as known  # signing in needs none of the seed

    return known()


def person(*, hsa_id: HsaId, given_name: GivenName, family_name: FamilyName, email: EmailAddress) -> Person:
    """Put together who gets a first account."""
    from storage.seed.build import Person as Kind  # signing in needs none of the seed

    return Kind(hsa_id=hsa_id, given_name=given_name, family_name=family_name, email=email)


async def make_real(
    place: Path | str, *, organisation_id: str, administrator: Person, support: Person | None
) -> tuple[Refusal, ...]:
    """Make a real database: a file, or the content of an empty database on a server.

    The refusals tell why there is none, and then nothing is left behind.

    Raises:
        StorageError: it cannot be made, or is there already and stays as it is.
    """
    from storage.seed.build import RefusedError, build  # signing in needs none of the seed

    try:
        async with _new(place, demo=False) as storage:
            service = Service(storage, INSTALLATION, system_clock, new_id)
            await build(
                service, organisation_id=organisation_id, administrator=administrator, support=support
            )
    except RefusedError as error:
        return error.refusals
    return ()


def _new(place: Path | str, *, demo: bool) -> AbstractAsyncContextManager[OpenStorage]:
    if isinstance(place, str) and is_postgresql(place):
        return new_postgresql(place, demo=demo)
    return new_sqlite(sqlite_path(str(place)), demo=demo, fast=True)


async def make_demo(place: Path | str) -> None:
    """Make the demo's database.

    Raises:
        StorageError: it cannot be made, or is there already and stays as it is.
    """
    from storage.seed.demo import build_demo  # signing in needs none of the seed

    async with _new(place, demo=True) as storage:
        await build_demo(storage)


async def is_demo(path: Path) -> bool:
    """Say whether a database is a demo's.

    Raises:
        StorageError: it cannot be opened.
    """
    storage = await open_storage(str(path))
    try:
        return await holds_demo(storage)
    finally:
        await storage.close()


async def remake_demo(path: Path) -> None:
    """Make the demo anew in the place of whatever lies there; the drafts of the old one go with it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    await make_demo(fresh)
    # The log of the old file would be read into the new one: it goes first.
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    fresh.rename(path)
    forget_drafts(state_path() / "drafts", canonical(str(path)))
