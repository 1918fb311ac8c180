"""Statistics of two proportions: intervals, ratio, test.

    relative_likelihood(120, 400, 90, 420)     # Ratio(1.400, 1.105, 1.774)
    wilson(65, 100)                            # Interval(0.552544, 0.736358)

Sources
    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22 (1927) 209-212.
    D. Katz et al., Obtaining confidence intervals for the risk ratio in cohort studies, Biometrics
    34 (1978) 469-474.
    W. G. Cochran, Some methods for strengthening the common chi-squared tests, Biometrics 10 (1954)
    417-451: an exact test where an expected count is below 5.
"""

from __future__ import annotations

from enum import StrEnum
from math import exp, sqrt
from statistics import NormalDist
from typing import NamedTuple

from scipy.stats import chi2_contingency, fisher_exact

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
SMALLEST_EXPECTED = 5


class Interval(NamedTuple):
    """Bounds at 95 per cent confidence."""

    low: float
    high: float


class Ratio(NamedTuple):
    """A ratio of two proportions with its interval, where one exists."""

    value: float
    interval: Interval | None


class TestName(StrEnum):
    """Which test of association was made."""

    __test__ = False  # pytest would take it for a test case

    PEARSON = "pearson_chi_squared_uncorrected"
    FISHER = "fisher_exact_two_sided"


class Association(NamedTuple):
    """A test of association; Fisher's exact test has no statistic."""

    test: TestName
    statistic: float | None
    p_value: float


def wilson(successes: int, n: int) -> Interval:
    """The score interval of ``successes / n``; ``n`` is at least 1."""
    share = successes / n
    spread = Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    centre, scale = share + Z**2 / (2 * n), 1 + Z**2 / n
    return Interval(max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))


def relative_likelihood(a: int, n1: int, b: int, n2: int) -> Ratio | None:
    """(a / n1) / (b / n2) with exp(ln RL ± z sqrt(1/a - 1/n1 + 1/b - 1/n2)).

    None where b or a group is empty: there is nothing to divide by. No interval where a is 0, for 0
    has no logarithm, and none where all of both groups reached the stage, for nothing varies.
    """
    if not (n1 and n2 and b):
        return None
    ratio = (a * n2) / (b * n1)
    variance = 1 / a - 1 / n1 + 1 / b - 1 / n2 if a else 0.0
    if variance <= 0:
        return Ratio(ratio, None)
    factor = exp(Z * sqrt(variance))
    return Ratio(ratio, Interval(ratio / factor, ratio * factor))


def association(a: int, n1: int, b: int, n2: int) -> Association | None:
    """Pearson's chi-squared without correction; Fisher's exact test where an expected count < 5.

    None where a row or a column of the table is empty: then there is nothing to compare.
    """
    table = [[a, n1 - a], [b, n2 - b]]
    total, reached = n1 + n2, a + b
    margins = (n1, n2, reached, total - reached)
    if not all(margins):
        return None
    if min(n1, n2) * min(reached, total - reached) < SMALLEST_EXPECTED * total:
        return Association(TestName.FISHER, None, float(fisher_exact(table).pvalue))
    found = chi2_contingency(table, correction=False)
    return Association(TestName.PEARSON, float(found.statistic), float(found.pvalue))
