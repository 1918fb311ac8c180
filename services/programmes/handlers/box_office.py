"""Gives out the places of sessions, and passes on those that are given up.

A booking is written before its place is taken, and a cancellation before its place goes on, so
whatever breaks off in between is seen in the booking and done again, by the same call or by the
clock. Places that are given up while somebody waits never become free: they are handed to whoever
has waited longest, so nobody who comes later is in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from services.programmes.domain.attendance import Attendance
from services.programmes.domain.booking import Booking, BookingState, line_of
from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import Capacity, Way
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.programmes.repository import Attendances, Bookings, Seats, Sessions, Standings
    from shared.events import Clock

T = TypeVar("T", Attendance, Booking)


@dataclass(frozen=True)
class BoxOffice:
    """Sessions, their bookings and their places."""

    sessions: Sessions
    bookings: Bookings
    seats: Seats
    attendances: Attendances
    standings: Standings
    clock: Clock

    def go_on(self, booking: Booking) -> Booking:
        """Do what a booking is waiting for; the booking as it is then."""
        if not booking.pending:
            return booking
        if booking.state is BookingState.REQUESTED:
            self._seat(booking)
        elif booking.state is BookingState.CANCELLED:
            self._vacate(booking)
        else:
            self.fill(booking.line)
            self._settle(booking)
        return self.bookings.get(booking.id)

    def _seat(self, booking: Booking) -> None:
        line, ticket = booking.line, booking.ticket
        session = self.sessions.get(booking.session_id)
        if session.cancelled_at is not None:
            self._apart(booking.id, lambda found: found.call_off(self.clock()))
        elif self.seats.held(ticket) or (
            self.bookings.head(line) is None and self.seats.claim(line, ticket)
        ):
            self._promote(line, booking.id, ticket)
        else:
            self._apart(booking.id, lambda found: found.wait())
            self.fill(line)
            self._settle(booking)

    def fill(self, line: str) -> None:
        """Give free places to those who wait, in turn."""
        while (head := self.bookings.head(line)) is not None:
            if not self.seats.claim(line, head.ticket):
                return
            self._promote(line, head.id, head.ticket)

    def _vacate(self, booking: Booking) -> None:
        line, ticket = booking.line, booking.ticket
        if self.seats.held(ticket):
            self._pass_on(line, ticket)
        else:
            # It waited, or this was broken off when the place was somebody's already.
            self._find_strays(line)
        self.fill(line)
        self._settle(booking, cancelled=True)

    def _settle(self, booking: Booking, *, cancelled: bool = False) -> None:
        self._apart(booking.id, lambda found: found.settle(booking.ticket, cancelled=cancelled))

    def _pass_on(self, line: str, ticket: str) -> None:
        while self.seats.held(ticket):
            head = self.bookings.head(line)
            if head is None:
                return self.seats.release(ticket)
            self.seats.hand_over(ticket, head.ticket)
            # Another call may have been quicker, and have handed the place to somebody else.
            if self.seats.held(head.ticket):
                self._promote(line, head.id, head.ticket)
        return None

    def _promote(self, line: str, id: str, ticket: str) -> None:
        if not self._confirm(id, ticket):
            self._pass_on(line, ticket)

    def _confirm(self, id: str, ticket: str) -> bool:
        return self._apart(id, lambda found: found.confirm(ticket)).holds(ticket)

    def _find_strays(self, line: str) -> None:
        """Pass on places that belong to no booking any more."""
        owners = {ticket: ticket.rpartition("#")[0] for ticket in self.seats.taken(line)}
        found = self.bookings.scan({"_id": {"$in": sorted(set(owners.values()))}})
        bookings = {booking.id: booking for booking in found}
        for ticket, id in owners.items():
            if not bookings[id].holds(ticket):
                self._pass_on(line, ticket)

    def taken(self, session_id: str) -> dict[Way, int]:
        """How many places are somebody's, by way."""
        return {way: sum(1 for _ in self.seats.taken(line_of(session_id, way))) for way in Way}

    def prepare(self, session: Session) -> Capacity:
        """Let a session have its places, and those that are taken; how many there are then."""
        lines = {way.value: (line_of(session.id, way), way) for way in session.ways}
        return Capacity(
            **{
                name: self.seats.fit(line, session.capacity.of(way))
                for name, (line, way) in lines.items()
            }
        )

    def settle(self, session: Session) -> Session:
        """Let places and bookings follow what was decided of a session: its room, or its end."""
        decided_at, capacity = session.unsettled_at, session.capacity
        if decided_at is None:
            return session
        if session.cancelled_at is None and session.register_closed_at is None:
            capacity = self._fit(session)
            for way in session.ways:
                self.fill(line_of(session.id, way))
        else:
            self._tell_all(session)
        with apart():
            return self.sessions.change(
                session.id, lambda found: found.settle(decided_at, capacity)
            )

    def _fit(self, session: Session) -> Capacity:
        """As the session says it afterwards: of two who change it at once, the later one counts."""
        while True:
            capacity = self.prepare(session)
            now = self.sessions.get(session.id)
            if now.capacity == session.capacity:
                return capacity
            session = now

    def _tell_all(self, session: Session) -> None:
        now = self.clock()
        for booking in self.bookings.scan({"session_id": session.id}):
            if booking.active:
                self._tell(booking, session, now)

    def _tell(self, booking: Booking, session: Session, now: datetime) -> None:
        if session.cancelled_at is not None:
            self._apart(booking.id, lambda found: found.call_off(now))
        else:
            self._read_register(booking)

    def _read_register(self, booking: Booking) -> None:
        """It is read between loading and saving the booking: what is newer is not undone."""

        def close(found: Booking) -> None:
            ids = self.ids_of(found.member_id)
            found.close(attended=self.attendances.of(found.session_id, ids) is not None)

        self._apart(booking.id, close)

    def follow_register(self, session_id: str, member_ids: Iterable[str]) -> None:
        """Let bookings say what was recorded or retracted, where the register is closed by now."""
        if self.sessions.get(session_id).register_closed_at is None:
            return  # who closes it later reads it later
        for member_id in member_ids:
            booking = self.bookings.of(session_id, self.ids_of(member_id))
            if booking is not None:
                self._read_register(booking)

    def by_person(self, found: Iterable[T]) -> dict[str, T]:
        """What there is of a session, by who stands for the member now; of two the last."""
        those = list(found)
        people = self.standings.followed_all(each.member_id for each in those)
        return {people[each.member_id]: each for each in those}

    def ids_of(self, member_id: str) -> list[str]:
        """All ids of the person whom an id is of."""
        return self.standings.ids_of(self.standings.followed(member_id))

    def _apart(self, id: str, action: Callable[[Booking], None]) -> Booking:
        with apart():
            return self.bookings.change(id, action)
