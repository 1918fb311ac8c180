"""The events this service owns. Of the public ones none says who a member is."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.events import event, text
from shared.export import PORTION

_PROGRAMME = "0193b7a0-5a0e-7c41-9d1c-0a6f4b1f3c10"
_COHORT = "0193b7a0-6c11-7d52-8a41-51a2b7d3e0c4"
_APPLICATION = "0193b7a1-0d42-7b0e-a3f7-8c5c1e2d9b60"
_MEMBER = "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24"
_SESSION = "0193b7a2-1f53-7c1f-94e8-9d6d2f3eac71"
_CERTIFICATE = "0193b7a3-2064-7d20-a5f9-ae7e304fbd82"
_REQUEST = "0193b7a4-3175-7e31-b60a-bf8f415acd93"


@event(
    "programme.published",
    example={
        "programme_id": _PROGRAMME,
        "name": "Chief Sustainability Officer's Clinical Fellow Scheme",
        "kind": "national_scheme",
        "nations": ["england", "wales"],
        "professions": [],
    },
)
@dataclass(frozen=True)
class ProgrammePublished:
    """A programme is on offer; an empty list of nations or professions means all of them."""

    programme_id: str
    name: str
    kind: str
    nations: tuple[str, ...]
    professions: tuple[str, ...]


@event(
    "cohort.opened",
    example={
        "cohort_id": _COHORT,
        "programme_id": _PROGRAMME,
        "title": "2027/28",
        "opens_at": "2026-12-01T09:00:00+00:00",
        "closes_at": "2026-12-29T17:00:00+00:00",
        "posts": 12,
    },
)
@dataclass(frozen=True)
class CohortOpened:
    """A round is set; it takes applications from ``opens_at`` until just before ``closes_at``."""

    cohort_id: str
    programme_id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    posts: int


@event(
    "application.submitted",
    example={
        "application_id": _APPLICATION,
        "cohort_id": _COHORT,
        "member_id": _MEMBER,
        "programme_id": _PROGRAMME,
        "submitted_at": "2026-12-03T18:20:05+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationSubmitted:
    """A member applied to a cohort."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    submitted_at: datetime


@event(
    "application.shortlisted",
    example={
        "application_id": _APPLICATION,
        "cohort_id": _COHORT,
        "member_id": _MEMBER,
        "programme_id": _PROGRAMME,
        "shortlisted_at": "2027-01-18T14:02:41+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationShortlisted:
    """An application was put on its cohort's shortlist."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    shortlisted_at: datetime


@event(
    "session.attended",
    example={
        "session_id": _SESSION,
        "member_id": _MEMBER,
        "programme_id": _PROGRAMME,
        "title": "Leading change in a team",
        "held_on": "2027-10-14",
        "minutes": 210,
        "domains": ["self", "team"],
    },
)
@dataclass(frozen=True)
class SessionAttended:
    """A member attended a session; ``domains`` are those of the standards that it was about."""

    session_id: str
    member_id: str
    programme_id: str
    title: str
    held_on: date
    minutes: int
    domains: tuple[str, ...]


@event(
    "certificate.issued",
    example={
        "certificate_id": _CERTIFICATE,
        "member_id": _MEMBER,
        "programme_id": _PROGRAMME,
        "title": "Certificate of leadership in practice",
        "domains": ["self", "team", "organisation"],
        "issued_on": "2028-07-31",
    },
)
@dataclass(frozen=True)
class CertificateIssued:
    """A member was given a certificate of a programme."""

    certificate_id: str
    member_id: str
    programme_id: str
    title: str
    domains: tuple[str, ...]
    issued_on: date


@event(
    "certificate.revoked",
    example={
        "certificate_id": _CERTIFICATE,
        "member_id": _MEMBER,
        "programme_id": _PROGRAMME,
        "revoked_on": "2028-08-14",
    },
)
@dataclass(frozen=True)
class CertificateRevoked:
    """A member's certificate no longer counts."""

    certificate_id: str
    member_id: str
    programme_id: str
    revoked_on: date


@event(
    "alumni.joined",
    example={
        "member_id": _MEMBER,
        "programme_id": _PROGRAMME,
        "cohort_id": _COHORT,
        "title": "Chief Sustainability Officer's Clinical Fellow Scheme",
        "completed_on": "2028-08-31",
    },
)
@dataclass(frozen=True)
class AlumniJoined:
    """A member completed a programme with a cohort; ``title`` is the programme's name."""

    member_id: str
    programme_id: str
    cohort_id: str
    title: str
    completed_on: date


@event(
    "export.contributed",
    example={
        "request_id": _REQUEST,
        "service": "programmes",
        "member_id": _MEMBER,
        "part": 1,
        "parts": 1,
        "data": '{"records":[],"notes":[]}',
        "contributed_on": "2028-09-01",
    },
    private=True,
)
@dataclass(frozen=True)
class ExportContributed:
    """A part of all that is kept here of a member, as JSON text; parts are counted from 1."""

    request_id: str
    service: str
    member_id: str
    part: int
    parts: int
    contributed_on: date
    data: str = text(PORTION)


@event(
    "erasure.acknowledged",
    example={
        "request_id": _REQUEST,
        "service": "programmes",
        "member_id": _MEMBER,
        "erased": {"applications": 2},
        "kept": ["certificates"],
    },
)
@dataclass(frozen=True)
class ErasureAcknowledged:
    """A member is forgotten here: what was erased by kind, and as codes what is kept."""

    request_id: str
    service: str
    member_id: str
    erased: dict[str, int]
    kept: tuple[str, ...]


EVENTS = (
    ProgrammePublished,
    CohortOpened,
    ApplicationSubmitted,
    ApplicationShortlisted,
    SessionAttended,
    CertificateIssued,
    CertificateRevoked,
    AlumniJoined,
    ExportContributed,
    ErasureAcknowledged,
)
