"""``behorig copy``: a whole database to another place, row by row, and the proof that both are the same."""

from __future__ import annotations

import sys

from core.ports import StorageError
from core.text import shown
from core.verify import fingerprint
from tui.assemble import databases
from tui.line.progress import told_while
from tui.session import DONE, REFUSED
from tui.signin import storage_error
from tui.text import _, ngettext
from tui.text import number as number_text


def run_copy(source: str, target: str) -> int:
    """Copy a database, tell how much there was, and check every chain in the copy.

    Raises:
        StartError: it cannot be copied; what was at the target is as it was.
    """
    try:
        with told_while(lambda: _("Still copying.")):
            copied = databases.copy(source, target)
        for table, count in copied.rows.items():
            rows = ngettext("{rows} row", "{rows} rows", count, rows=number_text(count))
            sys.stdout.write(f"{table}: {rows}\n")
        with told_while(lambda: _("Still checking the copy.")):
            reports = list(databases.verify(target))
    except StorageError as error:
        raise storage_error(error) from error
    same = _(
        "{target} holds the same as {source}, row for row.",
        target=shown(databases.told(target)),
        source=shown(databases.told(source)),
    )
    sys.stdout.write(f"{same}\n")
    if any(each.fault is not None for each in reports):
        doubt = _("The history does not fit, as it did not in what was copied: see behorig verify.")
        sys.stdout.write(f"{doubt}\n")
        return REFUSED
    mark = _("Fingerprint to write down and compare: {fingerprint}", fingerprint=fingerprint(reports))
    sys.stdout.write(f"{mark}\n")
    return DONE
