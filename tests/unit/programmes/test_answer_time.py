"""The time to answer an offer, stopped and given anew."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.calendar import (
    add_working_hours,
    add_working_time,
    working_time_between,
)
from services.programmes.domain.terms import Nation

LONDON = ZoneInfo("Europe/London")
INSTANTS = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
NATIONS = st.sampled_from(Nation)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2027-06-11T12:00", "2027-06-14T12:00", 24),
        ("2027-06-12T09:00", "2027-06-13T18:00", 0),
        ("2026-12-24T12:00", "2026-12-29T06:00", 18),
        ("2027-06-11T12:00", "2027-06-11T12:00", 0),
        ("2027-06-11T12:00", "2027-06-10T12:00", 0),
    ],
)
def test_only_working_days_count(start: str, end: str, hours: int) -> None:
    """Over a weekend, within one, over Christmas, and where there is nothing between."""
    between = working_time_between(at(start), at(end), Nation.ENGLAND, LONDON)
    assert between == timedelta(hours=hours)


@given(start=INSTANTS, hours=st.integers(1, 400), nation=NATIONS)
def test_what_is_added_is_what_lies_between(start: datetime, hours: int, nation: Nation) -> None:
    """In every nation and season."""
    end = add_working_hours(start, hours, nation, LONDON)
    assert working_time_between(start, end, nation, LONDON) == timedelta(hours=hours)


@given(start=INSTANTS, hours=st.integers(1, 200), stop=st.integers(0, 300), nation=NATIONS)
def test_a_pause_costs_no_working_time(
    start: datetime, hours: int, stop: int, nation: Nation
) -> None:
    """What was used before and what is given after come to what was given at first."""
    due = add_working_hours(start, hours, nation, LONDON)
    stopped = min(start + timedelta(hours=stop), due)
    left = working_time_between(stopped, due, nation, LONDON)
    used = working_time_between(start, stopped, nation, LONDON)
    resumed = stopped + timedelta(days=40)
    again = add_working_time(resumed, left, nation, LONDON)
    assert used + working_time_between(resumed, again, nation, LONDON) == timedelta(hours=hours)
