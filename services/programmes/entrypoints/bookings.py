"""Bookings of sessions."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import sessions as commands
from services.programmes.schemas import sessions as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Bookings:
    """Bookings of sessions."""

    app: Any

    @rpc(
        commands.BookSession,
        returns=schemas.BookingView,
        scope="programmes:write",
        own="member_id",
        errors=(
            Invalid,
            NotFound,
            errors.MemberNotCurrent,
            errors.NotOfCohort,
            errors.SessionCalledOff,
            errors.BookingClosed,
            errors.BookedOtherwise,
        ),
        writes=True,
    )
    def book_session(self, command: commands.BookSession) -> schemas.BookingView:
        """Take a place at a session, or join its waiting list."""
        return self.app.book_session(command)

    @rpc(
        commands.CancelBooking,
        returns=schemas.BookingView,
        scope="programmes:write",
        own="member_id",
        errors=(NotFound, errors.BookingClosed),
        writes=True,
    )
    def cancel_booking(self, command: commands.CancelBooking) -> schemas.BookingView:
        """Give up a place, or the waiting for one."""
        return self.app.cancel_booking(command)

    @rpc(
        schemas.GetBooking,
        returns=schemas.BookingView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_booking(self, request: schemas.GetBooking) -> schemas.BookingView:
        """A member's booking of a session, with the position on the waiting list."""
        return self.app.get_booking(request)

    @rpc(
        schemas.FindBookings,
        returns=schemas.BookingPage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid,),
        writes=False,
    )
    def find_bookings(self, request: schemas.FindBookings) -> schemas.BookingPage:
        """Bookings of a session or of a member; members give their own ``member_id``."""
        return self.app.find_bookings(request)
