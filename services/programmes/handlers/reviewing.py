"""What a reviewer does: reads what they were given, blind, and scores it or leaves it to others.

Everything here is of whoever calls. What is not theirs, or is theirs no longer, does not exist for
them, and nothing tells why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from services.programmes.commands import reviews as commands
from services.programmes.domain.application import Application
from services.programmes.domain.panel import Panel
from services.programmes.domain.redaction import Redaction
from services.programmes.domain.review import Review, ReviewState
from services.programmes.errors import AnswersChanged, NotReadable
from services.programmes.handlers.review_desk import ReviewDesk, Reviewing
from services.programmes.handlers.review_gaps import reallocate
from services.programmes.schemas import reviews as schemas
from shared import telemetry
from shared.errors import NotFound

if TYPE_CHECKING:
    from services.programmes.repository import People


@dataclass(frozen=True)
class _Held:
    """A review in the hands of who calls, with what it is of."""

    here: Reviewing
    panel: Panel
    review: Review
    application: Application

    @property
    def state(self) -> ReviewState:
        """Open again where the application was handed in anew since it was scored."""
        scored = self.review.scored_for(self.application)
        return ReviewState.SCORED if scored else ReviewState.OPEN


class _Seat:
    """Who calls, as a reviewer."""

    def __init__(self, review_desk: ReviewDesk) -> None:
        self._desk = review_desk
        self.id = telemetry.current().actor
        self._round, self._panel = cache(review_desk.round), cache(review_desk.panels.get)

    @cached_property
    def _active(self) -> bool:
        reviewer = self._desk.reviewers.first({"_id": self.id})
        return reviewer is not None and reviewer.active

    @cached_property
    def _conflicts(self) -> frozenset[str]:
        return self._desk.conflicts([self.id])[self.id]

    def given(self, review_id: str) -> Review:
        """A review that was given to who calls, whatever became of it; raises NotFound."""
        review = self._desk.reviews.first({"_id": review_id})
        if review is None or review.reviewer_id != self.id:
            raise _nothing(review_id)
        return review

    def held(self, reviews: Sequence[Review]) -> list[_Held]:
        """Those of these reviews with which the reviewer still has to do, with what they are of."""
        found = self._waiting(reviews)
        person = self._desk.persons(each.application.member_id for each in found)
        return [each for each in found if person[each.application.member_id] not in self._conflicts]

    def _waiting(self, reviews: Sequence[Review]) -> list[_Held]:
        """The same, though the reviewer may be in conflict."""
        live = [each for each in reviews if each.live] if self._active else []
        wanted = {"_id": {"$in": [each.application_id for each in live]}}
        found = {each.id: each for each in self._desk.desk.applications.scan(wanted)}
        held = (self._of(review, found[review.application_id]) for review in live)
        return [each for each in held if each.application.status in each.here.statuses]

    def _of(self, review: Review, application: Application) -> _Held:
        cohort_id = review.cohort_id
        return _Held(self._round(cohort_id), self._panel(cohort_id), review, application)

    def mine(self, review_id: str) -> _Held:
        """A review to be scored by who calls; raises NotFound, and ScoringHasClosed."""
        return _open(self.held([self.given(review_id)]), review_id)

    def to_leave(self, review_id: str, ending: ReviewState) -> Review:
        """A review that who calls may leave, or left in the same way before."""
        review = self.given(review_id)
        if review.state is not ending:
            _open(self._waiting([review]), review_id)
        return review


def _open(held: Sequence[_Held], review_id: str) -> _Held:
    if not held:
        raise _nothing(review_id)
    held[0].panel.require_open()
    return held[0]


def _nothing(review_id: str) -> NotFound:
    return NotFound("There is no such review.", id=review_id)


def find_my_reviews(
    request: schemas.FindMyReviews, *, review_desk: ReviewDesk
) -> schemas.MyReviewPage:
    """The reviews of who calls that can be scored, in an order that says nothing."""
    seat = _Seat(review_desk)
    criteria = {"reviewer_id": seat.id}
    if request.cohort_id is not None:
        criteria["cohort_id"] = request.cohort_id
    page = review_desk.reviews.find(criteria, cursor=request.cursor, limit=request.limit)
    held = [each for each in seat.held(page.items) if not each.panel.closed_at]
    items = (schemas.MyReview(h.review.id, h.review.cohort_id, h.state) for h in held)
    return schemas.MyReviewPage(tuple(items), page.next_cursor)


def get_review(
    request: schemas.GetReview, *, review_desk: ReviewDesk, people: People, redaction: Redaction
) -> schemas.BlindReview:
    """The answers that reviewers are shown, without whatever says who gave them."""
    held = _Seat(review_desk).mine(request.review_id)
    answers = _blind(held, review_desk, people, redaction)
    return schemas.BlindReview.of(
        held.review, held.state, held.application.edition, answers, held.here.rubric
    )


def _blind(
    held: _Held, review_desk: ReviewDesk, people: People, redaction: Redaction
) -> tuple[schemas.BlindAnswer, ...]:
    owner = held.application.member_id
    ids = review_desk.desk.standings.ids_of(review_desk.person(owner))
    names = people.words_of(ids)
    if not names:
        raise NotReadable(review_id=held.review.id)
    all_ids = (held.application.id, owner, *ids)
    prompts = {question.id: question.prompt for question in held.here.cohort.questions}
    return tuple(
        schemas.BlindAnswer(id, prompts[id], redaction.applied(answer, names=names, ids=all_ids))
        for id, answer in held.here.cohort.read(held.application.answers).items()
    )


def score_review(command: commands.ScoreReview, *, review_desk: ReviewDesk) -> schemas.ScoredView:
    """Score what one was given, or score it anew while scoring is open.

    Handed in anew at the same moment, it is open again, for the score is of what was read.
    """
    held, now = _Seat(review_desk).mine(command.review_id), review_desk.desk.clock()
    if command.edition != held.application.edition:
        raise AnswersChanged(review_id=held.review.id, edition=held.application.edition)

    def score(review: Review) -> None:
        review_desk.panels.get(review.cohort_id).require_open()
        if not review.live:
            raise _nothing(review.id)
        review.score(
            command.scores,
            command.comment,
            edition=command.edition,
            rubric=held.here.rubric,
            now=now,
        )

    scored = review_desk.reviews.change(held.review.id, score, expected=command.version)
    return schemas.ScoredView(
        scored.id, scored.state, scored.scores, scored.comment, scored.version
    )


def declare_conflict(
    command: commands.DeclareConflict, *, review_desk: ReviewDesk
) -> schemas.EndedView:
    """Say that one must not judge an applicant; somebody else is given the application."""
    review = _Seat(review_desk).to_leave(command.review_id, ReviewState.CONFLICTED)
    review_desk.keep_interest(review.reviewer_id, review.member_id, command.reason, declared=True)
    return _leave(review, ReviewState.CONFLICTED, command.reason, review_desk)


def abstain(command: commands.Abstain, *, review_desk: ReviewDesk) -> schemas.EndedView:
    """Leave an application to somebody else."""
    review = _Seat(review_desk).to_leave(command.review_id, ReviewState.ABSTAINED)
    return _leave(review, ReviewState.ABSTAINED, command.reason, review_desk)


def _leave(
    review: Review, state: ReviewState, reason: str, review_desk: ReviewDesk
) -> schemas.EndedView:
    """End a review and give the application on; done again, it does what was left."""
    ended = review_desk.reviews.change(review.id, lambda found: found.end(state, reason))
    reallocate(ended, review_desk)
    return schemas.EndedView(ended.id, ended.state)
