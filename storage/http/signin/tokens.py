"""Bearer tokens of our own: an id to find one by, and 256 bits of chance of which the hash is kept.

A secret of that length can not be guessed, so a fast hash is right: nothing is won by making guesses dear.
Whether somebody knows the id is told to nobody; that a token has ended only to who brought its secret.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import Final, Protocol

from core.tokens import Presented, Token, TokenState
from storage.http.callers import Call, Caller
from storage.http.signin.bearer import bearer
from storage.http.signin.refuse import refuse

PREFIX: Final = "behorig_"
"""What every token begins with, so that a search for leaked secrets finds it in a text."""

_FORM: Final = re.compile(r"behorig_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


class Tokens(Protocol):
    """Where tokens are found (:class:`storage.sql.tokens.SqlTokens`)."""

    async def presented(self, token_id: str, secret_hash: bytes) -> Presented | None:
        """Look at a token that was brought with the hash of its secret."""
        ...

    def used(self, token: Token, now: datetime) -> None:
        """Write down that a token was used; never waits, never fails."""
        ...


class TokenSignIn:
    """Bearer tokens as a way to sign in (:class:`storage.http.callers.SignIn`)."""

    def __init__(self, tokens: Tokens) -> None:
        """Look tokens up at every request, so that a revoked one opens nothing."""
        self._tokens = tokens

    async def caller(self, call: Call, now: datetime) -> Caller | None:
        """Tell for whom the token of a request was made, ``None`` where it brings none of this kind."""
        value = bearer(call)
        if value is None or not value.startswith(PREFIX):
            return None
        parts = parts_of(value)
        found = None if parts is None else await self._tokens.presented(*parts)
        if found is None or not found.is_right:
            raise refuse("token_wrong")
        token = found.token
        match token.state(now):
            case TokenState.REVOKED:
                raise refuse("token_revoked")
            case TokenState.EXPIRED:
                raise refuse("token_expired")
            case TokenState.VALID:
                self._tokens.used(token, now)
        return Caller(
            hsa_id=str(token.hsa_id), way="token", key=f"token:{token.id}", memberships=found.memberships
        )


def new_secret() -> tuple[str, str, bytes]:
    """Make a token: its id, the whole text that is shown once, and the hash that is kept."""
    token_id = secrets.token_hex(8)
    text = f"{PREFIX}{token_id}_{secrets.token_urlsafe(32)}"
    return token_id, text, hash_of(text)


def parts_of(text: str) -> tuple[str, bytes] | None:
    """Give the id and the hash of a token's text, ``None`` where it is no token."""
    found = _FORM.fullmatch(text)
    return None if found is None else (found[1], hash_of(text))


def hash_of(text: str) -> bytes:
    """Give what is kept of a token: the SHA-256 of its whole text."""
    return hashlib.sha256(text.encode("ascii")).digest()
