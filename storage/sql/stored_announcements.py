"""Announcements as they stand in their rows: whatever is in the file, and never a reason to fail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, select

from core.announcements import Announcement, AnnouncementKind, Content, Correction
from core.directory import AUTHORITY
from storage.sql import schema
from storage.sql.values import number_of, raw_text

_announcements = schema.announcements.c
_texts = schema.announcement_texts.c
_corrections = schema.announcement_corrections.c

ITS_CORRECTIONS: Final = (
    select(_corrections.on_day, _corrections.what)
    .where(_corrections.organisation_id == AUTHORITY, _corrections.announcement_id == bindparam("id"))
    .order_by(_corrections.position)
)

_KINDS: Final = {each.value: each for each in AnnouncementKind}


def kind_of(value: object) -> AnnouncementKind:
    """Give a kind; what is none is some other."""
    return _KINDS.get(value, AnnouncementKind.OTHER) if isinstance(value, str) else AnnouncementKind.OTHER


def moment_of(value: object) -> datetime | None:
    """Give a moment, ``None`` for what is none."""
    try:
        found = datetime.fromisoformat(raw_text(value))
    except ValueError:
        return None
    # At the very ends of time there is no wall clock any more.
    return found if found.tzinfo is not None and 1900 < found.year < 9999 else None


def day_or_none(value: object) -> date | None:
    """Give a day, ``None`` for what is none."""
    try:
        return date.fromisoformat(raw_text(value))
    except ValueError:
        return None


def ids_of(value: object) -> tuple[str, ...]:
    """Give ids that are separated by blanks."""
    return tuple(dict.fromkeys(raw_text(value).split(" "))) if value else ()


NEVER: Final = datetime(9999, 12, 1, tzinfo=UTC)
"""For a moment of publication that is none: it never comes."""


def load_announcements(connection: Connection, ids: Collection[str]) -> list[Announcement]:
    """Load announcements for a decision, with their texts as they stand."""
    statement = (
        select(schema.announcements, _texts.text.label("whole_text"))
        .select_from(
            schema.announcements.outerjoin(
                schema.announcement_texts,
                and_(
                    _texts.organisation_id == _announcements.organisation_id,
                    _texts.announcement_id == _announcements.id,
                ),
            )
        )
        .where(_announcements.organisation_id == AUTHORITY, _announcements.id.in_(list(ids)))
    )
    answer: list[Announcement] = []
    for row in connection.execute(statement).all():
        found_id = raw_text(row.id)
        corrections = connection.execute(ITS_CORRECTIONS, {"id": found_id})
        answer.append(
            Announcement(
                id=found_id,
                content=Content(
                    kind=kind_of(row.kind),
                    title=raw_text(row.title),
                    text=raw_text(row.whole_text),
                    published_at=moment_of(row.published_at) or NEVER,
                    e_service_id=raw_text(row.e_service_id),
                    permission_ids=ids_of(row.permission_ids),
                    effective_on=day_or_none(row.effective_on),
                    action=raw_text(row.action),
                    begins=moment_of(row.begins),
                    ends=moment_of(row.ends),
                ),
                version=number_of(row.version),
                corrections=tuple(
                    Correction(on=day_or_none(each[0]) or date.max, what=raw_text(each[1]))
                    for each in corrections
                ),
                withdrawn_on=None if row.withdrawn_on is None else day_or_none(row.withdrawn_on) or date.min,
            )
        )
    return answer
