"""What a decision came to, ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from core.changes import Changeset
from core.history import Record, State, StoredRecord

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable

Values = dict[str, Any]
"""A row for a statement: values by the names of its parameters."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A changeset's events in the chain, and the state after the last of them.

    ``day`` is the day in Sweden. ``organisation_number`` is the
    organisation's in the search index, ``None`` for one that is not there yet. ``records`` and
    ``stored`` are the same events, never none. ``alone`` says that nobody else writes at the same time
    (:mod:`storage.sql.turns`).
    """

    changeset: Changeset
    day: date
    content_hash: bytes
    organisation_number: int | None
    records: Sequence[Record]
    stored: Sequence[StoredRecord]
    state: State
    alone: bool = True

    @property
    def at(self) -> str:
        """When it is written, as it is stored."""
        return self.records[0].at

    @property
    def organisation_id(self) -> str:
        """The organisation that all of it is about."""
        return self.state.organisation_id


def execute_many(connection: Connection, statement: Executable, rows: Sequence[Values]) -> None:
    """Run a statement for each row, in one call to the driver; for no rows, nothing is run."""
    if rows:
        connection.execute(statement, rows)
