"""Logins to a server, kept on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.named_file import named_file
from tui.settings import Connection, state_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.http.signin.kept import KeptLogins


def logins() -> KeptLogins:
    """Give where logins to servers are kept."""
    from storage.http.signin.kept import KeptLogins as Kind  # a local database needs none of it

    return Kind(state_path() / "sign-in")


async def log_in(server: str, connection: Connection, show: Callable[[str, str, str], None]) -> None:
    """Sign in to a server with a browser; ``show`` is given an address, a code, and both in one or ``""``.

    Raises:
        StorageError: nobody was signed in.
    """
    from storage.http.signin.login import log_in as run  # brings httpx

    await run(
        server,
        logins(),
        lambda code: show(code.url, code.code, code.url_with_code),
        authority=path_of(connection.authority),
        proxy=connection.proxy,
    )


def log_out(server: str) -> bool:
    """Forget the login to a server; ``False`` where there was none.

    Raises:
        StorageError: the address is none of a server.
    """
    from storage.http.signin.login import check_server

    check_server(server)
    return logins().drop(server)


def path_of(name: str) -> str:
    """Give the path of a file that a setting names; ``""`` for none."""
    return str(named_file(name)) if name else ""
