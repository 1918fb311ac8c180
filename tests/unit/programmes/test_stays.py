"""Stays of hosts and fellows, against counting day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.fellow import Fellow
from services.programmes.domain.host import Host
from services.programmes.domain.period import Period, last_day, same_day
from services.programmes.domain.stay import SETTLED_AFTER, Stay
from services.programmes.domain.terms import Nation
from services.programmes.errors import HostFull, PlacementsOverlap, PostFull

FIRST = date(2027, 2, 20)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

periods = st.builds(
    lambda start, length: Period(FIRST + start * DAY, FIRST + (start + length) * DAY),
    st.integers(0, 25),
    st.integers(0, 12),
)
stays = st.builds(
    lambda number, application, post, period: Stay(
        f"stay-{number}",
        f"application-{application}",
        "cohort",
        f"post-{post}",
        period.starts_on,
        period.ends_on,
        NOW,
    ),
    st.integers(0, 10_000),
    st.integers(0, 9),
    st.integers(0, 2),
    periods,
)


def days_of(period: Period) -> list[date]:
    length = (period.ends_on - period.starts_on).days + 1
    return [period.starts_on + number * DAY for number in range(length)]


@given(periods, periods)
def test_periods_overlap_when_they_share_a_day(one: Period, other: Period) -> None:
    """Last and first day included, whichever comes first."""
    assert one.overlaps(other) == bool({*days_of(one)} & {*days_of(other)})
    assert one.overlaps(other) == other.overlaps(one)
    assert all(one.covers(day) for day in days_of(one))


@given(st.lists(stays, max_size=25, unique_by=lambda stay: stay.id), st.integers(1, 4))
def test_a_host_takes_exactly_what_it_has_room_for(asked: list[Stay], capacity: int) -> None:
    """A stay is refused if and only if some day would have too many; the first is named."""
    host, places = Host("host", "Invented", Nation.ENGLAND, capacity), 2

    def crowd(day: date, stay: Stay, *, post: str | None = None) -> int:
        there = (
            each
            for each in host.stays
            if each.application_id != stay.application_id
            and each.period.covers(day)
            and post in (None, each.post_id)
        )
        return len({each.application_id for each in there})

    for stay in asked:
        full = [day for day in days_of(stay.period) if crowd(day, stay) >= capacity]
        taken = [
            day for day in days_of(stay.period) if crowd(day, stay, post=stay.post_id) >= places
        ]
        before = host.stays
        try:
            host.take(stay, places)
        except HostFull as refused:
            assert refused.details["day"] == full[0].isoformat()
            assert host.stays == before
        except PostFull as refused:
            assert not full
            assert refused.details["day"] == taken[0].isoformat()
            assert host.stays == before
        else:
            assert not full
            assert not taken
            assert host.has(stay.id)
    for day in days_of(Period(FIRST, FIRST + 40 * DAY)):
        there = {each.application_id for each in host.stays if each.period.covers(day)}
        assert len(there) <= capacity


@given(st.lists(stays, max_size=15, unique_by=lambda stay: stay.id))
def test_a_fellow_is_never_in_two_places(asked: list[Stay]) -> None:
    """Refused if and only if a day is taken by another application."""
    fellow = Fellow("member", "member")
    for stay in asked:
        taken = any(
            each.application_id != stay.application_id
            and {*days_of(each.period)} & {*days_of(stay.period)}
            for each in fellow.stays
        )
        try:
            fellow.place(stay)
        except PlacementsOverlap:
            assert taken
        else:
            assert not taken


def a_stay(id: str, application_id: str = "application", held_at: datetime | None = None) -> Stay:
    return Stay(id, application_id, "cohort", "post", FIRST, FIRST, held_at)


def ids(fellow: Fellow) -> set[tuple[str, bool]]:
    return {(stay.id, stay.held_at is None) for stay in fellow.stays}


def test_what_was_held_for_long_is_settled() -> None:
    """That on which the placement stands is kept and those before it are freed."""
    fellow = Fellow(
        "member", "member", (a_stay("old"), a_stay("new", held_at=NOW), a_stay("x", "other"))
    )
    assert fellow.unsettled(NOW) == {"application"}
    fellow.settle({"application": "new"}, NOW)
    assert ids(fellow) == {("new", True), ("x", True)}
    assert fellow.held_since is None


def test_what_nothing_stands_on_is_freed() -> None:
    """Where there is no placement, and where it stands on another one."""
    fellow = Fellow("member", "member", (a_stay("old"), a_stay("left", held_at=NOW)))
    fellow.settle({"application": "old"}, NOW)
    assert ids(fellow) == {("old", True)}
    fellow = Fellow("member", "member", (a_stay("left", held_at=NOW),))
    fellow.settle({"application": None}, NOW)
    assert ids(fellow) == set()


def test_nobody_at_work_is_disturbed() -> None:
    """What was held since is left alone, and a settled stay whose successor is not here."""
    later = NOW + DAY
    held = (a_stay("old"), a_stay("left", held_at=NOW), a_stay("new", held_at=later))
    fellow = Fellow("member", "member", held)
    fellow.settle({"application": "old"}, NOW)
    assert fellow.stays == held
    fellow = Fellow("member", "member", (a_stay("newest"), a_stay("left", held_at=NOW)))
    fellow.settle({"application": "before"}, NOW)
    assert ids(fellow) == {("newest", True)}


def test_the_clock_waits_an_hour() -> None:
    """From when the first was held that is not settled."""
    fellow = Fellow("member", "member", (a_stay("a", held_at=NOW + DAY), a_stay("b", held_at=NOW)))
    assert fellow.held_since == NOW
    assert fellow.unsettled(NOW + DAY - SETTLED_AFTER) == {"application"}


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 60))
def test_months_are_full(starts_on: date, months: int) -> None:
    """So many months end the day before the same day, or where there is none, with the month."""
    ends_on = last_day(starts_on, months)
    following = ends_on + DAY
    assert following.day == starts_on.day or (following.day == 1 and starts_on.day > ends_on.day)
    assert (following - starts_on).days >= months * 28
    before = same_day(starts_on, -months)
    assert before.day == starts_on.day or (before + DAY).day == 1
    assert (starts_on.year - before.year) * 12 + starts_on.month - before.month == months


@given(st.lists(stays, max_size=25, unique_by=lambda stay: stay.id), st.integers(1, 6))
def test_a_host_is_made_smaller_only_as_far_as_it_is_empty(held: list[Stay], capacity: int) -> None:
    """Refused if and only if some day has more applications, of whom each counts once."""
    host = Host("host", "Invented", Nation.ENGLAND, 100, tuple(held))
    there: dict[date, set[str]] = {}
    for stay in held:
        for day in days_of(stay.period):
            there.setdefault(day, set()).add(stay.application_id)
    crowded = [day for day in sorted(there) if len(there[day]) > capacity]
    try:
        host.resize(capacity)
    except HostFull as refused:
        assert host.capacity == 100
        assert refused.details["day"] == crowded[0].isoformat()
    else:
        assert (host.capacity, crowded) == (capacity, [])
