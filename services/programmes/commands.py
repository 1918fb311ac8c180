"""What may be asked of programmes; each class is also the request schema of its RPC."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from marshmallow import fields, validate

from services.programmes.domain.cohort import Question
from services.programmes.domain.terms import SNAKE_CASE, Nation, ProgrammeKind, SessionMode
from shared.events import integer, items, text

QUESTIONS_A_COHORT = 50
SHORTLISTED_A_CALL = 500
ATTENDING_A_CALL = 500
MINUTES_A_DAY = 1_440

Profession = Annotated[
    str,
    fields.String(validate=(validate.Length(max=60), validate.Regexp(SNAKE_CASE))),
]
# Membership's standards say which domains there are.
Domain = Annotated[
    str,
    fields.String(validate=(validate.Length(max=40), validate.Regexp(SNAKE_CASE))),
]
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
class CreateProgramme:
    """Create a programme and publish it."""

    name: str = text(200)
    kind: ProgrammeKind
    nations: tuple[Nation, ...] = items(4, description="Empty: all nations.")
    professions: tuple[Profession, ...] = items(100, description="Empty: all professions.")
    description: str = text(5_000)
    sustainability_outcome: str = text(
        2_000, description="What participants learn or change for a sustainable environment."
    )


@dataclass(frozen=True, kw_only=True)
class OpenCohort:
    """Set a round of applications; instants carry their offset from UTC."""

    programme_id: str = text(64)
    title: str = text(200)
    opens_at: datetime
    closes_at: datetime
    posts: int = integer(1, 10_000)
    questions: tuple[Question, ...] = items(QUESTIONS_A_COHORT)


@dataclass(frozen=True, kw_only=True)
class SubmitApplication:
    """Apply to a cohort as a current member."""

    cohort_id: str = text(64)
    member_id: str = text(64)
    answers: dict[str, Answer] = items(
        QUESTIONS_A_COHORT, description="The answers by question id."
    )


@dataclass(frozen=True, kw_only=True)
class Shortlist:
    """Put applications on their cohort's shortlist, all of them or, if one is unknown, none."""

    cohort_id: str = text(64)
    application_ids: tuple[str, ...] = items(SHORTLISTED_A_CALL, min_length=1)


@dataclass(frozen=True, kw_only=True)
class RecordSession:
    """Record a session of a programme, held already or to come."""

    programme_id: str = text(64)
    title: str = text(200)
    held_on: date
    minutes: int = integer(1, MINUTES_A_DAY)
    mode: SessionMode
    domains: tuple[Domain, ...] = items(20, description="Domains of the standards it is about.")


@dataclass(frozen=True, kw_only=True)
class RecordAttendance:
    """Record who attended a session, all of them or, if one is not known, none."""

    session_id: str = text(64)
    member_ids: tuple[str, ...] = items(ATTENDING_A_CALL, min_length=1)


@dataclass(frozen=True, kw_only=True)
class IssueCertificate:
    """Give a member a certificate of a programme."""

    member_id: str = text(64)
    programme_id: str = text(64)
    title: str = text(200)
    domains: tuple[Domain, ...] = items(20, description="Domains of the standards it shows.")
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class RevokeCertificate:
    """Let a certificate no longer count."""

    certificate_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class CompleteProgramme:
    """Record that a member completed a programme with a cohort, and so is one of its alumni."""

    cohort_id: str = text(64)
    member_id: str = text(64)
    completed_on: date
