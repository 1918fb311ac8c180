"""What may be asked of reviewers, reviews and the rankings that follow from them."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from services.programmes.domain.eligibility import Word
from services.programmes.domain.panel import MAX_POOL
from services.programmes.domain.reviewer import MAX_CAPACITY
from services.programmes.domain.rubric import HIGHEST_SCORE, MAX_CRITERIA
from shared.events import integer, items, text

MAX_MODERATORS = 20
MAX_COMMENT = 5_000
MAX_EDITION = 1_000_000
Score = Annotated[int, fields.Integer(strict=True, validate=validate.Range(0, HIGHEST_SCORE))]


@dataclass(frozen=True, kw_only=True)
class _Reviewer:
    reviewer_id: str = text(64, description="The subject of the reviewer's tokens.")
    name: str | None = text(200, default=None, description="For staff who cannot do without it.")
    host_id: str | None = text(64, default=None)
    professions: tuple[Word, ...] = items(20, default=())
    capacity: int = integer(1, MAX_CAPACITY, description="The most reviews in a cohort.")


@dataclass(frozen=True, kw_only=True)
class AddReviewer(_Reviewer):
    """Take somebody into the pool of reviewers."""


@dataclass(frozen=True, kw_only=True)
class ReviseReviewer(_Reviewer):
    """Say this of a reviewer instead of what was said; one who was retired is active again."""


@dataclass(frozen=True, kw_only=True)
class RetireReviewer:
    """Give a reviewer no more reviews."""

    reviewer_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class AppointReviewers:
    """Let these, and nobody else, review for a cohort."""

    cohort_id: str = text(64)
    reviewer_ids: tuple[str, ...] = items(MAX_POOL, min_length=1)


@dataclass(frozen=True, kw_only=True)
class RecordConflict:
    """Record why a reviewer must not judge a member, in whichever cohort."""

    reviewer_id: str = text(64)
    member_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class LiftConflict:
    """Let a reviewer judge a member again; what was recorded stays to be read."""

    reviewer_id: str = text(64)
    member_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class AllocateReviews:
    """Give the applications of a cohort to its reviewers, or, dry, say how it would be done."""

    cohort_id: str = text(64)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class ScoreReview:
    """Score an application that one was given, by criterion; with ``version``, as it was read."""

    review_id: str = text(64)
    edition: int = integer(1, MAX_EDITION, description="Of the answers, as get_review gave it.")
    scores: dict[str, Score] = items(MAX_CRITERIA, min_length=1)
    comment: str = text(MAX_COMMENT, min_length=0, default="", description="For the panel alone.")
    version: int | None = integer(1, 1_000_000, default=None)


@dataclass(frozen=True, kw_only=True)
class DeclareConflict:
    """Say that one must not judge an application that one was given."""

    review_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class Abstain:
    """Leave an application that one was given to somebody else."""

    review_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class Moderate:
    """Record the scores that the panel agreed on for an application."""

    application_id: str = text(64)
    scores: dict[str, Score] = items(MAX_CRITERIA, min_length=1)
    moderators: tuple[str, ...] = items(
        MAX_MODERATORS, min_length=1, description="The reviewers who agreed."
    )
    reason: str = text(2_000)


@dataclass(frozen=True, kw_only=True)
class CloseScoring:
    """Let no score of a cohort change any more; while something is missing, only with a reason."""

    cohort_id: str = text(64)
    reason: str | None = text(500, default=None)


@dataclass(frozen=True, kw_only=True)
class ReopenScoring:
    """Let scores of a cohort be given and changed again."""

    cohort_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class RankReviews:
    """Rank the applications of a cohort by their reviews, or, dry, say how they would be."""

    cohort_id: str = text(64)
    dry_run: bool = False
