"""Periods of whole days, the first and the last included, and months that are not equally long.

>>> last_day(date(2027, 9, 1), 12)
datetime.date(2028, 8, 31)
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last."""

    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.starts_on <= day <= self.ends_on

    def overlaps(self, other: Period) -> bool:
        """Whether some day is in both."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def same_day(day: date, months: int) -> date:
    """The same day so many months on, or before; where that month has no such day, its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(starts_on: date, months: int) -> date:
    """The last day of so many full months."""
    following = same_day(starts_on, months)
    return following if following.day < starts_on.day else following - ONE_DAY
