"""What the demo has published, and what its administrators have read of it.

The facts stand in ``announcements.csv`` and each text in a file of its own, in Markdown: data, as the
catalogue is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec

from core import changes as c
from core.announcements import AnnouncementKind, NewContent
from core.identity import Headline, Id, Instruction, MarkdownText, Note

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_CLOCK = "%Y-%m-%d %H:%M"


class AnnouncementFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An announcement of the demo, without its text.

    ``begins`` and ``ends`` are by the clock on the wall in Sweden. What has a ``correction`` is published
    without the day from which it holds, and gets it on ``corrected_on``.
    """

    id: str
    published_on: date
    kind: AnnouncementKind
    title: str
    e_service_id: str = ""
    permission_ids: str = ""
    effective_on: date | None = None
    action: str = ""
    begins: str = ""
    ends: str = ""
    corrected_on: date | None = None
    correction: str = ""


def announcements() -> tuple[AnnouncementFact, ...]:
    """Give what is published, in order of day."""
    text = files("storage.seed").joinpath("announcements.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), strict=True)
    return tuple(
        msgspec.convert({field: cell for field, cell in row.items() if cell}, AnnouncementFact)
        for row in rows
    )


def text_of(fact: AnnouncementFact) -> MarkdownText:
    """Give the text of an announcement."""
    found = files("storage.seed").joinpath("announcements", f"{fact.id}.md")
    return MarkdownText(found.read_text(encoding="utf-8"))


def publication(fact: AnnouncementFact, at: datetime) -> c.PublishAnnouncement:
    """Make the publication of an announcement at a moment."""
    effective_on = None if fact.correction else fact.effective_on
    return c.PublishAnnouncement(
        announcement_id=Id(fact.id), content=_content(fact, at, effective_on=effective_on)
    )


def correction(fact: AnnouncementFact, published_at: datetime) -> c.CorrectAnnouncement:
    """Make the correction of an announcement."""
    return c.CorrectAnnouncement(
        announcement_id=Id(fact.id),
        seen_version=1,
        content=_content(fact, published_at, effective_on=fact.effective_on),
        correction=Note(fact.correction),
    )


def all_but_newest(facts: Iterable[AnnouncementFact], count: int) -> tuple[Id, ...]:
    """Give the ids of all but the newest: what somebody has read who left some for later."""
    ordered = sorted(facts, key=lambda fact: fact.published_on)
    return tuple(Id(fact.id) for fact in ordered[: len(ordered) - count])


def _content(fact: AnnouncementFact, at: datetime, *, effective_on: date | None) -> NewContent:
    return NewContent(
        kind=fact.kind,
        title=Headline(fact.title),
        text=text_of(fact),
        published_at=at,
        e_service_id=Id(fact.e_service_id) if fact.e_service_id else None,
        permission_ids=tuple(Id(each) for each in fact.permission_ids.split()),
        effective_on=effective_on,
        action=Instruction(fact.action) if fact.action else None,
        begins=_moment(fact.begins),
        ends=_moment(fact.ends),
    )


def _moment(wall: str) -> datetime | None:
    return datetime.strptime(wall, _CLOCK).replace(tzinfo=_STOCKHOLM) if wall else None
