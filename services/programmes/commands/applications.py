"""What may be asked about applications."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from marshmallow import fields, validate

from services.programmes.domain.question import MAX_BYTES, MAX_QUESTIONS, MediaType
from shared.errors import Invalid
from shared.events import integer, items, text

# Four characters for three bytes.
_LONGEST = (MAX_BYTES + 2) // 3 * 4
# Longer than other texts may be: the cohort's questions limit the words.
Answer = Annotated[
    str,
    fields.String(
        validate=(
            validate.Length(max=20_000),
            validate.ContainsNoneOf("\x00", error="Must not contain a NUL character."),
        )
    ),
]


@dataclass(frozen=True, kw_only=True)
class SubmitApplication:
    """Apply to a cohort as a current member; without answers, with what the draft says."""

    cohort_id: str = text(64)
    member_id: str = text(64)
    answers: dict[str, Answer] | None = items(
        MAX_QUESTIONS, default=None, description="The answers by question id."
    )
    dates: dict[str, date] = items(20, default={}, description="Dates of the rules, by id.")


@dataclass(frozen=True, kw_only=True)
class StartApplication:
    """Begin a draft."""

    cohort_id: str = text(64)
    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class SaveDraft:
    """Keep all that is written so far; with ``version``, if nobody has changed it since."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    answers: dict[str, Answer] = items(MAX_QUESTIONS, description="The answers by question id.")
    dates: dict[str, date] = items(20, default={}, description="Dates of the rules, by id.")
    version: int | None = integer(1, 1_000_000, default=None)


@dataclass(frozen=True, kw_only=True)
class ReturnApplication:
    """Give an application back to the applicant, to be corrected until an instant."""

    application_id: str = text(64)
    until: datetime
    reason: str = text(2_000, description="What is to be corrected; the applicant reads it.")


@dataclass(frozen=True, kw_only=True)
class WithdrawApplication:
    """Let an application be considered no more."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    reason: str | None = text(500, default=None)


@dataclass(frozen=True, kw_only=True)
class AttachFile:
    """Answer a question by a file."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    question_id: str = text(60)
    name: str = text(255)
    media_type: MediaType
    content: str = text(_LONGEST, min_length=0, description="The bytes in base64.")

    def decoded(self) -> bytes:
        """The bytes; raises Invalid naming ``content``."""
        try:
            return base64.b64decode(self.content, validate=True)
        except binascii.Error:
            reasons = {"content": ["Not base64."]}
            raise Invalid("The file cannot be read.", fields=reasons) from None


@dataclass(frozen=True, kw_only=True)
class RemoveAttachment:
    """Take a file away from a draft."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    attachment_id: str = text(64)
