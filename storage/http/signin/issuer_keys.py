"""The keys of an OpenID Connect issuer: found by discovery, kept for a while, asked for seldom.

Whoever sends tokens with key ids that nobody has must not make us ask the issuer each time: between two
attempts there is a pause, whether they succeed or not. When the issuer is away, keys that are not too old
go on being used.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from core.ports import StorageError
from storage.http.signin.refuse import refuse
from storage.http.signin.web import AwayError, address_in, discovered, http_client, json_of

if TYPE_CHECKING:
    import httpx

PublicKey = RSAKey | ECKey | OKPKey

FRESH: Final = 600.0
"""Seconds after which keys are asked for again, while the old ones go on being used."""

OLDEST: Final = 24 * 3600.0
"""Seconds after which keys are no longer used, whatever the reason that there are no newer ones."""

BETWEEN: Final = 30.0
"""Seconds between two attempts at the least."""

MOST_KEYS: Final = 32
"""An issuer with more keys than this is not believed."""

LONGEST_KEY_ID: Final = 256

KEY_TYPES: Final = {
    "RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "PS256": "RSA", "PS384": "RSA", "PS512": "RSA",
    "ES256": "EC", "ES384": "EC", "ES512": "EC", "Ed25519": "OKP",
}  # fmt: skip
"""The algorithms that may be allowed, each with the kind of key it takes. All are asymmetric."""

_CURVES: Final = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


class IssuerKeys:
    """The public keys of one issuer."""

    def __init__(
        self,
        issuer: str,
        *,
        authority: str = "",
        proxy: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask nothing yet. ``clock`` gives seconds that never go back; ``transport`` is for tests."""
        self.issuer = issuer
        self.attempts = 0
        self.last_fault = ""
        self._authority, self._proxy, self._transport, self._clock = authority, proxy, transport, clock
        self._keys: tuple[PublicKey, ...] = ()
        self._fetched: float | None = None
        self._tried: float | None = None
        self._lock = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def find(self, key_id: str | None, algorithm: str) -> PublicKey | None:
        """Give the key of a token, ``None`` where the issuer has none that fits it.

        A token without a key id is of the only key that fits its algorithm.

        Raises:
            NotSignedInError: ``issuer_away``: there are no keys that are fresh enough to judge by, or
                this one is not known and could not be asked for.
        """
        if self._usable():
            found = self._fitting(key_id, algorithm)
            if found is not None:
                if self._age() > FRESH and self._may_try():
                    self._refresh_aside()
                return found
        await self._refresh()
        if not self._usable():
            raise refuse("issuer_away")
        found = self._fitting(key_id, algorithm)
        if found is None and self.last_fault:
            # It may be a key that we have not been able to hear of.
            raise refuse("issuer_away")
        return found

    async def close(self) -> None:
        """Stop asking."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _age(self) -> float:
        return OLDEST if self._fetched is None else self._clock() - self._fetched

    def _usable(self) -> bool:
        return self._fetched is not None and self._age() < OLDEST

    def _may_try(self) -> bool:
        return self._tried is None or self._clock() - self._tried >= BETWEEN

    def _fitting(self, key_id: str | None, algorithm: str) -> PublicKey | None:
        fitting = [
            key
            for key in self._keys
            if (key_id is None or key.get("kid") == key_id) and _fits(key, algorithm)
        ]
        # Two keys of the same id, or several to choose from, are no key: nothing is tried out.
        return fitting[0] if len(fitting) == 1 else None

    def _refresh_aside(self) -> None:
        """Ask for new keys while the old ones are used: no request waits for it."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh())

    async def _refresh(self) -> None:
        """Ask the issuer, unless somebody has a moment ago; whoever comes meanwhile waits for the answer."""
        async with self._lock:
            if not self._may_try():
                return
            self._tried = self._clock()
            self.attempts += 1
            try:
                keys = await self._fetch()
            except AwayError as error:
                self.last_fault = error.reason
                return
            except StorageError as error:
                # A file of authorities that somebody has taken away: nobody can be judged meanwhile.
                self.last_fault = error.refusal.code
                return
            self._keys, self._fetched, self.last_fault = keys, self._clock(), ""

    async def _fetch(self) -> tuple[PublicKey, ...]:
        async with http_client(self._authority, self._proxy, self._transport) as client:
            document = await discovered(client, self.issuer)
            status, answer = await json_of(client, "GET", address_in(document, "jwks_uri"))
        listed = answer.get("keys")
        if status != 200 or not isinstance(listed, list) or len(listed) > MOST_KEYS:
            raise AwayError("no_keys")
        keys = tuple(key for each in listed for key in (_public_key(each),) if key is not None)
        if not keys:
            raise AwayError("no_keys")
        return keys


def _public_key(value: Any) -> PublicKey | None:
    """Read a key of the issuer's; secret keys, keys for encryption and weak ones are none."""
    if not isinstance(value, dict) or value.get("kty") not in {"RSA", "EC", "OKP"}:
        return None
    if value.get("use", "sig") != "sig" or "verify" not in value.get("key_ops", ["verify"]):
        return None
    key_id = value.get("kid")
    if key_id is not None and not (isinstance(key_id, str) and len(key_id) <= LONGEST_KEY_ID):
        return None
    # Only what makes a public key: nobody is to publish the rest, and we shall not hold it.
    kept = {name: value[name] for name in ("kty", "kid", "alg", "n", "e", "crv", "x", "y") if name in value}
    try:
        key = JWKRegistry.import_key(kept)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey):
        return key if key.public_key.key_size >= 2048 else None
    return key if isinstance(key, (ECKey, OKPKey)) else None


def _fits(key: PublicKey, algorithm: str) -> bool:
    """Say whether a key is for an algorithm: of its kind and curve, and not declared for another one."""
    if key.key_type != KEY_TYPES[algorithm] or key.get("alg", algorithm) != algorithm:
        return False
    if algorithm == "Ed25519":
        return key.get("crv") == "Ed25519"
    return algorithm not in _CURVES or key.get("crv") == _CURVES[algorithm]
