"""What the programmes service refuses, beside the errors every service has."""

from shared.errors import Refused


class MemberNotCurrent(Refused):
    """Only current members may apply; ``reason`` says what this one lacks."""

    code = "programmes.member_not_current"


class NotEligible(Refused):
    """A rule of the programme leaves this member out; ``rule`` names it."""

    code = "programmes.not_eligible"


class OutsideWindow(Refused):
    """The cohort does not take applications at this instant."""

    code = "programmes.outside_window"


class NotInCohort(Refused):
    """Some applications are not in the cohort; ``application_ids`` names them, nothing was done."""

    code = "programmes.not_in_cohort"


class MemberNotKnown(Refused):
    """Membership has not told of some members; ``member_ids`` names them, nothing was done."""

    code = "programmes.member_not_known"


class SessionNotHeld(Refused):
    """The session is still to come, so nobody can have attended it."""

    code = "programmes.session_not_held"


class CertificateRevokedBefore(Refused):
    """The certificate no longer counts already."""

    code = "programmes.certificate_revoked_before"


class NotSelected(Refused):
    """The member was not selected for the cohort, so cannot have completed its programme."""

    code = "programmes.not_selected"


class AlreadyCompleted(Refused):
    """The member completed the programme with this cohort on another day."""

    code = "programmes.already_completed"
