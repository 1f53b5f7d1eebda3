"""Read a day as people write it: ``2023-05-02``, ``2 maj 2023``, ``May 2, 2023``, ``2/5 2023``, ``2/5``."""

from __future__ import annotations

import re
from datetime import date

from core.text import search_key
from tui.text import LANGUAGES, _, speaking
from tui.text.dates import MONTHS

_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})(?:[\s/,-]+(\d{4}))?")
_WORDS = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?([^\W\d]{3,})\.?(?:,?\s+(\d{4}))?")
_MONTH_FIRST = re.compile(r"([^\W\d]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")


def read_day(text: str, today: date) -> date | None:
    """Give the day that a text names, ``None`` where it names none; a day without a year is of ``today``'s.

    Months are known by their names in every language of the program, from three letters on. In numbers the
    day comes before the month, whatever the language: it is Sweden's calendar.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _day(*found.groups())
    if found := _NUMBERS.fullmatch(text):
        day, month, year = found.groups()
        return _day(year or str(today.year), month, day)
    if found := _WORDS.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
        day, name, year = found.groups()
        if not day.isdecimal():
            day, name = name, day
        month = _month(name)
        return None if month is None else _day(year or str(today.year), str(month), day)
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month(name: str) -> int | None:
    wanted = search_key(name)
    for language in LANGUAGES:
        with speaking(language):
            for number, month in enumerate(MONTHS, 1):
                if search_key(_(month)).startswith(wanted):
                    return number
    return None
