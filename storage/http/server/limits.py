"""How much one caller, one address and all of them together may ask of a server."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import msgspec

from core.refusal import Refusal
from storage.http.problems import Kind, ProblemError

MOST_REMEMBERED: Final = 20_000
"""How many callers or addresses are remembered; who has not been heard of for longest is forgotten first."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """So many requests a second in the long run, and so many at once after a rest."""

    each_second: float
    at_once: float


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a server puts up with; all sizes are in bytes.

    ``most_body`` is for a note, ``most_keyed`` for what may hold twenty thousand changes or keys
    (:data:`core.changes.MOST_CHANGES`, :data:`core.queries.MOST_KEYS`). ``seconds`` is how long a request may
    take from its first header to the end of its answer. ``at_work`` is how many questions and writes the
    storage is given at a time, those that wait in its threads included.
    """

    most_body: int = 1_000_000
    most_keyed: int = 8_000_000
    most_headers: int = 32_768
    seconds: float = 30.0
    at_work: int = 64
    caller: Rate = Rate(each_second=50, at_once=200)
    source: Rate = Rate(each_second=200, at_once=800)
    stranger: Rate = Rate(each_second=1, at_once=30)
    """For an address whose sign-ins fail: only failures count, and only they are refused."""
    streams_each: int = 4
    streams: int = 1_000
    heartbeat: float = 15.0
    recheck: float = 30.0
    """How often it is asked whether somebody who follows may still do so."""


def busy(status: HTTPStatus, code: str, wait: float) -> ProblemError:
    """Give the problem of a request that may be made again after so many seconds."""
    seconds = max(1, math.ceil(wait))
    return ProblemError(
        Kind.BUSY,
        status,
        Refusal(code, "", {"seconds": seconds}),
        headers={"Retry-After": str(seconds)},
    )


class Buckets:
    """A bucket of tokens for each key: it fills steadily, and a request takes one out."""

    def __init__(self, rate: Rate, clock: Callable[[], float], most: int = MOST_REMEMBERED) -> None:
        """Start with every bucket full; ``clock`` gives seconds that never go back."""
        self._rate, self._clock, self._most = rate, clock, most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Give how many keys are remembered."""
        return len(self._left)

    def wait(self, key: str, take: float = 1.0) -> float:
        """Take from a bucket and give 0, or give the seconds until there is enough and take nothing."""
        now = self._clock()
        left, since = self._left.pop(key, (self._rate.at_once, now))
        left = min(self._rate.at_once, left + (now - since) * self._rate.each_second)
        enough = left >= take
        self._left[key] = (left - take if enough else left, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0.0 if enough else (take - left) / self._rate.each_second


class Turnstile:
    """Lets so many in at a time; whoever comes when it is full is told to come again."""

    def __init__(self, most: int) -> None:
        """Let ``most`` in."""
        self._most = most
        self.inside = 0

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Be inside while the block runs; :class:`storage.http.problems.ProblemError` where it is full."""
        if self.inside >= self._most:
            raise busy(HTTPStatus.SERVICE_UNAVAILABLE, "server_busy", 1)
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1


def networks(names: Sequence[str]) -> tuple[Network, ...]:
    """Read addresses and networks; another text is a :class:`ValueError`."""
    return tuple(ipaddress.ip_network(name) for name in names)


def source_of(peer: str | None, forwarded: Sequence[bytes], trusted: Sequence[Network]) -> str:
    """Give the address that a request comes from: the peer's, or what a trusted proxy says.

    ``peer`` is ``None`` over a Unix socket, whose file lets only the proxy in. Of what the proxies say
    (``X-Forwarded-For``, each adding the one it heard from at the end) the last one that no trusted proxy
    has is believed; what stands before it anybody can write.
    """
    if peer is not None and not _is_in(peer, trusted):
        return peer
    found = peer or "unix"
    heard = [each.strip() for line in forwarded for each in line.decode("latin-1").split(",")]
    for address in reversed(heard):
        try:
            found = str(ipaddress.ip_address(address))
        except ValueError:
            break
        if not _is_in(found, trusted):
            break
    return found


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in trusted)
