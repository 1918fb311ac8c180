"""A cohort: one round of a programme, with its window, its posts, its form and its rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.programmes.domain.parts import Part, part_faults
from services.programmes.domain.question import Question, checked_answers, question_faults
from services.programmes.domain.rubric import Rubric
from services.programmes.domain.terms import (
    SNAKE_CASE,
    Faults,
    Nation,
    blank_faults,
    repeated_faults,
)
from services.programmes.errors import CohortCalledOff, OutsideWindow
from services.programmes.events import (
    CohortClosed,
    CohortExtended,
    CohortOpened,
    CohortWithdrawn,
    PreferencesOpened,
)
from shared.errors import Invalid
from shared.events import Aggregate, integer, text

MAX_POSTS = 1_000


@dataclass(frozen=True, kw_only=True)
class Post:
    """One or several equal posts, at a host or, as places of a course, at none."""

    id: str = text(60, pattern=SNAKE_CASE, description="Names the post in its cohort, snake_case.")
    title: str = text(200)
    capacity: int = integer(1, 10_000)
    host_id: str | None = text(64, default=None)
    wte_percent: int = integer(1, 100, default=100, description="Whole-time equivalent, per cent.")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that a cohort is opened with; ``workflow`` is the id of a version."""

    programme_id: str
    title: str
    nation: Nation
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    starts_on: date
    months: int
    posts: tuple[Post, ...]
    questions: tuple[Question, ...]
    rubric: Rubric | None
    workflow: str
    interview_rubric: Rubric | None = None
    weights: tuple[Part, ...] = ()

    def faults(self, now: datetime) -> Faults:
        """What is wrong, by field."""
        faults = blank_faults({"title": self.title}) | question_faults(self.questions)
        faults |= blank_faults({f"posts.{n}.title": p.title for n, p in enumerate(self.posts)})
        faults |= repeated_faults("posts", "id", (post.id for post in self.posts))
        for name, rubric in (("rubric", self.rubric), ("interview_rubric", self.interview_rubric)):
            if rubric is not None:
                faults |= {f"{name}.{path}": why for path, why in rubric.faults().items()}
        faults |= part_faults(self.weights)
        if self.closes_at <= self.opens_at:
            faults["closes_at"] = ["Must be after opens_at."]
        elif self.closes_at <= now:
            faults["closes_at"] = [f"Must be in the future; it is {now.isoformat()}."]
        if zone_of(self.time_zone) is None:
            faults["time_zone"] = ["Not a time zone such as Europe/London."]
        elif self.starts_on <= self.closes_at.date():
            faults["starts_on"] = ["Must be after the window has closed."]
        return faults


