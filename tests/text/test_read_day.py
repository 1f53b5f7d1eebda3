"""Days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.dates import day as day_text
from tui.text.read_day import read_day

TODAY = date(2024, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        *("2023-05-02", "20230502", "2 maj 2023", "2. maj 2023", "2 Maj, 2023", "02 may 2023", " 2/5 2023 "),
        *("2/5/2023", "02/05-2023", "2 / 5, 2023"),
    ],
)
def test_a_day_is_known_however_it_is_written(text: str) -> None:
    assert read_day(text, TODAY) == date(2023, 5, 2)


def test_a_day_without_a_year_is_of_this_year() -> None:
    assert read_day("2/5", TODAY) == read_day("2 maj", TODAY) == date(2024, 5, 2)
    assert read_day("29 feb", TODAY) == date(2024, 2, 29)
    assert read_day("29 feb 2023", TODAY) is None


@pytest.mark.parametrize(
    "text",
    ["", "i går", "2023", "2023-13-01", "2023-02-30", "31/4 2023", "0/0", "2 m 2023", "2 ma 2023", "2-5-23"],
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert read_day(text, TODAY) is None


@given(st.dates())
def test_a_day_that_is_shown_is_read_back(day: date) -> None:
    assert read_day(day.isoformat(), TODAY) == day
    if day.year >= 1000:
        assert read_day(day_text(day), TODAY) == day


@given(st.text())
def test_any_text_is_a_day_or_none(text: str) -> None:
    read_day(text, TODAY)
