"""What a term, or a change of grade, costs: every pence stands in a line of the quote."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.calendar import months_touched, whole_months
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.prices import Fee, Prices, Reduction, half_up, prorated
from services.membership.domain.policies.terms import TermRule, Terms
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.quoting import quote_change, quote_term
from shared.errors import Invalid
from tests.unit.membership.builders import BOOK

REDUCTIONS = tuple(
    Reduction(code=code, title=code, percent=percent, source="test")
    for code, percent in (("quarter", 25), ("third", 33), ("half", 50), ("all", 100))
)
FIXED = TermRule(kind="fixed")
ROLLING = TermRule(kind="rolling")
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def prices(member: int, trainee: int, fellow: int = 75_500, **changes: Any) -> Prices:
    amounts = {"fellow": (fellow, ()), "member": (member, ("member",))}
    amounts |= {"trainee": (trainee, ("trainee",))}
    fees = tuple(
        Fee(
            code=code,
            title=code.title(),
            annual_pence=pence,
            grades=grades,
            for_fellows=code == "fellow",
            source="test",
        )
        for code, (pence, grades) in amounts.items()
    )
    sound: dict[str, Any] = {"fees": fees, "reductions": REDUCTIONS, "proration": "whole_months"}
    return Prices(currency="GBP", **{**sound, **changes})


def book(rule: TermRule, *tables: tuple[date, Prices]) -> PolicyBook:
    versions = (Version(f"t{n}", day, table) for n, (day, table) in enumerate(tables, 1))
    return replace(
        BOOK,
        prices=Versions.of("prices", versions),
        terms=Versions.of("terms", iter([Version("r1", date(2000, 1, 1), Terms(rules=(rule,)))])),
    )


def simple(rule: TermRule = ROLLING, **changes: Any) -> PolicyBook:
    return book(rule, (date(2000, 1, 1), prices(58_000, 16_300, **changes)))


def lines(quote: Any) -> list[tuple[str, int]]:
    return [(line.code, line.pence) for line in quote.lines]


def test_a_rolling_year_costs_the_annual_fee() -> None:
    """With no line for anything that was not done."""
    quote = quote_term(simple(), "member", date(2026, 11, 23))
    assert lines(quote) == [("member", 58_000)]
    assert (quote.starts_on, quote.ends_on) == (date(2026, 11, 23), date(2027, 11, 22))
    assert quote.total_pence == 58_000
    assert quote.policies == {"prices": "t1", "terms": "r1"}


@pytest.mark.parametrize(
    ("joined", "months", "total"),
    [
        (date(2018, 1, 1), 12, 58_000),
        (date(2018, 1, 31), 12, 58_000),
        (date(2018, 2, 1), 11, 53_167),
        (date(2018, 7, 15), 6, 29_000),
        (date(2018, 8, 31), 5, 24_167),
        (date(2018, 9, 1), 16, 58_000),
        (date(2018, 12, 31), 13, 58_000),
    ],
)
def test_a_fixed_year_is_charged_by_months_begun_and_never_more_than_a_year(
    joined: date, months: int, total: int
) -> None:
    """What the annual fee is lowered by stands in a line of its own."""
    quote = quote_term(simple(FIXED), "member", joined)
    assert quote.ends_on is not None
    assert months_touched(joined, quote.ends_on) == months
    assert quote.total_pence == total
    codes = ["member"] if total == 58_000 else ["member", "proration"]
    assert [line.code for line in quote.lines] == codes


@pytest.mark.parametrize(
    ("months", "total"), [(6, 29_000), (24, 116_000), (1, 4_833), (5, 24_167), (18, 87_000)]
)
def test_a_rolling_term_of_other_length_costs_its_share_of_years(months: int, total: int) -> None:
    """Two years cost twice as much."""
    rule = TermRule(kind="rolling", months=months)
    assert quote_term(simple(rule), "member", date(2024, 2, 29)).total_pence == total


@pytest.mark.parametrize("rule", [FIXED, TermRule(kind="rolling", months=3)])
def test_a_table_may_charge_every_term_whole(rule: TermRule) -> None:
    """Without proration the fee is what it says."""
    quote = quote_term(simple(rule, proration="none"), "member", date(2018, 8, 31))
    assert lines(quote) == [("member", 58_000)]


def test_a_lifetime_costs_the_fee_once() -> None:
    """It has no last day."""
    quote = quote_term(simple(TermRule(kind="lifetime")), "member", date(2026, 1, 1))
    assert (lines(quote), quote.ends_on) == ([("member", 58_000)], None)


def test_the_fee_in_force_on_the_first_day_counts() -> None:
    """However soon after it there is another one."""
    dated = book(
        ROLLING,
        (date(2026, 1, 1), prices(58_000, 0)),
        (date(2027, 1, 1), prices(60_000, 0)),
    )
    before, after = (
        quote_term(dated, "member", day) for day in (date(2026, 12, 31), date(2027, 1, 1))
    )
    assert (before.total_pence, before.policies["prices"]) == (58_000, "t1")
    assert (after.total_pence, after.policies["prices"]) == (60_000, "t2")


def test_a_fellow_pays_the_fellows_fee() -> None:
    """Whatever their grade."""
    assert lines(quote_term(simple(), "trainee", date(2026, 1, 1), fellow=True)) == [
        ("fellow", 75_500)
    ]


def test_each_reduction_is_taken_off_what_the_ones_before_left() -> None:
    """In the order of the table; each rounded by itself."""
    quote = quote_term(simple(FIXED), "member", date(2018, 8, 31), reductions=("third", "quarter"))
    assert lines(quote) == [
        ("member", 58_000),
        ("proration", -33_833),
        ("quarter", -6_042),
        ("third", -5_981),
    ]
    assert quote.total_pence == 12_144


@settings(deadline=None)
@given(
    DAYS,
    st.integers(0, 1_000_000),
    st.sets(st.sampled_from([each.code for each in REDUCTIONS])),
    st.sampled_from(
        [ROLLING, FIXED, TermRule(kind="lifetime"), TermRule(kind="rolling", months=7)]
    ),
    st.sampled_from(["whole_months", "none"]),
)
def test_a_quote_is_the_sum_of_its_lines_and_never_below_zero(
    day: date, fee: int, chosen: set[str], rule: TermRule, proration: str
) -> None:
    """Whatever is charged and taken off; the whole waived leaves nothing."""
    made = book(rule, (date(2000, 1, 1), prices(fee, 0, proration=proration)))
    quote = quote_term(made, "member", day, reductions=tuple(chosen))
    full = quote_term(made, "member", day)
    assert quote.total_pence == sum(line.pence for line in quote.lines)
    assert 0 <= quote.total_pence <= full.total_pence <= fee
    assert all(line.pence <= 0 for line in quote.lines[1:])
    assert {line.code for line in quote.lines} >= chosen
    if "all" in chosen:
        assert quote.total_pence == 0


def test_joining_on_every_day_of_four_years_never_costs_more_than_a_year() -> None:
    """And a fixed year costs less the later in it one joins, until the rollover day."""
    previous = 0
    for n in range(1461):
        day = date(2023, 1, 1) + timedelta(days=n)
        assert quote_term(simple(), "member", day).total_pence == 58_000
        total = quote_term(simple(FIXED), "member", day).total_pence
        if (day.month, day.day) in ((1, 1), (9, 1)):
            assert total == 58_000
        else:
            assert 0 < total <= previous
        previous = total


def test_an_unknown_grade_or_reduction_is_named() -> None:
    """Nothing is charged by guessing."""
    for arguments, field in (
        ({"grade": "emperor"}, "grade"),
        ({"reductions": ("x",)}, "reductions"),
    ):
        asked: dict[str, Any] = {"grade": "member", **arguments}
        with pytest.raises(Invalid) as refused:
            quote_term(simple(), starts_on=date(2026, 1, 1), **asked)
        assert list(refused.value.fields) == [field]


def test_a_change_of_grade_costs_the_difference_for_the_months_left() -> None:
    """Whole months only, counted from the day of the change to the end of cover."""
    quote = quote_change(
        simple(), "trainee", "member", date(2027, 3, 10), date(2027, 11, 22), fellow=False
    )
    assert lines(quote) == [("trainee_returned", -10_867), ("member", 38_667)]
    assert (quote.total_pence, quote.grade) == (27_800, "member")
    assert quote.policies == {"prices": "t1"}


@pytest.mark.parametrize("ends_on", [None, date(2027, 3, 9), date(2027, 3, 10), date(2027, 4, 8)])
def test_nothing_is_charged_where_no_whole_month_is_left(ends_on: date | None) -> None:
    """Nor where cover has ended or has no end."""
    quote = quote_change(simple(), "trainee", "member", date(2027, 3, 10), ends_on, fellow=False)
    assert quote.total_pence == 0


def test_a_fellows_grade_makes_no_difference() -> None:
    """They pay the fellows' fee in every grade."""
    on, ends = date(2027, 3, 10), date(2027, 11, 22)
    assert quote_change(simple(), "trainee", "member", on, ends, fellow=True).total_pence == 0


@settings(deadline=None)
@given(DAYS, st.integers(-10, 500), st.integers(0, 100_000), st.integers(0, 100_000))
def test_changing_there_and_back_on_one_day_costs_nothing(
    on: date, days: int, one: int, other: int
) -> None:
    """And either way costs the twelfths of both fees, rounded each by itself."""
    made = book(ROLLING, (date(2000, 1, 1), prices(one, other)))
    ends = on + timedelta(days=days)
    there = quote_change(made, "member", "trainee", on, ends, fellow=False)
    back = quote_change(made, "trainee", "member", on, ends, fellow=False)
    assert there.total_pence == -back.total_pence == sum(line.pence for line in there.lines)
    months = min(12, whole_months(on, ends))
    assert there.total_pence == half_up(other * months, 12) - half_up(one * months, 12)
    assert abs(there.lines[0].pence) == prorated(one, months)
