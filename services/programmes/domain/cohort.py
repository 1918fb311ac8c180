"""A cohort: one round of a programme, with its window, its posts and its questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from services.programmes.domain.terms import SNAKE_CASE, blank_faults
from services.programmes.errors import OutsideWindow
from services.programmes.events import CohortOpened
from shared.errors import Invalid
from shared.events import Aggregate, integer, text

MAX_WORDS = 2_000


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of the application form."""

    id: str = text(60, pattern=SNAKE_CASE, description="Names the answer, snake_case.")
    prompt: str = text(1_000)
    required: bool = True
    max_words: int = integer(1, MAX_WORDS)

    def faults(self, answer: str) -> list[str]:
        """What is wrong with an answer, given without white space around it."""
        words = len(answer.split())
        if self.required and not words:
            return ["An answer is required."]
        if words > self.max_words:
            return [f"Has {words} words; at most {self.max_words} are allowed."]
        return []


@dataclass
class Cohort(Aggregate):
    """A round of applications, open from ``opens_at`` until just before ``closes_at``."""

    id: str
    programme_id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    posts: int
    questions: tuple[Question, ...]

    @classmethod
    def open(
        cls,
        id: str,
        *,
        programme_id: str,
        title: str,
        opens_at: datetime,
        closes_at: datetime,
        posts: int,
        questions: tuple[Question, ...],
    ) -> Self:
        """The opened cohort, or Invalid naming every fault."""
        opens_at, closes_at = _instant(opens_at), _instant(closes_at)
        faults = blank_faults({"title": title}) | _question_faults(questions)
        if closes_at <= opens_at:
            faults["closes_at"] = ["Must be after opens_at."]
        if posts < 1:
            faults["posts"] = ["Must be at least 1."]
        if faults:
            raise Invalid("The cohort is not valid.", fields=faults)
        cohort = cls(id, programme_id, title.strip(), opens_at, closes_at, posts, questions)
        cohort.record(
            CohortOpened(
                cohort_id=id,
                programme_id=programme_id,
                title=cohort.title,
                opens_at=opens_at,
                closes_at=closes_at,
                posts=posts,
            )
        )
        return cohort

    def require_open(self, now: datetime) -> None:
        """Raises OutsideWindow, with the three instants, unless applications are taken now."""
        if not self.opens_at <= now < self.closes_at:
            state = "is not open yet" if now < self.opens_at else "has closed"
            raise OutsideWindow(
                f"The cohort {state}.",
                opens_at=self.opens_at.isoformat(),
                closes_at=self.closes_at.isoformat(),
                now=now.isoformat(),
            )

    def checked_answers(self, answers: Mapping[str, str]) -> dict[str, str]:
        """The answers given, tidied and in the form's order, or Invalid by ``answers.<id>``."""
        known = {question.id: question for question in self.questions}
        tidy = {id: answers.get(id, "").strip() for id in known}
        faults = {id: ["The cohort has no such question."] for id in answers.keys() - known}
        faults |= {id: known[id].faults(answer) for id, answer in tidy.items()}
        named = {f"answers.{id}": reasons for id, reasons in sorted(faults.items()) if reasons}
        if named:
            raise Invalid("The answers are not valid.", fields=named)
        return {id: answer for id, answer in tidy.items() if answer}


def _instant(value: datetime) -> datetime:
    """In UTC and to the millisecond, which is what the store keeps."""
    return value.astimezone(UTC).replace(microsecond=value.microsecond // 1000 * 1000)


def _question_faults(questions: Sequence[Question]) -> dict[str, list[str]]:
    faults = blank_faults({f"questions.{n}.prompt": q.prompt for n, q in enumerate(questions)})
    seen: set[str] = set()
    for position, question in enumerate(questions):
        if question.id in seen:
            faults[f"questions.{position}.id"] = ["Used by an earlier question."]
        seen.add(question.id)
    return faults
