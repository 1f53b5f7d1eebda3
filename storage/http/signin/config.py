"""What is configured of the ways to sign in: one struct for each, wrong ones can not be made."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from core.refusal import Refusal, WrongValueError
from storage.http.signin.web import is_safe_url

ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
)  # fmt: skip
"""The algorithms that can be allowed: each is asymmetric, so that who checks a token can not make one."""

LONGEST_LEEWAY: Final = 300
UNIX: Final = "unix"
"""The peer over a Unix socket, whose file says who may connect."""


class TokensConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[server.tokens]``: bearer tokens of our own."""

    accepted: bool = True


class OidcConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[server.oidc]``: access tokens of an OpenID Connect issuer.

    ``audience`` is what the issuer calls this server in ``aud``. ``client_id``, ``scopes`` and ``resource``
    (RFC 8707) are for ``behorig login``; without a client id it is not offered. ``authority`` is a file of
    the authorities that the issuer's own certificate is checked by, ``""`` for those of the system.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    hsa_id_claim: str = "employeeHsaId"
    authority: str = ""
    proxy: str = ""
    leeway_seconds: int = 30
    client_id: str = ""
    scopes: tuple[str, ...] = ("openid", "offline_access")
    resource: str = ""

    def __post_init__(self) -> None:
        """Refuse what would let in too many or nobody: :class:`core.refusal.WrongValueError`."""
        if not is_safe_url(self.issuer):
            raise _wrong("issuer", "setting_https")
        for name in ("audience", "hsa_id_claim"):
            if not getattr(self, name):
                raise _wrong(name, "setting_empty")
        # An ID token is for the client: with one name for both it might pass as an access token.
        if self.audience == self.client_id:
            raise _wrong("audience", "setting_audience")
        unknown = sorted(set(self.algorithms) - set(ALGORITHMS))
        if unknown or not self.algorithms:
            raise _wrong("algorithms", "setting_algorithm", accepted=", ".join(ALGORITHMS))
        if not 0 <= self.leeway_seconds <= LONGEST_LEEWAY:
            raise _wrong("leeway_seconds", "setting_range", longest=LONGEST_LEEWAY)
        _check_file(self.authority, "authority", may_be_empty=True)


class CertificatesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[server.certificates]``: client certificates that a proxy has ended.

    ``form`` is how the proxy passes one on: ``nginx`` (``$ssl_client_escaped_cert`` in the header
    ``header``) or ``rfc9440`` (``Client-Cert`` and ``Client-Cert-Chain``). ``peers`` are who the proxy may
    be: addresses, networks, or ``unix``. ``authorities`` is a file with the roots and the issuing
    authorities, ``issuers`` the common names of those that may issue people's certificates. ``revoked`` is
    a file of revocation lists; without one, revocation is the proxy's to check.
    """

    form: str
    peers: tuple[str, ...]
    authorities: str
    issuers: tuple[str, ...]
    header: str = "x-client-certificate"
    revoked: str = ""

    def __post_init__(self) -> None:
        """Refuse what would trust too many: :class:`core.refusal.WrongValueError`."""
        if self.form not in ("nginx", "rfc9440"):
            raise _wrong("form", "setting_choice", accepted="nginx, rfc9440")
        for name in ("peers", "issuers"):
            if not getattr(self, name):
                raise _wrong(name, "setting_empty")
        for peer in self.peers:
            if peer != UNIX:
                try:
                    network = ipaddress.ip_network(peer)
                except ValueError:
                    raise _wrong("peers", "setting_peer", value=peer) from None
                if network.prefixlen == 0:
                    raise _wrong("peers", "setting_peer", value=peer)
        if not self.header.isascii() or not self.header.replace("-", "").isalnum():
            raise _wrong("header", "setting_header")
        _check_file(self.authorities, "authorities")
        _check_file(self.revoked, "revoked", may_be_empty=True)


class SignInConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ways to sign in that are configured; ``None`` for one that is not."""

    tokens: TokensConfig | None = None
    oidc: OidcConfig | None = None
    certificates: CertificatesConfig | None = None


C = TypeVar("C", bound=msgspec.Struct)


_KINDS = {tuple[str, ...]: "setting_list", bool: "setting_switch", int: "setting_number"}


class WrongSettingError(Exception):
    """A setting of a way to sign in is wrong; ``refusal.subject`` is its key in ``[server.table]``."""

    def __init__(self, table: str, refusal: Refusal) -> None:
        """Carry where it stands and what is wrong."""
        super().__init__(f"{table}: {refusal.code}")
        self.table = table
        self.refusal = refusal


def read_sign_in(tables: Mapping[str, object]) -> SignInConfig:
    """Read the tables ``tokens``, ``oidc`` and ``certificates``; others are not looked at.

    Raises:
        WrongSettingError: a key that there is not, a value of another kind, or a wrong one.
    """
    return SignInConfig(
        tokens=read_table("tokens", TokensConfig, tables.get("tokens")),
        oidc=read_table("oidc", OidcConfig, tables.get("oidc")),
        certificates=read_table("certificates", CertificatesConfig, tables.get("certificates")),
    )


def read_table(table: str, kind: type[C], values: object) -> C | None:
    """Read what ``[server.table]`` holds as a struct, ``None`` where there is no such table.

    Raises:
        WrongSettingError: a key that there is not, a value of another kind, or a wrong one.
    """
    if values is None:
        return None
    try:
        if not isinstance(values, dict):
            raise _wrong("", "setting_table", table=table)
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        for key, value in values.items():
            if key not in fields:
                raise _wrong(key, "setting_unknown", known=", ".join(fields))
            try:
                msgspec.convert(value, fields[key].type)
            except msgspec.ValidationError:
                raise _wrong(key, _KINDS.get(fields[key].type, "setting_text")) from None
        for key, field in fields.items():
            if field.required and key not in values:
                raise _wrong("", "setting_missing", key=key)
        return msgspec.convert(values, kind)
    except WrongValueError as error:
        raise WrongSettingError(table, error.refusal) from error
    except msgspec.ValidationError as error:
        # What a struct says of its values comes wrapped.
        if isinstance(error.__cause__, WrongValueError):
            raise WrongSettingError(table, error.__cause__.refusal) from error
        raise


def _check_file(path: str, key: str, *, may_be_empty: bool = False) -> None:
    if not (may_be_empty and not path) and not Path(path).is_file():
        raise _wrong(key, "setting_file", path=path)


def _wrong(subject: str, code: str, **params: str | int | bool) -> WrongValueError:
    """Give the error for a setting; the sentence has its name in ``subject``."""
    return WrongValueError(Refusal(code, subject, dict(params)))
