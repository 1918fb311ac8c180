"""Pairs of measurements, taken in turn so that what disturbs the machine disturbs both alike.

A round measures the two sides of every pair right after one another; the next round does so in the
opposite order (A B, B A, A B, ...), so a drift favours neither. What counts is the ratio within a
round: the machine may be twice as slow a minute later, but hardly half a second later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

WARM_UP = 0.4
"""Of a measurement's seconds; what it finds is not kept."""


@dataclass(frozen=True)
class Sample:
    """Things done per second, and in seconds how long each took where that was measured."""

    rate: float
    latencies: tuple[float, ...] = ()


Measure = Callable[[float], Sample]
"""Measures for about so many seconds. Raises when an answer is not as it should be."""


@dataclass(frozen=True)
class Side:
    """One of two ways to do the same."""

    label: str
    measure: Measure


@dataclass(frozen=True)
class Pair:
    """What is compared: ``ours`` in terms of ``base``."""

    measurement: str
    load: str
    unit: str
    base: Side
    ours: Side


@dataclass
class Result:
    """The samples of a pair; those at the same position were taken in the same round."""

    pair: Pair
    base: list[Sample] = field(default_factory=list)
    ours: list[Sample] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """How many times as fast as the base, round by round."""
        return [ours.rate / base.rate for base, ours in zip(self.base, self.ours, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def base_rate(self) -> float:
        return median(sample.rate for sample in self.base)

    @property
    def ours_rate(self) -> float:
        return median(sample.rate for sample in self.ours)


def steps(pairs: Sequence[Pair], rounds: int) -> int:
    """How often ``compare`` advances."""
    return 2 * len(pairs) * (rounds + 1)


def compare(
    pairs: Sequence[Pair], *, rounds: int, seconds: float, advance: Callable[[str], None]
) -> list[Result]:
    """Warm up both sides of each pair, then measure them round by round."""
    results = [Result(pair) for pair in pairs]

    def take(pair: Pair, side: Side, duration: float) -> Sample:
        advance(f"{pair.measurement}: {pair.load}")
        return side.measure(duration)

    for pair in pairs:
        for side in (pair.base, pair.ours):
            take(pair, side, seconds * WARM_UP)
    for number in range(rounds):
        for result in results:
            pair = result.pair
            order = ((pair.base, result.base), (pair.ours, result.ours))
            for side, samples in order if number % 2 == 0 else reversed(order):
                samples.append(take(pair, side, seconds))
    return results


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
