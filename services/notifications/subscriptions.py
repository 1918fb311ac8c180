"""What notifications reads of other services' events: only the fields it uses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.events import reads


@reads("membership", "contact.changed", private=True)
@dataclass(frozen=True)
class ContactChanged:
    """How to address and reach a person, complete each time."""

    member_id: str
    given_name: str
    family_name: str
    email: str


@reads("membership", "member.admitted")
@dataclass(frozen=True)
class MemberAdmitted:
    """An applicant has become a member in a grade."""

    member_id: str
    grade: str
    profession: str
    admitted_on: date


@reads("programmes", "application.submitted")
@dataclass(frozen=True)
class ApplicationSubmitted:
    """A member applied to a cohort."""

    application_id: str
    member_id: str
    submitted_at: datetime


OCCASIONS: tuple[Any, ...] = (MemberAdmitted, ApplicationSubmitted)
"""The events that members are written to about."""
