"""One address in, a storage out: the one place where it is decided what keeps the data.

Nothing heavy is imported before a storage is opened, and then in a thread: the first frame is on the
screen meanwhile, and keys are answered.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from core.ports import Storage, StorageError
from core.refusal import Refusal

if TYPE_CHECKING:
    from core.verify import ChainReport
    from storage.http.client import Credentials, HttpStorage
    from storage.sql.open import NewFile
    from storage.sql.postgresql.open import NewContent
    from storage.sql.storage import SqlStorage

ACCEPTED = "sqlite:///"
"""What an address begins with; ``sqlite:///a.db`` is relative, ``sqlite:////var/a.db`` absolute."""

BUSY_SECONDS = 5.0
"""How long a write waits for another process before it is refused as locked."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://?")


class OpenStorage(Storage, Protocol):
    """A storage that is open. ``is_demo`` says that it holds a demo, whose HSA-ids may be of test form."""

    is_demo: bool


async def open_storage(
    url: str, *, create: bool = False, mounts: str | None = None, busy_seconds: float = BUSY_SECONDS
) -> OpenStorage:
    """Open the storage at an address: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or a path.

    Or ``postgresql://user@host/database``, which is never made or brought up to date by opening it: there
    are :func:`new_postgresql` and :func:`migrate_storage`.

    A file that is missing is refused, or made empty if ``create``. One of an older version of the
    program is brought up to date after a copy was laid beside it. ``mounts`` is the mount table, in
    the form of ``/proc/self/mountinfo``, by which network file systems are known; it is the system's
    own unless a test says otherwise.

    Raises :class:`core.ports.StorageError` with what is wrong; nothing was changed then.
    """
    if is_postgresql(url):
        return await asyncio.to_thread(_open_postgresql, url, busy_seconds)
    path = sqlite_path(url)
    if create and not path.exists():
        async with new_sqlite(path, mounts=mounts):
            pass
    return await asyncio.to_thread(_open, path, mounts, busy_seconds)


@asynccontextmanager
async def new_sqlite(
    path: Path, *, demo: bool = False, fast: bool = False, mounts: str | None = None
) -> AsyncGenerator[OpenStorage]:
    """Make a new SQLite database: fill the storage given, and it is in its place when the block ends.

    Until then it has another name, so a block that fails leaves nothing behind. ``demo`` takes
    HSA-ids of test form, for ever. ``fast`` does not wait for the disk until the end. A file that is
    there already is refused with ``storage_exists``, also one that somebody puts there meanwhile.
    """
    # Not in threads, unlike opening: a thread that nobody waits for any more, because the program was
    # told to end, would leave its file behind.
    async with _filled(_new(path, mounts, demo, fast)) as storage:
        yield storage


@asynccontextmanager
async def new_postgresql(
    url: str, *, demo: bool = False, busy_seconds: float = BUSY_SECONDS
) -> AsyncGenerator[OpenStorage]:
    """Make the content of an empty PostgreSQL database, as :func:`new_sqlite` makes a file.

    Until the block ends it is in a schema of its own, so a block that fails leaves nothing behind. A
    database with content is refused with ``storage_filled``.
    """
    # Deferred, as all that brings SQLAlchemy.
    from storage.sql.postgresql.address import address_of
    from storage.sql.postgresql.open import NewContent

    async with _filled(NewContent(address_of(url), demo=demo, busy_seconds=busy_seconds)) as storage:
        yield storage


@asynccontextmanager
async def _filled(new: NewFile | NewContent) -> AsyncGenerator[OpenStorage]:
    """Give what is new to be filled: it is in its place when the block ends, or gone where that fails."""
    try:
        storage: OpenStorage = new.storage()
        try:
            yield storage
        finally:
            await storage.close()
        new.finish()
    except BaseException:
        new.drop()
        raise


def version_of(url: str, *, mounts: str | None = None) -> tuple[str, str]:
    """Give the version of the schema that a storage has, and the one that this program needs.

    Raises :class:`core.ports.StorageError` where it cannot be read, is not ours, or is newer.
    """
    from storage.sql.version import SCHEMA_VERSION

    if is_postgresql(url):
        from storage.sql.postgresql.address import address_of
        from storage.sql.postgresql.open import version_of as of_postgresql

        return of_postgresql(address_of(url), busy_seconds=BUSY_SECONDS), SCHEMA_VERSION
    from storage.sql.mounts import mount_table
    from storage.sql.open import version_of as of_sqlite

    return of_sqlite(sqlite_path(url), mount_table() if mounts is None else mounts), SCHEMA_VERSION


def migrate_storage(url: str, *, mounts: str | None = None) -> Path | None:
    """Bring a storage up to the version of this program; of a file a copy is kept beside it, and given.

    Raises :class:`core.ports.StorageError` where that cannot be; nothing was changed then.
    """
    if is_postgresql(url):
        from storage.sql.postgresql.address import address_of
        from storage.sql.postgresql.open import migrate_postgresql
        from storage.sql.postgresql.open import version_of as of_postgresql

        address = address_of(url)
        # One that is empty or not ours is not filled with tables.
        of_postgresql(address, busy_seconds=BUSY_SECONDS)
        migrate_postgresql(address, busy_seconds=BUSY_SECONDS)
        return None
    from storage.sql.mounts import mount_table
    from storage.sql.open import bring_up_to_date

    return bring_up_to_date(sqlite_path(url), mount_table() if mounts is None else mounts)


def is_server(url: str) -> bool:
    """Say whether an address is one of a server of ours, over HTTP."""
    return url.lower().startswith(("https://", "http://"))


def open_server(url: str, credentials: Credentials, *, authority: str = "", proxy: str = "") -> HttpStorage:
    """Give the storage that a server is. Nothing is sent before something is asked.

    Raises :class:`core.ports.StorageError` where what is said there could be overheard, or the authorities
    cannot be read.
    """
    # Deferred: the first frame loads no httpx, and a database needs none.
    from storage.http.client import HttpStorage as Kind

    return Kind(url, credentials, authority=authority, proxy=proxy)


def is_postgresql(url: str) -> bool:
    """Say whether an address is one of PostgreSQL."""
    return url.startswith(("postgresql://", "postgres://"))


def canonical(url: str) -> str:
    """Give one address for all ways to name the same storage, without a password.

    Raises :class:`core.ports.StorageError` where it is not understood.
    """
    if is_server(url):
        from storage.http.address import canonical as of_server

        return of_server(url)
    if is_postgresql(url):
        from storage.sql.postgresql.address import address_of

        return address_of(url).canonical
    return f"{ACCEPTED}{sqlite_path(url).resolve()}"


def told(url: str) -> str:
    """Give an address as it may be shown: a file's path, or a server's address without a password."""
    if is_server(url):
        return canonical(url)
    if is_postgresql(url):
        from storage.sql.postgresql.address import address_of

        return address_of(url).shown
    return str(sqlite_path(url))


def verify_storage(url: str, *, mounts: str | None = None) -> Iterator[ChainReport]:
    """Check the chain of every organisation of the storage at an address, a report for each.

    Raises :class:`core.ports.StorageError` where it cannot be read.
    """
    # Deferred, as all that brings SQLAlchemy.
    from storage.sql.mounts import mount_table
    from storage.sql.verify import verify_postgresql, verify_sqlite

    if is_postgresql(url):
        from storage.sql.postgresql.address import address_of

        return verify_postgresql(address_of(url), busy_seconds=BUSY_SECONDS)
    return verify_sqlite(sqlite_path(url), mount_table() if mounts is None else mounts)


def sqlite_path(url: str) -> Path:
    """Give the file that an address names; another kind of address is refused with ``storage_url``."""
    if url.startswith(ACCEPTED):
        name = unquote(url.removeprefix(ACCEPTED))
    elif _SCHEME.match(url) or url.startswith("sqlite:"):
        name = ""
    else:
        name = url
    if not name or "\0" in name:
        raise StorageError(Refusal("storage_url", "storage", {"accepted": ACCEPTED}))
    path = Path(name)
    try:
        return path.expanduser() if name == url else path
    except RuntimeError:
        return path  # nobody is called so: it is the file's own name


def _open(path: Path, mounts: str | None, busy_seconds: float) -> SqlStorage:
    # Deferred, as all that brings SQLAlchemy: the first frame does not wait for it.
    from storage.sql.mounts import mount_table
    from storage.sql.open import open_sqlite

    return open_sqlite(path, mount_table() if mounts is None else mounts, busy_seconds=busy_seconds)


def _open_postgresql(url: str, busy_seconds: float) -> SqlStorage:
    from storage.sql.postgresql.address import address_of
    from storage.sql.postgresql.open import open_postgresql

    return open_postgresql(address_of(url), busy_seconds=busy_seconds)


def _new(path: Path, mounts: str | None, demo: bool, fast: bool) -> NewFile:
    from storage.sql.mounts import mount_table
    from storage.sql.open import NewFile

    return NewFile(path, mount_table() if mounts is None else mounts, demo=demo, fast=fast)
