"""``behorig migrate``: bring a storage up to the version of this program, or tell whether it has to be."""

from __future__ import annotations

import sys

from core.ports import StorageError
from core.text import shown
from tui.assemble import databases
from tui.line.progress import told_while
from tui.session import DONE, REFUSED
from tui.settings import named_storage
from tui.signin import storage_error
from tui.text import _


def run_migrate(storage: str | None, *, check: bool) -> int:
    """Bring a storage up to date; with ``check`` change nothing, and end with 1 where it is older.

    Raises:
        StartError: the storage cannot be read, or not be changed; nothing was changed then.
    """
    chosen = named_storage(storage)
    try:
        found, needed = databases.versions(chosen)
        where = shown(databases.told(chosen))
        if found == needed:
            words = _("{storage} has version {version}, as this behorig needs.", storage=where, version=found)
        elif check:
            words = _(
                "{storage} has version {version}, and this behorig needs {needed}: run behorig migrate.",
                storage=where,
                version=found,
                needed=needed,
            )
        else:
            with told_while(lambda: _("Still bringing it up to date.")):
                copy = databases.migrate(chosen)
            words = _(
                "{storage} was brought from version {version} to {needed}.",
                storage=where,
                version=found,
                needed=needed,
            )
            if copy is not None:
                words += " " + _("A copy of how it was is {file}.", file=shown(str(copy)))
    except StorageError as error:
        raise storage_error(error) from error
    sys.stdout.write(f"{words}\n")
    return REFUSED if check and found != needed else DONE
