"""Events of reviewing; none says who reviewed, or what they gave."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.events.examples import COHORT, PROGRAMME
from shared.events import event


@event(
    "scoring.closed",
    example={
        "cohort_id": COHORT,
        "programme_id": PROGRAMME,
        "closed_at": "2027-01-15T17:00:00+00:00",
    },
)
@dataclass(frozen=True)
class ScoringClosed:
    """The reviewers of a cohort have scored; told again where scoring was reopened and closed."""

    cohort_id: str
    programme_id: str
    closed_at: datetime
