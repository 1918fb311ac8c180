"""Events of memberships in time. Every date is a day; a last day of cover is itself covered."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER
from shared.events import event


@event(
    "member.renewed",
    example={
        "member_id": MEMBER,
        "grade": "member",
        "starts_on": "2027-11-04",
        "ends_on": "2028-11-03",
    },
)
@dataclass(frozen=True)
class MemberRenewed:
    """A term was added to a membership."""

    member_id: str
    grade: str
    starts_on: date
    ends_on: date | None


@event("renewal.due", example={"member_id": MEMBER, "grade": "member", "due_on": "2027-11-03"})
@dataclass(frozen=True)
class RenewalDue:
    """Cover is about to end, and renewal is open; told once for each last day of cover."""

    member_id: str
    grade: str
    due_on: date


@event(
    "member.entered_grace",
    example={
        "member_id": MEMBER,
        "grade": "member",
        "ended_on": "2027-11-03",
        "lapses_on": "2027-12-04",
    },
)
@dataclass(frozen=True)
class MemberEnteredGrace:
    """Cover has ended; until ``lapses_on`` it can still be renewed."""

    member_id: str
    grade: str
    ended_on: date
    lapses_on: date


@event("member.lapsed", example={"member_id": MEMBER, "grade": "member", "lapsed_on": "2027-12-04"})
@dataclass(frozen=True)
class MemberLapsed:
    """Grace is over and membership has not been renewed."""

    member_id: str
    grade: str
    lapsed_on: date


@event(
    "member.suspended",
    example={"member_id": MEMBER, "reason": "registration_suspended", "suspended_on": "2027-02-01"},
)
@dataclass(frozen=True)
class MemberSuspended:
    """Membership rests; ``reason`` is a code."""

    member_id: str
    reason: str
    suspended_on: date


@event(
    "member.reinstated",
    example={
        "member_id": MEMBER,
        "was": "suspended",
        "status": "current",
        "reinstated_on": "2027-03-01",
    },
)
@dataclass(frozen=True)
class MemberReinstated:
    """Membership goes on after it rested or had ended; ``was`` is the status before."""

    member_id: str
    was: str
    status: str
    reinstated_on: date


@event("member.withdrawn", example={"member_id": MEMBER, "withdrawn_on": "2027-05-01"})
@dataclass(frozen=True)
class MemberWithdrawn:
    """A member has left."""

    member_id: str
    withdrawn_on: date


@event(
    "member.removed",
    example={"member_id": MEMBER, "reason": "registration_erased", "removed_on": "2027-05-01"},
)
@dataclass(frozen=True)
class MemberRemoved:
    """A membership was ended by the body; ``reason`` is a code."""

    member_id: str
    reason: str
    removed_on: date


@event("member.deceased", example={"member_id": MEMBER, "recorded_on": "2027-05-01"})
@dataclass(frozen=True)
class MemberDeceased:
    """A member has died; nothing is to be sent any more."""

    member_id: str
    recorded_on: date


@event(
    "member.grade_changed",
    example={"member_id": MEMBER, "was": "trainee", "now": "member", "changed_on": "2027-08-04"},
)
@dataclass(frozen=True)
class MemberGradeChanged:
    """A member is in another grade."""

    member_id: str
    was: str
    now: str
    changed_on: date


@event(
    "career_stage.changed",
    example={
        "member_id": MEMBER,
        "was": "trainee",
        "now": "early_career",
        "changed_on": "2027-08-04",
    },
)
@dataclass(frozen=True)
class CareerStageChanged:
    """A member has reached another stage of their career."""

    member_id: str
    was: str
    now: str
    changed_on: date


@event(
    "entitlement.changed",
    example={
        "member_id": MEMBER,
        "kind": "seat",
        "source_id": "0193b7a0-8c11-7d52-8a41-51a2b7d3e0f1",
        "from_on": "2027-01-01",
        "until_on": "2027-12-31",
    },
)
@dataclass(frozen=True)
class EntitlementChanged:
    """A member is covered by an organisation's seat, as an alumnus or otherwise, for these days."""

    member_id: str
    kind: str
    source_id: str
    from_on: date
    until_on: date | None


@event(
    "standing.changed",
    example={
        "member_id": MEMBER,
        "status": "grace",
        "reason": "cover_ended",
        "since": "2027-11-04",
    },
)
@dataclass(frozen=True)
class StandingChanged:
    """A member's status is another one since a day; ``reason`` is a code."""

    member_id: str
    status: str
    reason: str
    since: date


@event(
    "member.imported",
    example={
        "member_id": MEMBER,
        "grade": "member",
        "profession": "doctor",
        "nation": "wales",
        "career_stage": "established",
        "admitted_on": "2019-03-01",
        "status": "current",
    },
)
@dataclass(frozen=True)
class MemberImported:
    """Somebody who was a member elsewhere already was taken over; there is nothing to welcome."""

    member_id: str
    grade: str
    profession: str
    nation: str
    career_stage: str
    admitted_on: date
    status: str


@event(
    "details.corrected",
    example={"member_id": MEMBER, "profession": "pharmacist", "nation": "scotland"},
)
@dataclass(frozen=True)
class DetailsCorrected:
    """A person's profession or nation is another one than was told before."""

    member_id: str
    profession: str
    nation: str
