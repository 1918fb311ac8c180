"""The statistics agree with published and independently computed values."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from services.research.domain.statistics import (
    TestName,
    association,
    relative_likelihood,
    wilson,
)


@st.composite
def shares(draw: st.DrawFn, least: int = 0) -> tuple[int, int]:
    """Some of a group."""
    n = draw(st.integers(max(1, least), 5_000))
    return draw(st.integers(least, n)), n


def test_wilson_example() -> None:
    """65 of 100 gives 0.552544 to 0.736358."""
    low, high = wilson(65, 100)
    assert (round(low, 6), round(high, 6)) == (0.552544, 0.736358)


@given(shares())
def test_wilson_stays_within_zero_and_one(share: tuple[int, int]) -> None:
    """The interval lies within 0 to 1 and holds the proportion."""
    low, high = wilson(*share)
    assert 0 <= low <= share[0] / share[1] + 1e-12
    assert share[0] / share[1] - 1e-12 <= high <= 1


def test_relative_likelihood_example() -> None:
    """120 of 400 against 90 of 420 gives RL 1.400, 1.105 to 1.774."""
    ratio = relative_likelihood(120, 400, 90, 420)
    assert ratio is not None and ratio.interval is not None
    assert [round(x, 3) for x in (ratio.value, *ratio.interval)] == [1.4, 1.105, 1.774]


def test_chi_squared_example() -> None:
    """The same table gives chi-squared 7.901 and p 0.00494, and names the test."""
    made = association(120, 400, 90, 420)
    assert made is not None and made.statistic is not None
    assert made.test is TestName.PEARSON
    assert (round(made.statistic, 3), round(made.p_value, 5)) == (7.901, 0.00494)


def test_fisher_example() -> None:
    """Fisher's exact test of the same table gives p 0.00514."""
    assert round(float(fisher_exact([[120, 280], [90, 330]]).pvalue), 5) == 0.00514


def test_fisher_where_an_expected_count_is_below_five() -> None:
    """A sparse table gets the exact test, which has no statistic."""
    made = association(10, 20, 0, 8)
    assert made is not None
    assert (made.test, made.statistic) == (TestName.FISHER, None)
    assert isclose(made.p_value, 0.025, abs_tol=0.005)


def test_five_expected_is_enough_for_chi_squared() -> None:
    """An expected count of exactly 5 is not below 5."""
    made = association(5, 20, 5, 20)
    assert made is not None
    assert made.test is TestName.PEARSON


@given(shares(1), shares(1))
def test_exchanging_the_groups_gives_the_reciprocal(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    """RL of B over A is 1 / RL of A over B, and so are the bounds, exchanged."""
    there, back = relative_likelihood(*one, *other), relative_likelihood(*other, *one)
    assert there is not None and back is not None
    assert isclose(there.value * back.value, 1)
    assert (there.interval is None) == (back.interval is None)
    if there.interval and back.interval:
        assert isclose(there.interval.low * back.interval.high, 1)
        assert there.interval.low <= there.value <= there.interval.high


@given(shares(), shares())
def test_nothing_raises(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Any table gives a figure or None, and a p-value is a probability."""
    relative_likelihood(*one, *other)
    made = association(*one, *other)
    assert made is None or 0 <= made.p_value <= 1


@pytest.mark.parametrize("table", [(0, 0, 1, 2), (1, 2, 0, 0), (1, 2, 0, 5)])
def test_no_ratio_without_a_divisor(table: tuple[int, int, int, int]) -> None:
    """An empty group, or a reference of whom nobody reached the stage, has no ratio."""
    assert relative_likelihood(*table) is None


def test_nobody_of_the_group_gives_zero_without_interval() -> None:
    """RL 0 is defined, its logarithm is not."""
    ratio = relative_likelihood(0, 10, 10, 20)
    assert ratio is not None
    assert (ratio.value, ratio.interval) == (0, None)
