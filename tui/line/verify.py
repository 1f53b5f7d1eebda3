"""``behorig verify``: whether anybody has changed the history behind the program's back."""

from __future__ import annotations

import sys

from core.ports import StorageError
from core.text import shown
from core.verify import ChainReport, Fault, fingerprint
from tui.assemble import databases
from tui.line.progress import told_while
from tui.session import DONE, REFUSED
from tui.settings import named_storage
from tui.signin import storage_error
from tui.terminal import heard_or_not
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.dates import moment


def run_verify(storage: str | None) -> int:
    """Check every organisation's chain and tell the first event of each that does not fit.

    Raises:
        StartError: the storage cannot be read.
    """
    chosen = named_storage(storage)
    reports: list[ChainReport] = []
    try:
        with told_while(lambda: _so_far(reports)):
            for report in databases.verify(chosen):
                reports.append(report)
                if report.fault is not None:
                    with heard_or_not():
                        sys.stdout.write(f"{_told(report, report.fault)}\n")
    except StorageError as error:
        raise storage_error(error) from error
    records = sum(each.records for each in reports)
    faults = sum(each.fault is not None for each in reports)
    checked = ngettext(
        "{count} organisation with {events} checked.",
        "{count} organisations with {events} checked.",
        len(reports),
        events=ngettext("{total} event", "{total} events", records, total=number_text(records)),
    )
    if faults:
        doubt = ngettext(
            "The history of {count} organisation does not fit.",
            "The histories of {count} organisations do not fit.",
            faults,
        )
        sys.stdout.write(f"{checked} {doubt}\n")
        return REFUSED
    fits = _("Everything fits.")
    mark = _("Fingerprint to write down and compare: {fingerprint}", fingerprint=fingerprint(reports))
    sys.stdout.write(f"{checked} {fits}\n{mark}\n")
    return DONE


def _so_far(reports: list[ChainReport]) -> str:
    return ngettext(
        "{count} organisation checked so far.", "{count} organisations checked so far.", len(reports)
    )


def _told(report: ChainReport, fault: Fault) -> str:
    """Say where an organisation's history stops to fit, and how."""
    where = report.name or shown(fault.organisation_id)
    event = _("{organisation}, event {number}", organisation=where, number=number_text(fault.number))
    if fault.at:
        event = _("{event}, written {moment}", event=event, moment=shown(moment(fault.at)))
    return f"{event}: {_how(fault)}"


def _how(fault: Fault) -> str:
    match fault.code:
        case "missing":
            return _("it is missing.")
        case "extra":
            return _("it was never written there.")
        case "changed":
            return _("it or its hash is not what was written.")
        case "unreadable":
            return _("it cannot be read.")
        case "column":
            return _("the column {column} says something else than the event.", column=fault.column)
        case "changeset":
            return _("it does not fit the write that it should belong to.")
        case "time":
            return _("it is older than the event before it.")
        case "head":
            return _("the history ends before it, but the organisation's head is not its last event.")
        case _:
            raise ValueError(fault.code)
