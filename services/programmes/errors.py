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
