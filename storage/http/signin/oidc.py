"""JWT access tokens of an OpenID Connect issuer as a way to sign in (RFC 9068, and JWTs like them).

What a token says of itself decides nothing: the algorithm has to be one that was configured, the key one
that the issuer publishes for it, and ``jku``, ``jwk`` and ``x5c`` in a header are never followed. The
library checks the signature; what is claimed is checked here, in the order in which it costs least.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import datetime
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError

from core.identity import HsaId
from core.refusal import WrongValueError
from storage.http.callers import Call, Caller
from storage.http.signin.bearer import bearer
from storage.http.signin.config import OidcConfig
from storage.http.signin.issuer_keys import KEY_TYPES, LONGEST_KEY_ID, IssuerKeys
from storage.http.signin.refuse import refuse
from storage.http.signin.tokens import PREFIX

_TYPES: Final = {"at+jwt", "application/at+jwt", "jwt", "application/jwt"}
"""What a token may call itself in ``typ``, in small letters (RFC 9068, 2.1)."""

_OF_OTHER_TOKENS: Final = {"nonce", "at_hash", "c_hash", "events"}
"""Claims that ID tokens and logout tokens have, and access tokens have not."""


class _Registry(jws.JWSRegistry):
    """What the library lets in: a header may hold a chain of certificates, which is not looked at."""

    max_header_length = 6144


class OidcSignIn:
    """Access tokens of one issuer as a way to sign in (:class:`storage.http.callers.SignIn`)."""

    def __init__(self, config: OidcConfig, keys: IssuerKeys) -> None:
        """Let in who the issuer vouches for, as configured."""
        self._config = config
        self._keys = keys
        # Headers that are not known are passed over, as they must be; ``crit`` is refused before.
        self._registry = _Registry(algorithms=list(config.algorithms), strict_check_header=False)

    async def caller(self, call: Call, now: datetime) -> Caller | None:
        """Tell whom the access token of a request is about, ``None`` where it brings none of this kind."""
        token = bearer(call)
        if token is None or token.startswith(PREFIX):
            return None
        algorithm, key_id = self._header(token)
        key = await self._keys.find(key_id, algorithm)
        if key is None:
            raise refuse("access_token_wrong", reason="key")
        try:
            verified = jws.deserialize_compact(token, key, registry=self._registry)
        except (JoseError, ValueError, TypeError):
            raise refuse("access_token_wrong", reason="signature") from None
        claims = _object(verified.payload)
        if claims is None:
            raise refuse("access_token_wrong", reason="form")
        self._check(claims, now)
        return Caller(hsa_id=str(self._person(claims)), way="oidc", key=f"oidc:{_mark(claims)}")

    def _header(self, token: str) -> tuple[str, str | None]:
        """Give the algorithm and the key id that a token names, once its header is one to go on with."""
        parts = token.split(".")
        header = _object(_decoded(parts[0])) if len(parts) == 3 else None
        if header is None:
            raise refuse("access_token_wrong", reason="form")
        algorithm, key_id, kind = header.get("alg"), header.get("kid"), header.get("typ")
        if not isinstance(algorithm, str) or algorithm not in self._config.algorithms:
            raise refuse("access_token_wrong", reason="algorithm")
        if algorithm not in KEY_TYPES or not isinstance(kind, str) or kind.lower() not in _TYPES:
            raise refuse("access_token_wrong", reason="type")
        # Nothing critical is understood here, and ``b64`` would change what is signed.
        if "crit" in header or "b64" in header:
            raise refuse("access_token_wrong", reason="header")
        if key_id is not None and not (isinstance(key_id, str) and 0 < len(key_id) <= LONGEST_KEY_ID):
            raise refuse("access_token_wrong", reason="key")
        return algorithm, key_id

    def _check(self, claims: dict[str, Any], now: datetime) -> None:
        """Refuse a token that is not from here, not for us, not of this time, or no access token."""
        leeway, moment = self._config.leeway_seconds, now.timestamp()
        if claims.get("iss") != self._config.issuer:
            raise refuse("access_token_wrong", reason="issuer")
        audience = claims.get("aud")
        if self._config.audience not in (audience if isinstance(audience, list) else [audience]):
            raise refuse("access_token_wrong", reason="audience")
        # Some issuers tell the kind in a claim too, and ID tokens are JWTs like any other.
        if not _OF_OTHER_TOKENS.isdisjoint(claims) or claims.get("typ", "Bearer") != "Bearer":
            raise refuse("access_token_wrong", reason="type")
        expires = _time(claims, "exp")
        if expires is None:
            raise refuse("access_token_wrong", reason="exp")
        if expires + leeway <= moment:
            raise refuse("access_token_expired")
        for name in ("nbf", "iat"):
            begins = _time(claims, name)
            if begins is not None and begins - leeway > moment:
                raise refuse("access_token_wrong", reason=name)

    def _person(self, claims: dict[str, Any]) -> HsaId:
        """Give the HSA-id that the issuer vouches for."""
        value = claims.get(self._config.hsa_id_claim)
        if not isinstance(value, str):
            raise refuse("access_token_person", claim=self._config.hsa_id_claim)
        try:
            return HsaId(value)
        except WrongValueError:
            raise refuse("access_token_person", claim=self._config.hsa_id_claim) from None


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _object(data: bytes | None) -> dict[str, Any] | None:
    """Read a JSON object in which nothing stands twice: two readers might each take another."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    try:
        value = json.loads(data or b"", object_pairs_hook=once)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _time(claims: dict[str, Any], name: str) -> float | None:
    """Give a moment in seconds, ``None`` where there is none; what is no number is refused."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e11:
        raise refuse("access_token_wrong", reason=name)
    return float(value)


def _mark(claims: dict[str, Any]) -> str:
    """Tell one person of the issuer's from another, for limits and the log, without a name."""
    subject = claims.get("sub") or claims.get("client_id") or ""
    text = f"{claims['iss']}\0{subject}".encode(errors="backslashreplace")
    return hashlib.sha256(text).hexdigest()[:16]
