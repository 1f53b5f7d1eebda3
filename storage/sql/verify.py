"""Check the chains of a file, organisation by organisation, without holding more than a record.

The file is read as it is, in one snapshot, and nothing is brought up to date or written: what is looked
for is what somebody may have done to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, func, select

from core.text import shown
from core.verify import Beside, ChainCheck, ChainReport, ChangesetBeside, Fault
from storage.sql import schema
from storage.sql.engine import read_tolerantly, sqlite_engine
from storage.sql.errors import told
from storage.sql.location import check_file
from storage.sql.open import check_schema
from storage.sql.values import raw_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.sql.postgresql.address import Address

_organisations = schema.organisations.c
_events = schema.events.c
_changesets = schema.changesets.c

AT_ONCE: Final = 1_000
"""Records that are fetched at a time."""

_BESIDE: Final = tuple(_events[name] for name in Beside.__struct_fields__)
_OF_CHANGESET: Final = tuple(_changesets[name] for name in ChangesetBeside.__struct_fields__)

_CHAIN: Final = (
    select(*_BESIDE, *_OF_CHANGESET)
    .select_from(
        schema.events.outerjoin(
            schema.changesets,
            and_(
                _changesets.organisation_id == _events.organisation_id,
                _changesets.number == _events.changeset_number,
            ),
        )
    )
    .where(_events.organisation_id == bindparam("organisation"))
    .order_by(_events.number)
)
_HEADS: Final = select(
    _organisations.id, _organisations.name, _organisations.head_number, _organisations.head_hash
).order_by(_organisations.id)
_COUNT_CHANGESETS: Final = (
    select(func.count())
    .select_from(schema.changesets)
    .where(_changesets.organisation_id == bindparam("organisation"))
)
# An organisation that was taken out leaves its chain behind.
_STRAY: Final = (
    select(_events.organisation_id, func.min(_events.number))
    .where(_events.organisation_id.not_in(select(_organisations.id)))
    .group_by(_events.organisation_id)
)


def verify_sqlite(path: Path, mounts: str) -> Iterator[ChainReport]:
    """Give a report for each organisation, in the order of their ids.

    Raises:
        StorageError: the file cannot be read, is not ours, or is newer than this program.
    """
    check_file(path, mounts)
    with told(path):
        engine = sqlite_engine(path, "read")
        try:
            with engine.connect() as connection:
                check_schema(connection, path)
                read_tolerantly(connection)
                yield from _reports(connection)
        finally:
            engine.dispose()


def verify_postgresql(address: Address, *, busy_seconds: float) -> Iterator[ChainReport]:
    """Give a report for each organisation of a database on a server, in the order of their ids.

    Raises:
        StorageError: it cannot be read, is not ours, or is newer than this program.
    """
    # Deferred: who has a file needs no driver for PostgreSQL.
    from storage.sql.postgresql.engine import postgresql_engine
    from storage.sql.postgresql.errors import told_postgresql
    from storage.sql.postgresql.open import check_database

    with told_postgresql(address):
        engine = postgresql_engine(address, "read", busy_seconds=busy_seconds, at_once=1)
        try:
            with engine.connect() as connection:
                check_database(connection, address)
                yield from _reports(connection)
        finally:
            engine.dispose()


def _reports(connection: Connection) -> Iterator[ChainReport]:
    # All heads first: one statement at a time is read from a connection that streams.
    for organisation_id, name, number, head in connection.execute(_HEADS).all():
        yield _check(connection, organisation_id, name, number, head)
    for organisation_id, number in connection.execute(_STRAY).all():
        yield _stray(raw_text(organisation_id), number)


def _check(connection: Connection, organisation_id: Any, name: Any, number: Any, head: Any) -> ChainReport:
    check = ChainCheck(raw_text(organisation_id))
    fault: Fault | None = None
    here = {"organisation": organisation_id}
    streamed = connection.execution_options(stream_results=True).execute(_CHAIN, here)
    for row in streamed.yield_per(AT_ONCE):
        beside = Beside(**dict(zip(Beside.__struct_fields__, row, strict=False)))
        own = row[len(_BESIDE) :]
        changeset = (
            None
            if own[0] is None
            else ChangesetBeside(**dict(zip(ChangesetBeside.__struct_fields__, own, strict=True)))
        )
        fault = check.take(beside, changeset)
        if fault is not None:
            break
    streamed.close()
    if fault is None:
        count = int(connection.execute(_COUNT_CHANGESETS, here).scalar_one())
        fault = check.finish(number, head, count)
    return ChainReport(
        organisation_id=shown(check.organisation_id),
        name=shown(raw_text(name)),
        records=check.records,
        head=check.hash,
        fault=fault,
    )


def _stray(organisation_id: str, number: Any) -> ChainReport:
    first = number if isinstance(number, int) else 0
    return ChainReport(
        organisation_id=shown(organisation_id),
        name="",
        records=0,
        head="",
        fault=Fault(organisation_id=organisation_id, number=first, code="extra"),
    )
