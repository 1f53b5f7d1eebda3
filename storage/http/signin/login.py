"""Sign in to a server from a terminal: ask it how, go to its issuer, and keep what comes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from storage.http.signin.device import DeviceCode, DeviceFlow, Sleep
from storage.http.signin.document import PATH, SignInDocument
from storage.http.signin.kept import KeptLogins, refuse, server_of
from storage.http.signin.web import AwayError, http_client, is_safe_url, json_of

if TYPE_CHECKING:
    import httpx


def check_server(url: str) -> None:
    """Refuse what is no address of a server with ``login_url``: a token goes over https only."""
    if not is_safe_url(url):
        raise refuse("login_url", accepted="https://behorig.example")


async def log_in(
    url: str,
    logins: KeptLogins,
    show: Callable[[DeviceCode], None],
    *,
    authority: str = "",
    proxy: str = "",
    transport: httpx.AsyncBaseTransport | None = None,
    sleep: Sleep = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Sign in to the server at ``url``; ``show`` tells the person what to do.

    Raises:
        StorageError: ``login_url``, ``login_no_server``, ``login_not_offered``, ``login_away``,
            ``login_denied``, ``login_too_late``, ``login_failed`` or ``secret_failed``.
    """
    check_server(url)
    async with http_client(authority, proxy, transport) as client:
        document = await offered(client, url)
        flow = DeviceFlow(client, document, sleep=sleep, clock=clock)
        code = await flow.begin()
        show(code)
        kept = await flow.wait(code)
    async with logins.locked(url):
        logins.save(msgspec.structs.replace(kept, server=server_of(url)))


async def offered(client: httpx.AsyncClient, url: str) -> SignInDocument:
    """Ask a server how one can sign in.

    Raises:
        StorageError: ``login_no_server``, or ``login_not_offered`` where the device flow is not.
    """
    try:
        status, answer = await json_of(client, "GET", server_of(url) + PATH)
        if status != 200:
            raise AwayError("status")
        document = msgspec.convert(answer, SignInDocument)
    except (AwayError, msgspec.ValidationError) as error:
        raise refuse("login_no_server", server=url) from error
    if not document.issuer or not document.client_id:
        raise refuse("login_not_offered")
    if not is_safe_url(document.issuer):
        raise refuse("login_failed")
    return document
