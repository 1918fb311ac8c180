"""Refusals of programmes, cohorts and applications."""

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


class NotPublished(Refused):
    """The programme is a draft, or no longer on offer."""

    code = "programmes.not_published"


class WrongStage(Refused):
    """The workflow of the cohort does not let an application go there from where it is."""

    code = "programmes.wrong_stage"


class OnHold(Refused):
    """The applicant's registration or membership is suspended, so nothing goes on until it ends."""

    code = "programmes.on_hold"


class NoTrial(Refused):
    """The service keeps real time; ``TRIAL_CLOCK`` is for demonstrations and rehearsals."""

    code = "programmes.no_trial"
