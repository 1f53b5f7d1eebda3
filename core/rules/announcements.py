"""The decisions on what is current (DOMAIN 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core import history as h
from core.announcements import WITH_WINDOW, Announcement, AnnouncementKind, NewContent, content_of
from core.days import day_of
from core.directory import AUTHORITY
from core.refusal import Refusal

if TYPE_CHECKING:
    from core.rules.work import Work


def publish(work: Work, change: c.PublishAnnouncement) -> Refusal | None:
    """Publish an announcement, today or later: what is current is not written into the past."""
    subject = change.announcement_id
    if work.state.organisation_id != AUTHORITY:
        return _elsewhere(work)
    if subject in work.state.announcements:
        return Refusal("id_taken", subject)
    if day_of(change.content.published_at) < work.day:
        return Refusal("published_before", subject, {"day": work.day.isoformat()})
    refusal = _why_not(work, subject, change.content)
    if refusal is None:
        work.emit(
            h.AnnouncementPublished(announcement_id=subject, version=1, after=content_of(change.content))
        )
    return refusal


def correct(work: Work, change: c.CorrectAnnouncement) -> Refusal | None:
    """Let an announcement say something else; once its day has passed, the moment of it stays."""
    now = _found(work, change)
    if isinstance(now, Refusal):
        return now
    subject, before, after = change.announcement_id, now.content, content_of(change.content)
    if before == after:
        return Refusal("nothing_changed", subject)
    if before.published_at != after.published_at:
        published = day_of(before.published_at)
        if published < work.day:
            return Refusal("published_already", subject, {"day": published.isoformat()})
        if day_of(after.published_at) < work.day:
            return Refusal("published_before", subject, {"day": work.day.isoformat()})
    refusal = _why_not(work, subject, change.content)
    if refusal is None:
        work.emit(
            h.AnnouncementCorrected(
                announcement_id=subject,
                version=now.version + 1,
                before=before,
                after=after,
                correction=str(change.correction),
                on=work.day,
            )
        )
    return refusal


def withdraw(work: Work, change: c.WithdrawAnnouncement) -> Refusal | None:
    """Take an announcement away from what is current."""
    now = _found(work, change)
    if isinstance(now, Refusal):
        return now
    if now.content.title != change.seen_title:
        return Refusal("announcement_changed_since", change.announcement_id)
    work.emit(
        h.AnnouncementWithdrawn(
            announcement_id=change.announcement_id,
            version=now.version + 1,
            before=now.content,
            on=work.day,
        )
    )
    return None


def _elsewhere(work: Work) -> Refusal:
    return Refusal("announcement_elsewhere", work.state.organisation_id)


def _found(work: Work, change: c.CorrectAnnouncement | c.WithdrawAnnouncement) -> Announcement | Refusal:
    """Give the announcement as it was seen, or why it is not that one any more."""
    if work.state.organisation_id != AUTHORITY:
        return _elsewhere(work)
    subject = change.announcement_id
    now = work.state.announcements.get(subject)
    if now is None:
        return Refusal("not_found", subject)
    if now.withdrawn_on is not None:
        return Refusal("withdrawn", subject, {"day": now.withdrawn_on.isoformat()})
    if now.version != change.seen_version:
        return Refusal("announcement_changed_since", subject)
    return now


def _why_not(work: Work, subject: str, content: NewContent) -> Refusal | None:
    """Tell what in the content fits neither the catalogue nor itself."""
    if content.e_service_id is not None and content.e_service_id not in work.e_services:
        return Refusal("not_found", content.e_service_id)
    for permission_id in content.permission_ids:
        if permission_id not in work.permissions:
            return Refusal("not_found", permission_id)
    begins, ends = content.begins, content.ends
    if content.kind not in WITH_WINDOW:
        return None if begins is None and ends is None else Refusal("window_kind", subject)
    # An incident may be told of before anybody knows its times; maintenance is planned.
    if content.kind is AnnouncementKind.MAINTENANCE and (begins is None or ends is None):
        return Refusal("window_missing", subject)
    if ends is not None and (begins is None or ends <= begins):
        return Refusal("window_order", subject)
    return None
