"""Events of preferences and matches; who got what is told by offers alone."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.events.examples import COHORT, MATCH, PROGRAMME
from shared.events import event


@event(
    "preferences.opened",
    example={
        "cohort_id": COHORT,
        "programme_id": PROGRAMME,
        "closes_at": "2027-03-15T17:00:00+00:00",
    },
)
@dataclass(frozen=True)
class PreferencesOpened:
    """Applicants may say which posts they would take, until just before ``closes_at``."""

    cohort_id: str
    programme_id: str
    closes_at: datetime


@event(
    "match.made",
    example={
        "match_id": MATCH,
        "cohort_id": COHORT,
        "method": "serial",
        "made_at": "2027-03-16T10:00:00+00:00",
    },
)
@dataclass(frozen=True)
class MatchMade:
    """A match was made and proved; its outcome is not told before it is released."""

    match_id: str
    cohort_id: str
    method: str
    made_at: datetime
