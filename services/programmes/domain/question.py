"""The questions of an application form, and what is an answer to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated

from marshmallow import fields, validate

from services.programmes.domain.terms import SNAKE_CASE, Faults, blank_faults, repeated_faults
from shared.errors import Invalid
from shared.events import integer, items, text

MAX_WORDS = 2_000
MAX_QUESTIONS = 50
MAX_BYTES = 5 * 1024 * 1024
MAX_FILES = 10
_MAX_DIGITS = 30
Option = Annotated[str, fields.String(validate=validate.Length(min=1, max=200))]


class MediaType(StrEnum):
    """What can be attached; each is recognised by its content."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    TEXT = "text/plain"


class QuestionKind(StrEnum):
    """What sort of answer is asked for; every answer is text on the wire."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; ``options`` are those of a choice, ``max_words`` limits a text.

    An attachment is answered by at most ``max_files`` of at most ``max_bytes`` each, and no text.
    """

    id: str = text(60, pattern=SNAKE_CASE, description="Names the answer, snake_case.")
    prompt: str = text(1_000)
    kind: QuestionKind = QuestionKind.TEXT
    required: bool = True
    max_words: int = integer(1, MAX_WORDS, default=500)
    max_bytes: int = integer(1, MAX_BYTES, default=MAX_BYTES)
    max_files: int = integer(1, MAX_FILES, default=3)
    media_types: tuple[MediaType, ...] = items(
        len(MediaType), default=(), description="Those of an attachment; empty: any of them."
    )
    options: tuple[Option, ...] = items(50, default=())
    shown_to_reviewers: bool = True

    @property
    def read(self) -> bool:
        """Whether reviewers read its answer; never a date, as most are of somebody's life."""
        written = self.kind not in (QuestionKind.DATE, QuestionKind.ATTACHMENT)
        return self.shown_to_reviewers and written

    def faults(self, answer: str) -> list[str]:
        """What is wrong with an answer, given without white space around it."""
        if self.kind is QuestionKind.ATTACHMENT:
            return ["Is answered by a file."] if answer else []
        if not answer:
            return ["An answer is required."] if self.required else []
        match self.kind:
            case QuestionKind.CHOICE if answer not in self.options:
                return [f"Must be one of: {', '.join(self.options)}."]
            case QuestionKind.YES_NO if answer not in ("yes", "no"):
                return ["Must be yes or no."]
            case QuestionKind.NUMBER if not _is_number(answer):
                return ["Must be a number such as 12 or 12.5."]
            case QuestionKind.DATE if not _is_date(answer):
                return ["Must be a date such as 2027-09-01."]
            case QuestionKind.TEXT if len(answer.split()) > self.max_words:
                words = len(answer.split())
                return [f"Has {words} words; at most {self.max_words} are allowed."]
        return []


def question_faults(questions: Sequence[Question]) -> Faults:
    """What is wrong with a form, by ``questions.<position>.<field>``."""
    faults = blank_faults({f"questions.{n}.prompt": q.prompt for n, q in enumerate(questions)})
    faults |= repeated_faults("questions", "id", (question.id for question in questions))
    for position, question in enumerate(questions):
        if (question.kind is QuestionKind.CHOICE) != bool(question.options):
            faults[f"questions.{position}.options"] = ["Needed for a choice, and for nothing else."]
        if question.media_types and question.kind is not QuestionKind.ATTACHMENT:
            faults[f"questions.{position}.media_types"] = ["For an attachment only."]
    return faults


def missing_files(questions: Sequence[Question], attached: Collection[str]) -> Faults:
    """A reason for each required file that is not there, by ``attachments.<id>``."""
    return {
        f"attachments.{question.id}": ["A file is required."]
        for question in questions
        if question.kind is QuestionKind.ATTACHMENT
        and question.required
        and question.id not in attached
    }


def checked_answers(
    questions: Sequence[Question], answers: Mapping[str, str], *, complete: bool
) -> dict[str, str]:
    """The answers given, tidied and in the form's order, or Invalid by ``answers.<id>``.

    Those of a draft need not be ``complete``: what is given must still fit.
    """
    known = {question.id: question for question in questions}
    tidy = {id: answers.get(id, "").strip() for id in known}
    faults = {id: ["The cohort has no such question."] for id in answers.keys() - known}
    faults |= {id: known[id].faults(answer) for id, answer in tidy.items() if complete or answer}
    named = {f"answers.{id}": reasons for id, reasons in sorted(faults.items()) if reasons}
    if named:
        raise Invalid("The answers are not valid.", fields=named)
    return {id: answer for id, answer in tidy.items() if answer}


def _is_number(answer: str) -> bool:
    try:
        return len(answer) <= _MAX_DIGITS and Decimal(answer).is_finite()
    except InvalidOperation:
        return False


def _is_date(answer: str) -> bool:
    try:
        return date.fromisoformat(answer).isoformat() == answer
    except ValueError:
        return False
