"""Events of applications and of what follows from them."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER
from shared.events import event


@event(
    "application.received",
    example={
        "member_id": MEMBER,
        "profession": "doctor",
        "nation": "wales",
        "career_stage": "trainee",
        "regulator": "GMC",
        "received_on": "2026-11-02",
    },
)
@dataclass(frozen=True)
class ApplicationReceived:
    """Somebody has applied to become a member."""

    member_id: str
    profession: str
    nation: str
    career_stage: str
    regulator: str | None
    received_on: date


@event(
    "application.declined",
    example={"member_id": MEMBER, "reason": "committee", "declined_on": "2026-11-05"},
)
@dataclass(frozen=True)
class ApplicationDeclined:
    """An application to become a member came to nothing; ``reason`` is a code."""

    member_id: str
    reason: str
    declined_on: date


@event(
    "application.reopened",
    example={"member_id": MEMBER, "reopened_on": "2027-01-11"},
)
@dataclass(frozen=True)
class ApplicationReopened:
    """An application that was declined or withdrawn is taken up again."""

    member_id: str
    reopened_on: date


@event(
    "member.admitted",
    example={
        "member_id": MEMBER,
        "grade": "trainee",
        "profession": "doctor",
        "nation": "wales",
        "career_stage": "trainee",
        "admitted_on": "2026-11-04",
    },
)
@dataclass(frozen=True)
class MemberAdmitted:
    """An applicant has become a member in a grade."""

    member_id: str
    grade: str
    profession: str
    nation: str
    career_stage: str
    admitted_on: date


@event(
    "contact.changed",
    example={
        "member_id": MEMBER,
        "given_name": "Nia",
        "family_name": "Probert",
        "email": "nia.probert@example.org",
    },
    private=True,
)
@dataclass(frozen=True)
class ContactChanged:
    """How to address and reach a person, complete each time."""

    member_id: str
    given_name: str
    family_name: str
    email: str


@event(
    "stage.reached",
    example={
        "pseudonym": "5b0c1a39-57cf-4f0c-8a0e-0b5d8f3f2f6e",
        "cohort_id": "0193b7a0-6c11-7d52-8a41-51a2b7d3e0c4",
        "stage": "shortlisted",
        "reached_on": "2026-11-20",
    },
    private=True,
)
@dataclass(frozen=True)
class StageReached:
    """A stage of a selection was reached, told under the equality pseudonym and no other id."""

    pseudonym: str
    cohort_id: str
    stage: str
    reached_on: date


@event(
    "stage.retracted",
    example={
        "pseudonym": "5b0c1a39-57cf-4f0c-8a0e-0b5d8f3f2f6e",
        "cohort_id": "0193b7a0-6c11-7d52-8a41-51a2b7d3e0c4",
        "stage": "offered",
    },
    private=True,
)
@dataclass(frozen=True)
class StageRetracted:
    """That a stage was reached was a mistake; told under the equality pseudonym and no other id."""

    pseudonym: str
    cohort_id: str
    stage: str


@event(
    "selection.proposed",
    example={
        "round_id": "0193b7a2-94d0-7a6e-b1f3-7c20d95e48ab",
        "cohort_id": "0193b7a0-6c11-7d52-8a41-51a2b7d3e0c4",
        "pseudonyms": ["5b0c1a39-57cf-4f0c-8a0e-0b5d8f3f2f6e"],
        "shortlisted_pseudonyms": [
            "5b0c1a39-57cf-4f0c-8a0e-0b5d8f3f2f6e",
            "c2a4f0de-3f0c-4d5a-9d3f-6f2f0b7f4a10",
        ],
    },
    private=True,
)
@dataclass(frozen=True)
class SelectionProposed:
    """A round of offers was proposed: to whom, and among whom, under equality pseudonyms alone.

    Both are in the order of pseudonyms; both are empty where offers are for fewer than eight.
    """

    round_id: str
    cohort_id: str
    pseudonyms: tuple[str, ...]
    shortlisted_pseudonyms: tuple[str, ...]
