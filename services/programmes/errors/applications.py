"""Refusals of programmes, cohorts and applications."""

from services.programmes.errors.states import NotThere
from shared.errors import Refused


class MemberNotCurrent(Refused):
    """Only current members may apply; ``reason`` says what this one lacks, which is put right
    in membership.
    """

    code = "programmes.member_not_current"


class NotEligible(Refused):
    """A rule of the programme leaves this member out; ``rule`` names it, check_eligibility
    shows them all.
    """

    code = "programmes.not_eligible"


class OutsideWindow(Refused):
    """The cohort does not take applications at this instant."""

    code = "programmes.outside_window"


class CohortCalledOff(Refused):
    """The cohort was withdrawn, at ``withdrawn_at``; another one has to be opened in its place."""

    code = "programmes.cohort_called_off"


class CohortHasApplications(Refused):
    """Somebody has applied, so the cohort is not withdrawn as a whole; ``by_status`` says how
    many. Take each application out first, by withdraw_application.
    """

    code = "programmes.cohort_has_applications"


class NotInCohort(Refused):
    """Some applications are not in the cohort; ``application_ids`` names them, nothing was
    done. Leave them out.
    """

    code = "programmes.not_in_cohort"


class MemberNotKnown(Refused):
    """Membership has not told of some members; ``member_ids`` names them, nothing was done.
    Check the ids, or wait until it has.
    """

    code = "programmes.member_not_known"


class NotPublished(Refused):
    """The programme is not on offer; ``state`` says whether it is a draft, which
    publish_programme puts on offer, or closed for good.
    """

    code = "programmes.not_published"


class WrongStage(NotThere):
    """The workflow of the cohort does not let an application go there from where it is."""

    code = "programmes.wrong_stage"
    thing = "The application"
    where = "status"


class OnHold(Refused):
    """The applicant's registration or membership is suspended, so nothing goes on until it
    ends; withdrawing is possible.
    """

    code = "programmes.on_hold"


class NoTrial(Refused):
    """The service keeps real time; ``TRIAL_CLOCK`` is for demonstrations and rehearsals."""

    code = "programmes.no_trial"
