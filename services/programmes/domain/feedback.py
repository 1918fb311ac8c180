"""What those who attended a session say of it, and what others are shown of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.programmes.domain.session import Session
from services.programmes.domain.terms import SNAKE_CASE, Faults
from services.programmes.errors import FeedbackClosed
from shared.errors import Invalid
from shared.events import Aggregate, integer, items, text

MAX_QUESTIONS = 20


@dataclass(frozen=True, kw_only=True)
class FeedbackQuestion:
    """A statement that is rated."""

    id: str = text(60, pattern=SNAKE_CASE)
    prompt: str = text(300)


@dataclass(frozen=True, kw_only=True)
class FeedbackPolicy:
    """What is asked, on which scale, for how long, and from how many answers they are shown.

    ``least_for_comments`` is for scores, too: of fewer each might be known for somebody's.
    """

    questions: tuple[FeedbackQuestion, ...] = items(MAX_QUESTIONS, min_length=1)
    lowest: int = integer(0, 100)
    highest: int = integer(0, 100)
    editable_days: int = integer(1, 365)
    least_for_comments: int = integer(2, 1_000)

    def closes_at(self, session: Session) -> datetime:
        """From when on nothing is said or changed any more."""
        return session.ends_at + timedelta(days=self.editable_days)

    def require_open(self, session: Session, now: datetime) -> None:
        """Raises FeedbackClosed some days after the session."""
        closes_at = self.closes_at(session)
        if now >= closes_at:
            raise FeedbackClosed(session_id=session.id, closed_at=closes_at.isoformat())

    def shows(self, answers: int, session: Session, now: datetime) -> bool:
        """Whether so many answers are shown, which is once they can no longer change.

        Whoever asked before and after each answer, or each change of one, could tell what it was.
        """
        return answers >= self.least_for_comments and now >= self.closes_at(session)

    def checked(self, ratings: Iterable[Rating]) -> dict[str, int]:
        """The ratings by question in the order of the questions; raises Invalid by field."""
        known = [question.id for question in self.questions]
        faults: Faults = {}
        given: dict[str, int] = {}
        for position, rating in enumerate(ratings):
            if rating.question not in known:
                faults[f"ratings.{position}.question"] = ["There is no such question."]
            elif rating.question in given:
                faults[f"ratings.{position}.question"] = ["Used before."]
            elif not self.lowest <= rating.score <= self.highest:
                reason = f"Must be from {self.lowest} to {self.highest}."
                faults[f"ratings.{position}.score"] = [reason]
            given[rating.question] = rating.score
        if missing := [id for id in known if id not in given]:
            faults.setdefault("ratings", [f"Not rated: {', '.join(missing)}."])
        if faults:
            raise Invalid("The feedback is not complete.", fields=faults)
        return {id: given[id] for id in known}


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How far one agrees with a statement."""

    question: str = text(60)
    score: int = integer(0, 100)


@dataclass
class Feedback(Aggregate):
    """What one member said of one session; its id is that of the attendance."""

    id: str
    session_id: str
    member_id: str
    given_at: datetime
    ratings: dict[str, int] = field(default_factory=dict)
    comment: str = ""

    def say(self, ratings: Mapping[str, int], comment: str, now: datetime) -> None:
        """Say this in place of what was said before."""
        self.ratings, self.comment, self.given_at = dict(ratings), comment.strip(), now

    def forget(self) -> None:
        """Nothing of it counts any more."""
        self.ratings, self.comment = {}, ""


def spread(policy: FeedbackPolicy, answers: Iterable[Feedback]) -> dict[str, dict[str, int]]:
    """How often each score was given, by question; scores that nobody gave are there as 0."""
    answers = tuple(answers)
    return {
        question.id: {
            str(score): sum(each.ratings.get(question.id) == score for each in answers)
            for score in range(policy.lowest, policy.highest + 1)
        }
        for question in policy.questions
    }


def comments_of(answers: Iterable[Feedback]) -> tuple[str, ...]:
    """The comments in alphabetical order."""
    return tuple(sorted(each.comment for each in answers if each.comment))
