"""The picture of an interval."""

from hypothesis import given
from hypothesis import strategies as st

from clients.demo.picture import WIDTH, axis, interval

RATIOS = st.floats(0.001, 1000)


@given(st.lists(RATIOS, min_size=3, max_size=3).map(sorted))
def test_the_ratio_stands_on_its_interval_and_on_the_axis(figures):
    """Whatever the figures are, there is one dot, nothing is wider than the axis."""
    low, ratio, high = figures
    drawn = interval(ratio, low, high, range_low=0.8, range_high=1.25)
    assert drawn.count("●") == 1
    assert len(drawn) <= WIDTH
    assert set(drawn) <= set(" ░━▒◄►┣┫●")


def test_an_even_ratio_stands_in_the_middle_of_the_shaded_range():
    """The axis is logarithmic, so half and twice are equally far from one."""
    drawn = interval(1.0, 0.5, 2.0, range_low=0.8, range_high=1.25)
    dot = drawn.index("●")
    assert dot == WIDTH // 2
    assert dot - drawn.index("┣") == drawn.index("┫") - dot
    assert drawn[dot - 1] == drawn[dot + 1] == "▒"


def test_ends_beyond_the_axis_are_arrows():
    """An interval that goes on where the axis ends says so."""
    drawn = interval(1.0, 0.01, 100, range_low=0.8, range_high=1.25)
    assert (drawn[0], drawn[-1]) == ("◄", "►")


def test_numbers_stand_above_their_marks():
    """The axis is as wide as the pictures, and one stands in its middle."""
    numbers, line = axis(0.8, 1.25)
    assert len(line) == WIDTH
    assert numbers.split() == ["0.2", "0.5", "0.8", "1", "1.25", "2", "5"]
    assert numbers.index(" 1 ") + 1 == line.index("┼", WIDTH // 2) == WIDTH // 2
