"""Reads of scores and rankings, and their answers; for staff and panels.

Means and scores that are no whole number of points come in ten-thousandths of a point.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.domain.ranking import Ranked, RankingStage, shown
from services.programmes.domain.review import Review, ReviewState
from services.programmes.domain.scoring import Assessment, Moderation
from services.programmes.schemas.pages import LATEST, MOST_EARLIER, PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class FindReviews:
    """Ask for the reviews of a cohort, of one application, or by one reviewer."""

    cohort_id: str = text(64)
    application_id: str | None = text(64, default=None)
    reviewer_id: str | None = text(64, default=None)
    state: ReviewState | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class FindOutliers:
    """Ask for the applications whose reviews differ by more than the rubric lets pass."""

    cohort_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetReviewReport:
    """Ask how far reviewing has come, and how each reviewer scores beside the others."""

    cohort_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetRanking:
    """Ask for the ranking of a cohort after a stage, the latest or an earlier one."""

    cohort_id: str = text(64)
    stage: RankingStage = RankingStage.REVIEW
    number: int | None = integer(1, MOST_EARLIER, default=None, description=LATEST)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class ReviewView:
    """A review with who made it; ``reason`` says why it does not count."""

    review_id: str
    application_id: str
    reviewer_id: str
    state: ReviewState
    scores: dict[str, int]
    comment: str
    reason: str
    allocated_at: datetime
    scored_at: datetime | None

    @classmethod
    def of(cls, review: Review) -> Self:
        return cls(
            review_id=review.id,
            application_id=review.application_id,
            reviewer_id=review.reviewer_id,
            state=review.state,
            scores=review.scores,
            comment=review.comment,
            reason=review.reason,
            allocated_at=review.allocated_at,
            scored_at=review.scored_at,
        )


@dataclass(frozen=True)
class ReviewPage:
    """Some reviews; ``next_cursor`` is null on the last page."""

    items: tuple[ReviewView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Outlier:
    """An application that reviewers see differently, and whether the panel has agreed on it."""

    application_id: str
    lowest: int
    highest: int
    gap: int
    moderated: bool

    @classmethod
    def of(cls, each: Assessment) -> Self:
        lowest, highest = min(each.means), max(each.means)
        moderated = each.agreed is not None
        return cls(each.application.id, shown(lowest), shown(highest), shown(each.gap), moderated)


@dataclass(frozen=True)
class OutlierPage:
    """Some outliers by id; ``next_cursor`` is null on the last page."""

    items: tuple[Outlier, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class ModerationView:
    """What a panel agreed on for an application."""

    application_id: str
    scores: dict[str, int]
    moderators: tuple[str, ...]
    reason: str
    moderated_at: datetime

    @classmethod
    def of(cls, made: Moderation) -> Self:
        return cls(made.id, made.scores, made.moderators, made.reason, made.moderated_at)


@dataclass(frozen=True)
class ReviewerReport:
    """How somebody reviews; positive differences mean that they give more than others.

    ``against_cohort`` is their mean less that of all reviews; ``against_peers`` the mean of what
    they gave less what others gave to the same applications.
    """

    reviewer_id: str
    open: int
    scored: int
    mean: int | None
    against_cohort: int | None
    against_peers: int | None


@dataclass(frozen=True)
class ReviewReport:
    """How far reviewing has come; paused applications are waited for by nobody."""

    cohort_id: str
    applications: int
    paused: int
    reviews_missing: int
    moderations_missing: int
    mean: int | None
    reviewers: tuple[ReviewerReport, ...]


@dataclass(frozen=True)
class ScoringView:
    """Whether reviewers of a cohort score."""

    cohort_id: str
    closed_at: datetime | None


@dataclass(frozen=True)
class RankedView:
    """A place in a ranking; ``decided_by`` is what set it apart from the next.

    ``agreed`` says that a panel agreed on a score in it, in place of the mean of what each gave.
    """

    rank: int
    application_id: str
    score: int
    decided_by: str
    agreed: bool

    @classmethod
    def of(cls, ranked: Ranked) -> Self:
        return cls(
            ranked.rank, ranked.application_id, ranked.score, ranked.decided_by, ranked.agreed
        )


@dataclass(frozen=True)
class RankingMade:
    """How applications rank now, or would; the best come with it, ``get_ranking`` gives all.

    ``paused`` and ``unscored`` name the first 200 of those that are not ranked.
    """

    cohort_id: str
    dry_run: bool
    changed: bool
    ranked: int
    paused: tuple[str, ...]
    unscored: tuple[str, ...]
    best: tuple[RankedView, ...]


@dataclass(frozen=True)
class RankingPage:
    """Some places by rank; with ``seed`` and the scores anybody comes to the same."""

    cohort_id: str
    stage: RankingStage
    number: int
    seed: str
    made_at: datetime
    items: tuple[RankedView, ...]
    next_cursor: str | None
