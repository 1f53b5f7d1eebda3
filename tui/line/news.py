"""``behorig news``: what is current, to list, to read, and to say that it is done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from core.announcements import AnnouncementKind
from core.days import local
from core.identity import Id
from core.journal import MOST_READ, AnnouncementHandled, AnnouncementsRead
from core.queries import MOST_ROWS, AnnouncementById, Announcements, CurrentNotice
from core.refusal import Refusal
from core.text import search_key, shown
from tui.line.naming import ask_which, e_service_named
from tui.line.output import Field, Form, Output, form_of
from tui.line.session import run
from tui.session import DONE, REFUSED, StartError
from tui.settings import nearest, wrong
from tui.terminal import say
from tui.text import _, ngettext
from tui.text.announcements import dates, kind_name, lines_about, of_banner, of_done, of_state, why_not_done
from tui.text.dates import day as day_text
from tui.text.markdown import paragraphs_of
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import date

    from core.announcements import AnnouncementDetail, AnnouncementRow
    from core.journal import AnyEntry
    from tui.line.options import Forms, SignIn
    from tui.line.output import Value
    from tui.line.session import SignedIn

KINDS = tuple(each.value for each in AnnouncementKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsWanted:
    """Which announcements to list, as it was typed."""

    search: str = ""
    kind: str | None = None
    e_service: str | None = None
    unread: bool = False


def list_news(options: SignIn, forms: Forms, wanted: NewsWanted) -> int:
    """List what is current, the newest first.

    Raises:
        StartError: it is called wrongly, or is not for this person.
    """
    if wanted.kind is not None and wanted.kind not in KINDS:
        close = nearest(wanted.kind, KINDS, 3)
        raise wrong(
            _('--kind: there is no kind of news "{value}". {nearest}', value=wanted.kind, nearest=close)
        )
    return run(options, partial(_list, form=form_of(forms), wanted=wanted))


async def _list(here: SignedIn, *, form: Form, wanted: NewsWanted) -> int:
    service = None if wanted.e_service is None else e_service_named(here, wanted.e_service).id
    about = None if wanted.kind is None else AnnouncementKind(wanted.kind)
    question = msgspec.structs.replace(
        _question(here), search=wanted.search, about=about, e_service_id=service, unread_only=wanted.unread
    )
    await _tell_notice(here)
    with Output(form, "news", _fields()) as output:
        async for row in _rows(here, question):
            output.row(_values(row), _line(here, row), _in_words(here, row))
    if not output.count:
        say(_("Nothing that is asked for has been published."))
    return DONE


def _question(here: SignedIn) -> Announcements:
    actor = here.actor
    return Announcements(
        organisation_id=actor.organisation_id,
        account_id=actor.account_id,
        moment=here.service.now(),
        limit=MOST_ROWS,
    )


async def _rows(here: SignedIn, question: Announcements) -> AsyncIterator[AnnouncementRow]:
    while True:
        page = await here.service.ask(question)
        for row in page.rows:
            yield row
        if page.after is None:
            return
        question = msgspec.structs.replace(question, cursor=page.after)


async def _tell_notice(here: SignedIn) -> None:
    """Say beside the rows what every screen tells: what goes on, and how much is unread."""
    actor, now = here.actor, here.service.now()
    notice = await here.service.ask(
        CurrentNotice(organisation_id=actor.organisation_id, account_id=actor.account_id, moment=now)
    )
    if notice is None:
        return
    for banner in notice.banners:
        say(of_banner(banner))
    if notice.unread:
        say(ngettext("{count} unread.", "{count} unread.", notice.unread))


def _fields() -> tuple[Field, ...]:
    return (
        Field("id", _("Id")),
        Field("title", _("Heading")),
        Field("kind", _("Kind")),
        Field("published_at", _("Published")),
        Field("effective_on", _("Holds from")),
        Field("begins", _("Begins")),
        Field("ends", _("Ends")),
        Field("e_service", _("E-service")),
        Field("permissions", _("Permissions")),
        Field("action", _("To do")),
        Field("done", _("State")),
        Field("unread", _("Unread")),
        Field("scheduled", _("Scheduled")),
        Field("withdrawn_on", _("Withdrawn")),
        Field("corrected_on", _("Corrected")),
    )


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _values(row: AnnouncementRow) -> Mapping[str, Value]:
    return {
        "id": row.id,
        "title": shown(row.title),
        "kind": row.kind.value,
        "published_at": _iso(row.published_at),
        "effective_on": _iso(row.effective_on),
        "begins": _iso(row.begins),
        "ends": _iso(row.ends),
        "e_service": row.e_service_id,
        "permissions": row.permission_ids,
        "action": shown(row.action),
        "done": row.done.value,
        "unread": row.is_unread,
        "scheduled": row.is_scheduled,
        "withdrawn_on": _iso(row.withdrawn_on),
        "corrected_on": _iso(row.corrected_on),
    }


def _in_words(here: SignedIn, row: AnnouncementRow) -> Mapping[str, Value]:
    words = here.words()
    return {
        "kind": kind_name(row.kind),
        "published_at": day_text(local(row.published_at).date()),
        "e_service": words.e_service(row.e_service_id) if row.e_service_id else "",
        "permissions": tuple(words.permission(each) for each in row.permission_ids),
        "done": of_done(row),
    }


def _line(here: SignedIn, row: AnnouncementRow) -> str:
    parts = [
        f"{shown(row.title)}: {kind_name(row.kind)}.",
        _("Unread.") if row.is_unread else "",
        of_state(row),
        of_done(row),
        dates(row),
        _("To do: {action}", action=shown(row.action)) if row.action else "",
        f"{here.words().e_service(row.e_service_id)}." if row.e_service_id else "",
        _("Id: {id}", id=row.id),
    ]
    return " ".join(part for part in parts if part)


# One ------------------------------------------------------------------------------------------------


async def announcement_named(here: SignedIn, text: str) -> AnnouncementDetail:
    """Give the announcement that an id or words of a heading mean.

    Raises:
        StartError: there is none, or it may be several.
    """
    found = await _by_id(here, text)
    if found is not None:
        return found
    question = msgspec.structs.replace(_question(here), search=text)
    words = search_key(text).split()
    # What is in the text alone is found by the list: here it would be a guess.
    rows = [
        row async for row in _rows(here, question) if all(word in search_key(row.title) for word in words)
    ]
    if len(rows) > 1:
        ask_which(text, [_("{name} ({id})", name=shown(row.title), id=row.id) for row in rows])
    found = await _by_id(here, rows[0].id) if rows else None
    if found is None:
        raise StartError(
            _("There is no news “{text}”.", text=shown(text)), REFUSED, Refusal("not_found", shown(text))
        )
    return found


async def _by_id(here: SignedIn, announcement_id: str) -> AnnouncementDetail | None:
    actor = here.actor
    return await here.service.ask(
        AnnouncementById(
            organisation_id=actor.organisation_id,
            account_id=actor.account_id,
            moment=here.service.now(),
            announcement_id=announcement_id,
        )
    )


def show_news(options: SignIn, forms: Forms, named: str) -> int:
    """Show one announcement whole, and note that it is read.

    Raises:
        StartError: it is called wrongly, or there is none.
    """
    return run(options, partial(_show, form=form_of(forms), named=named))


async def _show(here: SignedIn, *, form: Form, named: str) -> int:
    detail = await announcement_named(here, named)
    row = detail.row
    text = [f"{each.first}{each.text}" for each in paragraphs_of(detail.text)]
    fields = (*_fields(), Field("corrections", _("Corrections")), Field("text", _("Text")))
    corrections = tuple(f"{each.on.isoformat()}: {shown(each.what)}" for each in detail.corrections)
    values = {**_values(row), "corrections": corrections, "text": "\n".join(text)}
    with Output(form, "news_item", fields) as output:
        head = [f"{label}: {told}" for label, told in lines_about(detail, here.words())]
        output.row(values, "\n".join([*head, "", *text]), _in_words(here, row))
    if row.is_unread:
        await _note(here, AnnouncementsRead(organisation_id=_own(here), announcement_ids=(Id(row.id),)))
    return DONE


def read_all_news(options: SignIn) -> int:
    """Note that everything is read.

    Raises:
        StartError: it is not for this person.
    """
    return run(options, _read_all)


async def _read_all(here: SignedIn) -> int:
    unread = msgspec.structs.replace(_question(here), unread_only=True)
    ids = [Id(row.id) async for row in _rows(here, unread)]
    for start in range(0, len(ids), MOST_READ):
        some = tuple(ids[start : start + MOST_READ])
        await _note(here, AnnouncementsRead(organisation_id=_own(here), announcement_ids=some))
    count = len(ids)
    say(
        ngettext("{count} is marked as read.", "{count} are marked as read.", count)
        if count
        else _("Everything was read already.")
    )
    return DONE


def say_done(options: SignIn, named: str, *, is_done: bool) -> int:
    """Note for the organisation that its part of an announcement is done, or that it is not after all.

    Raises:
        StartError: it is called wrongly, or it is not for this person to say.
    """
    return run(options, partial(_say_done, named=named, is_done=is_done))


async def _say_done(here: SignedIn, *, named: str, is_done: bool) -> int:
    row = (await announcement_named(here, named)).row
    reason = why_not_done(row, here.actor.role)
    if reason:
        raise StartError(_("“{title}”: {reason}.", title=shown(row.title), reason=reason), REFUSED)
    await _note(
        here, AnnouncementHandled(organisation_id=_own(here), announcement_id=Id(row.id), is_done=is_done)
    )
    say(_("It is shown as done.") if is_done else _("It is shown as not done."))
    return DONE


def _own(here: SignedIn) -> Id:
    return Id(here.actor.organisation_id)


async def _note(here: SignedIn, entry: AnyEntry) -> None:
    refused = await here.service.note(entry)
    if refused is not None:
        raise StartError(sentence(refused.refusals[0]), REFUSED)
