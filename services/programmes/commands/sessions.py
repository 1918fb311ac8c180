"""What may be asked about sessions, bookings, attendance, travel and feedback."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.domain.eligibility import Word
from services.programmes.domain.feedback import MAX_QUESTIONS, Rating
from services.programmes.domain.session_plan import MINUTES_A_DAY, Capacity, Place, Way
from services.programmes.domain.terms import SessionMode
from services.programmes.domain.travel import MAX_NIGHTS, Leg
from shared.events import integer, items, text

ATTENDING_A_CALL = 500
# Membership's standards say which domains there are.
Domain = Word


@dataclass(frozen=True, kw_only=True)
class ScheduleSession:
    """Schedule a session of a programme, or put one on record that was held already.

    ``walk_ins`` says whether those may attend who had not booked; by default only at one that was
    held already.
    """

    programme_id: str = text(64)
    cohort_id: str | None = text(64, default=None, description="For the fellows of it alone.")
    title: str = text(200)
    starts_at: datetime
    time_zone: str = text(60, default="Europe/London")
    minutes: int = integer(1, MINUTES_A_DAY)
    mode: SessionMode
    place: Place | None = None
    domains: tuple[Domain, ...] = items(20, description="Domains of the standards it is about.")
    capacity: Capacity
    walk_ins: bool | None = None
    booking_closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RescheduleSession:
    """Move a session, or let more or fewer take part; what is not given stays."""

    session_id: str = text(64)
    starts_at: datetime
    minutes: int | None = integer(1, MINUTES_A_DAY, default=None)
    place: Place | None = None
    capacity: Capacity | None = None
    walk_ins: bool | None = None
    booking_closes_at: datetime | None = None
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class CancelSession:
    """Call a session off."""

    session_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class BookSession:
    """Ask for a place at a session, or to wait for one."""

    session_id: str = text(64)
    member_id: str = text(64)
    way: Way


@dataclass(frozen=True, kw_only=True)
class CancelBooking:
    """Give up a place, or the waiting for one."""

    session_id: str = text(64)
    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class RecordAttendance:
    """Record who attended a session, all of them or, if one is not known or expected, none.

    ``walk_in`` says that those among them who were not expected were let in all the same.
    """

    session_id: str = text(64)
    member_ids: tuple[str, ...] = items(ATTENDING_A_CALL, min_length=1)
    way: Way | None = None
    minutes: int | None = integer(
        1, MINUTES_A_DAY, default=None, description="How long they stayed; all of it by default."
    )
    walk_in: bool = False


@dataclass(frozen=True, kw_only=True)
class CorrectAttendance:
    """Put right that and how somebody attended, also once the register was closed."""

    session_id: str = text(64)
    member_id: str = text(64)
    way: Way | None = None
    minutes: int | None = integer(
        1, MINUTES_A_DAY, default=None, description="How long they stayed; all of it by default."
    )
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class RetractAttendance:
    """Take back that somebody attended, because that was a mistake."""

    session_id: str = text(64)
    member_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class CloseRegister:
    """Say that all who attended are on record, so that whoever booked and is not did not come."""

    session_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class DeclareTravel:
    """Say how one came to a session and went home, in place of what was said before."""

    session_id: str = text(64)
    member_id: str = text(64)
    legs: tuple[Leg, ...] = items(20)
    nights: int = integer(0, MAX_NIGHTS, default=0, description="Spent in a hotel.")
    london: bool = False


@dataclass(frozen=True, kw_only=True)
class WithdrawTravel:
    """Take back what was said of the way."""

    session_id: str = text(64)
    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GiveFeedback:
    """Say how a session was, in place of what was said before."""

    session_id: str = text(64)
    member_id: str = text(64)
    ratings: tuple[Rating, ...] = items(MAX_QUESTIONS, min_length=1)
    comment: str = text(2_000, min_length=0, default="")
