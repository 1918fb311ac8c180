"""What a session is scheduled with: when, where, in which ways, and for how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.programmes.domain.cohort import zone_of
from services.programmes.domain.terms import Faults, Nation, SessionMode, blank_faults
from shared.events import integer, text

MINUTES_A_DAY = 1_440
MAX_PLACES = 2_000


class Way(StrEnum):
    """How somebody takes part."""

    IN_PERSON = "in_person"
    ONLINE = "online"


WAYS = {
    SessionMode.IN_PERSON: (Way.IN_PERSON,),
    SessionMode.ONLINE: (Way.ONLINE,),
    SessionMode.HYBRID: (Way.IN_PERSON, Way.ONLINE),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a session is held, no nearer than the town."""

    nation: Nation
    town: str = text(100)


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """How many can take part in each way."""

    in_person: int | None = integer(1, MAX_PLACES, default=None)
    online: int | None = integer(1, MAX_PLACES, default=None)

    def of(self, way: Way) -> int:
        """The places of a way, none where it is not offered."""
        return (self.in_person if way is Way.IN_PERSON else self.online) or 0


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """All that a session is scheduled with; booking closes at its start unless said otherwise.

    ``walk_ins`` says whether those may attend, too, who had not booked.
    """

    programme_id: str
    cohort_id: str | None
    title: str
    starts_at: datetime
    time_zone: str
    minutes: int
    mode: SessionMode
    place: Place | None
    domains: tuple[str, ...]
    capacity: Capacity
    walk_ins: bool
    booking_closes_at: datetime | None
    feedback_form: str

    def faults(self) -> Faults:
        """What is wrong, by field."""
        faults = blank_faults({"title": self.title}) | place_faults(self.mode, self.place)
        if zone_of(self.time_zone) is None:
            faults["time_zone"] = ["Not a time zone such as Europe/London."]
        faults |= capacity_faults(self.mode, self.capacity)
        return faults | deadline_faults(self.booking_closes_at, self.starts_at)


def capacity_faults(mode: SessionMode, capacity: Capacity) -> Faults:
    faults: Faults = {}
    for way in Way:
        offered = way in WAYS[mode]
        if offered != bool(capacity.of(way)):
            reason = "Needed for this mode." if offered else "Not offered in this mode."
            faults[f"capacity.{way.value}"] = [reason]
    return faults


def place_faults(mode: SessionMode, place: Place | None) -> Faults:
    if mode is SessionMode.ONLINE:
        return {} if place is None else {"place": ["An online session has none."]}
    if place is None:
        return {"place": ["Needed where people meet."]}
    return blank_faults({"place.town": place.town})


def deadline_faults(closes_at: datetime | None, starts_at: datetime) -> Faults:
    if closes_at is not None and closes_at > starts_at:
        return {"booking_closes_at": ["Must not be after the start."]}
    return {}
