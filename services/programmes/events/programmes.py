"""Events of programmes and their cohorts."""

from dataclasses import dataclass
from datetime import date, datetime

from services.programmes.events.examples import COHORT, PROGRAMME
from shared.events import event


@event(
    "programme.published",
    example={
        "programme_id": PROGRAMME,
        "name": "Chief Sustainability Officer's Clinical Fellow Scheme",
        "kind": "national_scheme",
        "nations": ["england", "wales"],
        "professions": [],
        "domains": ["self", "system"],
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
    domains: tuple[str, ...]


@event("programme.closed", example={"programme_id": PROGRAMME})
@dataclass(frozen=True)
class ProgrammeClosed:
    """A programme is no longer on offer; cohorts that there are go on."""

    programme_id: str


@event(
    "cohort.opened",
    example={
        "cohort_id": COHORT,
        "programme_id": PROGRAMME,
        "title": "2027/28",
        "opens_at": "2026-12-01T09:00:00+00:00",
        "closes_at": "2026-12-29T17:00:00+00:00",
        "starts_on": "2027-09-01",
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
    starts_on: date
    posts: int


@event(
    "cohort.extended",
    example={
        "cohort_id": COHORT,
        "programme_id": PROGRAMME,
        "closes_at": "2027-01-05T17:00:00+00:00",
    },
)
@dataclass(frozen=True)
class CohortExtended:
    """A round takes applications for longer, until just before ``closes_at``."""

    cohort_id: str
    programme_id: str
    closes_at: datetime


@event(
    "cohort.withdrawn",
    example={
        "cohort_id": COHORT,
        "programme_id": PROGRAMME,
        "withdrawn_at": "2026-12-03T12:00:00+00:00",
    },
)
@dataclass(frozen=True)
class CohortWithdrawn:
    """A round that was opened does not take place after all; nobody had applied."""

    cohort_id: str
    programme_id: str
    withdrawn_at: datetime


@event(
    "cohort.closed",
    example={
        "cohort_id": COHORT,
        "programme_id": PROGRAMME,
        "closed_at": "2026-12-29T17:00:00+00:00",
    },
)
@dataclass(frozen=True)
class CohortClosed:
    """A round takes no more applications since ``closed_at``."""

    cohort_id: str
    programme_id: str
    closed_at: datetime
