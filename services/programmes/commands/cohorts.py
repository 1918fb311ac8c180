"""What may be asked about cohorts and hosts."""

from dataclasses import dataclass
from datetime import date, datetime

from services.programmes.domain.cohort import MAX_POSTS, Post
from services.programmes.domain.parts import MAX_PARTS, Part
from services.programmes.domain.question import MAX_QUESTIONS, Question
from services.programmes.domain.rubric import Rubric
from services.programmes.domain.terms import Nation
from shared.events import integer, items, text


@dataclass(frozen=True, kw_only=True)
class RegisterHost:
    """Put an organisation on record that takes fellows."""

    name: str = text(200)
    nation: Nation
    capacity: int = integer(1, 10_000, description="Fellows it takes at a time.")


@dataclass(frozen=True, kw_only=True)
class ChangeHostCapacity:
    """Let a host take more fellows at a time, or fewer as far as there is room."""

    host_id: str = text(64)
    capacity: int = integer(1, 10_000, description="Fellows it takes at a time.")
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class OpenCohort:
    """Set a round of applications; instants carry their offset from UTC."""

    programme_id: str = text(64)
    title: str = text(200)
    nation: Nation = Nation.ENGLAND
    time_zone: str = text(60, default="Europe/London")
    opens_at: datetime
    closes_at: datetime
    starts_on: date
    months: int = integer(1, 60, default=12)
    posts: tuple[Post, ...] = items(MAX_POSTS, min_length=1)
    questions: tuple[Question, ...] = items(MAX_QUESTIONS)
    rubric: Rubric | None = None
    interview_rubric: Rubric | None = None
    weights: tuple[Part, ...] = items(
        MAX_PARTS, default=(), description="Of the final ranking; empty: declared when it is made."
    )
    workflow: str | None = text(
        80, default=None, description="A version; by default the latest for the programme's kind."
    )


@dataclass(frozen=True, kw_only=True)
class WithdrawCohort:
    """Call a round off to which nobody has applied."""

    cohort_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class ExtendCohort:
    """Let a window close later than was said."""

    cohort_id: str = text(64)
    closes_at: datetime
    reason: str = text(500)
