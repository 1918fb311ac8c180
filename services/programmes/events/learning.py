"""Events of alumni."""

from dataclasses import dataclass
from datetime import date

from services.programmes.events.examples import COHORT, MEMBER, PROGRAMME
from shared.events import event


@event(
    "alumni.joined",
    example={
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "cohort_id": COHORT,
        "title": "Chief Sustainability Officer's Clinical Fellow Scheme",
        "completed_on": "2028-08-31",
        "turn": 1,
    },
)
@dataclass(frozen=True)
class AlumniJoined:
    """A member completed a programme with a cohort; ``title`` is the programme's name.

    ``turn`` counts how often this was recorded: it is 1 unless it was taken back before.
    """

    member_id: str
    programme_id: str
    cohort_id: str
    title: str
    completed_on: date
    turn: int


@event(
    "alumni.removed",
    example={
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "cohort_id": COHORT,
        "turn": 1,
        "removed_on": "2028-09-14",
    },
)
@dataclass(frozen=True)
class AlumniRemoved:
    """That a member completed a programme was a mistake; ``turn`` is that of what was said."""

    member_id: str
    programme_id: str
    cohort_id: str
    turn: int
    removed_on: date
