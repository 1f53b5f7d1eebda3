"""Days and moments: a moment is UTC, a day is a calendar day in Sweden (DOMAIN 3.2)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

_STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Clock(Protocol):
    """Gives the present moment, aware and in UTC. The program has one; tests bring their own."""

    def __call__(self) -> datetime:
        """Give the present moment."""
        ...


def day_of(moment: datetime) -> date:
    """Give the day in Europe/Stockholm of an aware moment; a naive one is a ``ValueError``."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return local(moment).date()


def local(moment: datetime) -> datetime:
    """Give an aware moment as wall-clock time in Europe/Stockholm, for showing.

    At either end of what a calendar counts there is no such time, and it stays as it is.
    """
    try:
        return moment.astimezone(_STOCKHOLM)
    except OverflowError:
        return moment


def start_of(day: date) -> datetime:
    """Give the moment in UTC at which a day begins in Europe/Stockholm."""
    return datetime(day.year, day.month, day.day, tzinfo=_STOCKHOLM).astimezone(UTC)


def at_clock(day: date, hour: int, minute: int) -> datetime | None:
    """Give the moment in UTC at which clocks in Sweden show a time on a day, ``None`` where they never do.

    That is in the hour that is passed over in spring. Of the hour that comes twice in autumn it is the
    first one.
    """
    there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=_STOCKHOLM)
    moment = there.astimezone(UTC)
    return moment if local(moment).replace(tzinfo=None) == there.replace(tzinfo=None) else None
