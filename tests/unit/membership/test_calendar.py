"""Months that are not equally long, working days, and the last day there is."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.calendar import (
    add_months,
    corresponding_date,
    later,
    months_touched,
    next_working_day,
    number,
    whole_months,
)

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(0, 240)
ONE_DAY = timedelta(days=1)
FOUR_YEARS = [date(2023, 1, 1) + timedelta(days=n) for n in range(1461)]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2024, 1, 29), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_added(day: date, months: int, expected: date) -> None:
    """To the same day of a later month, or the first after it where there is no such day."""
    assert add_months(day, months) == expected


@settings(deadline=None)
@given(DAYS, MONTHS)
def test_added_months_keep_the_day_of_the_month_or_run_over_by_one(day: date, months: int) -> None:
    """Both ways agree where the month is long enough; else they are neighbours at its end."""
    after, corresponding = add_months(day, months), corresponding_date(day, months)
    if after != corresponding:
        assert after == corresponding + ONE_DAY
        assert after.day == 1
    else:
        assert after.day == day.day
    assert months_touched(day, corresponding) == months + 1


@settings(deadline=None)
@given(DAYS, DAYS, st.integers(0, 24))
def test_who_begins_later_never_ends_earlier(one: date, other: date, months: int) -> None:
    """Adding months keeps the order of days."""
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2028, 1, 30), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 9, 3), 1, date(2026, 10, 3)),
    ],
)
def test_a_time_limit_ends_on_the_corresponding_date(
    received: date, months: int, due: date
) -> None:
    """Or with the month that has no such date."""
    assert corresponding_date(received, months) == due


def test_a_working_day_is_neither_at_a_weekend_nor_a_holiday() -> None:
    """Easter 2026: from Good Friday to Easter Monday nobody works."""
    holidays = {date(2026, 4, 3), date(2026, 4, 6)}
    assert next_working_day(date(2026, 4, 2), holidays) == date(2026, 4, 2)
    for day in (3, 4, 5, 6, 7):
        assert next_working_day(date(2026, 4, day), holidays) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("first", "last", "touched", "whole"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 12, 12),
        (date(2026, 1, 2), date(2026, 12, 31), 12, 11),
        (date(2026, 1, 31), date(2026, 2, 1), 2, 0),
        (date(2026, 1, 31), date(2026, 2, 28), 2, 1),
        (date(2026, 5, 5), date(2026, 5, 5), 1, 0),
        (date(2026, 5, 5), date(2026, 6, 3), 2, 0),
        (date(2026, 5, 5), date(2026, 6, 4), 2, 1),
        (date(2026, 5, 5), date(2026, 5, 4), 1, 0),
        (date(2026, 5, 5), date(2026, 1, 4), -3, 0),
    ],
)
def test_months_are_counted_begun_or_whole(
    first: date, last: date, touched: int, whole: int
) -> None:
    """Begun months are charged, whole ones given back."""
    assert months_touched(first, last) == touched
    assert whole_months(first, last) == whole


def test_a_term_of_so_many_months_has_so_many_whole_months() -> None:
    """From every day of four years, with a leap day among them; a day less is a month less."""
    for first in FOUR_YEARS:
        for months in (1, 3, 12, 24):
            last = add_months(first, months) - ONE_DAY
            assert whole_months(first, last) == months
            assert whole_months(first, last - ONE_DAY) == months - 1


def test_no_day_is_later_than_the_last() -> None:
    """Who enters the last day there is for no end gets it, and no error."""
    assert later(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert later(date.max, 1) == later(date.max - ONE_DAY, 400) == date.max
    assert later(date(2024, 2, 28), 0) == date(2024, 2, 28)


@settings(deadline=None)
@given(DAYS, DAYS)
def test_days_as_numbers_sort_as_days(one: date, other: date) -> None:
    """So their text sorts too, as both have eight digits."""
    assert (number(one) < number(other)) == (one < other)
    assert len(str(number(one))) == 8
    assert str(number(one)).endswith(f"{one.day:02}")
    assert calendar.monthrange(number(one) // 10_000, number(one) // 100 % 100)[1] >= one.day
