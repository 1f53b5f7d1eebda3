"""What has happened in the organisation: to read, filter, undo and write to a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.queries import Accounts, Standing, WriteRow, Writes
from core.text import shown
from tui.actions import WRITING
from tui.history import EVENT_NAMES, HistoryFilter, Person
from tui.history_export import Form, fault_of_name, form_of, place_of, write_file
from tui.menu.dialogue import Option, Ready
from tui.menu.past import ask_day
from tui.menu.review import review_undo
from tui.menu.tasks import Task, of, visit, visit_area
from tui.text import N_, _, ngettext
from tui.text import number as number_text
from tui.text.dates import moment
from tui.text.reasons import reason_of
from tui.text.sentences import Words, of_event

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tui.menu.sitting import Sitting


class WriteRows:
    """The writes that a filter keeps, newest first."""

    def __init__(self, sitting: Sitting, wanted: HistoryFilter) -> None:
        """Read them as far as they are looked at."""
        self._sitting = sitting
        self._wanted = wanted
        self._cursor: str | None = None
        self._is_read = False
        self._total = ""

    async def more(self, count: int) -> Sequence[Option[WriteRow]]:
        """Read and give the next ones."""
        desk = self._sitting.desk
        question = self._wanted.question(desk.organisation_id, cursor=self._cursor, limit=count)
        page = await desk.service.ask(question)
        if self._cursor is None:
            number = number_text(page.total)
            total = _("more than {count}", count=number) if page.more else number
            told = ngettext("{total} write", "{total} writes", page.total, total=total)
            self._total = f"{told}." if page.total else _("Nothing has been written that fits.")
        self._cursor, self._is_read = page.after, page.after is None
        return [Option(row, summary(self._sitting, row)) for row in page.rows]

    @property
    def is_read(self) -> bool:
        """Whether there are no older ones."""
        return self._is_read

    @property
    def total(self) -> str:
        """How many there are."""
        return self._total


def _words(sitting: Sitting, write: WriteRow) -> Words:
    return Words(sitting.desk.catalogue, sitting.desk.today, write.names)


def summary(sitting: Sitting, write: WriteRow) -> str:
    """Say in short what was written: by whom and when, and the first of it."""
    first = of_event(write.events[0], _words(sitting, write)) if write.events else ""
    if write.matching < write.event_count:
        count = _("{count} of {total} events: ", count=write.matching, total=write.event_count)
        first = count + first
    elif write.event_count > 1:
        first = ngettext("{count} event: ", "{count} events: ", write.event_count) + first
    if write.undoes is not None:
        first = _("Undoing: ") + first
    parts = [_("{moment} by {name}", moment=moment(write.at), name=shown(write.by)), first]
    if write.undone_by is not None:
        parts.insert(1, _("has been undone"))
    return _(", ").join(part for part in parts if part)


async def list_writes(sitting: Sitting, wanted: HistoryFilter) -> None:
    """List what a filter keeps; one that is chosen is read, and can be undone."""
    words = wanted.words(sitting.desk)
    title = _("History: {filters}", filters=words) if words else _("History")
    while True:
        write = await sitting.dialogue.pick(title, WriteRows(sitting, wanted))
        await _visit_write(sitting, write)


async def _visit_write(sitting: Sitting, write: WriteRow) -> None:
    first = [True]

    async def arrive() -> tuple[str, WriteRow] | None:
        query = Writes(organisation_id=write.organisation_id, changeset_id=write.changeset_id)
        page = await sitting.ask(query)
        if not page.rows:
            return None
        if first:
            first.clear()
            await tell_write(sitting, page.rows[0])
        return "", page.rows[0]

    await visit(sitting, WRITE, arrive)


async def tell_write(sitting: Sitting, write: WriteRow) -> None:
    """Tell every sentence of a write."""
    lines = [
        ngettext("A write of {count} event", "A write of {count} events", write.event_count) + ".",
        _("When: {value}", value=moment(write.at)),
        _("Who: {value}", value=shown(write.by)),
    ]
    if write.note:
        lines.append(_("Note: {note}", note=shown(write.note)))
    if write.undoes is not None:
        lines.append(_("Undoes: {value}", value=await _in_short(sitting, write, write.undoes)))
    if write.undone_by is not None:
        lines.append(_("Undone: {value}", value=await _in_short(sitting, write, write.undone_by)))
    words = _words(sitting, write)
    lines.extend(of_event(event, words) + "." for event in write.events)
    hidden = write.event_count - len(write.events)
    if hidden > 0:
        lines.append(ngettext("And {count} more event.", "And {count} more events.", hidden))
    sitting.dialogue.head("")
    await sitting.dialogue.read_out(lines)


async def _in_short(sitting: Sitting, write: WriteRow, changeset_id: str) -> str:
    query = Writes(organisation_id=write.organisation_id, changeset_id=changeset_id)
    page = await sitting.ask(query)
    if not page.rows:
        return changeset_id
    return _("{moment} by {name}", moment=moment(page.rows[0].at), name=shown(page.rows[0].by))


async def _read(sitting: Sitting, write: WriteRow) -> None:
    await tell_write(sitting, write)


async def _undo(sitting: Sitting, write: WriteRow) -> None:
    await review_undo(sitting, write.organisation_id, write.changeset_id)


def _why_not_undo(_sitting: Sitting, write: WriteRow) -> str:
    return _("it has been undone already") if write.undone_by is not None else ""


WRITE: tuple[Task[WriteRow], ...] = (
    Task(
        N_("Tell it again"),
        N_("Tells every sentence of this write."),
        _read,
        of("writes.read"),
        roles=WRITING,
    ),
    Task(
        N_("Undo this write"),
        N_("Prepares the undoing of this write, for review."),
        _undo,
        of("writes.undo"),
        roles=WRITING,
        why_not=_why_not_undo,
    ),
)


# The filter -----------------------------------------------------------------------------------------


async def _everything(sitting: Sitting, _subject: None) -> None:
    await list_writes(sitting, HistoryFilter())


async def _filtered(sitting: Sitting, _subject: None) -> None:
    await list_writes(sitting, await ask_filter(sitting))


async def ask_filter(sitting: Sitting) -> HistoryFilter:
    """Let one thing after the other be chosen to filter by; all that is chosen has to fit."""
    wanted = HistoryFilter()
    kinds: tuple[tuple[str, str, _Choice], ...] = (
        ("person", _("What is about one person"), _person),
        ("actor", _("What one person wrote"), _actor),
        ("permission", _("One permission"), _permission),
        ("kind", _("One kind of event"), _kind),
        ("from", _("From a day on"), _from),
        ("until", _("Until a day"), _until),
    )
    while True:
        words = wanted.words(sitting.desk)
        options = [Option(name, label) for name, label, _ask in kinds]
        if words:
            options.insert(0, Option("show", _("Show what fits: {filters}", filters=words)))
        chosen = await sitting.dialogue.choose(_("Show only"), options, enter="show" if words else None)
        if chosen == "show":
            return wanted
        wanted = await next(ask for name, _label, ask in kinds if name == chosen)(sitting, wanted)


async def find_person(sitting: Sitting) -> Person:
    """Ask for a name, and where several people have it, which; deregistered ones too."""
    desk = sitting.desk
    question = _("Part of the name, HSA-id or e-mail, also of somebody who has been deregistered")
    while True:
        text = await sitting.dialogue.text(question, fault=lambda _answer: "")
        query = Accounts(
            day=desk.today,
            organisation_id=desk.organisation_id,
            search=text,
            standing=Standing.ANY,
            limit=50,
        )
        rows = (await sitting.ask(query)).rows
        if not rows:
            sitting.say(_("Nobody matches “{search}”.", search=shown(text)))
            continue
        people = [Person(desk.organisation_id, row.account.id, row.account.name) for row in rows]
        if len(people) == 1:
            return people[0]
        options = [
            Option(person, f"{person.name}, {row.account.hsa_id}")
            for person, row in zip(people, rows, strict=True)
        ]
        return await sitting.dialogue.pick(_("Whom"), Ready(options))


async def _person(sitting: Sitting, now: HistoryFilter) -> HistoryFilter:
    return replace(now, person=await find_person(sitting))


async def _actor(sitting: Sitting, now: HistoryFilter) -> HistoryFilter:
    desk = sitting.desk
    administrators = () if desk.detail is None else desk.detail.administrators
    options: list[Option[Person | None]] = [
        Option(Person(each.organisation_id, each.id, each.name), shown(each.name)) for each in administrators
    ]
    options.append(Option(None, _("Somebody else")))
    chosen = await sitting.dialogue.choose(_("Who wrote"), options)
    return replace(now, actor=chosen or await find_person(sitting))


async def _permission(sitting: Sitting, now: HistoryFilter) -> HistoryFilter:
    desk = sitting.desk
    options = [Option(each.id, shown(each.name_on(desk.today))) for each in desk.catalogue.permissions]
    chosen = await sitting.dialogue.pick(_("Which permission"), Ready(options))
    return replace(now, permission_id=chosen)


async def _kind(sitting: Sitting, now: HistoryFilter) -> HistoryFilter:
    options = [Option(tag, _(name)) for tag, name in EVENT_NAMES.items()]
    chosen = await sitting.dialogue.pick(_("Which kind"), Ready(options))
    return replace(now, event_kind=chosen)


async def _from(sitting: Sitting, now: HistoryFilter) -> HistoryFilter:
    return replace(now, from_day=await ask_day(sitting, _("The first day to show")))


async def _until(sitting: Sitting, now: HistoryFilter) -> HistoryFilter:
    return replace(now, until_day=await ask_day(sitting, _("The last day to show")))


if TYPE_CHECKING:
    _Choice = Callable[[Sitting, HistoryFilter], Awaitable[HistoryFilter]]


# The file -------------------------------------------------------------------------------------------


async def _export(sitting: Sitting, _subject: None) -> None:
    """Ask for the name of a file and write everything to it; never over another without a question."""
    desk = sitting.desk
    wanted = HistoryFilter()
    if await sitting.dialogue.choose(
        _("Export"), (Option(False, _("Everything")), Option(True, _("Only what a filter keeps")))
    ):
        wanted = await ask_filter(sitting)
    sitting.say(
        _("With .csv the file is for a spreadsheet (UTF-8, semicolons), with .jsonl it is JSON Lines.")
    )
    name = await sitting.dialogue.text(_("The name of the file"), fault=fault_of_name)
    (path, replaces), form = place_of(name), form_of(name) or Form.CSV
    if replaces:
        question = _("{file} is there already. What is in it is lost if it is replaced.", file=str(path))
        if not await sitting.dialogue.confirm(question, yes=_("Replace the file"), no=_("Leave it")):
            return
    try:
        count = await sitting.reading(write_file(desk, wanted, path, form, replace=replaces))
    except OSError as error:
        reason = reason_of(error)
        sitting.say(_("{file} could not be written: {reason}.", file=str(path), reason=reason))
        return
    told = ngettext("{total} event", "{total} events", count, total=number_text(count))
    sitting.say(_("{events} written to {file}.", events=told, file=str(path)))


HISTORY: tuple[Task[None], ...] = (
    Task(
        N_("Everything, newest first"),
        N_("Lists what was written; each can be read and undone."),
        _everything,
        of("app.writes", "writes.all", "writes.reload"),
        roles=WRITING,
    ),
    Task(
        N_("Filter"),
        N_("Shows only what is about a person, a permission or a kind of event, or of some days."),
        _filtered,
        of("writes.filter"),
        roles=WRITING,
    ),
    Task(
        N_("Export"),
        N_("Writes the history to a file, for a spreadsheet or as JSON Lines."),
        _export,
        of("writes.export"),
        roles=WRITING,
    ),
)


async def visit_history(sitting: Sitting, _subject: None) -> None:
    """Offer what can be done about what has happened."""
    await visit_area(sitting, HISTORY, _("History"))
