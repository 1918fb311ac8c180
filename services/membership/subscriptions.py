"""What membership reads of other services' events: only the fields it uses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shared.events import Source, integer, items, reads, text
from shared.export import MOST_PORTIONS, PORTION


@reads("programmes", "application.submitted")
@dataclass(frozen=True)
class ApplicationSubmitted:
    """A member applied to a cohort."""

    application_id: str
    cohort_id: str
    member_id: str
    submitted_at: datetime

    @property
    def stage(self) -> str:
        return "submitted"

    @property
    def reached_on(self) -> date:
        return self.submitted_at.date()


@reads("programmes", "application.shortlisted")
@dataclass(frozen=True)
class ApplicationShortlisted:
    """A member's application was shortlisted."""

    application_id: str
    cohort_id: str
    member_id: str
    shortlisted_at: datetime

    @property
    def stage(self) -> str:
        return "shortlisted"

    @property
    def reached_on(self) -> date:
        return self.shortlisted_at.date()


@reads("programmes", "session.attended")
@dataclass(frozen=True)
class SessionAttended:
    """A member attended a session of a programme."""

    session_id: str
    member_id: str
    programme_id: str
    title: str
    held_on: date
    minutes: int
    domains: tuple[str, ...]


@reads("programmes", "certificate.issued")
@dataclass(frozen=True)
class CertificateIssued:
    """A member was given a certificate of a programme."""

    certificate_id: str
    member_id: str
    programme_id: str
    title: str
    domains: tuple[str, ...]
    issued_on: date


@reads("programmes", "certificate.revoked")
@dataclass(frozen=True)
class CertificateRevoked:
    """A member's certificate no longer counts."""

    certificate_id: str
    member_id: str
    revoked_on: date


@reads("programmes", "alumni.joined")
@dataclass(frozen=True)
class AlumniJoined:
    """A member completed a programme; ``title`` is the programme's name."""

    member_id: str
    programme_id: str
    cohort_id: str
    title: str
    completed_on: date


LearningEvent = SessionAttended | CertificateIssued | CertificateRevoked | AlumniJoined


@dataclass(frozen=True)
class Contributed:
    """A part of what a service keeps of a member, as JSON text; parts are counted from 1."""

    source: ClassVar[Source]
    request_id: str
    member_id: str
    part: int = integer(1, MOST_PORTIONS)
    parts: int = integer(1, MOST_PORTIONS)
    data: str = text(PORTION)


@reads("programmes", "export.contributed", private=True)
@dataclass(frozen=True)
class ProgrammesContributed(Contributed):
    """What programmes keeps of a member."""


@reads("notifications", "export.contributed", private=True)
@dataclass(frozen=True)
class NotificationsContributed(Contributed):
    """What notifications keeps of a member."""


@reads("research", "export.contributed", private=True)
@dataclass(frozen=True)
class ResearchContributed(Contributed):
    """What research keeps of a member: nothing under the member's id."""


@dataclass(frozen=True)
class ErasureAcknowledged:
    """A service has forgotten a person: what it erased by kind, and as codes what it keeps."""

    source: ClassVar[Source]
    request_id: str
    member_id: str
    erased: dict[str, int]
    kept: tuple[str, ...] = items(50)


@reads("programmes", "erasure.acknowledged")
@dataclass(frozen=True)
class ProgrammesErased(ErasureAcknowledged):
    """Programmes has forgotten a person."""


@reads("notifications", "erasure.acknowledged")
@dataclass(frozen=True)
class NotificationsErased(ErasureAcknowledged):
    """Notifications has forgotten a person."""


@reads("research", "erasure.acknowledged")
@dataclass(frozen=True)
class ResearchErased(ErasureAcknowledged):
    """Research has forgotten a person."""
