"""Dates: months that are not equally long, working days, and days as numbers that sort.

>>> add_months(date(2024, 2, 29), 12)
datetime.date(2025, 3, 1)
"""

from __future__ import annotations

import calendar
from collections.abc import Container
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def _month(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def add_months(day: date, months: int) -> date:
    """The same day so many months on; where that month has no such day, the first of the next.

    So a year from 29 February is full: it ends on 28 February and the next begins on 1 March.
    """
    year, month = _month(day, months)
    last = calendar.monthrange(year, month)[1]
    if day.day <= last:
        return date(year, month, day.day)
    return date(year, month, last) + ONE_DAY


def corresponding_date(day: date, months: int) -> date:
    """The same day so many months on; where that month has no such day, its last.

    The corresponding date rule by which statutory time limits in months run:
    https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/individual-rights/
    """
    year, month = _month(day, months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def later(day: date, days: int) -> date:
    """So many days on, or the last day there is: people enter 31 December 9999 for no end."""
    return day + timedelta(days=min(days, (date.max - day).days))


def next_working_day(day: date, holidays: Container[date]) -> date:
    """The day itself, or the first after it that is neither at a weekend nor a holiday."""
    while day.weekday() >= _SATURDAY or day in holidays:
        day += ONE_DAY
    return day


def months_touched(first: date, last: date) -> int:
    """Calendar months from the first day's to the last day's, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def whole_months(first: date, last: date) -> int:
    """Complete months in the days from ``first`` to ``last``, both included; never below 0."""
    months = max(0, months_touched(first, last))
    while months and add_months(first, months) - ONE_DAY > last:
        months -= 1
    return months


def number(day: date) -> int:
    """The day as a number that sorts, e.g. 20261124."""
    return day.year * 10_000 + day.month * 100 + day.day
