"""Events of registrations with regulators."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER
from shared.events import event


@event(
    "registration.verified",
    example={
        "member_id": MEMBER,
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
        "member_id": MEMBER,
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
    "registration.status_changed",
    example={
        "member_id": MEMBER,
        "regulator": "GMC",
        "was": "registered",
        "now": "suspended",
        "checked_on": "2027-02-01",
    },
)
@dataclass(frozen=True)
class RegistrationStatusChanged:
    """A register says something else of a registrant than when it was last looked at."""

    member_id: str
    regulator: str
    was: str
    now: str
    checked_on: date


@event(
    "declaration.reviewed",
    example={"member_id": MEMBER, "outcome": "cleared", "decided_on": "2026-11-20"},
)
@dataclass(frozen=True)
class DeclarationReviewed:
    """The committee has decided about a sanction that was declared or found on a register."""

    member_id: str
    outcome: str
    decided_on: date
