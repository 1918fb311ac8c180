"""No small number can be found in what is shown of a table."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.research.domain.disclosure import Cells, Row, is_small, published, rounded
from services.research.domain.indicator import Indicator, Reason, indicator
from tests.unit.research.builders import snapshot

Counts = tuple[int, int, int, int]
counts = st.one_of(st.integers(0, 20), st.integers(0, 5_000))
cells = st.builds(Cells, counts, counts)


@given(st.integers(8, 100_000))
def test_rounding_goes_to_the_nearest_five(count: int) -> None:
    """A shown count is a multiple of 5, at most 2 away."""
    assert rounded(count) % 5 == 0
    assert abs(rounded(count) - count) <= 2


@pytest.mark.parametrize("count, shown", [(0, 0), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_rounding_examples(count: int, shown: int) -> None:
    """Zero stays zero; there are no ties to break."""
    assert rounded(count) == shown


@given(cells, cells)
def test_one_small_cell_suppresses_all(group: Cells, reference: Cells) -> None:
    """A table is shown only when each of its four cells is 0 or at least 8."""
    small = any(is_small(count) for count in (*group.counts, *reference.counts))
    assert (published(group, reference) is None) == small


def figures(found: Indicator) -> tuple[object, ...]:
    return (found.group, found.reference, found.n, found.ratio, found.association)


@given(cells, cells)
def test_everything_shown_follows_from_rounded_counts(group: Cells, reference: Cells) -> None:
    """Two tables that round alike are shown alike, to the last digit."""
    shown = published(group, reference)
    if shown is not None:
        assert indicator(group, reference) == indicator(*shown)


@given(cells, cells)
def test_totals_are_sums_of_shown_cells(group: Cells, reference: Cells) -> None:
    """Nothing is left over when the shown cells are taken from the shown total."""
    found = indicator(group, reference)
    if found.n is not None:
        shown = [share.cells for share in (found.group, found.reference)]
        assert found.n == sum(cells.total for cells in shown if cells is not None)


@given(cells, cells)
def test_every_suppressed_figure_says_why(group: Cells, reference: Cells) -> None:
    """A suppressed table has no figure at all, and one reason that tells no cell from another."""
    found = indicator(group, reference)
    if found.suppressed:
        assert figures(found)[2:] == (None, None, None)
        assert found.group == found.reference
        assert set(found.reasons.values()) == {Reason.SUPPRESSED}
        assert {"group.reached", "reference.rate", "n", "ci_low", "p_value"} <= set(found.reasons)


def tables(limit: int) -> Iterator[Counts]:
    yield from product(range(limit), repeat=4)


def test_no_suppressed_count_follows_from_the_release() -> None:
    """Over all small tables, what is shown leaves at least two values for each suppressed cell."""
    possible: dict[object, list[set[int]]] = defaultdict(lambda: [set(), set(), set(), set()])
    suppressed = set()
    for a, b, c, d in tables(11):
        shown = published(Cells(a, b), Cells(c, d))
        if shown is None:
            suppressed.add(shown)
        for values, count in zip(possible[shown], (a, b, c, d), strict=True):
            values.add(count)
    assert suppressed
    assert all(len(values) > 1 for shown in suppressed for values in possible[shown])


def test_no_suppressed_count_follows_even_from_all_totals() -> None:
    """Who knows both groups' sizes and how many reached the stage still cannot tell a cell.

    Except where those totals alone leave one table only.
    """
    every: dict[Counts, int] = defaultdict(int)
    hidden: dict[Counts, int] = defaultdict(int)
    for a, b, c, d in tables(13):
        margins = (a + b, c + d, a + c, b + d)
        every[margins] += 1
        hidden[margins] += published(Cells(a, b), Cells(c, d)) is None
    complete = {margins for margins in every if max(margins[:2]) < 13}
    assert all(hidden[m] != 1 for m in complete if every[m] > 1)


@given(cells, cells)
def test_shown_cells_stand_for_several_counts(group: Cells, reference: Cells) -> None:
    """A shown count other than 0 stands for at least three counts, all of 8 people or more."""
    shown = published(group, reference)
    if shown is not None:
        for count in (*shown[0].counts, *shown[1].counts):
            near = [n for n in range(8, count + 3) if rounded(n) == count]
            assert count == 0 or len(near) >= 3


@pytest.mark.parametrize(
    "group, reference, expected",
    [
        ((0, 0), (10, 10), {"group.rate": Reason.NO_APPLICANTS, "test": Reason.NO_APPLICANTS}),
        ((10, 10), (0, 20), {"relative_likelihood": Reason.NONE_IN_REFERENCE}),
        ((0, 20), (10, 10), {"ci_low": Reason.NONE_IN_GROUP}),
        ((0, 20), (0, 20), {"p_value": Reason.NONE, "outside_range": Reason.NONE_IN_REFERENCE}),
        ((20, 0), (30, 0), {"ci_high": Reason.ALL, "p_value": Reason.ALL}),
        ((0, 10), (10, 190), {"statistic": Reason.EXACT_TEST}),
    ],
)
def test_zero_cells_give_reasons(
    group: tuple[int, int], reference: tuple[int, int], expected: dict[str, Reason]
) -> None:
    """What a zero makes undefined is None with its reason, never an error."""
    found = indicator(Cells(*group), Cells(*reference))
    assert found.reasons | expected == found.reasons


@pytest.mark.parametrize(
    "reached, flagged", [(75, True), (80, False), (100, False), (125, False), (130, True)]
)
def test_flag_outside_the_range(reached: int, flagged: bool) -> None:
    """Ratios from 0.80 to 1.25, both included, are not flagged."""
    found = indicator(Cells(reached, 1_000 - reached), Cells(100, 900))
    assert found.outside_range is flagged


def test_the_worked_example() -> None:
    """120 of 400 against 90 of 420, which rounding leaves alone, gives the reference figures."""
    found = indicator(Cells(120, 280), Cells(90, 330))
    assert found.ratio is not None and found.ratio.interval is not None
    assert [round(x, 3) for x in (found.ratio.value, *found.ratio.interval)] == [1.4, 1.105, 1.774]
    assert found.association is not None
    assert round(found.association.p_value, 5) == 0.00494
    assert (found.n, found.outside_range, found.reasons) == (820, True, {})


def test_parts_are_what_cells_cut_one_another_into() -> None:
    """A group and a larger one leave three kinds of part: common, the rest, and nobody else."""
    state = snapshot({"A": (10, 20), "H": (30, 40), "M": (5, 6)})
    rows = [Row(("A",), "shortlisted"), Row(("A", "H"), "shortlisted")]
    assert sorted(state.parts(rows).values()) == [10, 20, 30, 40]
