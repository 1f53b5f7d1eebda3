"""The one way to write: lock, decide inside the lock, chain, write, answer (DESIGN 3)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from core.changes import Changeset, Receipt
from core.days import day_of
from core.directory import AUTHORITY, Actor, Role
from core.history import NO_HASH, chain, records_of
from core.ports import Refused, StorageError
from core.refusal import Refusal
from core.rules import Decision, decide
from core.wire import encode
from storage.sql import schema
from storage.sql.catalogue import KnownCatalogue
from storage.sql.counting import is_due
from storage.sql.database import PassingError
from storage.sql.decided import Decided
from storage.sql.facts import load_facts, read_home
from storage.sql.head import lock_head, moment
from storage.sql.turns import lets_several_write, lock_database
from storage.sql.values import number_of, text_of
from storage.sql.version import SCHEMA_VERSION
from storage.sql.write import write_events

_changesets = schema.changesets.c

_ABOUT: Final = "SELECT version_num, is_demo FROM alembic_version, meta"
_EARLIER: Final = select(
    _changesets.number, _changesets.last_number, _changesets.at, _changesets.content_hash
).where(_changesets.organisation_id == bindparam("organisation"), _changesets.id == bindparam("id"))


def rehearse(
    connection: Connection, changeset: Changeset, actor: Actor, now: datetime, known: KnownCatalogue
) -> Decision:
    """Decide a changeset against what is there, and write nothing.

    What was written before is decided as if it were new; that its id was used for something else is refused.
    """
    if _is_at_home(changeset, actor):
        earlier = _earlier(connection, changeset, content_hash(changeset, actor))
        if isinstance(earlier, Refused):
            return Decision(refusals=earlier.refusals)
    home = read_home(connection, str(changeset.organisation_id))
    test_ids = _about(connection)
    facts = load_facts(connection, changeset, actor, known, home=home, test_ids=test_ids)
    return decide(changeset, actor, facts, day_of(now))


def commit(
    connection: Connection, changeset: Changeset, actor: Actor, now: datetime, known: KnownCatalogue
) -> Receipt | Refused:
    """Write a changeset inside the transaction that ``connection`` is in, or tell why not.

    Whoever calls ends the transaction; nothing is written before all is decided. ``known`` may keep
    the catalogue from one commit to the next. What is written is never older than what was written
    before in the organisation, whatever ``now`` is; the day that decides is that of ``now``.
    """
    organisation_id = str(changeset.organisation_id)
    day = day_of(now)
    head = lock_head(connection, organisation_id)
    alone = _take_turn(connection, changeset, actor, day, is_new=head is None)
    test_ids = _about(connection)
    content = content_hash(changeset, actor)
    if _is_at_home(changeset, actor):
        earlier = _earlier(connection, changeset, content)
        if earlier is not None:
            return earlier
    home = None if head is None else head.home
    facts = load_facts(connection, changeset, actor, known, home=home, test_ids=test_ids)
    decision = decide(changeset, actor, facts, day)
    if decision.refusals:
        return Refused(decision.refusals)
    # A clock that was set back, or another machine's, is no reason for time to go back along a chain.
    at = moment(now) if head is None else max(moment(now), head.at)
    first = 1 if head is None else head.number + 1
    records = records_of(changeset, actor, facts.actor, at, first, decision.events)
    write_events(
        connection,
        Decided(
            changeset=changeset,
            day=day,
            content_hash=content,
            organisation_number=None if head is None else head.organisation_number,
            records=records,
            stored=chain(NO_HASH if head is None else head.hash, records),
            state=facts.state,
            alone=alone,
        ),
    )
    return Receipt(
        changeset_id=str(changeset.id),
        organisation_id=organisation_id,
        first_number=first,
        last_number=records[-1].number,
        written_at=at,
    )


def _take_turn(
    connection: Connection, changeset: Changeset, actor: Actor, day: date, *, is_new: bool
) -> bool:
    """Wait for those who may not write at the same time, and say whether nobody else does.

    Raises:
        PassingError: the organisation was not there, and another has made it meanwhile.
    """
    if not lets_several_write(connection):
        return True
    organisation_id = str(changeset.organisation_id)
    # Others make no organisations, and are not to hold up the whole country by naming one.
    makes_one = is_new and actor.role in (Role.SUPPORT, Role.INSTALLATION)
    alone = makes_one or organisation_id == AUTHORITY or is_due(connection, day)
    lock_database(connection, alone=alone)
    if makes_one and read_home(connection, organisation_id) is not None:
        raise PassingError
    return alone


def _is_at_home(changeset: Changeset, actor: Actor) -> bool:
    """Say whether an actor may know what was written: to one from elsewhere nothing is there."""
    return actor.organisation_id == changeset.organisation_id or actor.role in (
        Role.SUPPORT,
        Role.INSTALLATION,
    )


def content_hash(changeset: Changeset, actor: Actor) -> bytes:
    """Give the hash by which a repeated changeset is known: what it says, and who says it."""
    return hashlib.sha256(encode((actor.organisation_id, actor.account_id, changeset))).digest()


def _earlier(connection: Connection, changeset: Changeset, content: bytes) -> Receipt | Refused | None:
    """Give the receipt of a changeset that was written before, or that its id was used for another."""
    values = {"organisation": str(changeset.organisation_id), "id": str(changeset.id)}
    earlier = connection.execute(_EARLIER, values).first()
    if earlier is None:
        return None
    if earlier.content_hash != content:
        return Refused((Refusal("changeset_id_reused", changeset.id),))
    return Receipt(
        changeset_id=str(changeset.id),
        organisation_id=str(changeset.organisation_id),
        first_number=number_of(earlier.number),
        last_number=number_of(earlier.last_number),
        written_at=text_of(earlier.at),
        repeated=True,
    )


def _about(connection: Connection) -> bool:
    """Say whether HSA-ids of test form are taken, and stop where the schema is another by now.

    That is so for a program that was running while a newer one brought the file up to date.
    """
    found, is_demo = connection.exec_driver_sql(_ABOUT).one()
    if found != SCHEMA_VERSION:
        raise StorageError(
            Refusal("storage_newer", "storage", {"found": str(found), "known": SCHEMA_VERSION})
        )
    return bool(is_demo == 1)
