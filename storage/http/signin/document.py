"""``GET /v1/sign-in``: how one can sign in to a server, told to whoever asks. It holds no secret."""

from __future__ import annotations

import msgspec

from storage.http.signin.config import SignInConfig

PATH = "/v1/sign-in"


class SignInDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The ways that a server takes: ``token``, ``oidc`` and ``certificate``.

    The rest is for the device flow (RFC 8628), and empty where it is not offered. Fields that a client
    does not know of are passed over, so that a newer server can tell more.
    """

    ways: tuple[str, ...] = ()
    issuer: str = ""
    client_id: str = ""
    scopes: tuple[str, ...] = ()
    resource: str = ""


def sign_in_document(config: SignInConfig) -> SignInDocument:
    """Give what a server tells of how it is configured."""
    ways = []
    if config.tokens is not None and config.tokens.accepted:
        ways.append("token")
    if config.oidc is not None:
        ways.append("oidc")
    if config.certificates is not None:
        ways.append("certificate")
    oidc = config.oidc
    if oidc is None or not oidc.client_id:
        return SignInDocument(ways=tuple(ways))
    return SignInDocument(
        ways=tuple(ways),
        issuer=oidc.issuer,
        client_id=oidc.client_id,
        scopes=oidc.scopes,
        resource=oidc.resource,
    )
