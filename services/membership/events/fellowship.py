"""Events of fellowship: of applications, and of the awards that follow. Codes and dates only."""

from dataclasses import dataclass
from datetime import date

from services.membership.events.examples import MEMBER
from shared.events import event

_FELLOWSHIP = "0193b7a0-9d20-7c44-b1f3-6a5e2c7d8f90"


@event(
    "fellowship.started",
    example={
        "fellowship_id": _FELLOWSHIP,
        "member_id": MEMBER,
        "level": "fellow",
        "route": "standard",
        "started_on": "2027-01-11",
    },
)
@dataclass(frozen=True)
class FellowshipStarted:
    """A member has begun to put an application for fellowship together."""

    fellowship_id: str
    member_id: str
    level: str
    route: str
    started_on: date


@event(
    "fellowship.submitted",
    example={
        "fellowship_id": _FELLOWSHIP,
        "member_id": MEMBER,
        "level": "fellow",
        "route": "standard",
        "submitted_on": "2027-02-01",
        "target_on": "2027-05-10",
    },
)
@dataclass(frozen=True)
class FellowshipSubmitted:
    """An application is complete but for its references; a decision is due by ``target_on``."""

    fellowship_id: str
    member_id: str
    level: str
    route: str
    submitted_on: date
    target_on: date


@event(
    "fellowship.referenced",
    example={
        "fellowship_id": _FELLOWSHIP,
        "member_id": MEMBER,
        "received_on": "2027-02-12",
        "outstanding": 1,
    },
)
@dataclass(frozen=True)
class FellowshipReferenced:
    """A reference has come in; ``outstanding`` is how many more are needed."""

    fellowship_id: str
    member_id: str
    received_on: date
    outstanding: int


@event(
    "fellowship.decided",
    example={
        "fellowship_id": _FELLOWSHIP,
        "member_id": MEMBER,
        "level": "fellow",
        "decided_on": "2027-04-02",
    },
)
@dataclass(frozen=True)
class FellowshipDecided:
    """A panel has decided; what it recommends is told once the trustees have ratified it."""

    fellowship_id: str
    member_id: str
    level: str
    decided_on: date


@event(
    "fellowship.awarded",
    example={
        "fellowship_id": _FELLOWSHIP,
        "member_id": MEMBER,
        "level": "fellow",
        "post_nominals": "FFMLM",
        "awarded_on": "2027-04-20",
        "revalidate_by": "2032-04-20",
    },
)
@dataclass(frozen=True)
class FellowshipAwarded:
    """A member is a fellow; the award has to be confirmed by ``revalidate_by``."""

    fellowship_id: str
    member_id: str
    level: str
    post_nominals: str
    awarded_on: date
    revalidate_by: date


@event(
    "fellowship.declined",
    example={
        "fellowship_id": _FELLOWSHIP,
        "member_id": MEMBER,
        "level": "fellow",
        "declined_on": "2027-04-20",
        "appeal_by": "2027-05-18",
    },
)
@dataclass(frozen=True)
class FellowshipDeclined:
    """The trustees have declined an application; ``appeal_by`` is null after an appeal."""

    fellowship_id: str
    member_id: str
    level: str
    declined_on: date
    appeal_by: date | None


@event(
    "fellowship.appealed",
    example={
        "fellowship_id": _FELLOWSHIP,
        "member_id": MEMBER,
        "appealed_on": "2027-05-03",
        "target_on": "2027-08-09",
    },
)
@dataclass(frozen=True)
class FellowshipAppealed:
    """Another panel will look at a declined application; a decision is due by ``target_on``."""

    fellowship_id: str
    member_id: str
    appealed_on: date
    target_on: date


@event(
    "fellowship.withdrawn",
    example={"fellowship_id": _FELLOWSHIP, "member_id": MEMBER, "withdrawn_on": "2027-03-01"},
)
@dataclass(frozen=True)
class FellowshipWithdrawn:
    """A member has taken an application back."""

    fellowship_id: str
    member_id: str
    withdrawn_on: date


@event(
    "award.revalidation_due",
    example={
        "member_id": MEMBER,
        "fellowship_id": _FELLOWSHIP,
        "level": "fellow",
        "due_on": "2032-04-20",
    },
)
@dataclass(frozen=True)
class AwardRevalidationDue:
    """An award has to be confirmed by ``due_on``; told once for each such day."""

    member_id: str
    fellowship_id: str
    level: str
    due_on: date


@event(
    "award.revalidated",
    example={
        "member_id": MEMBER,
        "fellowship_id": _FELLOWSHIP,
        "level": "fellow",
        "revalidated_on": "2032-02-02",
        "revalidate_by": "2037-04-20",
    },
)
@dataclass(frozen=True)
class AwardRevalidated:
    """An award was confirmed; it has to be again by ``revalidate_by``."""

    member_id: str
    fellowship_id: str
    level: str
    revalidated_on: date
    revalidate_by: date


@event(
    "award.ended",
    example={
        "member_id": MEMBER,
        "fellowship_id": _FELLOWSHIP,
        "level": "fellow",
        "reason": "not_revalidated",
        "ended_on": "2032-04-21",
    },
)
@dataclass(frozen=True)
class AwardEnded:
    """An award is not held any more from a day on; ``reason`` is a code."""

    member_id: str
    fellowship_id: str
    level: str
    reason: str
    ended_on: date
