"""The ways to sign in that are configured, and who calls by all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from core.identity import hsa_key
from storage.http.callers import Call, Caller, SignIn
from storage.http.signin.refuse import refuse

if TYPE_CHECKING:
    from storage.http.signin.config import SignInConfig
    from storage.http.signin.tokens import Tokens


class HasTokens(Protocol):
    """A storage that keeps tokens (:class:`storage.sql.storage.SqlStorage`)."""

    def tokens(self) -> Tokens:
        """Give them."""
        ...


def ways_of(config: SignInConfig, storage: HasTokens) -> tuple[SignIn, ...]:
    """Give each way to sign in that is configured; tokens are those of the server's own storage.

    Raises:
        WrongValueError: what is configured can not work, such as authorities without a root.
    """
    ways: list[SignIn] = []
    # Each loads what it needs, and nobody pays for a way that is not used.
    if config.tokens is not None and config.tokens.accepted:
        from storage.http.signin.tokens import TokenSignIn

        ways.append(TokenSignIn(storage.tokens()))
    if config.oidc is not None:
        from storage.http.signin.issuer_keys import IssuerKeys
        from storage.http.signin.oidc import OidcSignIn

        keys = IssuerKeys(config.oidc.issuer, authority=config.oidc.authority, proxy=config.oidc.proxy)
        ways.append(OidcSignIn(config.oidc, keys))
    if config.certificates is not None:
        from storage.http.signin.certificates import CertificateSignIn

        ways.append(CertificateSignIn(config.certificates))
    return tuple(ways)


async def who_calls(ways: Sequence[SignIn], call: Call, now: datetime) -> Caller | None:
    """Tell who calls, by whichever way; ``None`` where a request brings no credential that is known.

    Every way is asked: one that is refused refuses the request, whatever else it brings, and two that
    vouch for different people are one too many.

    Raises:
        NotSignedInError: a credential is not accepted, or two do not agree.
    """
    found: Caller | None = None
    for way in ways:
        caller = await way.caller(call, now)
        if caller is None:
            continue
        if found is not None and hsa_key(found.hsa_id) != hsa_key(caller.hsa_id):
            raise refuse("credentials_differ")
        found = found or caller
    return found
