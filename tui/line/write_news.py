"""What is current: support publishes, corrects and withdraws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import changes as c
from core.announcements import AnnouncementKind, Content, NewContent, content_in
from core.directory import AUTHORITY
from core.identity import Headline, Id, Instruction, MarkdownText, Note
from core.text import search_key, shown
from tui.line.lists import read_text
from tui.line.naming import e_service_named, none_of
from tui.line.news import announcement_named
from tui.line.people import permissions_meant
from tui.line.session import day_of_flag
from tui.line.write_users import checked
from tui.settings import wrong
from tui.text import _
from tui.text.read_moment import read_moment

if TYPE_CHECKING:
    from datetime import datetime

    from core.announcements import AnnouncementDetail
    from tui.line.session import SignedIn
    from tui.line.writing import Office

KINDS = tuple(each.value.replace("_", "-") for each in AnnouncementKind)
NOTHING = "-"
"""What takes a detail of an announcement away."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was said that an announcement shall say: texts as they were typed, ``None`` for what was not."""

    title: str | None = None
    text_file: str | None = None
    kind: str | None = None
    published: str | None = None
    effective: str | None = None
    action: str | None = None
    begins: str | None = None
    ends: str | None = None
    e_service: str | None = None
    permissions: tuple[str, ...] = ()


async def publish(office: Office, written: Written, announcement_id: str | None) -> None:
    """Stage that something is published, at once unless a moment is named."""
    if written.title is None or written.text_file is None:
        raise wrong(_("Give it a heading with --title and a text with --text-file."))
    work = await office.work(AUTHORITY)
    blank = Content(kind=AnnouncementKind.OTHER, title="", text="", published_at=office.service.now())
    change = c.PublishAnnouncement(
        announcement_id=checked(Id, announcement_id or work.service.new_id(), "--id"),
        content=await _content(office, blank, written),
    )
    work.add(change)


async def correct(office: Office, announcement: str, written: Written, correction: str) -> None:
    """Stage that an announcement says something else; what is not named stays as it is."""
    detail = await _exactly(office.here, announcement)
    work = await office.work(AUTHORITY)
    work.add(
        c.CorrectAnnouncement(
            announcement_id=Id(detail.row.id),
            seen_version=detail.row.version,
            content=await _content(office, content_in(detail), written),
            correction=checked(Note, correction, "--correction"),
        )
    )


async def withdraw(office: Office, announcement: str) -> None:
    """Stage that an announcement is taken away from what is current."""
    detail = await _exactly(office.here, announcement)
    work = await office.work(AUTHORITY)
    work.add(
        c.WithdrawAnnouncement(
            announcement_id=Id(detail.row.id),
            seen_version=detail.row.version,
            seen_title=Headline(detail.row.title),
        )
    )


async def _content(office: Office, before: Content, written: Written) -> NewContent:
    """Give what an announcement shall say: what was written, else what it says before."""
    here = office.here
    e_service, kind = before.e_service_id, before.kind
    if written.e_service is not None:
        e_service = "" if written.e_service == NOTHING else e_service_named(here, written.e_service).id
    permissions: tuple[str, ...] = before.permission_ids
    if written.permissions == (NOTHING,):
        permissions = ()
    elif written.permissions:
        permissions = tuple(each.id for each in permissions_meant(office, written.permissions))
    if written.kind is not None:
        if written.kind not in KINDS:
            raise none_of(written.kind, KINDS, "--kind")
        kind = AnnouncementKind(written.kind.replace("-", "_"))
    effective = before.effective_on
    if written.effective is not None:
        effective = (
            None if written.effective == NOTHING else day_of_flag(here, "--effective", written.effective)
        )
    action = _said(written.action, before.action)
    text = before.text if written.text_file is None else await read_text(written.text_file)
    return NewContent(
        kind=kind,
        title=checked(Headline, before.title if written.title is None else written.title, "--title"),
        text=checked(MarkdownText, text, "--text-file"),
        published_at=_moment("--published", written.published, before.published_at) or before.published_at,
        e_service_id=Id(e_service) if e_service else None,
        permission_ids=tuple(Id(each) for each in permissions),
        effective_on=effective,
        action=checked(Instruction, action, "--action") if action else None,
        begins=_moment("--begins", written.begins, before.begins),
        ends=_moment("--ends", written.ends, before.ends),
    )


def _said(text: str | None, before: str) -> str:
    return before if text is None else "" if text == NOTHING else text


def _moment(flag: str, text: str | None, before: datetime | None) -> datetime | None:
    if text is None or text == NOTHING:
        return before if text is None else None
    found = read_moment(text)
    if found is None:
        told = _("“{text}” is no time: write a day and a time, such as 2024-02-01 08:00.", text=text)
        raise wrong(f"{flag}: {told}")
    return found


async def _exactly(here: SignedIn, text: str) -> AnnouncementDetail:
    """Give the announcement of an id or a whole heading: a part of one is not enough to write by."""
    detail = await announcement_named(here, text)
    if text != detail.row.id and search_key(text) != search_key(detail.row.title):
        raise wrong(
            _(
                "“{text}” is a part of {name}, {id}: write the id or the whole name.",
                text=shown(text),
                name=detail.row.title,
                id=detail.row.id,
            )
        )
    return detail
