"""The head of an organisation's chain: locked, read and checked before anything is added to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, and_, bindparam, select

from core.directory import Organisation
from core.ports import StorageError
from core.refusal import Refusal
from storage.sql import schema
from storage.sql.facts import ORGANISATION_COLUMNS
from storage.sql.turns import lock_organisation
from storage.sql.values import stored_organisation

_organisations = schema.organisations.c
_events = schema.events.c
_changesets = schema.changesets.c

_MOST_EVENTS: Final = 1 << 62
_MOST_ORGANISATIONS: Final = (1 << 31) - 1
"""Beyond it, the numbers of accounts in the search index would not fit in 64 bits."""

_HEAD: Final = (
    select(
        *ORGANISATION_COLUMNS,
        _organisations.number,
        _organisations.head_number,
        _organisations.head_hash,
        _events.hash.label("last_hash"),
        _changesets.at.label("last_at"),
    )
    .select_from(
        schema.organisations.outerjoin(
            schema.events,
            and_(_events.organisation_id == _organisations.id, _events.number == _organisations.head_number),
        ).outerjoin(
            schema.changesets,
            and_(
                _changesets.organisation_id == _events.organisation_id,
                _changesets.number == _events.changeset_number,
            ),
        )
    )
    .where(_organisations.id == bindparam("organisation"))
)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation with its number in the search index, and the last record of its chain."""

    home: Organisation
    organisation_number: int
    number: int
    hash: str
    at: str


def lock_head(connection: Connection, organisation_id: str) -> Head | None:
    """Lock an organisation until the transaction ends and give its head, ``None`` where there is none.

    A head that is not the last record's is a :class:`StorageError`: what would be added after it
    could never be proved.
    """
    # Locked by a statement of its own: one that had to wait would read the organisation anew on
    # PostgreSQL, and its last event as it was before.
    lock_organisation(connection, organisation_id)
    row = connection.execute(_HEAD, {"organisation": organisation_id}).first()
    if row is None:
        return None
    fits = isinstance(row.last_hash, bytes) and row.last_hash.hex() == row.head_hash
    if (
        not fits
        or not _is_number(row.head_number, _MOST_EVENTS)
        or not _is_number(row.number, _MOST_ORGANISATIONS)
    ):
        raise StorageError(Refusal("storage_damaged", "storage", {"error": "head"}))
    return Head(
        home=stored_organisation(row),
        organisation_number=row.number,
        number=row.head_number,
        hash=row.head_hash,
        at=row.last_at if _is_moment(row.last_at) else "",
    )


def moment(now: datetime) -> str:
    """Give an aware moment as it is stored: UTC in ISO 8601 with microseconds."""
    return now.astimezone(UTC).isoformat(timespec="microseconds")


def _is_number(value: object, most: int) -> bool:
    return isinstance(value, int) and 0 < value < most


def _is_moment(value: object) -> bool:
    """Say whether a value is a moment as :func:`moment` gives it."""
    try:
        return isinstance(value, str) and moment(datetime.fromisoformat(value)) == value
    except (ValueError, OverflowError):
        return False
