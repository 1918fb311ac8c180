"""Events of interviews; none says where they are, who sits on the panel or how they went."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.events.examples import APPLICATION, COHORT, MEMBER, SLOT
from shared.events import event


@event(
    "interview.booked",
    example={
        "slot_id": SLOT,
        "cohort_id": COHORT,
        "application_id": APPLICATION,
        "member_id": MEMBER,
        "starts_at": "2027-02-22T15:30:00+00:00",
        "minutes": 45,
        "mode": "online",
    },
)
@dataclass(frozen=True)
class InterviewBooked:
    """An applicant has a time for an interview; told again of another slot after a change."""

    slot_id: str
    cohort_id: str
    application_id: str
    member_id: str
    starts_at: datetime
    minutes: int
    mode: str


@event(
    "interview.cancelled",
    example={
        "slot_id": SLOT,
        "cohort_id": COHORT,
        "application_id": APPLICATION,
        "member_id": MEMBER,
    },
)
@dataclass(frozen=True)
class InterviewCancelled:
    """An applicant no longer has this slot, because they gave it up or it was withdrawn."""

    slot_id: str
    cohort_id: str
    application_id: str
    member_id: str
