"""The device flow (RFC 8628): a person signs in with a browser anywhere, and this terminal is let in.

Also how an access token is made anew by a refresh token. What an issuer sends is text from outside: it is
checked here, and its words are never shown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import msgspec

from storage.http.signin.document import SignInDocument
from storage.http.signin.kept import Kept, refuse
from storage.http.signin.web import AwayError, address_in, discovered, is_safe_url, json_of

if TYPE_CHECKING:
    import httpx

GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
USUAL_INTERVAL: Final = 5
SLOWER: Final = 5
"""Seconds that ``slow_down`` adds to the interval, for good (RFC 8628, 3.5)."""

LONGEST_INTERVAL: Final = 60.0
LONGEST_WAIT: Final = 1800
"""Seconds after which nobody waits any more, whatever the issuer says of its code."""

LONGEST_SECRET: Final = 16_384

Sleep = Callable[[float], Awaitable[None]]


class DeviceCode(msgspec.Struct, frozen=True, kw_only=True):
    """What a person does elsewhere: opens ``url`` and types ``code`` (or opens ``url_with_code``)."""

    url: str
    code: str
    url_with_code: str
    seconds: int
    interval: float
    secret: str

    def __repr__(self) -> str:
        """Tell nothing: who has the codes is let in as somebody else."""
        return "DeviceCode()"


class DeviceFlow:
    """One sign-in with an issuer."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        document: SignInDocument,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Sign in as a server's document says; ``sleep`` and ``clock`` count in seconds."""
        self._client, self._document = client, document
        self._sleep, self._clock = sleep, clock
        self._token_url = ""

    async def begin(self) -> DeviceCode:
        """Ask the issuer for a code.

        Raises:
            StorageError: ``login_away``, ``login_not_offered`` or ``login_failed``.
        """
        try:
            found = await discovered(self._client, self._document.issuer)
            self._token_url = address_in(found, "token_endpoint")
            if "device_authorization_endpoint" not in found:
                raise refuse("login_not_offered")
            form = {"client_id": self._document.client_id, "scope": " ".join(self._document.scopes)}
            if self._document.resource:
                form["resource"] = self._document.resource
            url = address_in(found, "device_authorization_endpoint")
            status, answer = await json_of(self._client, "POST", url, form)
        except AwayError as error:
            raise refuse("login_away", issuer=self._document.issuer) from error
        if status != 200:
            raise refuse("login_failed")
        return _code_of(answer)

    async def wait(self, code: DeviceCode) -> Kept:
        """Wait until the person has signed in; gives the login without the server's name.

        Raises:
            StorageError: ``login_denied``, ``login_too_late`` or ``login_failed``.
        """
        form = {"grant_type": GRANT, "device_code": code.secret, "client_id": self._document.client_id}
        # Not all issuers carry it over from the first request.
        if self._document.resource:
            form["resource"] = self._document.resource
        ends = self._clock() + min(code.seconds, LONGEST_WAIT)
        interval, pause = code.interval, code.interval
        while self._clock() + pause < ends:
            await self._sleep(pause)
            try:
                status, answer = await json_of(self._client, "POST", self._token_url, form)
            except AwayError:
                # A line that is down, or an issuer that is: longer each time (RFC 8628, 3.5).
                pause = min(pause * 2, LONGEST_INTERVAL)
                continue
            if status >= 500:
                pause = min(pause * 2, LONGEST_INTERVAL)
                continue
            if status == 200:
                return login_of(answer, self._document)
            match answer.get("error"):
                case "authorization_pending":
                    pass
                case "slow_down":
                    interval = min(interval + SLOWER, LONGEST_INTERVAL)
                case "access_denied":
                    raise refuse("login_denied")
                case "expired_token":
                    raise refuse("login_too_late")
                case _:
                    raise refuse("login_failed")
            pause = interval
        raise refuse("login_too_late")


async def renewed(client: httpx.AsyncClient, kept: Kept) -> Kept | None:
    """Make a login new by its refresh token; ``None`` where the issuer does not take it any more.

    Raises:
        AwayError: the issuer does not answer; the login is what it was.
    """
    document = SignInDocument(issuer=kept.issuer, client_id=kept.client_id, resource=kept.resource)
    url = address_in(await discovered(client, kept.issuer), "token_endpoint")
    form = {"grant_type": "refresh_token", "refresh_token": kept.refresh_token, "client_id": kept.client_id}
    if kept.resource:
        form["resource"] = kept.resource
    status, answer = await json_of(client, "POST", url, form)
    if status in (400, 401):
        return None
    if status != 200:
        raise AwayError("status")
    new = login_of(answer, document)
    refresh = new.refresh_token or kept.refresh_token
    return msgspec.structs.replace(new, server=kept.server, refresh_token=refresh)


def login_of(answer: dict[str, Any], document: SignInDocument) -> Kept:
    """Read what an issuer gives in the end, for a server yet to be named; else ``login_failed``."""
    access, refresh = answer.get("access_token"), answer.get("refresh_token", "")
    kind, seconds = answer.get("token_type"), answer.get("expires_in", 0)
    if not _is_secret(access) or not (refresh == "" or _is_secret(refresh)):
        raise refuse("login_failed")
    if not isinstance(kind, str) or kind.lower() != "bearer" or not _is_number(seconds):
        raise refuse("login_failed")
    return Kept(
        server="",
        issuer=document.issuer,
        client_id=document.client_id,
        access_token=access,
        # Of the wall clock, since it is read by other processes, and after a restart.
        expires=time.time() + seconds if seconds else 0.0,
        refresh_token=refresh,
        resource=document.resource,
    )


def _code_of(answer: dict[str, Any]) -> DeviceCode:
    url, code = answer.get("verification_uri"), answer.get("user_code")
    whole, secret = answer.get("verification_uri_complete"), answer.get("device_code")
    seconds, interval = answer.get("expires_in"), answer.get("interval", USUAL_INTERVAL)
    if not isinstance(url, str) or not is_safe_url(url, query=True) or not _is_secret(secret):
        raise refuse("login_failed")
    # It is shown in a terminal and typed by hand.
    if not isinstance(code, str) or not 0 < len(code) <= 40 or not code.isascii() or not code.isprintable():
        raise refuse("login_failed")
    if not _is_number(seconds) or not _is_number(interval):
        raise refuse("login_failed")
    safe = isinstance(whole, str) and is_safe_url(whole, query=True)
    return DeviceCode(
        url=url,
        code=code,
        url_with_code=whole if safe and isinstance(whole, str) else "",
        seconds=int(seconds),
        interval=min(max(float(interval), 1.0), LONGEST_INTERVAL),
        secret=secret,
    )


def _is_secret(value: object) -> TypeGuard[str]:
    # It goes into a header: nothing that could end one.
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_SECRET
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e9
