"""What a reviewer reads: questions and answers without anything that says who answered."""

from dataclasses import dataclass

from services.programmes.domain.review import Review, ReviewState
from services.programmes.domain.rubric import Criterion, Rubric
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class FindMyReviews:
    """Ask for the reviews that one was given and may still score, of a cohort or of all."""

    cohort_id: str | None = text(64, default=None)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetReview:
    """Ask for a review that one was given."""

    review_id: str = text(64)


@dataclass(frozen=True)
class MyReview:
    """A review that one was given: ``open``, or ``scored``."""

    review_id: str
    cohort_id: str
    state: ReviewState


@dataclass(frozen=True)
class MyReviewPage:
    """Some of one's reviews; there may be fewer than asked for before the last page."""

    items: tuple[MyReview, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class BlindAnswer:
    """What was asked and answered; what identifies the applicant is replaced by a mark."""

    question_id: str
    prompt: str
    answer: str


@dataclass(frozen=True)
class BlindReview:
    """An application as its reviewer sees it, with what they gave it; no more is told of it.

    ``edition`` counts how often these answers were handed in anew; ``score_review`` wants it.
    """

    review_id: str
    cohort_id: str
    state: ReviewState
    edition: int
    answers: tuple[BlindAnswer, ...]
    criteria: tuple[Criterion, ...]
    lowest: int
    highest: int
    scores: dict[str, int]
    comment: str
    version: int

    @classmethod
    def of(
        cls,
        review: Review,
        state: ReviewState,
        edition: int,
        answers: tuple[BlindAnswer, ...],
        rubric: Rubric,
    ) -> "BlindReview":
        return cls(
            review_id=review.id,
            cohort_id=review.cohort_id,
            state=state,
            edition=edition,
            answers=answers,
            criteria=rubric.criteria,
            lowest=rubric.lowest,
            highest=rubric.highest,
            scores=review.scores,
            comment=review.comment,
            version=review.version,
        )


@dataclass(frozen=True)
class ScoredView:
    """What a review says now."""

    review_id: str
    state: ReviewState
    scores: dict[str, int]
    comment: str
    version: int


@dataclass(frozen=True)
class EndedView:
    """A review that is no longer one's own."""

    review_id: str
    state: ReviewState
