"""Bookings of sessions: asked for, confirmed or on the waiting list, and what became of them.

A booking that was cancelled can be made again: ``number`` counts how often, and the place belongs
to the ticket, booking and number together, so that nothing late touches the place of a later one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.programmes.domain.attendance import Attendance
from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import Way
from services.programmes.errors import BookedOtherwise, BookingClosed
from services.programmes.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingPromoted,
    BookingWaitlisted,
)
from shared.events import Aggregate


class BookingState(StrEnum):
    """Where a booking stands; REQUESTED is the moment before a place was found or not."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


_ACTIVE = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.WAITING)
_EXPECTED = (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW)


def line_of(session_id: str, way: Way) -> str:
    """What names the places of one way of a session, and those who wait for them."""
    return f"{session_id}:{way.value}"


@dataclass
class Booking(Aggregate):
    """One member's booking of one session; ``late`` says that it was cancelled past the deadline.

    While it is ``pending``, something is to be done yet for it or because of it: a place to be
    found, or to be passed on.
    """

    id: str
    session_id: str
    member_id: str
    way: Way
    requested_at: datetime
    state: BookingState = BookingState.REQUESTED
    number: int = 1
    cancelled_at: datetime | None = None
    late: bool = False
    pending: bool = True

    @classmethod
    def ask(cls, session: Session, member_id: str, way: Way, now: datetime) -> Booking:
        """A request."""
        id = Attendance.key(session.id, member_id)
        return cls(id, session.id, member_id, way, now)

    @property
    def active(self) -> bool:
        return self.state in _ACTIVE

    @property
    def expected(self) -> bool:
        """Whether there is, or was, a place for it."""
        return self.state in _EXPECTED

    @property
    def line(self) -> str:
        return line_of(self.session_id, self.way)

    @property
    def ticket(self) -> str:
        """To whom a place belongs."""
        return f"{self.id}#{self.number}"

    def ask_again(self, way: Way, now: datetime) -> None:
        """Request anew what was cancelled; an active one stays as it is.

        Raises BookedOtherwise where the active one is of the other way.
        """
        if self.active:
            if self.way is not way:
                raise BookedOtherwise(session_id=self.session_id, way=self.way.value)
            return
        self.way, self.requested_at, self.state = way, now, BookingState.REQUESTED
        self.number += 1
        self.cancelled_at, self.late, self.pending = None, False, True

    def confirm(self, ticket: str) -> None:
        """There is a place for this ticket; if it no longer stands, nothing happens."""
        if ticket != self.ticket or self.state not in (
            BookingState.REQUESTED,
            BookingState.WAITING,
        ):
            return
        waited = self.state is BookingState.WAITING
        self.state, self.pending = BookingState.CONFIRMED, False
        kind = BookingPromoted if waited else BookingConfirmed
        self.record(kind(member_id=self.member_id, session_id=self.session_id))

    def holds(self, ticket: str) -> bool:
        """Whether a place may belong to this ticket."""
        return ticket == self.ticket and self.state is not BookingState.CANCELLED

    def wait(self) -> None:
        """There was no place, so it goes on the waiting list."""
        if self.state is BookingState.REQUESTED:
            self.state = BookingState.WAITING
            self.record(BookingWaitlisted(member_id=self.member_id, session_id=self.session_id))

    def cancel(self, session: Session, now: datetime) -> None:
        """Give it up; raises BookingClosed once the session has begun. Repeated, it stays so."""
        if self.state is BookingState.CANCELLED:
            return
        if session.begun(now):
            raise BookingClosed(
                "The session has begun.", session_id=session.id, now=now.isoformat()
            )
        self.late = now >= session.booking_closes_at
        self._end(now)
        self.pending = True

    def call_off(self, now: datetime) -> None:
        """The session was cancelled; its places are nobody's any more."""
        if self.active:
            self._end(now)
            self.pending = False

    def _end(self, now: datetime) -> None:
        self.state, self.cancelled_at = BookingState.CANCELLED, now
        self.record(BookingCancelled(member_id=self.member_id, session_id=self.session_id))

    def settle(self, ticket: str, *, cancelled: bool) -> None:
        """What was to be done for this ticket, or because it was cancelled, has been done."""
        if ticket == self.ticket and cancelled == (self.state is BookingState.CANCELLED):
            self.pending = False

    def close(self, *, attended: bool) -> None:
        """The register of the session is closed, or what it said was put right."""
        if self.state in _EXPECTED:
            self.state = BookingState.ATTENDED if attended else BookingState.NO_SHOW

    def forget(self) -> None:
        """The member was erased: what was to come is given up, and the clock passes its place on.

        That there was a booking is a fact and stays.
        """
        if self.active:
            self.state, self.cancelled_at = BookingState.CANCELLED, self.requested_at
            self.pending = True
