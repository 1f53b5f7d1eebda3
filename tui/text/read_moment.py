"""Read a moment as it is written in fields and options: ``2024-02-01 08.00``, by clocks in Sweden."""

from __future__ import annotations

import re
from datetime import date, datetime

from core.days import at_clock, local
from tui.text import pgettext
from tui.text.dates import clock

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2})[.:](\d{2})", re.ASCII)


def read_moment(text: str) -> datetime | None:
    """Give the moment in UTC that a text names, ``None`` where it names none."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return at_clock(date.fromisoformat(found[1]), int(found[2]), int(found[3]))
    except (ValueError, OverflowError):
        return None


def written_moment(moment: datetime | None) -> str:
    """Write a moment as :func:`read_moment` reads it, ``""`` for none."""
    if moment is None:
        return ""
    return pgettext(
        "to be written and read", "{day} {time}", day=local(moment).date().isoformat(), time=clock(moment)
    )
