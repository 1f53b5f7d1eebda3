"""What is current: to find, to read, to call done; and for support to write, correct and withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.announcements import AnnouncementKind, AnnouncementRow, Done
from core.changes import WithdrawAnnouncement
from core.days import local
from core.directory import AUTHORITY
from core.identity import Headline, Id
from core.journal import MOST_READ, AnnouncementHandled, AnnouncementsRead
from core.queries import MOST_ROWS, AnnouncementById, Announcements
from core.text import shown
from tui.actions import ADMINISTERS, SUPPORTS, WRITING
from tui.announced import done_question, permission_to_give, why_no_permission
from tui.menu.dialogue import Option
from tui.menu.permissions import visit_permission
from tui.menu.review import reviewed
from tui.menu.tasks import Task, of, visit, visit_area
from tui.text import N_, _, ngettext
from tui.text import number as number_text
from tui.text.announcements import KIND_NAMES, kind_name, lines_about
from tui.text.dates import day as day_text
from tui.text.markdown import paragraphs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.announcements import AnnouncementDetail
    from core.journal import AnyEntry
    from tui.menu.sitting import Sitting


class NewsRows:
    """The announcements that a question asks for, newest first."""

    def __init__(self, sitting: Sitting, question: Announcements) -> None:
        """Read them as far as they are looked at."""
        self._sitting = sitting
        self._question = question
        self._is_read = False
        self._total = ""

    async def more(self, count: int) -> Sequence[Option[AnnouncementRow]]:
        """Read and give the next ones."""
        is_first = self._question.cursor is None
        page = await self._sitting.desk.service.ask(msgspec.structs.replace(self._question, limit=count))
        if is_first:
            self._total = self._told(page.total, more=page.more)
        self._question = msgspec.structs.replace(self._question, cursor=page.after)
        self._is_read = page.after is None
        return [Option(row, _label(row)) for row in page.rows]

    def _told(self, total: int, *, more: bool) -> str:
        search = self._question.search
        if not total:
            return (
                _("Nothing matches “{search}”.", search=search)
                if search
                else _("Nothing has been published that fits.")
            )
        number = number_text(total)
        count = _("more than {count}", count=number) if more else number
        return _("Shown: {count}", count=count) + "."

    @property
    def is_read(self) -> bool:
        """Whether there are no older ones."""
        return self._is_read

    @property
    def total(self) -> str:
        """How many there are."""
        return self._total


def _label(row: AnnouncementRow) -> str:
    parts = [row.title]
    if row.is_unread:
        parts.append(_("unread"))
    if row.done is Done.OPEN:
        parts.append(_("something to do"))
    if row.withdrawn_on is not None:
        parts.append(_("withdrawn"))
    elif row.is_scheduled:
        parts.append(_("not published yet"))
    parts += [kind_name(row.kind), day_text(local(row.published_at).date())]
    return _(", ").join(parts)


def _question(sitting: Sitting, **fields: object) -> Announcements:
    service = sitting.desk.service
    question = Announcements(
        organisation_id=service.actor.organisation_id,
        account_id=service.actor.account_id,
        moment=service.now(),
    )
    return msgspec.structs.replace(question, **fields)


async def _list(sitting: Sitting, title: str, **fields: object) -> None:
    async def search(text: str) -> NewsRows:
        return NewsRows(sitting, _question(sitting, **{**fields, "search": text}))

    while True:
        rows = NewsRows(sitting, _question(sitting, **fields))
        row = await sitting.dialogue.pick(title, rows, search=search)
        await _visit_one(sitting, row.id)


async def _all(sitting: Sitting, _subject: None) -> None:
    await _list(sitting, _("News"))


async def _unread(sitting: Sitting, _subject: None) -> None:
    await _list(sitting, _("Unread only"), unread_only=True)


async def _filtered(sitting: Sitting, _subject: None) -> None:
    options: list[Option[tuple[str, str]]] = [
        Option(("service", each.id), _("E-service: {name}", name=shown(each.name)))
        for each in sitting.desk.catalogue.e_services
    ]
    options += [
        Option(("kind", kind.value), _("Kind: {name}", name=_(name))) for kind, name in KIND_NAMES.items()
    ]
    which, wanted = await sitting.dialogue.choose(_("Show only"), options)
    title = next(each.label for each in options if each.value == (which, wanted))
    if which == "service":
        await _list(sitting, title, e_service_id=wanted)
    else:
        await _list(sitting, title, about=AnnouncementKind(wanted))


async def _note(sitting: Sitting, entry: AnyEntry) -> bool:
    refused = await sitting.reading(sitting.desk.service.note(entry))
    if refused is not None:
        sitting.tell(refused.refusals[0])
    return refused is None


async def _read_all(sitting: Sitting, _subject: None) -> None:
    """Mark everything as read."""
    here, count = Id(sitting.desk.service.actor.organisation_id), 0
    while True:
        page = await sitting.ask(_question(sitting, unread_only=True, limit=min(MOST_ROWS, MOST_READ)))
        if not page.rows:
            break
        ids = tuple(Id(row.id) for row in page.rows)
        if not await _note(sitting, AnnouncementsRead(organisation_id=here, announcement_ids=ids)):
            return
        count += len(ids)
    sitting.say(
        ngettext("{count} is marked as read.", "{count} are marked as read.", count)
        if count
        else _("Everything was read already.")
    )


# One announcement -----------------------------------------------------------------------------------


async def read_announcement(sitting: Sitting, announcement_id: str) -> AnnouncementDetail | None:
    """Read one announcement, and say where there is none any more."""
    service = sitting.desk.service
    query = AnnouncementById(
        organisation_id=service.actor.organisation_id,
        account_id=service.actor.account_id,
        moment=service.now(),
        announcement_id=announcement_id,
    )
    detail = await sitting.ask(query)
    if detail is None:
        sitting.say(_("It is not there any more: it was withdrawn meanwhile."))
    return detail


async def tell_announcement(sitting: Sitting, detail: AnnouncementDetail) -> None:
    """Tell an announcement whole."""
    lines = [
        _("{label}: {value}", label=label, value=value)
        for label, value in lines_about(detail, sitting.words())
    ]
    lines.extend(
        f"{paragraph.first}{paragraph.text}".strip()
        for paragraph in paragraphs_of(detail.text)
        if paragraph.text
    )
    sitting.dialogue.head("")
    await sitting.dialogue.read_out(lines)


async def _visit_one(sitting: Sitting, announcement_id: str) -> None:
    first = [True]

    async def arrive() -> tuple[str, AnnouncementDetail] | None:
        detail = await read_announcement(sitting, announcement_id)
        if detail is None:
            return None
        if first:
            first.clear()
            await tell_announcement(sitting, detail)
            if detail.row.is_unread:
                here = Id(sitting.desk.service.actor.organisation_id)
                ids = (Id(announcement_id),)
                await _note(sitting, AnnouncementsRead(organisation_id=here, announcement_ids=ids))
        return "", detail

    await visit(sitting, ANNOUNCEMENT, arrive)


async def _read(sitting: Sitting, detail: AnnouncementDetail) -> None:
    await tell_announcement(sitting, detail)


async def _to_permission(sitting: Sitting, detail: AnnouncementDetail) -> None:
    permission = permission_to_give(sitting.desk, detail.row)
    if permission is not None:
        await visit_permission(sitting, permission)


def _why_no_permission(sitting: Sitting, detail: AnnouncementDetail) -> str:
    return why_no_permission(sitting.desk, detail.row)


async def _done(sitting: Sitting, detail: AnnouncementDetail) -> None:
    """Say for the organisation that its part is done, or that it is not after all, after a question."""
    asked = done_question(detail.row)
    if not await sitting.dialogue.confirm(asked.text, yes=asked.yes, no=_("Back")):
        return
    here = Id(sitting.desk.service.actor.organisation_id)
    entry = AnnouncementHandled(
        organisation_id=here, announcement_id=Id(detail.row.id), is_done=asked.is_done
    )
    if await _note(sitting, entry):
        sitting.say(asked.told)


def _why_not_done(_sitting: Sitting, detail: AnnouncementDetail) -> str:
    if detail.row.done is Done.NOTHING_TO_DO:
        return _("there is nothing to do here")
    if detail.row.done in (Done.GIVEN, Done.ENDED):
        return _("it is done already")
    return ""


async def _correct(sitting: Sitting, detail: AnnouncementDetail) -> None:
    # Deferred: everybody reads, and support writes.
    from tui.menu.announcement_form import correct_announcement

    await correct_announcement(sitting, detail)


async def _withdraw(sitting: Sitting, detail: AnnouncementDetail) -> None:
    row = detail.row
    change = WithdrawAnnouncement(
        announcement_id=Id(row.id), seen_version=row.version, seen_title=Headline(row.title)
    )
    await reviewed(sitting, sitting.desk.service.changeset(AUTHORITY, (change,)))


def _why_not_change(_sitting: Sitting, detail: AnnouncementDetail) -> str:
    return _("it is withdrawn") if detail.row.withdrawn_on is not None else ""


async def _write(sitting: Sitting, _subject: None) -> None:
    # Deferred for the same reason.
    from tui.menu.announcement_form import write_announcement

    await write_announcement(sitting)


ANNOUNCEMENT: tuple[Task[AnnouncementDetail], ...] = (
    Task(N_("Tell it again"), N_("Tells the whole text."), _read, of("news.read"), roles=WRITING),
    Task(
        N_("To the permission"),
        N_("Goes to the first permission that this is about."),
        _to_permission,
        of("news.matrix", "announcement.matrix"),
        roles=ADMINISTERS,
        why_not=_why_no_permission,
    ),
    Task(
        N_("Done or not"),
        N_("Says for your organisation that what must be done here is done, or that it is not."),
        _done,
        of("news.done", "announcement.done"),
        roles=ADMINISTERS,
        why_not=_why_not_done,
    ),
    Task(
        N_("Correct"),
        N_("Corrects this, after review."),
        _correct,
        of("news.correct"),
        of("correct_announcement"),
        SUPPORTS,
        why_not=_why_not_change,
    ),
    Task(
        N_("Withdraw"),
        N_("Takes this away from what is current, after review."),
        _withdraw,
        of("news.withdraw"),
        of("withdraw_announcement"),
        SUPPORTS,
        why_not=_why_not_change,
    ),
)

NEWS: tuple[Task[None], ...] = (
    Task(
        N_("Everything, newest first"),
        N_("Lists what is current; what you type is searched for."),
        _all,
        of("news.search", "news.all", "news.reload"),
        roles=WRITING,
    ),
    Task(
        N_("Unread only"), N_("Shows only what you have not read."), _unread, of("news.unread"), roles=WRITING
    ),
    Task(
        N_("Filter"),
        N_("Shows only one kind, or one e-service."),
        _filtered,
        of("news.filter"),
        roles=WRITING,
    ),
    Task(
        N_("Mark all read"),
        N_("Marks everything as read by you."),
        _read_all,
        of("news.read_all"),
        roles=WRITING,
    ),
    Task(
        N_("Write new"),
        N_("Writes something new; it is published after review."),
        _write,
        of("news.write"),
        of("publish_announcement"),
        SUPPORTS,
    ),
)


async def visit_news(sitting: Sitting, _subject: None) -> None:
    """Offer what can be done about what is current."""
    await visit_area(sitting, NEWS, _("News"))
