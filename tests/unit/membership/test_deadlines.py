"""One calendar month, or the next working day: when an answer about somebody's data is due."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from services.membership.domain.deadlines import bank_holidays, due_on
from services.membership.domain.terms import Nation

# https://www.gov.uk/bank-holidays, as published for these years
SHARED = [
    "2024-01-01",
    "2024-03-29",
    "2024-05-06",
    "2024-05-27",
    "2024-12-25",
    "2024-12-26",
    "2025-01-01",
    "2025-04-18",
    "2025-05-05",
    "2025-05-26",
    "2025-12-25",
    "2025-12-26",
    "2026-01-01",
    "2026-04-03",
    "2026-05-04",
    "2026-05-25",
    "2026-12-25",
    "2026-12-28",
]
EASTER_MONDAYS = ["2024-04-01", "2025-04-21", "2026-04-06"]
LAST_MONDAYS_OF_AUGUST = ["2024-08-26", "2025-08-25", "2026-08-31"]
OWN = {
    Nation.ENGLAND: [*EASTER_MONDAYS, *LAST_MONDAYS_OF_AUGUST],
    Nation.WALES: [*EASTER_MONDAYS, *LAST_MONDAYS_OF_AUGUST],
    Nation.NORTHERN_IRELAND: [
        *EASTER_MONDAYS,
        *LAST_MONDAYS_OF_AUGUST,
        *["2024-03-18", "2025-03-17", "2026-03-17"],
        *["2024-07-12", "2025-07-14", "2026-07-13"],
    ],
    Nation.SCOTLAND: [
        *["2024-01-02", "2025-01-02", "2026-01-02"],
        *["2024-08-05", "2025-08-04", "2026-08-03"],
        *["2024-12-02", "2025-12-01", "2026-11-30"],
        "2026-06-15",  # the day after a match of Scotland's team, proclaimed for that year
    ],
}
NATIONS = list(OWN)


def every_day_of_four_years() -> Iterator[date]:
    day = date(2024, 1, 1)
    while day < date(2028, 1, 1):
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("nation", NATIONS)
def test_bank_holidays_are_those_that_the_government_published(nation: Nation) -> None:
    """All of them in three years, and on a working day no other."""
    published = {date.fromisoformat(day) for day in (*SHARED, *OWN[nation])}
    known = bank_holidays(nation)
    days = [day for day in every_day_of_four_years() if day.year < 2027 and day.weekday() < 5]
    assert {day for day in days if day in known} == published


@pytest.mark.parametrize("nation", [*NATIONS, Nation.OUTSIDE_UK])
def test_every_request_is_due_on_the_first_working_day_from_its_month_on(nation: Nation) -> None:
    """Never before a month is over, never on a day off, and never later than it has to be."""
    holidays = bank_holidays(nation)
    for received in every_day_of_four_years():
        due = due_on(received, nation)
        following = received.replace(day=1) + timedelta(days=32)
        last = calendar.monthrange(following.year, following.month)[1]
        month_on = following.replace(day=min(received.day, last))
        assert due >= month_on
        assert due.weekday() < 5
        assert due not in holidays
        between = (month_on + timedelta(days=n) for n in range((due - month_on).days))
        assert all(day.weekday() >= 5 or day in holidays for day in between)
        assert (due - month_on).days <= 5


@pytest.mark.parametrize("nation", NATIONS)
def test_who_asks_later_is_not_answered_earlier(nation: Nation) -> None:
    """Due days keep the order of receipt."""
    due = [due_on(day, nation) for day in every_day_of_four_years()]
    assert due == sorted(due)


@pytest.mark.parametrize(
    ("received", "nation", "due"),
    [
        (date(2026, 11, 24), Nation.ENGLAND, date(2026, 12, 24)),
        # the month has no such day
        (date(2028, 1, 31), Nation.ENGLAND, date(2028, 2, 29)),
        (date(2027, 1, 31), Nation.ENGLAND, date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2026, 3, 31), Nation.WALES, date(2026, 4, 30)),
        # Christmas and its substitute
        (date(2026, 11, 25), Nation.WALES, date(2026, 12, 29)),
        (date(2027, 11, 25), Nation.NORTHERN_IRELAND, date(2027, 12, 29)),
        # the nation decides
        (date(2026, 12, 2), Nation.ENGLAND, date(2027, 1, 4)),
        (date(2025, 12, 1), Nation.ENGLAND, date(2026, 1, 2)),
        (date(2025, 12, 1), Nation.SCOTLAND, date(2026, 1, 5)),
        (date(2026, 3, 6), Nation.ENGLAND, date(2026, 4, 7)),
        (date(2026, 3, 6), Nation.SCOTLAND, date(2026, 4, 6)),
        (date(2026, 6, 12), Nation.NORTHERN_IRELAND, date(2026, 7, 14)),
        (date(2026, 6, 12), Nation.ENGLAND, date(2026, 7, 13)),
        (date(2026, 3, 6), Nation.OUTSIDE_UK, date(2026, 4, 7)),
    ],
)
def test_a_day_off_moves_the_due_day(received: date, nation: Nation, due: date) -> None:
    """Short months, weekends and the holidays of each nation."""
    assert due_on(received, nation) == due
