"""Bookings of sessions: places, and the waiting for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import sessions as commands
from services.programmes.domain.booking import Booking
from services.programmes.domain.session import Session
from services.programmes.domain.terms import FELLOWS
from services.programmes.errors import NotOfCohort
from services.programmes.handlers.box_office import BoxOffice
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.turns import Due
from services.programmes.repository.belonging import page_of
from services.programmes.schemas import sessions as schemas
from shared.errors import Duplicate, Invalid, NotFound

if TYPE_CHECKING:
    from services.programmes.repository import Bookings, Standings


def book_session(
    command: commands.BookSession, *, desk: Desk, box_office: BoxOffice
) -> schemas.BookingView:
    """Take a place for a member, or put them on the waiting list."""
    session, now = box_office.sessions.get(command.session_id), desk.clock()
    known = box_office.bookings.of(session.id, desk.standings.ids_of(command.member_id))
    owner = known.member_id if known else command.member_id
    asked = Booking.ask(session, owner, command.way, now)
    if known is None or not known.active:
        session.require_bookable(command.way, now)
        desk.standing(command.member_id).require_current()
        _require_fellow(desk, session, command.member_id)
    booking = box_office.go_on(_ask(asked, known, box_office))
    return schemas.BookingView.of(booking, box_office.bookings.position(booking))


def _ask(asked: Booking, known: Booking | None, box_office: BoxOffice) -> Booking:
    if known is None:
        try:
            return box_office.bookings.add(asked)
        except Duplicate:  # by another call of the same member, at the same time
            known = box_office.bookings.get(asked.id)
    if not known.active:  # its place goes on first, so that it is not taken for the new one's
        box_office.go_on(known)
    return box_office.bookings.change(
        asked.id, lambda found: found.ask_again(asked.way, asked.requested_at)
    )


def _require_fellow(desk: Desk, session: Session, member_id: str) -> None:
    if session.cohort_id is None:
        return
    application = desk.application_of(session.cohort_id, member_id)
    if application is None or application.status not in FELLOWS:
        raise NotOfCohort(session_id=session.id, cohort_id=session.cohort_id)


def cancel_booking(
    command: commands.CancelBooking, *, desk: Desk, box_office: BoxOffice
) -> schemas.BookingView:
    """Give up a place or the waiting for one; who has waited longest moves up."""
    session = box_office.sessions.get(command.session_id)
    own = _own(session.id, command.member_id, box_office.bookings, desk.standings)
    cancelled = box_office.bookings.change(
        own.id, lambda booking: booking.cancel(session, desk.clock())
    )
    return schemas.BookingView.of(box_office.go_on(cancelled))


def get_booking(
    request: schemas.GetBooking, *, bookings: Bookings, standings: Standings
) -> schemas.BookingView:
    """A member's booking of a session, with the position while it waits."""
    booking = _own(request.session_id, request.member_id, bookings, standings)
    return schemas.BookingView.of(booking, bookings.position(booking))


def _own(session_id: str, member_id: str, bookings: Bookings, standings: Standings) -> Booking:
    found = bookings.of(session_id, standings.ids_of(member_id))
    if found is None:
        raise NotFound("There is no such booking.", session_id=session_id)
    return found


def find_bookings(
    request: schemas.FindBookings, *, bookings: Bookings, standings: Standings
) -> schemas.BookingPage:
    """Bookings of a session, of a member, or both."""
    if request.session_id is None and request.member_id is None:
        reason = "This or member_id must be given."
        raise Invalid("Whose bookings?", fields={"session_id": [reason]})
    page = page_of(bookings, request, standings, session_id=request.session_id)
    return schemas.BookingPage(tuple(map(schemas.BookingView.of, page.items)), page.next_cursor)


def go_on_with_bookings(box_office: BoxOffice) -> Due[Booking]:
    """Finish requests and cancellations that broke off."""
    return Due(box_office.bookings, box_office.clock(), box_office.go_on)
