"""The events this service owns. All are public, and none says who a member is."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import event

_PROGRAMME = "0193b7a0-5a0e-7c41-9d1c-0a6f4b1f3c10"
_COHORT = "0193b7a0-6c11-7d52-8a41-51a2b7d3e0c4"
_APPLICATION = "0193b7a1-0d42-7b0e-a3f7-8c5c1e2d9b60"
_MEMBER = "0193b79f-8e4a-7f6d-b0a2-3f1d5c7e9a24"


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


EVENTS = (ProgrammePublished, CohortOpened, ApplicationSubmitted, ApplicationShortlisted)
