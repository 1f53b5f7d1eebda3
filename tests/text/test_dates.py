"""Days and moments are written as in Swedish, by the clocks of Sweden."""

from datetime import UTC, date, datetime

import pytest

from tui.text.dates import clock, day, moment


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2021, 3, 1), "1 mars 2021"),
        ("2019-11-28", "28 november 2019"),
        (date(2024, 12, 31), "31 december 2024"),
        ("", ""),
        ("no day", "no day"),
    ],
)
def test_a_day_is_written_with_its_month_in_words(value: date | str, said: str) -> None:
    assert day(value) == said


def test_every_month_has_its_swedish_name() -> None:
    first = ["januari", "februari", "mars", "april", "maj", "juni"]
    last = ["juli", "augusti", "september", "oktober", "november", "december"]
    assert [day(date(2024, number, 1)).split()[1] for number in range(1, 13)] == first + last


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2021-03-01T08:12:00.000000+00:00", "1 mars 2021 09.12"),
        ("2021-07-01T22:30:00+00:00", "2 juli 2021 00.30"),
        (datetime(2024, 2, 1, 7, 12, 59, tzinfo=UTC), "1 februari 2024 08.12"),
        ("no moment", "no moment"),
        ("2021-03-01T08:12:00", "2021-03-01T08:12:00"),
    ],
)
def test_a_moment_is_written_as_clocks_in_sweden_showed_it(value: datetime | str, said: str) -> None:
    assert moment(value) == said


def test_a_clock_has_two_digits_for_each() -> None:
    assert clock(datetime(2024, 2, 1, 7, 5, tzinfo=UTC)) == "08.05"
