"""Where an SQLite database lies, and what can be told of the place before it is opened.

The database file itself is never opened here: closing it again would drop the locks that SQLite
holds on it in the same process (POSIX advisory locks; "How To Corrupt An SQLite Database", 2.2).
"""

from __future__ import annotations

import os
from pathlib import Path

from core.ports import StorageError
from core.refusal import Refusal
from storage.sql.mounts import network_file_system


def refuse(code: str, **params: str | int | bool) -> StorageError:
    """Give the error that says what is wrong with a storage."""
    return StorageError(Refusal(code, "storage", dict(params)))


def check_folder(path: Path, mounts: str) -> None:
    """Refuse a place where no database can lie: no folder, a network, or not to be written to."""
    folder = path.parent
    if not folder.is_dir():
        raise refuse("storage_no_folder", path=str(folder))
    network = network_file_system(folder, mounts)
    if network is not None:
        raise refuse("storage_network", path=str(path), file_system=network)
    # SQLite keeps its log beside the file, so the folder must be writable as well.
    if not os.access(folder, os.W_OK | os.X_OK):
        raise refuse("storage_read_only", path=str(folder))


def check_file(path: Path, mounts: str) -> None:
    """Refuse what cannot be a database to work with: missing, a folder, on a network, read-only, empty."""
    if not path.exists():
        raise refuse("storage_missing", path=str(path))
    if not path.is_file():
        raise refuse("storage_not_ours", path=str(path))
    check_folder(Path(os.path.realpath(path)), mounts)
    if not os.access(path, os.R_OK | os.W_OK):
        raise refuse("storage_read_only", path=str(path))
    if path.stat().st_size == 0:
        # SQLite would take it for a new database and fill it.
        raise refuse("storage_empty_file", path=str(path))
