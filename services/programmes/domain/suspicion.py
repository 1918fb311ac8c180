"""What is odd about a column of numbers: that it looks like ranks, or disagrees with the rest.

Ranks that are taken for scores turn a selection upside down, so a column is looked at from several
sides: whether its values, after any shift and stretch, fill a row of whole numbers as ranks do, and
whether each value is its own place in the column, as ranks with ties are.

    rank_evidence([Fraction(n) for n in (3, 1, 2)], rules)  # "3 of 3 values are a row ..."
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from scipy.stats import kendalltau

from services.programmes.domain.selection_rules import SelectionRules


def rank_evidence(values: Sequence[Fraction], rules: SelectionRules) -> str | None:
    """Why a column looks like ranks, or None where it does not.

    A permutation of 1..n is told from ``permutation_from`` values on, any other row of evenly
    spaced values from ``evenly_from``, and what only nearly is one, or has ties, from
    ``nearly_from``.
    """
    number = len(values)
    if number < rules.permutation_from:
        return None
    if sorted(values) == [Fraction(place) for place in range(1, number + 1)]:
        return f"The values are the numbers 1 to {number}, each once."
    distinct = sorted(set(values))
    if number >= rules.evenly_from and len(distinct) == number and _even(distinct):
        return f"All {number} values differ and are evenly spaced."
    return _nearly(values, distinct, rules) if number >= rules.nearly_from else None


def _even(distinct: Sequence[Fraction]) -> bool:
    return len({b - a for a, b in pairwise(distinct)}) == 1


def _nearly(
    values: Sequence[Fraction], distinct: Sequence[Fraction], rules: SelectionRules
) -> str | None:
    number = len(values)
    wanted = -(-number * rules.nearly_per_cent // 100)
    for step in _steps(distinct):
        if (inside := _in_a_row(distinct, step, number)) >= wanted:
            return f"{inside} of {number} values differ and lie in a row of {number}."
    places = max(_own_places(values))
    if places >= wanted and len(distinct) > 2:
        return f"{places} of {number} values are their own place in the column."
    return None


def _steps(distinct: Sequence[Fraction]) -> set[Fraction]:
    """One, and the distance that neighbours have most often."""
    gaps = Counter(b - a for a, b in pairwise(distinct))
    return {Fraction(1), *(gap for gap, _ in gaps.most_common(1))}


def _in_a_row(distinct: Sequence[Fraction], step: Fraction, number: int) -> int:
    """The most of the values that lie on so many places at this distance from one another."""
    lines: dict[Fraction, list[int]] = {}
    for value in distinct:
        place = value // step
        lines.setdefault(value - place * step, []).append(int(place))
    return max(
        bisect_left(line, start + number) - position
        for line in lines.values()
        for position, start in enumerate(line)
    )


def _own_places(values: Sequence[Fraction]) -> tuple[int, int, int]:
    """How many values are their own place, where equals share the first, the last or the middle.

    Counted from the lowest value, "the last" is what points from n down to 1 give from the top.
    """
    ordered = sorted(values)
    below = [bisect_left(ordered, each) + 1 for each in values]
    upto = [bisect_right(ordered, each) for each in values]
    middle = [Fraction(a + b, 2) for a, b in zip(below, upto, strict=True)]
    return (
        sum(map(Fraction.__eq__, values, map(Fraction, below))),
        sum(map(Fraction.__eq__, values, map(Fraction, upto))),
        sum(map(Fraction.__eq__, values, middle)),
    )


def spread_evidence(values: Sequence[Fraction], rules: SelectionRules) -> str | None:
    """Why a column says too little to tell applicants apart, or None."""
    distinct = len(set(values))
    if len(values) > 1 and distinct == 1:
        return f"All {len(values)} values are equal."
    if len(values) >= rules.few_values_from and distinct <= rules.few_values:
        return f"{len(values)} values, of which only {distinct} are different."
    return None


def agreement(mine: Mapping[str, Fraction], theirs: Mapping[str, Fraction]) -> Fraction | None:
    """Kendall's tau-b of those whom both have, in exact thousandths; None where it says nothing."""
    both = sorted(mine.keys() & theirs.keys())
    found = kendalltau(_ranks([mine[id] for id in both]), _ranks([theirs[id] for id in both]))
    tau = float(found.statistic)
    return None if tau != tau else Fraction(round(tau * 1_000), 1_000)


def _ranks(values: Sequence[Fraction]) -> list[int]:
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    return [places[value] for value in values]


def disagreement(
    mine: Mapping[str, Fraction], theirs: Mapping[str, Fraction], rules: SelectionRules
) -> str | None:
    """Why a column, higher being better in both, may be upside down beside another, or None."""
    both = len(mine.keys() & theirs.keys())
    if both < rules.agreement_from:
        return None
    tau = agreement(mine, theirs)
    if tau is None or tau * 1_000 >= rules.agreement_per_mille:
        return None
    return f"Kendall's tau is {float(tau):.3f} over {both} applications."
