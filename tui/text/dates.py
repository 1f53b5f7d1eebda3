"""Days and moments in words, as the reader's language writes them and as clocks in Sweden show them."""

from __future__ import annotations

from datetime import date, datetime

from tui.text import N_, _, pgettext

# Babel could do this, at the price of loading its data for a language at the first date shown.
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def day(value: date | str) -> str:
    """Write a day, also one in ISO 8601: ``1 mars 2021``. What is no day is given back as it is."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    return pgettext(
        "date", "{day} {month} {year}", day=value.day, month=_(MONTHS[value.month - 1]), year=value.year
    )


def day_of_moment(value: str) -> str:
    """Write the day in Sweden of a moment in ISO 8601; what is none is written as it stands."""
    # Deferred: only who writes moments of a storage needs it.
    from core.days import day_of

    try:
        return day(day_of(datetime.fromisoformat(value)))
    except ValueError:
        return value


def day_of_year(value: date) -> str:
    """Write a day that is near, without its year: ``1 mars``."""
    return pgettext("near date", "{day} {month}", day=value.day, month=_(MONTHS[value.month - 1]))


def clock(value: datetime) -> str:
    """Write the time of an aware moment in Sweden: ``09.12``, ``09:12``."""
    from core.days import local  # a date needs no time zones, and the first frame shows at most a date

    there = local(value)
    return pgettext("time", "{hour}:{minute}", hour=f"{there.hour:02}", minute=f"{there.minute:02}")


def moment(value: datetime | str) -> str:
    """Write an aware moment, also in ISO 8601: ``1 mars 2021 09.12``. Others are given back as they are."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    if value.tzinfo is None:
        return value.isoformat()
    from core.days import local

    return pgettext("moment", "{day} {time}", day=day(local(value).date()), time=clock(value))
