"""Events of members' leadership record."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER
from shared.events import event


@event(
    "self_assessment.recorded",
    example={"member_id": MEMBER, "standards": "2021.3", "recorded_on": "2026-11-23"},
)
@dataclass(frozen=True)
class SelfAssessmentRecorded:
    """A member assessed themselves by a version of the standards; what they said stays private."""

    member_id: str
    standards: str
    recorded_on: date
