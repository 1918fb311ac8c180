"""Refusals of reviews."""

from shared.errors import Refused


class NotReviewed(Refused):
    """Applications to this cohort are not reviewed: it has no rubric, or its workflow no stage."""

    code = "programmes.not_reviewed"


class ReviewerNotActive(Refused):
    """Some are not in the pool of reviewers, or retired; ``reviewer_ids`` names them."""

    code = "programmes.reviewer_not_active"


class ScoringHasClosed(Refused):
    """Scoring of the cohort was closed, so no review or score changes any more."""

    code = "programmes.scoring_has_closed"


class ScoringStillOpen(Refused):
    """Scoring of the cohort has to be closed first."""

    code = "programmes.scoring_still_open"


class ScoringIncomplete(Refused):
    """Reviews or moderations are missing; ``reviews`` and ``moderations`` name applications."""

    code = "programmes.scoring_incomplete"


class InterestConflicts(Refused):
    """Some have a conflict of interest with the applicant; ``reviewer_ids`` names them."""

    code = "programmes.interest_conflicts"


class NotIndependent(Refused):
    """Nobody may moderate alone what they reviewed."""

    code = "programmes.not_independent"


class NotScored(Refused):
    """No review of this application has been scored, so there is nothing to moderate."""

    code = "programmes.not_scored"


class NotReadable(Refused):
    """The applicant's name is not known here yet, so it cannot be taken out of what they wrote."""

    code = "programmes.not_readable"