@dataclass
class Cohort(Aggregate):
    """A round of applications, open from ``opens_at`` until just before ``closes_at``.

    ``closed_at`` is when it was told that the window has closed, ``withdrawn_at`` when it was
    called off. Interviews are scored by the ``interview_rubric``, or where there is none by the
    other. ``weights`` of the final ranking that are declared here hold; otherwise whoever makes the
    ranking declares them.
    """

    id: str
    programme_id: str
    title: str
    nation: Nation
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    starts_on: date
    months: int
    posts: tuple[Post, ...]
    questions: tuple[Question, ...]
    workflow: str
    rubric: Rubric | None = None
    closed_at: datetime | None = None
    interview_rubric: Rubric | None = None
    weights: tuple[Part, ...] = ()
    preferences_until: datetime | None = None
    withdrawn_at: datetime | None = None

    @classmethod
    def open(cls, id: str, plan: Plan, now: datetime) -> Cohort:
        """The opened cohort, or Invalid naming every fault."""
        if faults := plan.faults(now):
            raise Invalid("The cohort is not valid.", fields=faults)
        values = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
        values["opens_at"] = to_the_millisecond(plan.opens_at)
        values["closes_at"] = to_the_millisecond(plan.closes_at)
        values["title"] = plan.title.strip()
        cohort = cls(id, **values)
        cohort.record(
            CohortOpened(
                cohort_id=id,
                programme_id=cohort.programme_id,
                title=cohort.title,
                opens_at=cohort.opens_at,
                closes_at=cohort.closes_at,
                starts_on=cohort.starts_on,
                posts=cohort.places,
            )
        )
        return cohort

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.time_zone)

    @property
    def places(self) -> int:
        """How many people the posts take together."""
        return sum(post.capacity for post in self.posts)

    @property
    def for_interviews(self) -> Rubric | None:
        """By what interviews are scored."""
        return self.interview_rubric or self.rubric

    def to_come(self, today: date) -> bool:
        """Whether its fellows have not started yet and will."""
        return self.withdrawn_at is None and self.starts_on > today

    def post(self, post_id: str) -> Post | None:
        """The post of that name."""
        return next((post for post in self.posts if post.id == post_id), None)

    def question(self, question_id: str) -> Question | None:
        """The question of that name."""
        return next((each for each in self.questions if each.id == question_id), None)

    def read(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Those of the answers that reviewers read, in the form's order."""
        return {q.id: answers[q.id] for q in self.questions if q.read and q.id in answers}

    def resized(self, post_id: str, capacity: int) -> tuple[Post, ...]:
        """The posts, if that one took so many people."""
        return tuple(
            replace(post, capacity=capacity) if post.id == post_id else post for post in self.posts
        )

    def resize(self, post_id: str, capacity: int) -> None:
        """Let a post take so many people; the places that are held are counted elsewhere."""
        self.posts = self.resized(post_id, capacity)

    def require_open(self, now: datetime) -> None:
        """Raises OutsideWindow, with the three instants, unless applications are taken now.

        Raises CohortCalledOff where it was withdrawn.
        """
        self.require_standing()
        if not self.opens_at <= now < self.closes_at:
            state = "is not open yet" if now < self.opens_at else "has closed"
            raise OutsideWindow(
                f"The cohort {state}.",
                opens_at=self.opens_at.isoformat(),
                closes_at=self.closes_at.isoformat(),
                now=now.isoformat(),
            )

    def extend(self, closes_at: datetime, now: datetime) -> None:
        """Let the window close later; raises OutsideWindow once it has closed, and Invalid.

        Raises CohortCalledOff where it was withdrawn.
        """
        closes_at = to_the_millisecond(closes_at)
        self.require_standing()
        if closes_at == self.closes_at:
            return
        if now >= self.closes_at:
            self.require_open(now)
        faults: Faults = {}
        if closes_at < self.closes_at:
            faults["closes_at"] = ["Must be later than it was: people rely on it."]
        elif self.starts_on <= closes_at.date():
            faults["closes_at"] = ["Must be before the cohort starts."]
        if faults:
            raise Invalid("The window cannot be extended so.", fields=faults)
        self.closes_at = closes_at
        self.record(
            CohortExtended(
                cohort_id=self.id, programme_id=self.programme_id, closes_at=self.closes_at
            )
        )

    def open_preferences(self, closes_at: datetime, now: datetime) -> None:
        """Take preferences until an instant, which may be put off.

        Raises Invalid, and CohortCalledOff where it was withdrawn.
        """
        closes_at = to_the_millisecond(closes_at)
        self.require_standing()
        if closes_at == self.preferences_until:
            return
        reason = None
        if closes_at <= now or closes_at.date() >= self.starts_on:
            reason = "Must be in the future and before the cohort starts."
        elif self.preferences_until is not None and closes_at < self.preferences_until:
            reason = "Must be later than it was: people rely on it."
        if reason is not None:
            raise Invalid("Preferences cannot be taken so.", fields={"closes_at": [reason]})
        self.preferences_until = closes_at
        self.record(
            PreferencesOpened(
                cohort_id=self.id, programme_id=self.programme_id, closes_at=closes_at
            )
        )

    def close(self, now: datetime) -> None:
        """Tell, once, that the window has closed; of one that was withdrawn nobody is told."""
        if self.withdrawn_at is None and self.closed_at is None and now >= self.closes_at:
            self.closed_at = now
            self.record(
                CohortClosed(
                    cohort_id=self.id, programme_id=self.programme_id, closed_at=self.closes_at
                )
            )

    def withdraw(self, now: datetime) -> None:
        """Call it off for good; whether anybody has applied is for the caller to see."""
        if self.withdrawn_at is None:
            self.withdrawn_at = now
            self.record(
                CohortWithdrawn(cohort_id=self.id, programme_id=self.programme_id, withdrawn_at=now)
            )

    def require_standing(self) -> None:
        """Raises CohortCalledOff once it was withdrawn."""
        if self.withdrawn_at is not None:
            raise CohortCalledOff(cohort_id=self.id, withdrawn_at=self.withdrawn_at.isoformat())

    def checked_answers(self, answers: Mapping[str, str], *, complete: bool) -> dict[str, str]:
        """The answers given, tidied and in the form's order, or Invalid by ``answers.<id>``."""
        return checked_answers(self.questions, answers, complete=complete)


def zone_of(name: str) -> tzinfo | None:
    """The time zone of a name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def to_the_millisecond(value: datetime) -> datetime:
    """In UTC and to the millisecond, which is what the store keeps."""
    return value.astimezone(UTC).replace(microsecond=value.microsecond // 1000 * 1000)
