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


@reads("membership", "application.received")
@dataclass(frozen=True)
class ApplicationReceived:
    """A person applied for membership, and so gave an address themself."""

    member_id: str
    received_on: date


@reads("membership", "export.requested", private=True)
@dataclass(frozen=True)
class ExportRequested:
    """A member is to be given all that is kept of them."""

    request_id: str
    member_id: str


@reads("membership", "member.erased")
@dataclass(frozen=True)
class MemberErased:
    """A person is to be forgotten."""

    request_id: str
    member_id: str
    erased_on: date


@reads("membership", "member.merged")
@dataclass(frozen=True)
class MemberMerged:
    """Another member stands for this one from now on."""

    member_id: str
    into_member_id: str


@reads("membership", "member.unmerged")
@dataclass(frozen=True)
class MemberUnmerged:
    """A member stands for themself again."""

    member_id: str


@reads("membership", "consent.changed", private=True)
@dataclass(frozen=True)
class ConsentChanged:
    """Whether a member now consents to messages for a purpose by a channel."""

    member_id: str
    purpose: str
    channel: str
    given: bool


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
