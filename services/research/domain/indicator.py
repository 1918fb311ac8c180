"""The relative likelihood of reaching a stage, made from cells as they may be shown.

NHS Workforce Race Equality Standard, indicator 2, is the relative likelihood of white over black
and minority ethnic applicants to be appointed from shortlisting; above 1 means that white
applicants are the likelier. Ratios outside 0.80 to 1.25 are flagged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from services.research.domain.disclosure import Cells, published
from services.research.domain.statistics import (
    Association,
    Interval,
    Ratio,
    association,
    relative_likelihood,
    wilson,
)

RANGE_LOW, RANGE_HIGH = 0.80, 1.25
ESTIMATOR = "ratio of proportions, group over reference, with log-normal interval (Katz)"


class Reason(StrEnum):
    """Why a figure is null."""

    SUPPRESSED = "small_numbers"
    DISCLOSURE = "disclosure_risk"
    NO_APPLICANTS = "no_applicants"
    NONE_IN_REFERENCE = "nobody_reached_in_reference"
    NONE_IN_GROUP = "nobody_reached_in_group"
    NONE = "nobody_reached"
    ALL = "everybody_reached"
    EXACT_TEST = "exact_test_has_no_statistic"


@dataclass(frozen=True)
class Share:
    """How many of a group reached the stage, as shown, and the proportion with its interval."""

    cells: Cells | None
    rate: float | None = None
    interval: Interval | None = None

    @classmethod
    def of(cls, cells: Cells) -> Share:
        if not cells.total:
            return cls(cells)
        rate = cells.reached / cells.total
        return cls(cells, rate, wilson(cells.reached, cells.total))


@dataclass(frozen=True)
class Indicator:
    """Both shares, their ratio and the test; ``reasons`` says why, for each figure that is None."""

    group: Share
    reference: Share
    n: int | None = None
    ratio: Ratio | None = None
    association: Association | None = None
    reasons: dict[str, Reason] = field(default_factory=dict)

    @property
    def suppressed(self) -> bool:
        return self.n is None

    @property
    def outside_range(self) -> bool | None:
        """Whether the ratio is below 0.80 or above 1.25; None where there is no ratio."""
        return None if self.ratio is None else not RANGE_LOW <= self.ratio.value <= RANGE_HIGH


_RATE = ("rate", "rate_low", "rate_high")
_SHARE = ("reached", "not_reached", "total", *_RATE)
_RATIO = ("relative_likelihood", "outside_range")
_INTERVAL = ("ci_low", "ci_high")
_TEST = ("test", "p_value")


def indicator(group: Cells, reference: Cells) -> Indicator:
    """The indicator from exact counts, which are protected before anything is computed."""
    shown = published(group, reference)
    if shown is None:
        names = (*_of("group", _SHARE), *_of("reference", _SHARE), *_RATIO, *_INTERVAL, *_TEST)
        hidden = dict.fromkeys((*names, "n", "statistic"), Reason.SUPPRESSED)
        return Indicator(Share(None), Share(None), reasons=hidden)
    mine, others = shown
    counts = (mine.reached, mine.total, others.reached, others.total)
    made = association(*counts)
    return Indicator(
        Share.of(mine),
        Share.of(others),
        mine.total + others.total,
        relative_likelihood(*counts),
        made,
        _reasons(mine, others, made),
    )


def _of(side: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{side}.{name}" for name in names)


def _reasons(group: Cells, reference: Cells, made: Association | None) -> dict[str, Reason]:
    """Why there is no figure, where there is none although nothing was suppressed."""
    reasons: dict[str, Reason] = {}
    for side, cells in (("group", group), ("reference", reference)):
        if not cells.total:
            reasons |= dict.fromkeys(_of(side, _RATE), Reason.NO_APPLICANTS)
    no_ratio, no_interval = _why_no_ratio(group, reference), _why_no_interval(group, reference)
    if no_ratio:
        reasons |= dict.fromkeys(_RATIO, no_ratio)
    if no_interval:
        reasons |= dict.fromkeys(_INTERVAL, no_interval)
    if made is None:
        reasons |= dict.fromkeys((*_TEST, "statistic"), _why_no_test(group, reference))
    elif made.statistic is None:
        reasons["statistic"] = Reason.EXACT_TEST
    return reasons


def _why_no_ratio(group: Cells, reference: Cells) -> Reason | None:
    if not (group.total and reference.total):
        return Reason.NO_APPLICANTS
    return None if reference.reached else Reason.NONE_IN_REFERENCE


def _why_no_interval(group: Cells, reference: Cells) -> Reason | None:
    no_ratio = _why_no_ratio(group, reference)
    if no_ratio or not group.reached:
        return no_ratio or Reason.NONE_IN_GROUP
    return None if group.not_reached or reference.not_reached else Reason.ALL


def _why_no_test(group: Cells, reference: Cells) -> Reason:
    if not (group.total and reference.total):
        return Reason.NO_APPLICANTS
    return Reason.ALL if group.reached or reference.reached else Reason.NONE
