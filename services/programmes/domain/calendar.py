"""Working time by the calendar of a nation: weekends and bank holidays do not count.

>>> from datetime import datetime, timedelta
>>> from zoneinfo import ZoneInfo
>>> friday = datetime(2027, 5, 28, 12, tzinfo=ZoneInfo("Europe/London"))
>>> add_working_hours(friday, 48, Nation.ENGLAND, friday.tzinfo).isoformat()
'2027-06-02T12:00:00+01:00'
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from holidays import country_holidays

from services.programmes.domain.terms import Nation

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_SUBDIVISIONS = {
    Nation.ENGLAND: "ENG",
    Nation.SCOTLAND: "SCT",
    Nation.WALES: "WLS",
    Nation.NORTHERN_IRELAND: "NIR",
}


def bank_holidays(nation: Nation) -> Container[date]:
    """The bank holidays of a nation, substitute days included, in whichever year is asked for."""
    return country_holidays("GB", subdiv=_SUBDIVISIONS[nation])


def is_working_day(day: date, holidays: Container[date]) -> bool:
    """Whether a day is neither at a weekend nor a holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def add_working_hours(start: datetime, hours: int, nation: Nation, zone: tzinfo) -> datetime:
    """The instant so many hours on, in ``zone``, of which those of other days do not count.

    A working day has all its hours, from midnight to midnight by the clock of ``zone``; on the day
    on which the clocks change these are 23 or 25.
    """
    return add_working_time(start, timedelta(hours=hours), nation, zone)


def add_working_time(start: datetime, left: timedelta, nation: Nation, zone: tzinfo) -> datetime:
    """The same for any length of time."""
    holidays = bank_holidays(nation)
    now = start.astimezone(UTC)
    while True:
        midnight = _end_of_day(now, zone)
        if is_working_day(now.astimezone(zone).date(), holidays):
            if now + left <= midnight:
                return (now + left).astimezone(zone)
            left -= midnight - now
        now = midnight


def working_time_between(start: datetime, end: datetime, nation: Nation, zone: tzinfo) -> timedelta:
    """How much of the time from one instant to another counts; none where the end is no later."""
    holidays = bank_holidays(nation)
    now, end, counted = start.astimezone(UTC), end.astimezone(UTC), timedelta()
    while now < end:
        until = min(_end_of_day(now, zone), end)
        if is_working_day(now.astimezone(zone).date(), holidays):
            counted += until - now
        now = until
    return counted


def _end_of_day(now: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date() + _ONE_DAY, time(), zone).astimezone(UTC)
