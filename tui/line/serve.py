"""``behorig serve``: let others work on a storage over HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from core.ports import StorageError
from tui.assemble.serving import serve
from tui.session import DONE
from tui.settings import named_storage, read_server_table
from tui.signin import storage_error


def run_serve(storage: str | None, flags: Mapping[str, object]) -> int:
    """Serve a storage until the process is told to end.

    Raises:
        StartError: the storage cannot be opened, or what is configured does not do.
    """
    try:
        serve(named_storage(storage), read_server_table(), flags)
    except StorageError as error:
        raise storage_error(error) from error
    return DONE
