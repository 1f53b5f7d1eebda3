"""Days on which an office is open in Sweden, and moments in its hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage.seed.chance import draw

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
# The holidays that stand on a date of their own, and the eves on which nobody works.
_CLOSED = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})


def is_workday(day: date) -> bool:
    """Say whether somebody is at work; the holidays that move with Easter are worked through."""
    return day.weekday() < 5 and (day.month, day.day) not in _CLOSED


def workday(day: date) -> date:
    """Give the day itself, or the next one on which somebody is at work."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def moment(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    """Give a moment in UTC from a day and the clock on the wall in Sweden."""
    there = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_STOCKHOLM)
    return there.astimezone(UTC)


def in_office(day: date, *key: str | int) -> datetime:
    """Give a moment between 8.30 and 16.20 on a day or the next workday, by the key."""
    minutes = 8 * 60 + 30 + draw(470, "office", day.isoformat(), *key)
    return moment(workday(day), minutes // 60, minutes % 60, draw(60, "second", *key))


def early(day: date, *key: str | int) -> datetime:
    """Give a moment before nine on a day or the next workday: when a launch is worked through."""
    return moment(workday(day), 8, 2 + draw(50, "early", day.isoformat(), *key), draw(60, "second", *key))
