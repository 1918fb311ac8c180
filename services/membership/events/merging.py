"""Events of records that turn out to be of one person, or not to be."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER
from shared.events import event

_KEPT = "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a12"


@event(
    "member.merged",
    example={"member_id": MEMBER, "into_member_id": _KEPT, "merged_on": "2027-02-01"},
)
@dataclass(frozen=True)
class MemberMerged:
    """A record was merged into another one, which stands for it from now on."""

    member_id: str
    into_member_id: str
    merged_on: date


@event(
    "member.unmerged",
    example={"member_id": MEMBER, "from_member_id": _KEPT, "unmerged_on": "2027-02-03"},
)
@dataclass(frozen=True)
class MemberUnmerged:
    """A record that was merged into another one stands for itself again."""

    member_id: str
    from_member_id: str
    unmerged_on: date
