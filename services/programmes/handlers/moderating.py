"""What staff and panels see of scores, where they differ, and what a panel agrees on instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from services.programmes.commands import reviews as commands
from services.programmes.domain.ranking import shown
from services.programmes.domain.review import Review, ReviewState
from services.programmes.domain.scoring import Tendency, tendencies
from services.programmes.errors import (
    InterestConflicts,
    NotScored,
    ReviewerNotActive,
)
from services.programmes.handlers.review_desk import ReviewDesk
from services.programmes.schemas import scoring as schemas
from shared.paging import decode_cursor, encode_cursor

if TYPE_CHECKING:
    from services.programmes.repository import Reviews


def find_reviews(request: schemas.FindReviews, *, reviews: Reviews) -> schemas.ReviewPage:
    """Reviews with scores, comments and who made them."""
    asked = {
        "cohort_id": request.cohort_id,
        "application_id": request.application_id,
        "reviewer_id": request.reviewer_id,
        "state": request.state and request.state.value,
    }
    criteria = {name: value for name, value in asked.items() if value is not None}
    page = reviews.find(criteria, cursor=request.cursor, limit=request.limit)
    return schemas.ReviewPage(tuple(map(schemas.ReviewView.of, page.items)), page.next_cursor)


def find_outliers(request: schemas.FindOutliers, *, review_desk: ReviewDesk) -> schemas.OutlierPage:
    """Applications that the panel has to agree on, and those that it has agreed on."""
    here = review_desk.round(request.cohort_id)
    after = decode_cursor(request.cursor) if request.cursor else ""
    found = [each for each in review_desk.assessments(here) if each.outlying]
    left = [each for each in found if each.application.id > after]
    page = left[: request.limit]
    more = encode_cursor(page[-1].application.id) if len(left) > len(page) else None
    return schemas.OutlierPage(tuple(map(schemas.Outlier.of, page)), more)


def moderate(command: commands.Moderate, *, review_desk: ReviewDesk) -> schemas.ModerationView:
    """Record what reviewers agreed on for an application, in place of what was recorded before."""
    now = review_desk.desk.clock()
    application = review_desk.desk.applications.get(command.application_id)
    here = review_desk.round(application.cohort_id)
    review_desk.panels.get(here.cohort.id).require_open()
    assessed = review_desk.assessment(here, application)
    if not assessed.reviews:
        raise NotScored(application_id=application.id)
    _require_able(command.moderators, application.member_id, review_desk)
    made = assessed.moderate(command.scores, command.moderators, command.reason, now)
    kept = review_desk.moderations.put(made, lambda known: known.replace(made))
    return schemas.ModerationView.of(kept)


def _require_able(moderators: Sequence[str], member_id: str, review_desk: ReviewDesk) -> None:
    """Raises ReviewerNotActive, and InterestConflicts naming who must not judge the applicant."""
    pool = review_desk.reviewers.scan({"_id": {"$in": list(moderators)}})
    active = {each.id for each in pool if each.active}
    if unknown := [id for id in dict.fromkeys(moderators) if id not in active]:
        raise ReviewerNotActive(reviewer_ids=unknown)
    if partial := sorted(active & review_desk.barred(member_id)):
        raise InterestConflicts(reviewer_ids=partial)


def get_review_report(
    request: schemas.GetReviewReport, *, review_desk: ReviewDesk
) -> schemas.ReviewReport:
    """How far reviewing has come, and how each reviewer scores; nothing is corrected by it."""
    here = review_desk.round(request.cohort_id)
    assessments = review_desk.assessments(here)
    waited_for = [each for each in assessments if each.application.paused_at is None]
    mean, found = tendencies(assessments)
    live = list(review_desk.reviews.scan({"cohort_id": here.cohort.id}))
    return schemas.ReviewReport(
        cohort_id=here.cohort.id,
        applications=len(assessments),
        paused=len(assessments) - len(waited_for),
        reviews_missing=sum(each.reviews_missing for each in waited_for),
        moderations_missing=sum(each.moderation_missing for each in waited_for),
        mean=_shown(mean),
        reviewers=tuple(_reports(live, found)),
    )


def _reports(reviews: Sequence[Review], found: dict[str, Tendency]) -> list[schemas.ReviewerReport]:
    waiting = Counter(r.reviewer_id for r in reviews if r.state is ReviewState.OPEN)
    return [
        schemas.ReviewerReport(
            reviewer_id=id,
            open=waiting[id],
            scored=tendency.number,
            mean=_shown(tendency.mean),
            against_cohort=_shown(tendency.against_cohort),
            against_peers=_shown(tendency.against_peers),
        )
        for id in sorted({*waiting, *found})
        for tendency in [found.get(id, Tendency())]
    ]


def _shown(value: Fraction | None) -> int | None:
    return None if value is None else shown(value)
