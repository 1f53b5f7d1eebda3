"""Documents from an OpenID Connect issuer: encrypted, of a bounded size, and no redirects followed."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from storage.http.address import is_loopback
from storage.http.signin.kept import refuse

if TYPE_CHECKING:
    import httpx

LONGEST_DOCUMENT: Final = 256 * 1024
"""Bytes of a document: no issuer's keys take as many."""

SECONDS: Final = 5.0
"""How long the other end may be silent."""

WHOLE_SECONDS: Final = 15.0
"""How long a document may take in all, however slowly it drips."""


class AwayError(Exception):
    """The other end did not answer, or not with what it should; ``reason`` tells a log in a word."""

    def __init__(self, reason: str) -> None:
        """Carry the reason, which holds nothing that came from outside."""
        super().__init__(reason)
        self.reason = reason


def is_safe_url(url: str, *, query: bool = False) -> bool:
    """Say whether secrets may go to an address: https, or http to this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not plain or not host or parts.username is not None or parts.fragment or (parts.query and not query):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def http_client(
    authority: str = "", proxy: str = "", transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Make a client that verifies whom it talks to, by a file of authorities or those of the system.

    A proxy is the one that is configured; what the environment names is not looked at, so that a server
    and a terminal behave as their configuration says.

    Raises:
        StorageError: ``authority_wrong`` or ``proxy_wrong``: one of the two cannot be used.
    """
    # Deferred: the first frame loads no httpx.
    import httpx

    try:
        context = ssl.create_default_context(cafile=authority or None)
    except OSError:  # ssl's own errors are of this kind
        raise refuse("authority_wrong", path=authority) from None
    try:
        through = httpx.Proxy(proxy) if proxy else None
    except (ValueError, httpx.InvalidURL):
        # Not told: it may hold a password.
        raise refuse("proxy_wrong") from None
    return httpx.AsyncClient(
        verify=context,
        proxy=through,
        transport=transport,
        timeout=SECONDS,
        trust_env=False,
        follow_redirects=False,
        headers={"accept": "application/json", "accept-encoding": "identity", "user-agent": "behorig"},
    )


async def json_of(
    client: httpx.AsyncClient, method: str, url: str, form: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Ask for a document and give the status and the object that it is.

    Raises:
        AwayError: no answer in time, one that is too large, or one that is no JSON object.
    """
    import httpx  # for the same reason

    data = bytearray()
    try:
        async with asyncio.timeout(WHOLE_SECONDS), client.stream(method, url, data=form) as answer:
            if answer.headers.get("content-encoding", "identity") != "identity":
                # A small answer may unpack to a large one.
                raise AwayError("packed")
            async for piece in answer.aiter_bytes():
                data += piece
                if len(data) > LONGEST_DOCUMENT:
                    raise AwayError("too_large")
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:  # a time-out is an OSError
        raise AwayError(type(error).__name__) from None
    try:
        document = msgspec.json.decode(bytes(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AwayError("no_json") from None
    if not isinstance(document, dict):
        raise AwayError("no_object")
    return status, document


async def discovered(client: httpx.AsyncClient, issuer: str) -> dict[str, Any]:
    """Give what an issuer says of itself (OpenID Connect Discovery 4).

    Raises:
        AwayError: it does not answer, or calls itself by another name.
    """
    url = issuer.removesuffix("/") + "/.well-known/openid-configuration"
    status, document = await json_of(client, "GET", url)
    if status != 200:
        raise AwayError("status")
    if document.get("issuer") != issuer:
        raise AwayError("other_issuer")
    return document


def address_in(document: dict[str, Any], name: str) -> str:
    """Give an address that a document names; else :class:`AwayError`."""
    value = document.get(name)
    if not isinstance(value, str) or not is_safe_url(value, query=True):
        raise AwayError(f"no_{name}")
    return value
