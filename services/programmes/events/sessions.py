"""Events of sessions, bookings, attendance and travel."""

from dataclasses import dataclass
from datetime import date, datetime

from services.programmes.events.examples import (
    COHORT,
    DECLARATION,
    MEMBER,
    PROGRAMME,
    SESSION,
)
from shared.events import event

_BOOKING = {"member_id": MEMBER, "session_id": SESSION}


@event(
    "session.scheduled",
    example={
        "session_id": SESSION,
        "programme_id": PROGRAMME,
        "cohort_id": COHORT,
        "title": "Leading change in a team",
        "starts_at": "2027-10-14T08:30:00+00:00",
        "minutes": 210,
        "mode": "hybrid",
        "nation": "wales",
        "town": "Invented Vale",
        "domains": ["self", "team"],
    },
)
@dataclass(frozen=True)
class SessionScheduled:
    """A session is to be held; one with a cohort is for its fellows, an online one has no place."""

    session_id: str
    programme_id: str
    cohort_id: str | None
    title: str
    starts_at: datetime
    minutes: int
    mode: str
    nation: str | None
    town: str | None
    domains: tuple[str, ...]


@event(
    "session.rescheduled",
    example={
        "session_id": SESSION,
        "programme_id": PROGRAMME,
        "starts_at": "2027-10-21T08:30:00+00:00",
        "minutes": 210,
        "nation": "wales",
        "town": "Invented Vale",
    },
)
@dataclass(frozen=True)
class SessionRescheduled:
    """A session is at another time or place; what is booked stays booked."""

    session_id: str
    programme_id: str
    starts_at: datetime
    minutes: int
    nation: str | None
    town: str | None


@event(
    "session.cancelled",
    example={
        "session_id": SESSION,
        "programme_id": PROGRAMME,
        "starts_at": "2027-10-14T08:30:00+00:00",
    },
)
@dataclass(frozen=True)
class SessionCancelled:
    """A session is not held; each booking is told of on its own."""

    session_id: str
    programme_id: str
    starts_at: datetime


@event(
    "session.attended",
    example={
        "session_id": SESSION,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "title": "Leading change in a team",
        "held_on": "2027-10-14",
        "minutes": 210,
        "domains": ["self", "team"],
        "turn": 1,
    },
)
@dataclass(frozen=True)
class SessionAttended:
    """A member attended a session, for so many minutes.

    ``domains`` are those of the standards that it was about. Of the same session the highest
    ``turn`` counts: each correction has the next.
    """

    session_id: str
    member_id: str
    programme_id: str
    title: str
    held_on: date
    minutes: int
    domains: tuple[str, ...]
    turn: int


@event(
    "attendance.retracted",
    example={
        "session_id": SESSION,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "turn": 1,
    },
)
@dataclass(frozen=True)
class AttendanceRetracted:
    """That a member attended a session was a mistake; ``turn`` is that of what was said."""

    session_id: str
    member_id: str
    programme_id: str
    turn: int


@event("booking.confirmed", example=_BOOKING)
@dataclass(frozen=True)
class BookingConfirmed:
    """A member has a place at a session."""

    member_id: str
    session_id: str


@event("booking.waitlisted", example=_BOOKING)
@dataclass(frozen=True)
class BookingWaitlisted:
    """A session is full, and a member waits for a place."""

    member_id: str
    session_id: str


@event("booking.promoted", example=_BOOKING)
@dataclass(frozen=True)
class BookingPromoted:
    """A place became free for a member who waited for it."""

    member_id: str
    session_id: str


@event("booking.cancelled", example=_BOOKING)
@dataclass(frozen=True)
class BookingCancelled:
    """A member no longer has a place, nor waits for one; the session may have been called off."""

    member_id: str
    session_id: str


@event(
    "travel.declared",
    example={
        "declaration_id": DECLARATION,
        "session_id": SESSION,
        "programme_id": PROGRAMME,
        "held_on": "2027-10-14",
        "metres": {"national_rail": 240_000, "average_car": 12_500},
        "nights": 1,
        "london": False,
    },
)
@dataclass(frozen=True)
class TravelDeclared:
    """Somebody who attended told how they came; of one declaration the highest sequence counts.

    ``metres`` are one person's share by means of travel: a car's distance is divided by those in
    it. ``nights`` were spent in a hotel, in London or elsewhere in the UK.
    """

    declaration_id: str
    session_id: str
    programme_id: str
    held_on: date
    metres: dict[str, int]
    nights: int
    london: bool


@event(
    "travel.withdrawn",
    example={
        "declaration_id": DECLARATION,
        "session_id": SESSION,
        "programme_id": PROGRAMME,
    },
)
@dataclass(frozen=True)
class TravelWithdrawn:
    """A declaration of travel was taken back, so nothing of it counts."""

    declaration_id: str
    session_id: str
    programme_id: str
