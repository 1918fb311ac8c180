"""Events of applications; offers and placements tell of the rest of their way."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.events.examples import APPLICATION, COHORT, MEMBER, PROGRAMME
from shared.events import event


@event(
    "application.submitted",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
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
    "application.returned",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "returned_at": "2026-12-04T10:11:12+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationReturned:
    """An application was given back to the applicant to be corrected."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    returned_at: datetime


@event(
    "application.withdrawn",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "withdrawn_at": "2026-12-20T08:00:00+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationWithdrawn:
    """An applicant no longer wants to be considered."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    withdrawn_at: datetime


@event(
    "application.longlisted",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "longlisted_at": "2027-01-05T09:00:00+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationLonglisted:
    """An application is complete and eligible, and goes on to be reviewed."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    longlisted_at: datetime


@event(
    "application.shortlisted",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
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
    "application.reserved",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "reserved_at": "2027-01-18T14:02:41+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationReserved:
    """An application is a reserve: it goes on if others on the shortlist drop out."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    reserved_at: datetime


@event(
    "application.interviewed",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "interviewed_at": "2027-02-22T16:30:00+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationInterviewed:
    """An applicant was interviewed."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    interviewed_at: datetime


@event(
    "application.ranked",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "ranked_at": "2027-03-01T12:00:00+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationRanked:
    """An application has its place in the final ranking, which is not told."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    ranked_at: datetime


@event(
    "application.not_selected",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "decided_at": "2027-03-01T12:00:00+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationNotSelected:
    """An application goes no further."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    decided_at: datetime


@event(
    "application.paused",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "paused_at": "2027-02-02T09:00:00+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationPaused:
    """An application rests while the registration or membership is suspended."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    paused_at: datetime


@event(
    "application.resumed",
    example={
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "resumed_at": "2027-03-02T09:00:00+00:00",
    },
)
@dataclass(frozen=True)
class ApplicationResumed:
    """An application goes on after a suspension."""

    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    resumed_at: datetime
