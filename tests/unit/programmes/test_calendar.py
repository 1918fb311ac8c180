"""Working hours by the calendar of a nation."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.calendar import add_working_hours, bank_holidays, is_working_day
from services.programmes.domain.terms import Nation

LONDON = ZoneInfo("Europe/London")
ENGLAND, SCOTLAND, IRELAND = Nation.ENGLAND, Nation.SCOTLAND, Nation.NORTHERN_IRELAND


def at(text: str) -> datetime:
    """A time on the clocks of London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "nation", "end"),
    [
        ("2027-06-08T10:00", ENGLAND, "2027-06-10T10:00"),
        ("2027-06-10T10:00", ENGLAND, "2027-06-14T10:00"),
        ("2027-06-12T10:00", ENGLAND, "2027-06-16T00:00"),
        ("2027-05-28T12:00", ENGLAND, "2027-06-02T12:00"),
        ("2026-12-31T09:00", ENGLAND, "2027-01-05T09:00"),
        ("2026-12-31T09:00", SCOTLAND, "2027-01-06T09:00"),
        ("2027-07-09T09:00", ENGLAND, "2027-07-13T09:00"),
        ("2027-07-09T09:00", IRELAND, "2027-07-14T09:00"),
        ("2026-12-24T12:00", ENGLAND, "2026-12-30T12:00"),
    ],
)
def test_48_hours_leave_out_weekends_and_the_nation_s_holidays(
    start: str, nation: Nation, end: str
) -> None:
    """Around a weekend, spring and new year, and where only one nation has a holiday."""
    assert add_working_hours(at(start), 48, nation, LONDON) == at(end)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2027-03-26T12:00", 24, "2027-03-31T00:00"),
        ("2026-10-23T12:00", 24, "2026-10-26T12:00"),
    ],
)
def test_the_days_on_which_clocks_change_are_at_weekends(start: str, hours: int, end: str) -> None:
    """Easter lies over the one, the other is a plain weekend; no hour is lost or won."""
    assert add_working_hours(at(start), hours, ENGLAND, LONDON) == at(end)


def naive(start: datetime, hours: int, nation: Nation) -> datetime:
    """Minute by minute."""
    holidays, now, left = bank_holidays(nation), start, hours * 60
    while left:
        if is_working_day(now.astimezone(LONDON).date(), holidays):
            left -= 1
        now += timedelta(minutes=1)
    return now


@given(
    st.integers(0, 2 * 366 * 24 * 60),
    st.sampled_from([1, 7, 24, 48]),
    st.sampled_from(Nation),
)
def test_it_agrees_with_counting_minutes(minutes: int, hours: int, nation: Nation) -> None:
    """Whenever it begins."""
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert add_working_hours(start, hours, nation, LONDON) == naive(start, hours, nation)


def test_midnight_is_the_zone_s() -> None:
    """Not that of Greenwich: in summer a day in London begins an hour before."""
    friday = datetime.combine(at("2027-06-11").date(), time(22, 30), UTC)
    assert add_working_hours(friday, 1, ENGLAND, LONDON) == at("2027-06-14T00:30")
    assert add_working_hours(friday, 1, ENGLAND, UTC) == friday + timedelta(hours=1)
