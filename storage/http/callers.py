"""Who calls: what each way to sign in makes of a request, and how it says no.

The actor of a request is never taken from its content (DESIGN 9). A way to sign in looks at what came
with the connection and in the headers, and gives an HSA-id that somebody else has vouched for: the one
who made a token, an OpenID Connect issuer, a certification authority. Which account that is, and what it
may do, is then looked up in the storage at every request.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from core.ports import Membership
from core.refusal import Refusal


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a request before anybody looks at its content.

    ``headers`` are as they came, names in lower case; a name may be there several times. ``peer`` is the
    address of who holds the other end of the connection, a proxy for instance; ``None`` over a Unix socket.
    """

    headers: tuple[tuple[bytes, bytes], ...]
    peer: str | None

    def values(self, name: str) -> Iterator[bytes]:
        """Give every value of a header, in their order."""
        wanted = name.lower().encode("ascii")
        return (value for key, value in self.headers if key == wanted)


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls: an HSA-id that was vouched for, and by which way.

    ``key`` tells one credential from another, for limits and the log; it is no secret and no name.
    ``memberships`` are the active accounts that the HSA-id has now, ``None`` where nobody has looked yet.
    """

    hsa_id: str
    way: str
    key: str
    memberships: tuple[Membership, ...] | None = None


class NotSignedInError(Exception):
    """A request brought a credential that is not accepted; ``refusal`` tells why, as much as may be told."""

    def __init__(self, refusal: Refusal) -> None:
        """Carry the refusal to the edge."""
        super().__init__(refusal.code)
        self.refusal = refusal


class SignIn(Protocol):
    """One way to sign in."""

    async def caller(self, call: Call, now: datetime) -> Caller | None:
        """Tell who calls, or ``None`` where the request brings nothing of this way.

        Raises :class:`NotSignedInError` where it does, and it is not accepted.
        """
        ...
