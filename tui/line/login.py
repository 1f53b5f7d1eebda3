"""``behorig login`` and ``behorig logout``: signed in to a server with a browser anywhere."""

from __future__ import annotations

import asyncio

from core.ports import StorageError
from core.text import shown
from tui.assemble.logins import log_in, log_out
from tui.session import DONE
from tui.settings import Settings, configuration_path, read_settings, wrong
from tui.signin import storage_error
from tui.terminal import say
from tui.text import _


def run_login(storage: str | None) -> int:
    """Sign in to the server that is the storage; all that is said goes to stderr.

    Raises:
        StartError: it is called wrongly, or nobody was signed in.
    """
    settings, server = _server(storage)
    try:
        asyncio.run(log_in(server, settings.connection, _show))
    except StorageError as error:
        raise storage_error(error) from error
    say(_("You are signed in to {server}.", server=shown(server)))
    return DONE


def run_logout(storage: str | None) -> int:
    """Forget the login to the server that is the storage.

    Raises:
        StartError: it is called wrongly, or the file cannot be taken away.
    """
    _settings, server = _server(storage)
    try:
        was_there = log_out(server)
    except StorageError as error:
        raise storage_error(error) from error
    if was_there:
        say(_("You are signed out from {server}: nothing is kept here.", server=shown(server)))
    else:
        say(_("You were not signed in to {server}.", server=shown(server)))
    return DONE


def _show(url: str, code: str, url_with_code: str) -> None:
    # Each on a line of its own, without a full stop, so that it can be copied and read out.
    say(_("Open this address in a browser, on this or another device, and sign in:"))
    say(f"  {url}")
    say(_("Type this code there:"))
    say(f"  {code}")
    if url_with_code:
        say(_("Or open this address, in which the code is typed already:"))
        say(f"  {url_with_code}")
    say(_("Waiting until you have signed in. Ctrl+C ends without signing in."))


def _server(storage: str | None) -> tuple[Settings, str]:
    settings = read_settings({} if storage is None else {"storage": storage})
    if settings.storage is None:
        raise wrong(
            _(
                "No storage is named: give it with --storage, BEHORIG_STORAGE or storage in {file}.",
                file=str(configuration_path()),
            )
        )
    return settings, settings.storage
