"""Read requests and every response. No response carries anyone's answers or pseudonym."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.research.domain.indicator import (
    ESTIMATOR,
    RANGE_HIGH,
    RANGE_LOW,
    Indicator,
    Share,
)
from services.research.domain.releases import Release
from services.research.domain.statistics import CONFIDENCE
from shared.events import text

NOTES = (
    "Counted are those of the cohort who reached the base, at first all applicants, and gave a "
    "known answer; declined and unknown are left out.",
    "Counts of 8 and more are rounded to the nearest 5; a count of 1 to 7 suppresses all four "
    "cells of the table.",
    "Totals, rates, ratio, intervals and test are computed from the rounded counts.",
)
STANDING_NOTE = (
    "The data have moved by too few people to be shown anew; these are the figures of as_of."
)


@dataclass(frozen=True, kw_only=True)
class RelativeLikelihood:
    """Ask how likely those of ``group`` are to reach a stage from ``base``, over ``reference``."""

    cohort_id: str = text(64)
    characteristic: str = text(60)
    group: str = text(60, description="A code, or a named grouping of codes.")
    reference: str = text(60, description="Another, with no code in common.")
    stage: str = text(40)
    base: str = text(
        40, default="submitted", description="The stage of those who are counted at all."
    )


@dataclass(frozen=True, kw_only=True)
class GetCohort:
    """Ask how much of a cohort has been heard of."""

    cohort_id: str = text(64)


@dataclass(frozen=True)
class RecordedView:
    """The answers are kept; they are not repeated."""

    recorded: bool


@dataclass(frozen=True)
class WithdrawnView:
    """There are no answers under the pseudonym."""

    withdrawn: bool


@dataclass(frozen=True)
class CohortView:
    """How many applicants are known to have reached each stage, whatever they answered, if at all.

    These are the counts of programmes' public events; comparing them shows whether all have
    arrived.
    """

    cohort_id: str
    title: str | None
    stages: dict[str, int]


@dataclass(frozen=True)
class ShareView:
    """One of the two groups: rounded counts, and the proportion with its Wilson interval."""

    name: str
    codes: tuple[str, ...]
    reached: int | None
    not_reached: int | None
    total: int | None
    rate: float | None
    rate_low: float | None
    rate_high: float | None

    @classmethod
    def of(cls, name: str, codes: tuple[str, ...], share: Share) -> Self:
        cells, interval = share.cells, share.interval
        return cls(
            name=name,
            codes=codes,
            reached=cells.reached if cells else None,
            not_reached=cells.not_reached if cells else None,
            total=cells.total if cells else None,
            rate=share.rate,
            rate_low=interval.low if interval else None,
            rate_high=interval.high if interval else None,
        )


@dataclass(frozen=True)
class RelativeLikelihoodView:
    """Rate of ``group`` over rate of ``reference``. ``reasons`` names every null figure and why."""

    cohort_id: str
    cohort_title: str | None
    characteristic: str
    base: str
    stage: str
    group: ShareView
    reference: ShareView
    n: int | None
    relative_likelihood: float | None
    ci_low: float | None
    ci_high: float | None
    confidence: float
    outside_range: bool | None
    range_low: float
    range_high: float
    test: str | None
    statistic: float | None
    p_value: float | None
    estimator: str
    suppressed: bool
    reasons: dict[str, str]
    notes: tuple[str, ...]
    code_list: str
    as_of: datetime

    @classmethod
    def of(
        cls,
        request: RelativeLikelihood,
        release: Release,
        found: Indicator,
        *,
        title: str | None,
        code_list: str,
        standing: bool,
    ) -> Self:
        ratio, made = found.ratio, found.association
        interval = ratio.interval if ratio else None
        return cls(
            cohort_id=request.cohort_id,
            cohort_title=title,
            characteristic=request.characteristic,
            base=request.base,
            stage=request.stage,
            group=ShareView.of(request.group, release.table.group, found.group),
            reference=ShareView.of(request.reference, release.table.reference, found.reference),
            n=found.n,
            relative_likelihood=ratio.value if ratio else None,
            ci_low=interval.low if interval else None,
            ci_high=interval.high if interval else None,
            confidence=CONFIDENCE,
            outside_range=found.outside_range,
            range_low=RANGE_LOW,
            range_high=RANGE_HIGH,
            test=made.test if made else None,
            statistic=made.statistic if made else None,
            p_value=made.p_value if made else None,
            estimator=ESTIMATOR,
            suppressed=found.suppressed,
            reasons={name: reason.value for name, reason in found.reasons.items()},
            notes=(*NOTES, STANDING_NOTE) if standing else NOTES,
            code_list=code_list,
            as_of=release.as_of,
        )
