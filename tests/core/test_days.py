"""A moment is UTC, a day is a day in Stockholm: at midnight, in summer and when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import DatedName, Permission
from core.days import at_clock, day_of, local, start_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-23 22:59:59.999999", date(2026, 11, 23)),
        ("2026-11-23 23:00", date(2026, 11, 24)),
        ("2026-06-08 21:59:59.999999", date(2026, 6, 8)),
        ("2026-06-08 22:00", date(2026, 6, 9)),
        # Summer time begins on 29 March at 01:00 UTC and ends on 25 October at 01:00 UTC.
        ("2026-03-28 22:59", date(2026, 3, 28)),
        ("2026-03-28 23:00", date(2026, 3, 29)),
        ("2026-03-29 21:59", date(2026, 3, 29)),
        ("2026-03-29 22:00", date(2026, 3, 30)),
        ("2026-10-24 22:00", date(2026, 10, 25)),
        ("2026-10-25 22:59", date(2026, 10, 25)),
        ("2026-10-25 23:00", date(2026, 10, 26)),
        ("2025-12-31 23:00", date(2026, 1, 1)),
    ],
)
def test_a_moment_lies_on_a_swedish_day(moment: str, day: date) -> None:
    assert day_of(at(moment)) == day


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_begins_at_its_first_moment(day: date) -> None:
    start = start_of(day)
    assert day_of(start) == day
    assert day_of(start - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert (local(start).hour, local(start).minute) == (0, 0)
    assert start.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)]
)
def test_a_day_of_changing_clocks_has_its_own_length(day: date, hours: int) -> None:
    assert start_of(day + timedelta(days=1)) - start_of(day) == timedelta(hours=hours)


def test_a_moment_without_a_time_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 11, 23, 12))  # noqa: DTZ001  # that it fails is what is shown


def permission(
    *names: DatedName, launched: date = date(2021, 6, 9), retired: date | None = None
) -> Permission:
    return Permission(
        id="p", e_service_id="e", short_name="P", names=names or (DatedName("P"),), launched_on=launched,
        retired_on=retired,
    )  # fmt: skip


def test_a_permission_lives_from_its_launch_day_until_the_day_before_it_ends() -> None:
    one = permission(retired=date(2021, 7, 21))
    assert [one.is_launched(date(2021, 6, day)) for day in (8, 9, 10)] == [False, True, True]
    assert [one.is_retired(date(2021, 7, day)) for day in (20, 21, 22)] == [False, True, True]
    assert not permission().is_retired(date.max)


def test_the_name_of_a_day_is_the_last_that_had_begun() -> None:
    one = permission(
        DatedName("A"),
        DatedName("B", date(2022, 1, 1)),
        DatedName("A", date(2023, 1, 1)),
        DatedName("B", date(2024, 1, 1)),
    )
    assert [one.name_on(date(year, 6, 1)) for year in (2021, 2022, 2023, 2024)] == ["A", "B", "A", "B"]
    assert [one.former_names(date(year, 6, 1)) for year in (2021, 2022, 2023, 2024)] == [
        (),
        ("A",),
        ("B",),
        ("A",),
    ]
    assert one.name_on(date(2021, 12, 31)) == "A"


def test_a_name_that_begins_later_does_not_hold_yet() -> None:
    one = permission(DatedName("B", date(2022, 1, 1)), DatedName("C", date(2023, 1, 1)))
    assert one.name_on(date(2020, 1, 1)) == "B"
    assert one.former_names(date(2020, 1, 1)) == ()


@pytest.mark.parametrize(
    ("day", "hour", "minute", "expected"),
    [
        (date(2024, 2, 1), 8, 12, "2024-02-01T07:12:00+00:00"),
        (date(2024, 7, 1), 8, 12, "2024-07-01T06:12:00+00:00"),
        (date(2024, 3, 31), 1, 59, "2024-03-31T00:59:00+00:00"),
        (date(2024, 3, 31), 2, 30, None),
        (date(2024, 3, 31), 3, 0, "2024-03-31T01:00:00+00:00"),
        (date(2024, 10, 27), 2, 30, "2024-10-27T00:30:00+00:00"),
        (date(2024, 10, 27), 3, 0, "2024-10-27T02:00:00+00:00"),
    ],
)
def test_a_time_by_the_clock_is_a_moment_unless_no_clock_ever_shows_it(
    day: date, hour: int, minute: int, expected: str | None
) -> None:
    found = at_clock(day, hour, minute)
    assert (None if found is None else found.isoformat()) == expected


@pytest.mark.parametrize("aware", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_at_the_ends_of_the_calendar_a_moment_has_a_day_too(aware: datetime) -> None:
    """A question may name any moment that can be written; no answer to it is an error of ours."""
    assert day_of(aware) == aware.date()
    assert local(aware).date() == aware.date()
