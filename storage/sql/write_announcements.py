"""Write what happened to announcements into their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core import history as h
from core.text import search_key
from storage.sql import schema
from storage.sql.announcements import event_number_of, place_in_list
from storage.sql.decided import Decided, Values, execute_many
from storage.sql.head import moment
from storage.sql.values import number_of

if TYPE_CHECKING:
    from datetime import datetime

    from core.announcements import Announcement

_announcements = schema.announcements.c
_texts = schema.announcement_texts
_corrections = schema.announcement_corrections

_PLACE: Final = select(_announcements.number).where(
    _announcements.organisation_id == bindparam("here"), _announcements.id == bindparam("this")
)
_SET: Final = update(schema.announcements).where(
    _announcements.organisation_id == bindparam("here"), _announcements.id == bindparam("this")
)


def write_announcements(connection: Connection, decided: Decided) -> None:
    """Write every announcement that the events are about as it is after the last of them."""
    published: dict[str, int] = {}
    touched: dict[str, None] = {}
    for record in decided.records:
        if isinstance(record.event, h.AnnouncementEvent):
            touched[record.event.announcement_id] = None
            if isinstance(record.event, h.AnnouncementPublished):
                published[record.event.announcement_id] = record.number
    for announcement_id in touched:
        now = decided.state.announcements[announcement_id]
        here = {"here": decided.organisation_id, "this": announcement_id}
        new = announcement_id in published
        number = (
            published[announcement_id]
            if new
            else event_number_of(number_of(connection.execute(_PLACE, here).scalar()))
        )
        values = _values(now, number)
        if new:
            key: Values = {"organisation_id": decided.organisation_id, "id": announcement_id}
            connection.execute(insert(schema.announcements), {**key, **values})
        else:
            connection.execute(_SET.values(**values), here)
        _write_texts(connection, decided.organisation_id, now)


def _values(now: Announcement, event_number: int) -> Values:
    content = now.content
    return {
        "number": place_in_list(content.published_at, event_number),
        "version": now.version,
        "kind": content.kind.value,
        "title": content.title,
        "published_at": moment(content.published_at),
        "e_service_id": content.e_service_id,
        "permission_ids": " ".join(content.permission_ids),
        "effective_on": None if content.effective_on is None else content.effective_on.isoformat(),
        "action": content.action,
        "begins": _moment(content.begins),
        "ends": _moment(content.ends),
        "corrected_on": now.corrections[-1].on.isoformat() if now.corrections else None,
        "withdrawn_on": None if now.withdrawn_on is None else now.withdrawn_on.isoformat(),
    }


def _moment(value: datetime | None) -> str | None:
    return None if value is None else moment(value)


def _write_texts(connection: Connection, organisation_id: str, now: Announcement) -> None:
    key: Values = {"organisation_id": organisation_id, "announcement_id": now.id}
    for table in (_texts, _corrections):
        connection.execute(
            delete(table).where(table.c.organisation_id == organisation_id, table.c.announcement_id == now.id)
        )
    text = now.content.text
    connection.execute(
        insert(_texts), {**key, "text": text, "search_key": search_key(now.content.title, text)}
    )
    execute_many(
        connection,
        insert(_corrections),
        [
            {**key, "position": place, "on_day": each.on.isoformat(), "what": each.what}
            for place, each in enumerate(now.corrections, 1)
        ],
    )
