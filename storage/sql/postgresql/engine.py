"""Connections to a PostgreSQL database: the settings that hold on each, and how a transaction begins.

Synchronous in threads of ours, as on SQLite and for the same reasons (:mod:`storage.sql.engine`).
"""

from __future__ import annotations

from typing import Final, Literal

from psycopg import Connection, IsolationLevel
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from storage.sql.postgresql.address import Address

READERS: Final = 4
WRITERS: Final = 4
"""So many questions, and so many writes, at the same time; organisations write beside each other."""

SCHEMA: Final = "public"

Kind = Literal["read", "write", "migrate"]

_SETTINGS: Final = {
    # From its sixth run a prepared statement would get a plan that knows no values: for a search, one
    # that reads everybody.
    "plan_cache_mode": "force_custom_plan",
    # Statements here are short, and many run at the same time: none is worth a compiler or processors of its
    # own. What is read often is in memory or on a disk without arms, where a jump costs little; believing
    # otherwise, the planner would rather read everybody than look up the few that the index gives.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    # Days and moments are texts, but what the server says of time is to mean the same everywhere.
    "timezone": "UTC",
    "client_encoding": "UTF8",
    "idle_in_transaction_session_timeout": "60s",
}
STATEMENT_SECONDS: Final = 60
"""How long one statement may take; a page takes milliseconds, a name changed over a country seconds."""


def postgresql_engine(
    address: Address,
    kind: Kind,
    *,
    busy_seconds: float,
    schema: str = SCHEMA,
    at_once: int | None = None,
    is_long: bool = False,
) -> Engine:
    """Make an engine for a database.

    ``read`` gives connections on which nothing can be written, and each transaction is one snapshot:
    all statements of a question see the same. On those of ``write`` each statement sees what was
    committed before it, so that what is read after waiting for a lock is what the lock protects.
    ``migrate`` is ``write`` with a single connection and without a limit of time, which ``is_long`` takes
    from the others too: a whole database is read between two statements on another.
    """
    settings = {
        **_SETTINGS,
        "search_path": f"{schema},pg_temp",
        "lock_timeout": f"{max(1, int(busy_seconds * 1000))}ms",
        "statement_timeout": "0" if kind == "migrate" or is_long else f"{STATEMENT_SECONDS}s",
    }
    if kind == "migrate" or is_long:
        settings["idle_in_transaction_session_timeout"] = "0"
    given = dict(address.parameters)
    # As options of the connection they are there at once, and stay through whatever resets a session.
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    given["options"] = f"{given.get('options') or ''} {options}".strip()
    given.setdefault("application_name", "behorig")
    size = at_once or (READERS if kind == "read" else WRITERS)
    if kind == "migrate":
        engine = create_engine(
            "postgresql+psycopg://",
            connect_args=given,
            poolclass=NullPool,
            hide_parameters=True,
            use_native_hstore=False,
        )
    else:
        engine = create_engine(
            "postgresql+psycopg://",
            connect_args=given,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=0,
            # A statement that fails tells no values: they may be names of people.
            hide_parameters=True,
            use_native_hstore=False,
        )

    def configure(connection: Connection, _record: object) -> None:
        connection.isolation_level = (
            IsolationLevel.REPEATABLE_READ if kind == "read" else IsolationLevel.READ_COMMITTED
        )
        connection.read_only = kind == "read" or None

    event.listen(engine, "connect", configure)
    return engine
