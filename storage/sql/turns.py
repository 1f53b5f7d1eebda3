"""Who waits for whom, where a database lets several write at once.

On SQLite a write holds the whole file, and nothing here does anything. On PostgreSQL a write first holds
its organisation's row, so that those of one organisation come one after another and other organisations
beside them. What a decision depends on outside its own organisation is always Migrationsverket's: the
catalogue, and support's own accounts. So each write also takes a lock of the whole database, which any
number hold *beside* each other and one holds *alone*: who writes Migrationsverket's own organisation,
makes an organisation (whose number is the next one), or takes a retired permission out of everybody's
counts. It is an advisory lock, and not one on Migrationsverket's row, because hundreds of writes that
share a row lock would write that row each time, and could keep the one who waits to be alone waiting.

The order is the same for all: first the organisation's row, then the database. Nobody who has the second
waits for the first, and nobody goes from *beside* to *alone*, so nobody waits for each other.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select, text

from storage.sql import schema

EVERYBODY: Final = int.from_bytes(b"behorig", "big")
"""The advisory lock's key."""
MAKING: Final = EVERYBODY + 1
"""The key by which only one makes a new database's content at a time."""

_ROW: Final = (
    select(schema.organisations.c.id)
    .where(schema.organisations.c.id == bindparam("organisation"))
    # Rows that refer to the organisation may come meanwhile: its id does not change.
    .with_for_update(key_share=True)
)
_ALONE: Final = text("SELECT pg_advisory_xact_lock(:key)")
_BESIDE: Final = text("SELECT pg_advisory_xact_lock_shared(:key)")


def lets_several_write(connection: Connection) -> bool:
    """Say whether others may be writing at the same time."""
    return connection.dialect.name == "postgresql"


def lock_organisation(connection: Connection, organisation_id: str) -> None:
    """Hold an organisation's row until the transaction ends; what is read after that stays so."""
    if lets_several_write(connection):
        connection.execute(_ROW, {"organisation": organisation_id}).all()


def lock_database(connection: Connection, *, alone: bool) -> None:
    """Wait until nobody writes who may not be beside this one, and hold that until the transaction ends."""
    if lets_several_write(connection):
        connection.execute(_ALONE if alone else _BESIDE, {"key": EVERYBODY})
