"""Reads of sessions, bookings, attendance, travel and feedback, and their answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.programmes.domain.attendance import Attendance
from services.programmes.domain.booking import Booking, BookingState
from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import Capacity, Place, Way
from services.programmes.domain.terms import SessionMode
from services.programmes.domain.travel import Travel
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetSession:
    """Ask for one session."""

    session_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindSessions:
    """Ask for sessions in the order in which they begin, of a programme, of a cohort, or all."""

    programme_id: str | None = text(64, default=None)
    cohort_id: str | None = text(64, default=None)
    starting_from: datetime | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetBooking:
    """Ask for a member's booking of a session."""

    session_id: str = text(64)
    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindBookings:
    """Ask for a session's bookings, a member's, or a member's of a session."""

    session_id: str | None = text(64, default=None)
    member_id: str | None = text(64, default=None)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class FindAttendance:
    """Ask who attended a session, in the order of their ids."""

    session_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetTravel:
    """Ask for what a member declared of the way to a session."""

    session_id: str = text(64)
    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetSessionTravel:
    """Ask what the ways to a session amount to."""

    session_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetFeedback:
    """Ask what those who attended said of a session."""

    session_id: str = text(64)


@dataclass(frozen=True)
class SessionView:
    """A session; ``starts`` is by the clock of its time zone, ``domains`` are codes.

    ``walk_ins`` says whether those may attend who had not booked.
    """

    session_id: str
    programme_id: str
    cohort_id: str | None
    title: str
    starts_at: datetime
    starts: str
    time_zone: str
    held_on: date
    minutes: int
    mode: SessionMode
    place: Place | None
    domains: tuple[str, ...]
    capacity: Capacity
    walk_ins: bool
    booking_closes_at: datetime
    cancelled: bool
    register_closed: bool

    @classmethod
    def of(cls, session: Session) -> Self:
        local = session.starts_at.astimezone(session.zone)
        return cls(
            session_id=session.id,
            programme_id=session.programme_id,
            cohort_id=session.cohort_id,
            title=session.title,
            starts_at=session.starts_at,
            starts=local.isoformat(),
            time_zone=session.time_zone,
            held_on=session.held_on,
            minutes=session.minutes,
            mode=session.mode,
            place=session.place,
            domains=session.domains,
            capacity=session.capacity,
            walk_ins=session.walk_ins,
            booking_closes_at=session.booking_closes_at,
            cancelled=session.cancelled_at is not None,
            register_closed=session.register_closed_at is not None,
        )


@dataclass(frozen=True)
class SessionPage:
    """Some sessions; ``next_cursor`` is null on the last page."""

    items: tuple[SessionView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class BookingView:
    """A booking; ``position`` counts from 1 while it waits, and is null otherwise and in lists."""

    session_id: str
    member_id: str
    way: Way
    state: BookingState
    position: int | None
    requested_at: datetime
    cancelled_at: datetime | None
    late: bool

    @classmethod
    def of(cls, booking: Booking, position: int | None = None) -> Self:
        return cls(
            session_id=booking.session_id,
            member_id=booking.member_id,
            way=booking.way,
            state=booking.state,
            position=position,
            requested_at=booking.requested_at,
            cancelled_at=booking.cancelled_at,
            late=booking.late,
        )


@dataclass(frozen=True)
class BookingPage:
    """Some bookings; ``next_cursor`` is null on the last page."""

    items: tuple[BookingView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class AttendanceView:
    """The members now recorded as there, and those that were before this call."""

    session_id: str
    recorded: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class Attendee:
    """A member who attended."""

    member_id: str
    way: Way
    minutes: int
    recorded_on: date

    @classmethod
    def of(cls, attendance: Attendance) -> Self:
        return cls(attendance.member_id, attendance.way, attendance.minutes, attendance.recorded_on)


@dataclass(frozen=True)
class AttendanceRecord:
    """What the register says of a member; ``attended`` is false once it was retracted."""

    session_id: str
    member_id: str
    attended: bool
    way: Way
    minutes: int
    recorded_on: date

    @classmethod
    def of(cls, attendance: Attendance) -> Self:
        return cls(
            session_id=attendance.session_id,
            member_id=attendance.member_id,
            attended=attendance.counts,
            way=attendance.way,
            minutes=attendance.minutes,
            recorded_on=attendance.recorded_on,
        )


@dataclass(frozen=True)
class AttendancePage:
    """Some of those who attended; ``next_cursor`` is null on the last page."""

    items: tuple[Attendee, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class TravelView:
    """A declaration: one person's share in metres by means of travel, and nights in a hotel."""

    session_id: str
    metres: dict[str, int]
    nights: int
    london: bool
    withdrawn: bool

    @classmethod
    def of(cls, travel: Travel) -> Self:
        return cls(travel.session_id, travel.metres, travel.nights, travel.london, travel.withdrawn)


@dataclass(frozen=True)
class SessionTravelView:
    """What the declarations for a session amount to, and what share of those who came made one.

    ``online`` and ``online_minutes`` are for the hours worked at home.
    """

    session_id: str
    metres: dict[str, int]
    nights: int
    nights_in_london: int
    declared: int
    in_person: int
    online: int
    online_minutes: int


@dataclass(frozen=True)
class FeedbackReceipt:
    """That feedback was kept, and how long it may be changed."""

    session_id: str
    given_at: datetime
    editable_until: datetime


@dataclass(frozen=True)
class RatedStatement:
    """How often each score was given to a statement."""

    question: str
    prompt: str
    scores: dict[str, int]


@dataclass(frozen=True)
class FeedbackView:
    """What was said of a session, without who said it.

    ``ratings`` and ``comments`` are null until ``shown_from``, when answers no longer change, and
    where fewer than ``least_for_comments`` have answered.
    """

    session_id: str
    attended: int
    answered: int
    least_for_comments: int
    shown_from: datetime
    ratings: tuple[RatedStatement, ...] | None
    comments: tuple[str, ...] | None
