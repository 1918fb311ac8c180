"""Refusals of sessions, certificates and opportunities."""

from shared.errors import Refused


class SessionNotHeld(Refused):
    """The session has not begun, so nobody can have attended it; it begins at ``starts_at``."""

    code = "programmes.session_not_held"


class CertificateRevokedBefore(Refused):
    """The certificate no longer counts already, since ``revoked_on``; where one is due, issue
    another.
    """

    code = "programmes.certificate_revoked_before"


class CertificateIssuedBefore(Refused):
    """The member has a valid certificate of this kind for this programme, with this ``code``; to
    issue another, revoke ``certificate_id`` first.
    """

    code = "programmes.certificate_issued_before"


class SessionCalledOff(Refused):
    """The session was cancelled, at ``cancelled_at``; another one has to be scheduled in its
    place.
    """

    code = "programmes.session_called_off"


class SessionBegun(Refused):
    """The session has begun, at ``starts_at``, so it cannot be moved any more."""

    code = "programmes.session_begun"


class SessionWasHeld(Refused):
    """Attendance is on record, so the session cannot be cancelled."""

    code = "programmes.session_was_held"


class BookingClosed(Refused):
    """The time for this is over; ``now`` says when it was asked for."""

    code = "programmes.booking_closed"


class BookedOtherwise(Refused):
    """The member has booked in the other ``way``; cancel_booking comes first."""

    code = "programmes.booked_otherwise"


class NotOfCohort(Refused):
    """The session is for the fellows of a cohort, of whom the member is none."""

    code = "programmes.not_of_cohort"


class NotExpected(Refused):
    """Neither booked for this session nor fellows of its cohort: ``member_ids``. Whoever was let in
    all the same is recorded as a walk-in, if the session is open to that.
    """

    code = "programmes.not_expected"


class NoWalkIns(Refused):
    """The session is only for those who were expected; ``member_ids`` were not. A mistake is put
    right with correct_attendance, for a reason.
    """

    code = "programmes.no_walk_ins"


class RegisterClosed(Refused):
    """The register was closed, at ``closed_at``, without ``member_ids``; who was left out is added
    with correct_attendance, for a reason.
    """

    code = "programmes.register_closed"


class NotAttended(Refused):
    """No attendance of this kind is on record for the member; record_attendance comes first."""

    code = "programmes.not_attended"


class FeedbackClosed(Refused):
    """The time for feedback on this session is over, since ``closed_at``."""

    code = "programmes.feedback_closed"


class CertificateNotValid(Refused):
    """The certificate was revoked, on ``revoked_on``, so it is not printed; where one is due,
    issue another.
    """

    code = "programmes.certificate_not_valid"


class NameNotKnown(Refused):
    """Membership has not told how the member is called, so nothing is printed in their name;
    try again once it has.
    """

    code = "programmes.name_not_known"


class NotPrintable(Refused):
    """The font lacks some ``characters`` of a text, which would come out wrong on paper; the
    setting CERTIFICATE_FONT names one that has them.
    """

    code = "programmes.not_printable"


class OpportunityOver(Refused):
    """The opportunity has closed or was withdrawn; ``state`` says which. Draft another one."""

    code = "programmes.opportunity_over"
