"""What a database's errors mean: each becomes one refusal that says what is wrong.

A refusal never holds the statement or its values, which may be names of people.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.ports import StorageError
from core.refusal import Refusal

# SQLite's primary result codes: an extended code holds one of them in its lowest byte.
_PRIMARY = 0xFF
_MEANINGS = {
    sqlite3.SQLITE_NOTADB: "storage_not_ours",
    sqlite3.SQLITE_CORRUPT: "storage_damaged",
    sqlite3.SQLITE_FORMAT: "storage_damaged",
    # What is written was decided to fit what is there: where it does not, the tables contradict each other.
    sqlite3.SQLITE_CONSTRAINT: "storage_damaged",
    sqlite3.SQLITE_MISMATCH: "storage_damaged",
    sqlite3.SQLITE_READONLY: "storage_read_only",
    sqlite3.SQLITE_PERM: "storage_read_only",
    sqlite3.SQLITE_FULL: "storage_full",
    sqlite3.SQLITE_BUSY: "storage_locked",
    sqlite3.SQLITE_LOCKED: "storage_locked",
    sqlite3.SQLITE_CANTOPEN: "storage_missing",
}


def refusal_of(error: sqlite3.Error, path: Path) -> Refusal:
    """Give what an error of the driver means; ``storage_failed`` where no better is known."""
    code = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    meaning = "storage_failed" if code is None else _MEANINGS.get(code & _PRIMARY, "storage_failed")
    return Refusal(meaning, "storage", {"path": str(path), "error": name})


def is_undecodable(error: SQLAlchemyError) -> bool:
    """Say whether a text in the file is not UTF-8, which the driver has no code for."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return isinstance(cause, sqlite3.OperationalError) and "Could not decode to UTF-8" in str(cause)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the database or the file system says of a file into a :class:`StorageError`."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise StorageError(refusal_of(error.orig, path)) from error
        raise _failed(error, path) from error
    except SQLAlchemyError as error:
        raise _failed(error, path) from error
    except sqlite3.Error as error:
        raise StorageError(refusal_of(error, path)) from error
    except OSError as error:
        raise StorageError(_of_system(error, path)) from error
    except OverflowError as error:
        # A number in the file is at the very end of what fits, and the next one does not.
        raise StorageError(
            Refusal("storage_damaged", "storage", {"path": str(path), "error": "OverflowError"})
        ) from error


def _failed(error: SQLAlchemyError, path: Path) -> StorageError:
    # The kind of error only: its text may hold the statement.
    return StorageError(
        Refusal("storage_failed", "storage", {"path": str(path), "error": type(error).__name__})
    )


def _of_system(error: OSError, path: Path) -> Refusal:
    meanings = {
        errno.ENOSPC: "storage_full",
        errno.EDQUOT: "storage_full",
        errno.EFBIG: "storage_full",
        errno.EROFS: "storage_read_only",
        errno.EACCES: "storage_read_only",
        errno.EPERM: "storage_read_only",
        errno.ENOENT: "storage_missing",
    }
    number = error.errno or 0
    return Refusal(
        meanings.get(number, "storage_failed"),
        "storage",
        {"path": str(path), "error": errno.errorcode.get(number, type(error).__name__)},
    )
