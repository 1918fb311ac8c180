"""What is odd about a column of numbers: that it looks like ranks, or which way up it is.

Ranks that are taken for scores turn a selection upside down, so a column is looked at from several
sides: whether its values, after any shift and stretch, fill a row of whole numbers as ranks do,
whether each value is its own place in the column, as ranks with ties are, and whether every value
stands there equally often, as where each panel ranks its own applicants, or in tenths. What no look
at the values alone can tell, as a part of a longer ranking, is told by other scores of the same
applications: unless they show which way up a column is, somebody has to.

    rank_evidence([Fraction(n) for n in (3, 1, 2)], rules)  # "3 of 3 values are a row ..."
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from scipy.stats import chi2, kendalltau

from services.programmes.domain.selection_rules import SelectionRules


def rank_evidence(values: Sequence[Fraction], rules: SelectionRules) -> str | None:
    """Why a column looks like ranks, or None where it does not.

    A permutation of 1..n is told from ``permutation_from`` values on, any other row of evenly
    spaced values from ``evenly_from``, what only nearly is one, or has ties, from ``nearly_from``,
    and ranks within groups, or of a row that was rounded, from ``groups_from``.
    """
    number = len(values)
    if number < rules.permutation_from:
        return None
    if sorted(values) == [Fraction(place) for place in range(1, number + 1)]:
        return f"The values are the numbers 1 to {number}, each once."
    distinct = sorted(set(values))
    if number >= rules.evenly_from and len(distinct) == number and _even(distinct):
        return f"All {number} values differ and are evenly spaced."
    if number >= rules.nearly_from and (found := _nearly(values, distinct, rules)):
        return found
    return _grouped(values, distinct, rules) if number >= rules.groups_from else None


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


def _grouped(
    values: Sequence[Fraction], distinct: Sequence[Fraction], rules: SelectionRules
) -> str | None:
    """Ranks within groups, tenths and the like, and whole numbers that a straight line rounds to.

    Values of a row stand there too equally often if numbers drawn at random would do so in fewer
    than ``too_even_per_mille`` of cases: Pearson's chi-squared, looked at from its lower end.
    """
    gaps = [b - a for a, b in pairwise(distinct)]
    if len(distinct) == len(values) and _rounded(gaps):
        return f"All {len(values)} values differ and are spaced as evenly as rounding lets them."
    if len(distinct) < rules.group_places_from:
        return None
    step = Counter(gaps).most_common(1)[0][0]
    places = (distinct[-1] - distinct[0]) / step + 1
    if places > len(values) or any((value - distinct[0]) % step for value in distinct):
        return None
    expected, counted = len(values) / places, Counter(values)
    row = (counted[distinct[0] + step * place] for place in range(int(places)))
    statistic = sum((number - expected) ** 2 for number in row) / expected
    if chi2.cdf(float(statistic), int(places) - 1) * 1_000 > rules.too_even_per_mille:
        return None
    return f"{len(values)} values stand on {int(places)} places, each about equally often."


def _rounded(gaps: Sequence[Fraction]) -> bool:
    """Whether all distances are the same but for one unit, and are two units or more."""
    whole = lcm(*(gap.denominator for gap in gaps))
    unit = Fraction(gcd(*(int(gap * whole) for gap in gaps)), whole)
    return min(gaps) >= 2 * unit and max(gaps) - min(gaps) <= unit


def spread_evidence(values: Sequence[Fraction], rules: SelectionRules) -> str | None:
    """Why a column says too little to tell applicants apart, or None."""
    distinct = len(set(values))
    if len(values) > 1 and distinct == 1:
        return f"All {len(values)} values are equal."
    if len(values) >= rules.few_values_from and distinct <= rules.few_values:
        return f"{len(values)} values, of which only {distinct} are different."
    return None


@dataclass(frozen=True)
class Agreement:
    """How two columns agree on those whom both have, higher being better in both.

    ``tau`` is Kendall's tau-b in exact thousandths, None where it says nothing; ``chance`` is how
    probable as much of it is, or more, of columns that have nothing to do with one another.
    """

    number: int
    tau: Fraction | None
    chance: float

    def __str__(self) -> str:
        if self.tau is None:
            return f"{self.number} applications, on which they say nothing of one another"
        return f"Kendall's tau is {float(self.tau):.3f} over {self.number} applications"


def agreement(mine: Mapping[str, Fraction], theirs: Mapping[str, Fraction]) -> Agreement:
    """How two columns agree, by the test of Kendall (1938) with ties (tau-b), to one side."""
    both = sorted(mine.keys() & theirs.keys())
    ranks = _ranks([mine[id] for id in both]), _ranks([theirs[id] for id in both])
    if min(len(set(each)) for each in ranks) < 2:
        return Agreement(len(both), None, 1.0)
    found = kendalltau(*ranks, alternative="greater")
    tau = Fraction(round(float(found.statistic) * 1_000), 1_000)
    return Agreement(len(both), tau, float(found.pvalue))


def _ranks(values: Sequence[Fraction]) -> list[int]:
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    return [places[value] for value in values]


def disagreement(found: Agreement, rules: SelectionRules) -> str | None:
    """Why a column may be upside down beside another, or None."""
    if found.number < rules.agreement_from or found.tau is None:
        return None
    return None if found.tau * 1_000 >= rules.agreement_per_mille else f"{found}."


def shows_direction(found: Agreement, rules: SelectionRules) -> bool:
    """Whether a column agrees with another more than chance lets pass, so is the right way up."""
    enough = found.number >= rules.agreement_from
    return enough and found.chance * 1_000 <= rules.direction_per_mille


def direction_doubt(found: Iterable[Agreement], rules: SelectionRules) -> str | None:
    """Why nothing that is known shows which way up a column is, or None where something does."""
    known = [each for each in found if each.number >= rules.agreement_from]
    if not known:
        return f"No other scores of {rules.agreement_from} of these applications to compare with."
    if any(shows_direction(each, rules) for each in known):
        return None
    return f"Chance alone agrees so: {'; '.join(map(str, known))}."
