"""How long a term runs: rolling, by a fixed year with a rollover day, or for life."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.policies.terms import TermRule, Terms
from shared.errors import Invalid
from shared.events import load

ONE_DAY = timedelta(days=1)
FOUR_YEARS = [date(2023, 1, 1) + timedelta(days=n) for n in range(1461)]
LEAP_DAY = date(2024, 2, 29)
YEAR = TermRule(kind="rolling")
CALENDAR_YEAR = TermRule(kind="fixed")


def faults(*rules: TermRule) -> list[str]:
    return [field for field, _ in Terms(rules=rules).faults()]


def test_four_years_have_a_leap_day() -> None:
    """The days below are all days, each once."""
    assert LEAP_DAY in FOUR_YEARS
    assert (FOUR_YEARS[0], FOUR_YEARS[-1]) == (date(2023, 1, 1), date(2026, 12, 31))


def test_a_rolling_year_ends_the_day_before_its_anniversary() -> None:
    """From every day; from 29 February it ends with the next February."""
    for first in FOUR_YEARS:
        last = YEAR.last_day(first)
        if first == LEAP_DAY:
            assert last == date(2025, 2, 28)
        else:
            assert last == first.replace(year=first.year + 1) - ONE_DAY


def test_a_rolling_year_is_renewed_without_gap_or_overlap() -> None:
    """Ten renewals from every day: each year has 365 or 366 days, and ten have ten years' days."""
    for joined in FOUR_YEARS:
        first = joined
        for _ in range(10):
            last = YEAR.last_day(first)
            assert last is not None
            assert (last - first).days + 1 in (365, 366)
            first = last + ONE_DAY
        assert (first.year, first.month) == (joined.year + 10, joined.month) or joined == LEAP_DAY
        assert (first - joined).days in (3652, 3653)


@pytest.mark.parametrize("months", [1, 6, 24, 36, 120])
def test_a_rolling_term_may_have_other_lengths(months: int) -> None:
    """So many months from the first day on, at most."""
    rule = TermRule(kind="rolling", months=months)
    for first in FOUR_YEARS:
        last = rule.last_day(first)
        assert last is not None
        touched = (last.year - first.year) * 12 + last.month - first.month
        assert touched == (months - 1 if first.day == 1 else months)


@pytest.mark.parametrize(
    ("joined", "ends"),
    [
        (date(2018, 1, 1), date(2018, 12, 31)),
        (date(2018, 8, 31), date(2018, 12, 31)),
        (date(2018, 9, 1), date(2019, 12, 31)),
        (date(2018, 12, 31), date(2019, 12, 31)),
        (date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_the_published_example_of_a_fixed_year(joined: date, ends: date) -> None:
    """Start 1 January, rollover 1 September."""
    assert CALENDAR_YEAR.last_day(joined) == ends


def test_a_fixed_year_ends_with_the_year_from_every_day() -> None:
    """With this one, or from the rollover day on with the next."""
    for first in FOUR_YEARS:
        year = first.year + (first.month >= 9)
        assert CALENDAR_YEAR.last_day(first) == date(year, 12, 31)


@pytest.mark.parametrize(
    ("year_start", "rollover"),
    [("01-01", "09-01"), ("04-06", "01-15"), ("10-01", "09-30"), ("12-31", "03-01")],
)
def test_a_fixed_term_always_ends_before_a_year_starts(year_start: str, rollover: str) -> None:
    """It has at most a year and the time after rollover, and renewing it gives exactly a year."""
    rule = TermRule(kind="fixed", year_start=year_start, rollover=rollover)
    for first in FOUR_YEARS:
        last = rule.last_day(first)
        assert last is not None
        following = last + ONE_DAY
        assert following.strftime("%m-%d") == year_start
        assert 0 <= (last - first).days < 2 * 366
        renewed = rule.last_day(following)
        assert renewed == following.replace(year=following.year + 1) - ONE_DAY


def test_a_year_that_starts_in_april() -> None:
    """The rollover day may come in the calendar year after the start."""
    rule = TermRule(kind="fixed", year_start="04-01", rollover="01-15")
    assert rule.last_day(date(2019, 1, 14)) == date(2019, 3, 31)
    assert rule.last_day(date(2019, 1, 15)) == date(2020, 3, 31)
    assert rule.last_day(date(2019, 3, 31)) == date(2020, 3, 31)
    assert rule.last_day(date(2019, 4, 1)) == date(2020, 3, 31)


def test_a_lifetime_has_no_last_day() -> None:
    """From whichever day."""
    assert all(TermRule(kind="lifetime").last_day(first) is None for first in FOUR_YEARS)


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_who_joins_later_never_ends_earlier(one: date, other: date) -> None:
    """By whichever rule."""
    first, second = sorted((one, other))
    for rule in (YEAR, CALENDAR_YEAR, TermRule(kind="rolling", months=3)):
        ends = rule.last_day(first), rule.last_day(second)
        assert ends[0] is not None
        assert ends[1] is not None
        assert first <= ends[0] <= ends[1]


def test_the_rule_that_names_a_grade_goes_before_the_one_for_all_others() -> None:
    """In whatever order they stand."""
    life, rest = TermRule(kind="lifetime", grades=("honorary",)), YEAR
    for rules in ((life, rest), (rest, life)):
        terms = Terms(rules=rules)
        assert terms.of("honorary") is life
        assert terms.of("member") is rest


def test_there_is_one_rule_for_all_other_grades() -> None:
    """None would leave somebody without a term, and of two one would never be asked."""
    named = TermRule(kind="rolling", grades=("member",))
    assert faults(named) == ["rules"]
    assert faults(YEAR, CALENDAR_YEAR) == ["rules"]
    assert faults(named, YEAR) == []


@pytest.mark.parametrize("day", ["02-29", "02-30", "04-31"])
def test_a_year_starts_on_a_day_that_every_year_has(day: str) -> None:
    """What does not exist each year is named."""
    assert faults(TermRule(kind="fixed", year_start=day)) == ["rules.0.year_start"]
    assert faults(YEAR, TermRule(kind="fixed", rollover=day, grades=("x",))) == ["rules.1.rollover"]


def test_the_rollover_is_not_the_start_of_the_year() -> None:
    """Else every term would be two years for the price of one; other kinds do not roll over."""
    assert faults(TermRule(kind="fixed", year_start="09-01")) == ["rules.0.rollover"]
    assert faults(TermRule(kind="fixed", year_start="08-31")) == []
    assert faults(TermRule(kind="rolling", year_start="09-01")) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "weekly"),
        ("months", 0),
        ("months", 121),
        ("year_start", "13-01"),
        ("year_start", "1-1"),
        ("rollover", "00-10"),
    ],
)
def test_a_rule_is_bounded(field: str, value: object) -> None:
    """What is not one of the kinds, lengths or days is refused by field."""
    with pytest.raises(Invalid) as refused:
        load(TermRule, {"kind": "fixed", field: value})
    assert list(refused.value.fields) == [field]
