"""``behorig history``: what has happened, in lines or as data on stdout."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.directory import Role
from core.text import shown
from tui import history_export as export
from tui.desk import Desk
from tui.history import EVENT_NAMES, HistoryFilter, Person
from tui.line.naming import organisation_named, permission_named, person_named
from tui.line.output import Field, Form, Output, form_of
from tui.line.progress import Progress
from tui.line.session import day_of_flag, run
from tui.session import DONE, NoDrafts
from tui.settings import nearest, wrong
from tui.terminal import say
from tui.text import _, ngettext
from tui.text.dates import day as day_text
from tui.text.dates import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.directory import Organisation
    from tui.line.options import Forms, SignIn
    from tui.line.session import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryWanted:
    """Which events to write, as it was typed."""

    about: str | None = None
    permission: str | None = None
    kind: str | None = None
    by: str | None = None
    from_day: str | None = None
    until_day: str | None = None
    organisation: str | None = None


def write_history(options: SignIn, forms: Forms, wanted: HistoryWanted) -> int:
    """Write the history of the organisation that somebody signs in to, or of another for support.

    Raises:
        StartError: it is called wrongly, the storage cannot be read, or it is not for this person.
    """
    if wanted.kind is not None and wanted.kind not in EVENT_NAMES:
        close = nearest(wanted.kind, EVENT_NAMES, 3)
        raise wrong(
            _('--kind: there is no kind of event "{value}". {nearest}', value=wanted.kind, nearest=close)
        )
    return run(options, partial(_write, form=form_of(forms), wanted=wanted))


async def _write(here: SignedIn, *, form: Form, wanted: HistoryWanted) -> int:
    organisation: Organisation | None = None
    desk = here.desk
    if wanted.organisation is not None:
        organisation = await organisation_named(here, wanted.organisation)
        desk = Desk(here.service, NoDrafts(), organisation.id)
        await desk.load()
    elif here.actor.role is not Role.SUPPORT:
        organisation = here.session.membership.organisation
    kept = HistoryFilter(
        person=await _person(here, wanted.about, organisation),
        actor=await _person(here, wanted.by, None),
        permission_id=None if wanted.permission is None else permission_named(here, wanted.permission).id,
        event_kind=wanted.kind,
        from_day=day_of_flag(here, "--from", wanted.from_day),
        until_day=day_of_flag(here, "--until", wanted.until_day),
    )
    if kept.from_day is not None and kept.until_day is not None and kept.from_day > kept.until_day:
        raise wrong(
            _(
                "--from: {from_day} is after --until, {until_day}: change places.",
                from_day=day_text(kept.from_day),
                until_day=day_text(kept.until_day),
            )
        )
    progress = Progress()
    count = 0

    def tell() -> None:
        progress.tell(
            lambda: ngettext("{count} event written so far.", "{count} events written so far.", count)
        )

    if form in (Form.CSV, Form.JSON):
        # Events as data are the same as those that the screen writes to a file: JSON Lines, or CSV.
        lines = export.Form.CSV if form is Form.CSV else export.Form.JSON_LINES
        async for events, data in export.exported(desk, kept, lines):
            sys.stdout.buffer.write(data)
            count += events
            tell()
        sys.stdout.buffer.flush()
    else:
        with Output(form, "history", history_fields()) as output:
            async for write in export.whole_writes(desk, kept):
                words = here.words(write.names)
                for event in write.events:
                    values = export.event_values(write, event, words)
                    kind = EVENT_NAMES[values["kind"]]
                    output.row(values, history_line(values), {"kind": _(kind)})
                count = output.count
                tell()
    if not count:
        say(_("Nothing has happened that is asked for."))
    return DONE


async def _person(here: SignedIn, text: str | None, organisation: Organisation | None) -> Person | None:
    if text is None:
        return None
    account = (await person_named(here, text, organisation)).account
    return Person(account.organisation_id, account.id, account.name)


def history_line(values: Mapping[str, str]) -> str:
    """Say what happened, when, and who wrote it."""
    when, name = moment(values["at"]), values["by"]
    told = _("{moment}, {name}: {what}.", moment=when, name=name, what=values["sentence"])
    return told + (" " + _("Note: {note}", note=shown(values["note"])) if values["note"] else "")


def history_fields() -> tuple[Field, ...]:
    """Give the fields of an event: the columns of the file that the screen writes."""
    labels = {
        "at": _("Moment in UTC"),
        "at_sweden": _("Moment in Sweden"),
        "by": _("Written by"),
        "by_account": _("Writer's id"),
        "by_organisation": _("Writer's organisation, id"),
        "sentence": _("What"),
        "kind": _("Kind"),
        "account": _("Person's id"),
        "name": _("Person"),
        "permission": _("Permission's id"),
        "permission_name": _("Permission"),
        "note": _("Note"),
        "write": _("Write's id"),
        "undoes": _("Undoes the write"),
        "undone_by": _("Undone by the write"),
    }
    return tuple(Field(name, labels[name]) for name in export.COLUMNS)
