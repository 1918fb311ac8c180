"""Refusals of reviews."""

from shared.errors import Refused


class NotReviewed(Refused):
    """Applications to this cohort are not reviewed: it has no rubric, or its workflow no stage."""

    code = "programmes.not_reviewed"


class ReviewerNotActive(Refused):
    """Some are not in the pool of reviewers, or retired; ``reviewer_ids`` names them.
    add_reviewer puts somebody there.
    """

    code = "programmes.reviewer_not_active"


class ScoringHasClosed(Refused):
    """Scoring of the cohort was closed, at ``closed_at``, so no review or score changes any
    more; reopen_scoring lets them.
    """

    code = "programmes.scoring_has_closed"


class ScoringStillOpen(Refused):
    """Scoring of the cohort has to be closed first, by close_scoring."""

    code = "programmes.scoring_still_open"


class ScoringIncomplete(Refused):
    """Reviews or moderations are missing; ``reviews`` and ``moderations`` name applications.
    Let them be scored and moderated, or give a reason.
    """

    code = "programmes.scoring_incomplete"


class InterestConflicts(Refused):
    """Somebody has a conflict of interest with the applicant, so others have to do this; the
    details name whom staff may know of.
    """

    code = "programmes.interest_conflicts"


class AnswersChanged(Refused):
    """The answers were handed in anew since they were read; get_review shows the present
    ``edition``.
    """

    code = "programmes.answers_changed"


class NotAnOutlier(Refused):
    """The reviews of this application are no further apart than ``moderation_gap`` lets pass, so
    their mean stands; find_outliers says which are. Gaps are in ten-thousandths of a point.
    """

    code = "programmes.not_an_outlier"


class RankingStale(Refused):
    """Scores have changed since the ranking after review was made, of the applications in
    ``application_ids`` and maybe more; rank_reviews makes it anew.
    """

    code = "programmes.ranking_stale"


class NotIndependent(Refused):
    """Of the ``moderators`` at least one must not have reviewed the application."""

    code = "programmes.not_independent"


class NotScored(Refused):
    """No review of this application has been scored, so there is nothing to moderate;
    score_review comes first.
    """

    code = "programmes.not_scored"


class NotReadable(Refused):
    """The applicant's name is not known here yet, so it cannot be taken out of what they wrote;
    try again once membership has told it.
    """

    code = "programmes.not_readable"
