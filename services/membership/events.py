"""The events this service owns. Public ones say nothing that identifies or reaches a person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.events import event

_MEMBER = "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a11"


@event(
    "application.received",
    example={
        "member_id": _MEMBER,
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
    regulator: str
    received_on: date


@event(
    "registration.verified",
    example={
        "member_id": _MEMBER,
        "regulator": "GMC",
        "register_status": "registered",
        "checked_on": "2026-11-03",
    },
)
@dataclass(frozen=True)
class RegistrationVerified:
    """The regulator's register confirms the registration."""

    member_id: str
    regulator: str
    register_status: str
    checked_on: date


@event(
    "registration.refused",
    example={
        "member_id": _MEMBER,
        "regulator": "GMC",
        "reason": "not_on_register",
        "checked_on": "2026-11-03",
    },
)
@dataclass(frozen=True)
class RegistrationRefused:
    """The regulator's register does not confirm the registration; ``reason`` is a code."""

    member_id: str
    regulator: str
    reason: str
    checked_on: date


@event(
    "member.admitted",
    example={
        "member_id": _MEMBER,
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
        "member_id": _MEMBER,
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


EVENTS: tuple[type[Any], ...] = (
    ApplicationReceived,
    RegistrationVerified,
    RegistrationRefused,
    MemberAdmitted,
    ContactChanged,
    StageReached,
)
