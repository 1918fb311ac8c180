"""Ranks that are said to be scores are found; honest scores are let alone, at a known rate."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.selection_rules import SelectionRules
from services.programmes.domain.suspicion import (
    Agreement,
    agreement,
    direction_doubt,
    disagreement,
    rank_evidence,
    shows_direction,
    spread_evidence,
)
from services.programmes.reference import load_rules

RULES = list(load_rules("selection", SelectionRules).values())[-1]
permutations = st.integers(2, 300).flatmap(lambda n: st.permutations(range(1, n + 1)))
longer = st.integers(7, 120).flatmap(lambda n: st.permutations(range(1, n + 1)))


def numbers(values: object) -> list[Fraction]:
    return [Fraction(each) for each in values]  # type: ignore[attr-defined]


@given(permutations)
def test_a_permutation_is_always_found(ranks: list[int]) -> None:
    """Of whichever length from two on, in whichever order."""
    assert rank_evidence(numbers(ranks), RULES)


@given(longer, st.integers(-500, 500), st.sampled_from(["0.5", "1", "10", "-1", "2.5"]))
def test_a_shift_or_stretch_hides_nothing(ranks: list[int], by: int, step: str) -> None:
    """Ranks from nought, downwards, in tens or halves are ranks still."""
    assert rank_evidence([by + Fraction(step) * each for each in ranks], RULES)


@given(longer, st.data())
def test_a_few_slips_hide_nothing(ranks: list[int], data: st.DataObject) -> None:
    """As many values as one in seven may be wrong, repeated or of somebody who was left out."""
    slips = data.draw(st.integers(0, len(ranks) // 7), "slips")
    places = data.draw(st.permutations(range(len(ranks))), "where")[:slips]
    values = numbers(ranks)
    for place in places:
        values[place] = Fraction(data.draw(st.integers(0, 2 * len(ranks)), "what"))
    assert rank_evidence(values, RULES)


@given(st.permutations(range(1, 31)), st.sampled_from(["0.5", "10", "2.5"]))
def test_slips_in_a_stretched_column_hide_nothing_either(ranks: list[int], step: str) -> None:
    """Two values off the row, where the row is not of whole numbers."""
    values = [Fraction(step) * each for each in ranks]
    values[0], values[1] = Fraction("0.07"), Fraction("501.13")
    assert rank_evidence(values, RULES)


@given(
    st.lists(st.integers(0, 40), min_size=7, max_size=120), st.sampled_from(["min", "max", "mean"])
)
def test_ranks_with_ties_are_found(marks: list[int], ties: str) -> None:
    """Equals share the first, the last or the middle place, counted from either end."""
    if len(set(marks)) < 3:
        return
    below = [sum(other < mark for other in marks) + 1 for mark in marks]
    upto = [sum(other <= mark for other in marks) for mark in marks]
    ranks = {"min": below, "max": upto}.get(ties) or [
        Fraction(a + b, 2) for a, b in zip(below, upto, strict=True)
    ]
    assert rank_evidence(numbers(ranks), RULES)


@pytest.mark.parametrize(
    ("what", "number", "levels", "half", "at_most"),
    [
        ("per cent", 30, 101, False, 0),
        ("per cent", 145, 101, False, 0),
        ("points out of twenty", 30, 21, False, 5),
        ("points out of twenty", 145, 21, False, 0),
        ("points out of ten", 20, 11, False, 10),
        ("points out of twenty", 10, 21, False, 15),
        ("points out of five", 30, 6, False, 0),
        ("points out of five", 10, 6, False, 15),
        ("points out of five", 6, 6, False, 60),
        ("halves out of ten", 30, 21, True, 5),
    ],
)
def test_honest_scores_are_rarely_taken_for_ranks(
    what: str, number: int, levels: int, half: bool, at_most: int
) -> None:
    """Of a thousand columns so many at most, of marks spread about the middle as marks are."""
    draw = random.Random(20_270_301)
    step = Fraction(1, 2) if half else Fraction(1)
    found = 0
    for _ in range(1_000):
        middle, spread = (levels - 1) * 0.6, (levels - 1) * 0.2
        marks = [round(draw.gauss(middle, spread)) for _ in range(number)]
        column = [step * min(max(mark, 0), levels - 1) for mark in marks]
        found += rank_evidence(column, RULES) is not None
    assert found <= at_most, f"{found} of 1,000 columns of {number} marks: {what}"


def test_too_few_values_say_nothing() -> None:
    """One value is no row, and three that are evenly spaced may be scores."""
    assert rank_evidence(numbers([1]), RULES) is None
    assert rank_evidence(numbers([50, 60, 70]), RULES) is None
    assert rank_evidence([], RULES) is None


def test_a_column_without_spread_is_odd() -> None:
    """All equal, or hardly any different values among many."""
    assert spread_evidence(numbers([7, 7, 7]), RULES)
    assert spread_evidence(numbers([0, 1] * 10), RULES)
    assert spread_evidence(numbers([7]), RULES) is None
    assert spread_evidence(numbers([1, 2, 3] * 10), RULES) is None


@given(st.lists(st.integers(0, 100), min_size=5, max_size=60, unique=True))
def test_a_column_upside_down_is_found(marks: list[int]) -> None:
    """Beside what it should agree with; the right way up it is not odd."""
    right = {str(place): Fraction(mark) for place, mark in enumerate(marks)}
    wrong = {id: -mark for id, mark in right.items()}
    assert agreement(right, wrong).tau == -1
    assert disagreement(agreement(wrong, right), RULES)
    assert disagreement(agreement(right, right), RULES) is None
    assert not shows_direction(agreement(wrong, right), RULES)
    assert shows_direction(agreement(right, right), RULES)


@given(st.dictionaries(st.sampled_from("abcdefghijklm"), st.integers(0, 9), min_size=5))
def test_agreement_is_kendalls_tau(marks: dict[str, int]) -> None:
    """Concordant less discordant pairs over the root of the pairs without ties on either side."""
    draw = random.Random(len(marks))
    other = {id: draw.randint(0, 9) for id in marks}
    pairs = [(a, b) for a in marks for b in marks if a < b]
    signs = [
        (
            (marks[a] > marks[b]) - (marks[a] < marks[b]),
            (other[a] > other[b]) - (other[a] < other[b]),
        )
        for a, b in pairs
    ]
    counted = Counter((x != 0, y != 0) for x, y in signs)
    first = counted[True, True] + counted[True, False]
    second = counted[True, True] + counted[False, True]
    found = agreement(
        {id: Fraction(mark) for id, mark in marks.items()},
        {id: Fraction(mark) for id, mark in other.items()},
    )
    assert found.number == len(marks)
    if not first or not second:
        assert (found.tau, found.chance) == (None, 1)
    else:
        tau = sum(x * y for x, y in signs) / (first * second) ** 0.5
        assert found.tau is not None
        assert abs(float(found.tau) - tau) <= 0.000_501


def test_too_few_in_common_say_nothing_of_agreement() -> None:
    """Four applications that both have are not enough."""
    marks = {str(place): Fraction(place) for place in range(4)}
    wrong = {id: -mark for id, mark in marks.items()}
    assert disagreement(agreement(wrong, marks), RULES) is None
    assert not shows_direction(agreement(marks, marks), RULES)
    flat = {str(place): Fraction(1) for place in range(9)}
    found = agreement(flat, {id: Fraction(int(id)) for id in flat})
    assert disagreement(found, RULES) is None
    assert not shows_direction(found, RULES)


def test_chance_is_counted_over_all_orders() -> None:
    """Of the 120 orders of five one is the same, and in four two neighbours changed places."""
    marks = {str(place): Fraction(place) for place in range(5)}
    swapped = {**marks, "0": Fraction(1), "1": Fraction(0)}
    assert agreement(marks, marks).chance == pytest.approx(1 / 120)
    assert agreement(swapped, marks).chance == pytest.approx(5 / 120)


def test_a_doubt_about_the_direction_says_what_there_was() -> None:
    """Nothing to compare with, nothing that says enough, or, where something does, no doubt."""
    weak, strong = (
        Agreement(20, Fraction(1, 10), 0.3),
        Agreement(20, Fraction(1, 2), 0.001),
    )
    nothing = direction_doubt([Agreement(4, Fraction(1), 0.01)], RULES)
    assert nothing == "No other scores of 5 of these applications to compare with."
    doubt = direction_doubt([weak], RULES)
    assert doubt == "Chance alone agrees so: Kendall's tau is 0.100 over 20 applications."
    assert direction_doubt([weak, strong], RULES) is None


def ranked(values: list[float], *, groups: int = 1) -> list[Fraction]:
    """The place of each among those of its group, 1 being the highest; groups take turns."""
    places: dict[int, Fraction] = {}
    for group in range(groups):
        mine = sorted(range(group, len(values), groups), key=lambda at: -values[at])
        places |= {at: Fraction(place) for place, at in enumerate(mine, start=1)}
    return [places[at] for at in range(len(values))]


DISGUISES = {
    "of all": lambda values: ranked(values),
    "of a part of all": lambda values: ranked(values)[::2],
    "within panels": lambda values: ranked(values, groups=4),
    "tenths": lambda values: [(10 * place) // (len(values) + 1) for place in ranked(values)],
    "dense": lambda values: [
        Fraction(sorted({-round(v, 1) for v in values}).index(-round(value, 1)) + 1)
        for value in values
    ],
    "per cent": lambda values: [Fraction(round(100 * p / len(values))) for p in ranked(values)],
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("number", [24, 60, 145, 400])
def test_ranks_in_disguise_never_pass_as_scores(disguise: str, number: int) -> None:
    """They look like ranks, or what they disagree with does not show them the right way up."""
    draw = random.Random(20_270_302)
    for _ in range(25):
        merit = [draw.gauss(0, 1) for _ in range(number)]
        reviews = [Fraction(round(60 + 15 * each), 4) for each in merit]
        column = DISGUISES[disguise]([each + draw.gauss(0, 1) for each in merit])
        beside = reviews[::2] if len(column) < number else reviews
        found = agreement(by_id(column), by_id(beside))
        assert not shows_direction(found, RULES) or disagreement(found, RULES)


def by_id(values: list[Fraction]) -> dict[str, Fraction]:
    return {str(place): value for place, value in enumerate(values)}


@pytest.mark.parametrize(
    ("what", "column"),
    [
        ("three panels of ten", [*range(1, 11)] * 3),
        ("two panels of twenty", [*range(1, 21)] * 2),
        ("panels of twelve, ten and nine", [*range(1, 13), *range(1, 11), *range(1, 10)]),
        ("tenths of a hundred", [place // 10 + 1 for place in range(100)]),
        ("quarters of 145", [4 * place // 145 + 1 for place in range(145)]),
        ("pairs", [place // 2 + 1 for place in range(20)]),
        ("per cent of 37", [round(100 * place / 37) for place in range(1, 38)]),
    ],
)
def test_ranks_within_groups_and_rounded_ranks_are_found(what: str, column: list[int]) -> None:
    """Whatever the order of the rows, also shifted, stretched and upside down."""
    for shift, step in ((0, 1), (5, 10), (100, -1)):
        assert rank_evidence([shift + Fraction(step) * each for each in column], RULES), what


@pytest.mark.parametrize(
    ("number", "correlation", "least"),
    [(20, 0.8, 90), (30, 0.6, 90), (60, 0.4, 85), (145, 0.4, 98), (1_000, 0.4, 100)],
)
def test_honest_scores_show_their_direction(number: int, correlation: float, least: int) -> None:
    """Of a hundred columns that measure something like the reviews so many need no second look."""
    draw, passed = random.Random(20_270_303), 0
    for _ in range(100):
        merit = [draw.gauss(0, 1) for _ in range(number)]
        rest = (1 - correlation**2) ** 0.5
        marks = [correlation * each + rest * draw.gauss(0, 1) for each in merit]
        found = agreement(
            by_id([Fraction(round(60 + 15 * each)) for each in marks]),
            by_id([Fraction(round(60 + 15 * each), 4) for each in merit]),
        )
        passed += shows_direction(found, RULES) and not disagreement(found, RULES)
    assert passed >= least
