"""Sessions of programmes: when, where, about what, and how many can take part.

An instant is kept, and the time zone by whose clock it was said, which says what day it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from services.programmes.domain.cohort import to_the_millisecond
from services.programmes.domain.session_plan import (
    WAYS,
    Capacity,
    Place,
    SessionPlan,
    Way,
    capacity_faults,
    deadline_faults,
    place_faults,
)
from services.programmes.domain.terms import Faults, SessionMode
from services.programmes.errors import (
    BookingClosed,
    SessionBegun,
    SessionCalledOff,
    SessionNotHeld,
)
from services.programmes.events import SessionCancelled, SessionRescheduled, SessionScheduled
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass
class Session(Aggregate):
    """A session; ``domains`` are codes of the standards' domains that it is about.

    ``feedback_form`` names the version of the questions that those who attended are asked. While
    there is an ``unsettled_at``, its places and bookings have yet to follow what was decided then.
    """

    id: str
    programme_id: str
    title: str
    starts_at: datetime
    time_zone: str
    minutes: int
    mode: SessionMode
    domains: tuple[str, ...]
    capacity: Capacity
    walk_ins: bool
    booking_closes_at: datetime
    feedback_form: str
    cohort_id: str | None = None
    place: Place | None = None
    cancelled_at: datetime | None = None
    register_closed_at: datetime | None = None
    unsettled_at: datetime | None = None

    @classmethod
    def schedule(cls, id: str, plan: SessionPlan) -> Session:
        """The session, held already or to come, or Invalid naming every fault."""
        if faults := plan.faults():
            raise Invalid("The session is not valid.", fields=faults)
        values = {name: getattr(plan, name) for name in SessionPlan.__dataclass_fields__}
        values["title"] = plan.title.strip()
        values["domains"] = tuple(dict.fromkeys(plan.domains))
        values["starts_at"] = to_the_millisecond(plan.starts_at)
        closes_at = plan.booking_closes_at or plan.starts_at
        values["booking_closes_at"] = to_the_millisecond(closes_at)
        session = cls(id, **values)
        session.record(
            SessionScheduled(
                session_id=id,
                programme_id=session.programme_id,
                cohort_id=session.cohort_id,
                title=session.title,
                starts_at=session.starts_at,
                minutes=session.minutes,
                mode=session.mode.value,
                nation=session.place.nation.value if session.place else None,
                town=session.place.town if session.place else None,
                domains=session.domains,
            )
        )
        return session

    @property
    def ways(self) -> tuple[Way, ...]:
        """In which ways one can take part."""
        return WAYS[self.mode]

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.time_zone)

    @property
    def held_on(self) -> date:
        """The day on which it begins, where it is held."""
        return self.starts_at.astimezone(self.zone).date()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def begun(self, now: datetime) -> bool:
        return now >= self.starts_at

    def require_on(self) -> None:
        """Raises SessionCalledOff once it was cancelled."""
        if self.cancelled_at is not None:
            raise SessionCalledOff(session_id=self.id, cancelled_at=self.cancelled_at.isoformat())

    def require_held(self, now: datetime) -> None:
        """Raises SessionNotHeld before it has begun, and SessionCalledOff."""
        self.require_on()
        if not self.begun(now):
            raise SessionNotHeld(session_id=self.id, starts_at=self.starts_at.isoformat())

    def require_bookable(self, way: Way, now: datetime) -> None:
        """Raises SessionCalledOff, BookingClosed, and Invalid naming ``way``."""
        self.require_on()
        self.require_way(way)
        if now >= self.booking_closes_at:
            raise BookingClosed(
                session_id=self.id,
                booking_closes_at=self.booking_closes_at.isoformat(),
                now=now.isoformat(),
            )

    def require_way(self, way: Way) -> None:
        """Raises Invalid naming ``way`` if it is not offered."""
        if way not in self.ways:
            offered = ", ".join(self.ways)
            raise Invalid("It is not offered so.", fields={"way": [f"Must be one of: {offered}."]})

    def reschedule(
        self,
        *,
        starts_at: datetime,
        minutes: int | None,
        place: Place | None,
        capacity: Capacity | None,
        walk_ins: bool | None,
        booking_closes_at: datetime | None,
        taken: Mapping[Way, int],
        now: datetime,
    ) -> None:
        """Let it be at another time or place, or for more or fewer; what is not given stays.

        The deadline of booking keeps its distance from the start unless it is given. As many places
        stay as are ``taken``. Raises SessionCalledOff, SessionBegun, and Invalid by field.
        """
        self.require_on()
        if self.begun(now):
            raise SessionBegun(session_id=self.id, starts_at=self.starts_at.isoformat())
        starts_at = to_the_millisecond(starts_at)
        kept = starts_at - (self.starts_at - self.booking_closes_at)
        closes_at = to_the_millisecond(booking_closes_at or kept)
        place = place or self.place
        faults = place_faults(self.mode, place) | deadline_faults(closes_at, starts_at)
        faults |= self._room_faults(capacity, taken)
        if starts_at <= now:
            faults["starts_at"] = ["Must be in the future."]
        if faults:
            raise Invalid("The session cannot be moved so.", fields=faults)
        before = (self.starts_at, self.minutes, self.place)
        self.starts_at, self.minutes, self.place = starts_at, minutes or self.minutes, place
        self.booking_closes_at = closes_at
        self.walk_ins = self.walk_ins if walk_ins is None else walk_ins
        if capacity not in (None, self.capacity):
            self.capacity, self.unsettled_at = capacity, now
        if before != (self.starts_at, self.minutes, self.place):
            self.record(
                SessionRescheduled(
                    session_id=self.id,
                    programme_id=self.programme_id,
                    starts_at=starts_at,
                    minutes=self.minutes,
                    nation=place.nation.value if place else None,
                    town=place.town if place else None,
                )
            )

    def _room_faults(self, capacity: Capacity | None, taken: Mapping[Way, int]) -> Faults:
        if capacity is None:
            return {}
        faults = capacity_faults(self.mode, capacity)
        for way in self.ways:
            if capacity.of(way) < taken[way]:
                faults.setdefault(f"capacity.{way.value}", [f"{taken[way]} places are taken."])
        return faults

    def cancel(self, now: datetime) -> None:
        """Call it off, once; the reason stands in the trail."""
        if self.cancelled_at is None:
            self.cancelled_at = self.unsettled_at = now
            self.record(
                SessionCancelled(
                    session_id=self.id, programme_id=self.programme_id, starts_at=self.starts_at
                )
            )

    def close_register(self, now: datetime) -> None:
        """Who is on record now was there, and no booked one else; raises as require_held does."""
        self.require_held(now)
        if self.register_closed_at is None:
            self.register_closed_at = self.unsettled_at = now

    def settle(self, decided_at: datetime, capacity: Capacity) -> None:
        """Its places and bookings have followed what was decided then, and nothing since.

        There are as many places as ``capacity`` says: more than were wanted where some were taken
        at that moment.
        """
        if self.unsettled_at == decided_at:
            self.unsettled_at, self.capacity = None, capacity
