"""What a client brings with each request: a token that it was given, or a login that it keeps fresh."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from core.ports import StorageError
from storage.http.signin.kept import Kept, KeptLogins, read_secret, refuse
from storage.http.signin.web import AwayError, http_client

if TYPE_CHECKING:
    import httpx

VARIABLE: Final = "BEHORIG_TOKEN"
"""Where a token may stand. A flag would be seen in the list of processes."""

SPARE: Final = 30.0
"""Seconds before its end at which an access token is made anew: a request takes a while to arrive."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)


class Credentials(Protocol):
    """What lets a client in."""

    async def header(self) -> str:
        """Give the value of ``Authorization`` for the next request.

        Raises:
            StorageError: ``login_needed``, ``login_away``, ``secret_open`` or ``secret_form``.
        """
        ...

    async def refused(self) -> bool:
        """Hear that the server did not take the last one; say whether it is worth trying once more."""
        ...


class FoundCredentials:
    """The credentials of this person: ``BEHORIG_TOKEN``, else a token's file, else the kept login.

    They are read anew for each request, so that a token that was changed is used without a restart.
    """

    def __init__(
        self,
        url: str,
        logins: KeptLogins,
        *,
        token_file: Path | None = None,
        environment: Mapping[str, str] = os.environ,
        authority: str = "",
        proxy: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Look for what lets one into the server at ``url``; ``clock`` gives seconds since 1970."""
        self._url, self._logins, self._token_file = url, logins, token_file
        self._environment, self._clock = environment, clock
        self._authority, self._proxy, self._transport = authority, proxy, transport
        self._lock = asyncio.Lock()
        self._last = ""

    def __repr__(self) -> str:
        """Tell for which server, and nothing that lets anybody in."""
        return f"FoundCredentials({self._url!r})"

    async def header(self) -> str:
        """Give ``Bearer …`` for the next request."""
        token = self._given()
        if token is None:
            token = await self._kept()
        self._last = token
        return f"Bearer {token}"

    async def refused(self) -> bool:
        """Make the login anew where there is one: an issuer may end an access token before its time."""
        if self._given() is not None:
            return False
        async with self._lock:
            kept = await asyncio.to_thread(self._logins.load, self._url)
            if kept is None:
                return False
            if kept.access_token != self._last:
                return True
            return await self._renew(kept) is not None

    def _given(self) -> str | None:
        """Give a token that somebody made by hand, ``None`` where there is none."""
        text = self._environment.get(VARIABLE, "")
        if not text and self._token_file is not None:
            try:
                text = read_secret(self._token_file).decode("ascii", errors="replace")
            except FileNotFoundError:
                raise refuse("secret_missing", path=str(self._token_file)) from None
        elif not text:
            return None
        token = text.strip()
        if not _TOKEN.fullmatch(token):
            raise refuse("secret_form")
        return token

    async def _kept(self) -> str:
        async with self._lock:
            kept = await asyncio.to_thread(self._logins.load, self._url)
            if kept is None:
                raise refuse("login_needed", server=self._url)
            left = kept.expires - self._clock()
            if kept.expires and left < SPARE:
                try:
                    kept = await self._renew(kept)
                except StorageError:
                    # What is left of the old one is better than nothing.
                    if left <= 0:
                        raise
                if kept is None:
                    raise refuse("login_needed", server=self._url)
            return kept.access_token

    async def _renew(self, old: Kept) -> Kept | None:
        """Make a login anew, one program at a time; ``None`` where one has to sign in again."""
        async with self._logins.locked(self._url):
            kept = await asyncio.to_thread(self._logins.load, self._url)
            if kept is None or kept.access_token != old.access_token:
                return kept  # another program has made it anew, or signed out
            if not kept.refresh_token:
                return None
            # Deferred: a login that is fresh needs none of it.
            from storage.http.signin.device import renewed

            try:
                async with http_client(self._authority, self._proxy, self._transport) as client:
                    new = await renewed(client, kept)
            except AwayError as error:
                raise refuse("login_away", issuer=kept.issuer) from error
            if new is not None:
                await asyncio.to_thread(self._logins.save, new)
            return new
