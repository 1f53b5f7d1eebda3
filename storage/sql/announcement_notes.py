"""Keep who has read announcements, and which of them an organisation calls done (:mod:`core.journal`)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from core.directory import Account, Actor, Role
from core.journal import MOST_READ, AnnouncementHandled, AnnouncementsRead
from core.ports import Refused
from core.refusal import Refusal
from storage.sql import schema
from storage.sql.announcements import visible_ids
from storage.sql.decided import execute_many
from storage.sql.head import moment
from storage.sql.values import raw_text

_reads = schema.announcement_reads.c
_handled = schema.announcement_handled.c

_READ: Final = select(_reads.announcement_id).where(
    _reads.organisation_id == bindparam("organisation"),
    _reads.account_id == bindparam("account"),
    _reads.announcement_id.in_(bindparam("ids", expanding=True)),
)
_FORGET: Final = delete(schema.announcement_handled).where(
    _handled.organisation_id == bindparam("organisation"), _handled.announcement_id == bindparam("id")
)


def note_read(
    connection: Connection, entry: AnnouncementsRead, actor: Actor, now: datetime
) -> Refused | None:
    """Keep that the actor has read announcements; what was read before keeps its moment."""
    if len(entry.announcement_ids) > MOST_READ:
        params: dict[str, str | int | bool] = {"most": MOST_READ, "count": len(entry.announcement_ids)}
        return Refused((Refusal("too_many_keys", "", params),))
    ids = [str(each) for each in entry.announcement_ids]
    seen = visible_ids(connection, ids, moment(now), is_everywhere=_is_everywhere(actor))
    if not seen:
        return Refused((Refusal("not_found", ids[0] if ids else ""),))
    who = {"organisation": actor.organisation_id, "account": actor.account_id}
    before = set(map(raw_text, connection.execute(_READ, {**who, "ids": seen}).scalars()))
    execute_many(
        connection,
        insert(schema.announcement_reads),
        [
            {
                "organisation_id": actor.organisation_id,
                "account_id": actor.account_id,
                "announcement_id": each,
                "at": moment(now),
            }
            for each in seen
            if each not in before
        ],
    )
    return None


def note_handled(
    connection: Connection, entry: AnnouncementHandled, actor: Actor, own: Account | None, now: datetime
) -> Refused | None:
    """Keep, or forget, that the organisation calls an announcement done; the last word counts."""
    here, announcement_id = str(entry.organisation_id), str(entry.announcement_id)
    if not visible_ids(connection, [announcement_id], moment(now), is_everywhere=_is_everywhere(actor)):
        return Refused((Refusal("not_found", announcement_id),))
    connection.execute(_FORGET, {"organisation": here, "id": announcement_id})
    if entry.is_done:
        connection.execute(
            insert(schema.announcement_handled),
            {
                "organisation_id": here,
                "announcement_id": announcement_id,
                "at": moment(now),
                "actor_id": actor.account_id,
                "actor_name": actor.name if own is None else own.name,
            },
        )
    return None


def _is_everywhere(actor: Actor) -> bool:
    return actor.role in (Role.SUPPORT, Role.INSTALLATION)
