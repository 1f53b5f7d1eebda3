"""The program's clock and its source of ids: the one place where time and chance come from outside."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta


def system_clock() -> datetime:
    """Give the present moment, in UTC."""
    return datetime.now(UTC)


class DemoClock:
    """A clock that starts at a given moment and then goes on as any clock does."""

    def __init__(self, start: datetime) -> None:
        """Start now; ``start`` is an aware moment."""
        self._start = start
        self._started = time.monotonic()

    def __call__(self) -> datetime:
        """Give the moment of the demo, in UTC."""
        return (self._start + timedelta(seconds=time.monotonic() - self._started)).astimezone(UTC)


def new_id() -> str:
    """Give an id that nobody has had: 128 bits of chance."""
    return secrets.token_hex(16)
