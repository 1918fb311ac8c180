"""Events of placements: where fellows are and when, without what is written about it."""

from dataclasses import dataclass
from datetime import date

from services.programmes.events.examples import (
    APPLICATION,
    COHORT,
    HOST,
    MEMBER,
    PLACEMENT,
    PROGRAMME,
)
from shared.events import event


@event(
    "placement.arranged",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
        "programme_id": PROGRAMME,
        "host_id": HOST,
        "starts_on": "2027-09-01",
        "ends_on": "2028-08-31",
        "wte_percent": 100,
    },
)
@dataclass(frozen=True)
class PlacementArranged:
    """A fellow is to be in a post from the first day to the last; ``host_id`` is null at none."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
    programme_id: str
    host_id: str | None
    starts_on: date
    ends_on: date
    wte_percent: int


@event(
    "placement.deferred",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
        "programme_id": PROGRAMME,
        "host_id": HOST,
        "starts_on": "2028-03-01",
        "ends_on": "2029-02-28",
        "wte_percent": 100,
    },
)
@dataclass(frozen=True)
class PlacementDeferred:
    """A placement starts later than was said; these are its days from now on."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
    programme_id: str
    host_id: str | None
    starts_on: date
    ends_on: date
    wte_percent: int


@event(
    "placement.changed",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
        "programme_id": PROGRAMME,
        "host_id": HOST,
        "starts_on": "2027-09-01",
        "ends_on": "2028-08-31",
        "wte_percent": 80,
    },
)
@dataclass(frozen=True)
class PlacementChanged:
    """A placement's days or its whole-time equivalent are others from now on."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
    programme_id: str
    host_id: str | None
    starts_on: date
    ends_on: date
    wte_percent: int


@event(
    "placement.started",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
        "host_id": HOST,
        "started_on": "2027-09-01",
    },
)
@dataclass(frozen=True)
class PlacementStarted:
    """A placement has begun."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
    host_id: str | None
    started_on: date


@event(
    "placement.paused",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
        "paused_on": "2028-01-10",
    },
)
@dataclass(frozen=True)
class PlacementPaused:
    """A placement rests while a suspension lasts."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
    paused_on: date


@event(
    "placement.resumed",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
        "resumed_on": "2028-02-01",
        "days_paused": 22,
    },
)
@dataclass(frozen=True)
class PlacementResumed:
    """A placement goes on; ``days_paused`` are those of all its pauses."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
    resumed_on: date
    days_paused: int


@event(
    "placement.ended",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
        "reason": "completed",
        "ended_on": "2028-08-31",
    },
)
@dataclass(frozen=True)
class PlacementEnded:
    """A placement is over; ``reason`` is ``completed`` or ``left_early``."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
    reason: str
    ended_on: date


@event(
    "placement.reopened",
    example={
        "placement_id": PLACEMENT,
        "application_id": APPLICATION,
        "cohort_id": COHORT,
        "member_id": MEMBER,
        "post_id": "city",
    },
)
@dataclass(frozen=True)
class PlacementReopened:
    """That a placement was completed was a mistake; it goes on."""

    placement_id: str
    application_id: str
    cohort_id: str
    member_id: str
    post_id: str
