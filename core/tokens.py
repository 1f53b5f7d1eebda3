"""Bearer tokens: what is known of one, without its secret (DESIGN 9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from core.days import day_of, start_of
from core.identity import HsaId, Id
from core.ports import Membership
from core.refusal import Refusal, WrongValueError

LONGEST_DAYS = 366
"""The longest time that a token can hold: whoever needs one for longer makes a new one once a year."""


class TokenState(StrEnum):
    """Whether a token opens anything."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token that was made for an HSA-id. ``last_used`` is right to a minute."""

    id: Id
    hsa_id: HsaId
    name: str
    created: datetime
    expires: datetime
    revoked: datetime | None = None
    last_used: datetime | None = None

    def state(self, now: datetime) -> TokenState:
        """Give what the token is worth at a moment; one that was revoked stays so."""
        if self.revoked is not None:
            return TokenState.REVOKED
        return TokenState.VALID if now < self.expires else TokenState.EXPIRED


class Presented(NamedTuple):
    """A token that somebody brought: whether with its own secret, and which active accounts its HSA-id has.

    Nobody's accounts are looked up for a wrong secret: ``memberships`` is empty then.
    """

    token: Token
    is_right: bool
    memberships: tuple[Membership, ...]


def expiry_after(days: int, now: datetime) -> datetime:
    """Give when a token ends that holds for some days; else :class:`core.refusal.WrongValueError`."""
    if not 1 <= days <= LONGEST_DAYS:
        raise WrongValueError(Refusal("token_days", "day", {"longest": LONGEST_DAYS}))
    return now + timedelta(days=days)


def expiry_on(day: date, now: datetime) -> datetime:
    """Give when a token ends that holds up to and with a day in Sweden; else ``WrongValueError``."""
    today = day_of(now)
    if not today <= day <= today + timedelta(days=LONGEST_DAYS):
        raise WrongValueError(Refusal("token_days", "day", {"longest": LONGEST_DAYS}))
    return start_of(day + timedelta(days=1))
