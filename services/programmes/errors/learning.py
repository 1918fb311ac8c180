"""Refusals of sessions, certificates and opportunities."""

from shared.errors import Refused


class SessionNotHeld(Refused):
    """The session has not begun, so nobody can have attended it."""

    code = "programmes.session_not_held"


class CertificateRevokedBefore(Refused):
    """The certificate no longer counts already."""

    code = "programmes.certificate_revoked_before"


class SessionCalledOff(Refused):
    """The session was cancelled."""

    code = "programmes.session_called_off"


class SessionBegun(Refused):
    """The session has begun, so it cannot be moved."""

    code = "programmes.session_begun"


class SessionWasHeld(Refused):
    """Attendance is on record, so the session cannot be cancelled."""

    code = "programmes.session_was_held"


class BookingClosed(Refused):
    """The time for this is over; ``now`` says when it was asked for."""

    code = "programmes.booking_closed"


class BookedOtherwise(Refused):
    """The member has booked in the other ``way``; cancel that first."""

    code = "programmes.booked_otherwise"


class NotOfCohort(Refused):
    """The session is for the fellows of a cohort, of whom the member is none."""

    code = "programmes.not_of_cohort"


class NotAttended(Refused):
    """No attendance of this kind is on record for the member."""

    code = "programmes.not_attended"


class FeedbackClosed(Refused):
    """The time for feedback on this session is over."""

    code = "programmes.feedback_closed"


class CertificateNotValid(Refused):
    """The certificate was revoked, so it is not printed."""

    code = "programmes.certificate_not_valid"


class NameNotKnown(Refused):
    """Membership has not told how the member is called, so nothing is printed in their name."""

    code = "programmes.name_not_known"


class NotPrintable(Refused):
    """The font lacks some ``characters`` of a text, which would come out wrong on paper."""

    code = "programmes.not_printable"


class OpportunityOver(Refused):
    """The opportunity has closed or was withdrawn; ``state`` says which."""

    code = "programmes.opportunity_over"
