"""What PostgreSQL's errors mean: each becomes one refusal that says what is wrong.

A refusal never holds the statement, its values, the server's text or a password: SQLSTATE codes say what
happened, in whatever language the server speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.ports import StorageError
from core.refusal import Refusal
from storage.sql.database import PassingError
from storage.sql.postgresql.address import Address

# SQLSTATE codes, or their first two characters, which name a class ("PostgreSQL Error Codes", appendix A).
_MEANINGS = {
    "08": "storage_lost",
    "57P01": "storage_lost",  # the server was stopped
    "57P02": "storage_lost",
    "57P03": "storage_unreachable",  # it is starting, or stopping
    "57P05": "storage_lost",
    "25P03": "storage_lost",  # idle in a transaction for too long
    "25006": "storage_replica",
    "28": "storage_sign_in",
    "3D000": "storage_sign_in",
    "42501": "storage_rights",
    "53100": "storage_full",
    "53": "storage_unreachable",  # no memory, too many connections
    "55P03": "storage_locked",
    "40": "storage_locked",
    "57014": "storage_slow",
    # What is written was decided to fit what is there: where it does not, also the second time, the
    # tables contradict each other.
    "23": "storage_damaged",
    "XX001": "storage_damaged",
    "XX002": "storage_damaged",
}
_AGAIN: Final = ("40001", "40P01", "23505", "23503", "0A000", "08", "57P01", "57P02", "57P05", "25P03")
"""What may pass when the whole is done again: two that met, a plan of an older table, a lost line."""


def refusal_of(error: psycopg.Error, address: Address) -> Refusal:
    """Give what an error of the driver means; ``storage_failed`` where no better is known."""
    state = error.sqlstate or ""
    if not state and isinstance(error, psycopg.OperationalError):
        return _why_no_connection(error, address)
    meaning = _MEANINGS.get(state, _MEANINGS.get(state[:2], "storage_failed"))
    return Refusal(meaning, "storage", {"path": address.shown, "error": state or type(error).__name__})


def _why_no_connection(error: psycopg.OperationalError, address: Address) -> Refusal:
    """Say why there is no connection.

    PostgreSQL's library gives no code for it, only a text in the server's language. But it tells whether
    a password was asked for, and whether the server lets anybody in.
    """
    code = "storage_unreachable"
    failed = error.pgconn
    if failed is not None and failed.needs_password:
        code = "storage_password"
    elif failed is not None and _lets_in(error, address):
        code = "storage_sign_in"
    return Refusal(code, "storage", {"path": address.shown, "error": type(error).__name__})


def _lets_in(error: psycopg.OperationalError, address: Address) -> bool:
    """Say whether the server is there and lets others in."""
    whereto = {name: value for name, value in address.parameters.items() if name != "password"}
    try:
        answers = pq.PGconn.ping(make_conninfo("", **whereto).encode())
    except psycopg.Error:
        return False
    # Unlike the others, a server that is full has to be known by its text.
    full = "too many" in str(error) or "remaining connection slots" in str(error)
    return answers == pq.Ping.OK and not full


def is_lost(error: BaseException) -> bool:
    """Say whether a connection that was there is gone."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def may_pass(error: BaseException) -> bool:
    """Say whether doing the whole again may succeed."""
    if is_lost(error):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else None
    state = (cause.sqlstate if isinstance(cause, psycopg.Error) else None) or ""
    return state.startswith(_AGAIN)


@contextmanager
def told_postgresql(address: Address) -> Iterator[None]:
    """Turn what the database says into a :class:`StorageError`."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated:
            raise refuse("storage_lost", address, error=type(error).__name__) from error
        if isinstance(error.orig, psycopg.Error):
            raise StorageError(refusal_of(error.orig, address)) from error
        raise refuse("storage_failed", address, error=type(error).__name__) from error
    except PassingError as error:
        # So often that others came in between each time.
        raise refuse("storage_locked", address, error=type(error).__name__) from error
    except PoolTimeoutError as error:
        raise refuse("storage_locked", address, error=type(error).__name__) from error
    except SQLAlchemyError as error:
        raise refuse("storage_failed", address, error=type(error).__name__) from error
    except psycopg.Error as error:
        raise StorageError(refusal_of(error, address)) from error


def refuse(code: str, address: Address, **params: str | int | bool) -> StorageError:
    """Give the error that says what is wrong with a database.

    Of an error that the driver gave it takes the kind only: its text may hold the statement.
    """
    return StorageError(Refusal(code, "storage", {"path": address.shown, **params}))
