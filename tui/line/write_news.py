"""What is current: support publishes, corrects and withdraws it; who reads it notes what is read and done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.announcements import AnnouncementKind, Content, Done, NewContent, content_in
from core.directory import AUTHORITY
from core.identity import Headline, Id, Instruction, MarkdownText, Note
from core.journal import MOST_READ, AnnouncementHandled, AnnouncementsRead
from core.queries import MOST_ROWS, AnnouncementById, Announcements
from core.text import search_key, shown
from tui.line.ask import can_ask, confirm
from tui.line.lists import read_text
from tui.line.naming import e_service_named
from tui.line.people import permissions_meant
from tui.line.session import day_of_flag, run
from tui.line.write_users import checked
from tui.session import DONE, INTERRUPTED, REFUSED, WRONG_USE, StartError
from tui.settings import nearest, wrong
from tui.terminal import say
from tui.text import _, ngettext
from tui.text.read_moment import read_moment
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.announcements import AnnouncementDetail, AnnouncementRow
    from core.refusal import Refusal
    from tui.line.options import SignIn
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
        content=_content(office, blank, written),
    )
    work.add(change)


async def correct(office: Office, announcement: str, written: Written, correction: str) -> None:
    """Stage that an announcement says something else; what is not named stays as it is."""
    detail = await announcement_named(office.here, announcement)
    work = await office.work(AUTHORITY)
    work.add(
        c.CorrectAnnouncement(
            announcement_id=Id(detail.row.id),
            seen_version=detail.row.version,
            content=_content(office, content_in(detail), written),
            correction=checked(Note, correction, "--correction"),
        )
    )


async def withdraw(office: Office, announcement: str) -> None:
    """Stage that an announcement is taken away from what is current."""
    detail = await announcement_named(office.here, announcement)
    work = await office.work(AUTHORITY)
    work.add(
        c.WithdrawAnnouncement(
            announcement_id=Id(detail.row.id),
            seen_version=detail.row.version,
            seen_title=Headline(detail.row.title),
        )
    )


def _content(office: Office, before: Content, written: Written) -> NewContent:
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
            raise wrong(f"--kind: {nearest(written.kind, KINDS)}")
        kind = AnnouncementKind(written.kind.replace("-", "_"))
    effective = before.effective_on
    if written.effective is not None:
        effective = (
            None if written.effective == NOTHING else day_of_flag(here, "--effective", written.effective)
        )
    action = _said(written.action, before.action)
    text = before.text if written.text_file is None else read_text(written.text_file)
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


async def announcement_named(here: SignedIn, text: str) -> AnnouncementDetail:
    """Give the announcement that an id or a whole heading means.

    Raises:
        StartError: there is none to see, or it may be several.
    """
    found = await _by_id(here, text)
    if found is not None:
        return found
    page = await here.service.ask(_question(here, search=text))
    rows = [row for row in page.rows if search_key(row.title) == search_key(text)]
    if not rows:
        near = nearest(text, [row.title for row in page.rows]) if page.rows else ""
        told = _("There is no announcement “{text}”.", text=shown(text))
        raise StartError(f"{told} {near}".strip(), REFUSED)
    if len(rows) > 1:
        names = "; ".join(row.id for row in rows)
        raise wrong(_("“{text}” may be one of several: {names}.", text=shown(text), names=names))
    detail = await _by_id(here, rows[0].id)
    if detail is None:
        raise StartError(_("There is no announcement “{text}”.", text=shown(text)), REFUSED)
    return detail


def _question(here: SignedIn, **fields: object) -> Announcements:
    question = Announcements(
        organisation_id=here.actor.organisation_id,
        account_id=here.actor.account_id,
        moment=here.service.now(),
        limit=MOST_ROWS,
    )
    return msgspec.structs.replace(question, **fields)


async def _by_id(here: SignedIn, announcement_id: str) -> AnnouncementDetail | None:
    return await here.service.ask(
        AnnouncementById(
            organisation_id=here.actor.organisation_id,
            account_id=here.actor.account_id,
            moment=here.service.now(),
            announcement_id=announcement_id,
        )
    )


# Notes beside the history -------------------------------------------------------------------------


def run_mark_read(sign_in: SignIn, announcements: Sequence[str], *, everything: bool) -> int:
    """Note that announcements are read by who is signed in.

    Raises:
        StartError: none is named, or one is not there.
    """
    if bool(announcements) == everything:
        raise wrong(_("Name the announcements, or take --all."))

    async def work(here: SignedIn) -> int:
        ids = [(await announcement_named(here, each)).row.id for each in announcements]
        count = 0
        while everything or ids:
            if everything:
                page = await here.service.ask(_question(here, unread_only=True))
                ids = [row.id for row in page.rows]
            some, ids = ids[:MOST_READ], ids[MOST_READ:]
            if not some:
                break
            await _note(
                here,
                AnnouncementsRead(
                    organisation_id=Id(here.actor.organisation_id), announcement_ids=tuple(map(Id, some))
                ),
            )
            count += len(some)
        say(
            ngettext("{count} is marked as read.", "{count} are marked as read.", count)
            if count
            else _("Everything was read already.")
        )
        return DONE

    return run(sign_in, work)


def run_done(sign_in: SignIn, announcement: str, *, is_done: bool, yes: bool) -> int:
    """Note for the organisation that its part of an announcement is done, or is not, after a question.

    Raises:
        StartError: there is no such announcement, nothing is to be done, or somebody says no.
    """

    async def work(here: SignedIn) -> int:
        row = (await announcement_named(here, announcement)).row
        reason = _why_not_done(row)
        if reason:
            raise StartError(reason, REFUSED)
        told = (
            _("“{title}” is then shown as done to all administrators of your organisation: {action}",
              title=row.title, action=shown(row.action))
            if is_done
            else _(
                "“{title}” is then shown as not done to all administrators of your organisation.",
                title=row.title,
            )
        )  # fmt: skip
        say(told)
        if not yes:
            if not can_ask():
                say(_("Nothing is written: nobody can be asked here. Add --yes to write it."))
                return WRONG_USE
            if not confirm(_("Is it done?") if is_done else _("Is it not done?")):
                raise StartError(_("Nothing is written."), INTERRUPTED)
        here_id = Id(here.actor.organisation_id)
        await _note(
            here,
            AnnouncementHandled(organisation_id=here_id, announcement_id=Id(row.id), is_done=is_done),
        )
        say(_("It is shown as done.") if is_done else _("It is shown as not done."))
        return DONE

    return run(sign_in, work)


def _why_not_done(row: AnnouncementRow) -> str:
    if row.done is Done.NOTHING_TO_DO:
        return _("There is nothing to do here.")
    if row.done in (Done.GIVEN, Done.ENDED):
        return _("It is done already.")
    return ""


async def _note(here: SignedIn, entry: AnnouncementsRead | AnnouncementHandled) -> None:
    refused = await here.service.note(entry)
    if refused is not None:
        first: Refusal = refused.refusals[0]
        raise StartError(sentence(first), REFUSED)
