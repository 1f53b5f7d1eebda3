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
    from storage.sql.open import NewFile
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

    A file that is missing is refused, or made empty if ``create``. One of an older version of the
    program is brought up to date after a copy was laid beside it. ``mounts`` is the mount table, in
    the form of ``/proc/self/mountinfo``, by which network file systems are known; it is the system's
    own unless a test says otherwise.

    Raises :class:`core.ports.StorageError` with what is wrong; nothing was changed then.
    """
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
    new = _new(path, mounts, demo, fast)
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


def verify_storage(url: str, *, mounts: str | None = None) -> Iterator[ChainReport]:
    """Check the chain of every organisation of the storage at an address, a report for each.

    Raises :class:`core.ports.StorageError` where it cannot be read.
    """
    # Deferred, as all that brings SQLAlchemy.
    from storage.sql.mounts import mount_table
    from storage.sql.verify import verify_sqlite

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
    return Path(name).expanduser() if name == url else Path(name)


def _open(path: Path, mounts: str | None, busy_seconds: float) -> SqlStorage:
    # Deferred, as all that brings SQLAlchemy: the first frame does not wait for it.
    from storage.sql.mounts import mount_table
    from storage.sql.open import open_sqlite

    return open_sqlite(path, mount_table() if mounts is None else mounts, busy_seconds=busy_seconds)


def _new(path: Path, mounts: str | None, demo: bool, fast: bool) -> NewFile:
    from storage.sql.mounts import mount_table
    from storage.sql.open import NewFile

    return NewFile(path, mount_table() if mounts is None else mounts, demo=demo, fast=fast)
