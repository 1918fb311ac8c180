"""Price tables: whole pence, halves up, whole months, and reductions that never go below zero."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.policies.prices import (
    Fee,
    Prices,
    Reduction,
    half_up,
    prorated,
    reduced,
)
from shared.errors import Invalid
from shared.events import load

PENCE = st.integers(-10_000_000, 10_000_000)


def fee(code: str, *grades: str, pence: int = 100, fellows: bool = False) -> Fee:
    return Fee(
        code=code, title=code, annual_pence=pence, grades=grades, for_fellows=fellows, source="test"
    )


def reduction(code: str, percent: int) -> Reduction:
    return Reduction(code=code, title=code, percent=percent, source="test")


def table(*fees: Fee, reductions: tuple[Reduction, ...] = ()) -> Prices:
    return Prices(currency="GBP", fees=fees, reductions=reductions, proration="whole_months")


@settings(deadline=None)
@given(PENCE, st.integers(1, 1_000))
def test_quotients_are_rounded_half_up(numerator: int, denominator: int) -> None:
    """As decimal arithmetic rounds them: to the nearest penny, halves away from zero."""
    exact = Decimal(numerator) / Decimal(denominator)
    assert half_up(numerator, denominator) == exact.quantize(Decimal(1), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(1, 2, 1), (-1, 2, -1), (3, 2, 2), (1, 3, 0), (2, 3, 1), (5, 10, 1), (49, 100, 0), (0, 7, 0)],
)
def test_a_half_penny_is_a_penny(numerator: int, denominator: int, expected: int) -> None:
    """Less is nothing, and what is given back is rounded as what is charged."""
    assert half_up(numerator, denominator) == expected


@settings(deadline=None)
@given(st.integers(0, 10_000_000), st.integers(0, 30))
def test_a_year_in_parts_costs_a_year_and_never_more(annual: int, months: int) -> None:
    """A month is a twelfth; more than twelve cost no more than twelve."""
    share = prorated(annual, months)
    assert 0 <= share <= annual
    assert (share == annual) if months >= 12 else share == half_up(annual * months, 12)
    assert (
        abs(prorated(annual, min(months, 12)) + prorated(annual, 12 - min(months, 12)) - annual)
        <= 1
    )


def test_the_published_fee_for_five_months() -> None:
    """GBP 580 for five months of twelve is GBP 241.67."""
    assert prorated(58_000, 5) == 24_167


@settings(deadline=None)
@given(st.integers(0, 10_000_000), st.lists(st.integers(1, 100), max_size=10))
def test_reductions_never_go_below_zero(pence: int, percents: list[int]) -> None:
    """However many there are; one of 100 % leaves nothing."""
    left = pence
    for percent in percents:
        off = reduced(left, reduction("r", percent))
        assert 0 <= off <= left
        left -= off
    assert 100 not in percents or left == 0


def test_the_first_fee_that_fits_applies() -> None:
    """A fellow's fee goes before the grade's when it stands before it, and only then."""
    fellow, member = fee("fellow", fellows=True), fee("member", "member", "international")
    assert table(fellow, member).fee("member", fellow=True) is fellow
    assert table(fellow, member).fee("member", fellow=False) is member
    assert table(member, fellow).fee("member", fellow=True) is member
    assert table(member, fellow).fee("international", fellow=False) is member


def test_a_grade_without_a_fee_is_named() -> None:
    """Nobody is charged by guessing; a fellows' fee is nobody else's."""
    with pytest.raises(Invalid) as refused:
        table(fee("fellow", fellows=True)).fee("member", fellow=False)
    assert list(refused.value.fields) == ["grade"]


def test_reductions_come_in_the_tables_order_each_once() -> None:
    """However and how often they are asked for; an unknown one is refused by name."""
    many = [f"r{letter}" for letter in "qmzbxjdw"]
    prices = table(fee("a"), reductions=tuple(reduction(code, 10) for code in many))
    assert [each.code for each in prices.chosen([*sorted(many), "rz"])] == many
    prices = table(fee("a"), reductions=(reduction("x", 10), reduction("y", 50)))
    assert [each.code for each in prices.chosen(["y", "x", "y"])] == ["x", "y"]
    assert prices.chosen([]) == ()
    with pytest.raises(Invalid) as refused:
        prices.chosen(["x", "z"])
    assert refused.value.fields == {"reductions": ["Must be among: x, y."]}


def test_codes_are_used_once() -> None:
    """Fees and reductions each have codes of their own."""
    prices = table(fee("a"), fee("a"), reductions=(reduction("x", 1), reduction("x", 2)))
    assert [field for field, _ in prices.faults()] == ["fees.1.code", "reductions.1.code"]
    assert list(table(fee("a"), fee("b"), reductions=(reduction("a", 1),)).faults()) == []


@pytest.mark.parametrize(
    ("cls", "field", "value"),
    [
        (Fee, "annual_pence", -1),
        (Fee, "annual_pence", 100_000_001),
        (Fee, "annual_pence", 1.5),
        (Fee, "code", "A fee"),
        (Reduction, "percent", 0),
        (Reduction, "percent", 101),
    ],
)
def test_amounts_are_bounded_whole_pence(cls: type[Any], field: str, value: object) -> None:
    """What is no amount, share or code is refused by field."""
    sound = {"code": "a", "title": "A", "source": "test"}
    sound |= {"annual_pence": 1} if cls is Fee else {"percent": 1}
    load(cls, sound)
    with pytest.raises(Invalid) as refused:
        load(cls, {**sound, field: value})
    assert list(refused.value.fields) == [field]
