"""What is current (DOMAIN 5): announcements, when they are seen, and when an organisation has done its part.

An announcement is Migrationsverket's, like the catalogue. It is seen by administrators from the moment it
is published, which may lie in the future, until it is withdrawn; what was corrected in it, and when, stays
visible. Nothing here knows of a screen or a file.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from core.identity import Headline, Id, Instruction, MarkdownText
from core.refusal import Refusal, WrongValueError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from core.catalogue import Permission


class AnnouncementKind(StrEnum):
    """What an announcement is about: the kinds seen on the real pages, and one for all else."""

    NEW_PERMISSION = "new_permission"
    RENAMED = "renamed"
    RETIRED = "retired"
    COMING = "coming"
    POSTPONED = "postponed"
    NEW_FUNCTION = "new_function"
    FIX = "fix"
    MAINTENANCE = "maintenance"
    INCIDENT = "incident"
    SIGN_IN = "sign_in"
    BROWSER = "browser"
    MANUAL = "manual"
    AGREEMENT = "agreement"
    PAYMENT_DELAY = "payment_delay"
    RULE_CHANGE = "rule_change"
    TRAINING = "training"
    ACCESSIBILITY = "accessibility"
    DATA_CORRECTION = "data_correction"
    OTHER = "other"


WITH_WINDOW = frozenset({AnnouncementKind.MAINTENANCE, AnnouncementKind.INCIDENT})
"""The kinds that last from one moment until another, and are told on every screen meanwhile."""


def _need_time_zones(*moments: datetime | None) -> None:
    if any(each is not None and each.tzinfo is None for each in moments):
        raise WrongValueError(Refusal("form"))


class NewContent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an announcement shall say, in fields that cannot hold a wrong value.

    Moments are aware. ``effective_on`` is the day from which it holds; ``action`` is what an
    administrator must do, ``None`` where there is nothing to do. ``begins`` and ``ends`` are for the
    kinds in :data:`WITH_WINDOW`; an incident may not have ended yet.
    """

    kind: AnnouncementKind
    title: Headline
    text: MarkdownText
    published_at: datetime
    e_service_id: Id | None = None
    permission_ids: tuple[Id, ...] = ()
    effective_on: date | None = None
    action: Instruction | None = None
    begins: datetime | None = None
    ends: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone: it would be another one on another machine."""
        _need_time_zones(self.published_at, self.begins, self.ends)


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What an announcement says, as it is kept: the fields of :class:`NewContent` as plain values."""

    kind: AnnouncementKind
    title: str
    text: str
    published_at: datetime
    e_service_id: str = ""
    permission_ids: tuple[str, ...] = ()
    effective_on: date | None = None
    action: str = ""
    begins: datetime | None = None
    ends: datetime | None = None


def content_of(new: NewContent) -> Content:
    """Give content as it is in events, its moments in UTC."""
    return Content(
        kind=new.kind,
        title=str(new.title),
        text=str(new.text),
        published_at=new.published_at.astimezone(UTC),
        e_service_id=str(new.e_service_id or ""),
        permission_ids=tuple(str(each) for each in new.permission_ids),
        effective_on=new.effective_on,
        action=str(new.action or ""),
        begins=None if new.begins is None else new.begins.astimezone(UTC),
        ends=None if new.ends is None else new.ends.astimezone(UTC),
    )


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """That an announcement was corrected after it was published: the day in Sweden, and what."""

    on: date
    what: str


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement as it is. ``version`` starts at 1 and grows with every correction."""

    id: str
    content: Content
    version: int = 1
    corrections: tuple[Correction, ...] = ()
    withdrawn_on: date | None = None


def is_correction(before: Content, on: date) -> bool:
    """Say whether a change on a day is a correction to see, and no polishing before the publication."""
    # Deferred: whoever only asks about people needs no time zones.
    from core.days import day_of  # noqa: PLC0415

    return day_of(before.published_at) <= on


# How rows are shown ------------------------------------------------------------------------------


class Done(StrEnum):
    """Whether an organisation has done its part of an announcement."""

    NOTHING_TO_DO = "nothing_to_do"
    OPEN = "open"
    GIVEN = "given"
    """Each of its permissions that can be given is given to somebody."""
    ENDED = "ended"
    """All of its permissions have ended: there is nothing left to give."""
    SAID = "said"
    """An administrator has said so."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self is not Done.OPEN


def done(
    action: str, permissions: Iterable[Permission], given: Collection[str], *, said: bool, day: date
) -> Done:
    """Tell whether an organisation has done its part on a day.

    ``permissions`` are those of the announcement, launched or not; ``given`` the ids of those that some
    active user of the organisation has; ``said`` that an administrator has called it done.
    """
    if not action:
        return Done.NOTHING_TO_DO
    if said:
        return Done.SAID
    known = tuple(permissions)
    if known and all(each.is_retired(day) for each in known):
        return Done.ENDED
    wanted = [each.id for each in known if each.is_launched(day) and not each.is_retired(day)]
    return Done.GIVEN if wanted and all(each in given for each in wanted) else Done.OPEN


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody in the organisation has called an announcement done: when and who."""

    at: str
    by: str


class AnnouncementRow(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement as a row, as it is seen from an organisation and by one account in it.

    ``permission_ids`` are those that are in view; ``coming`` counts those that are not launched yet.
    ``is_scheduled`` and ``withdrawn_on`` are seen by support only.
    """

    id: str
    kind: AnnouncementKind
    title: str
    published_at: datetime
    effective_on: date | None
    e_service_id: str
    permission_ids: tuple[str, ...]
    coming: int
    action: str
    begins: datetime | None
    ends: datetime | None
    version: int
    is_unread: bool
    done: Done
    said: Said | None
    is_scheduled: bool
    withdrawn_on: date | None
    corrected_on: date | None


class AnnouncementDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One announcement whole: its row, its Markdown text, and its corrections, oldest first."""

    row: AnnouncementRow
    text: str
    corrections: tuple[Correction, ...]


def content_in(detail: AnnouncementDetail) -> Content:
    """Give what an announcement says, as it is read by support, who sees every permission of it."""
    row = detail.row
    return Content(
        kind=row.kind,
        title=row.title,
        text=detail.text,
        published_at=row.published_at,
        e_service_id=row.e_service_id,
        permission_ids=row.permission_ids,
        effective_on=row.effective_on,
        action=row.action,
        begins=row.begins,
        ends=row.ends,
    )


# Banners -----------------------------------------------------------------------------------------


class Banner(msgspec.Struct, frozen=True, kw_only=True):
    """Planned maintenance or an incident, which is told on every screen while it lasts.

    ``ends`` is ``None`` for an incident whose end nobody knows.
    """

    id: str
    kind: AnnouncementKind
    title: str
    begins: datetime
    ends: datetime | None

    def is_on(self, now: datetime) -> bool:
        """Say whether it lasts at a moment: from its beginning on, until its end."""
        return self.begins <= now and (self.ends is None or now < self.ends)


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a front end tells beside everything else.

    ``unread`` counts up to :data:`MOST_UNREAD`, and ``more`` says that there are more. ``banners`` are
    those that last or are still to come, the one that begins first comes first: with them a front end
    knows at any later moment what to tell without asking again.
    """

    unread: int
    more: bool
    banners: tuple[Banner, ...]


MOST_UNREAD = 99
MOST_BANNERS = 20
