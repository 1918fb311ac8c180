"""What staff and panels do with scores."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import reviews as commands
from services.programmes.schemas import scoring as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Scoring:
    """What staff and panels do with scores."""

    app: Any

    @rpc(
        schemas.FindReviews,
        returns=schemas.ReviewPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_reviews(self, request: schemas.FindReviews) -> schemas.ReviewPage:
        """Reviews with scores, comments and who made them."""
        return self.app.find_reviews(request)

    @rpc(
        schemas.FindOutliers,
        returns=schemas.OutlierPage,
        scope="programmes:read",
        errors=(Invalid, NotFound, errors.NotReviewed),
        writes=False,
    )
    def find_outliers(self, request: schemas.FindOutliers) -> schemas.OutlierPage:
        """Applications whose reviews differ by more than the rubric lets pass."""
        return self.app.find_outliers(request)

    @rpc(
        commands.Moderate,
        returns=schemas.ModerationView,
        scope="programmes:write",
        sensitive=("scores", "reason"),
        errors=(
            Invalid,
            NotFound,
            errors.NotReviewed,
            errors.NotScored,
            errors.NotAnOutlier,
            errors.NotIndependent,
            errors.InterestConflicts,
            errors.ReviewerNotActive,
            errors.ScoringHasClosed,
        ),
        writes=True,
    )
    def moderate(self, command: commands.Moderate) -> schemas.ModerationView:
        """Record the scores that the panel agreed on, in place of the mean of the reviews."""
        return self.app.moderate(command)

    @rpc(
        schemas.GetReviewReport,
        returns=schemas.ReviewReport,
        scope="programmes:read",
        errors=(NotFound, errors.NotReviewed),
        writes=False,
    )
    def get_review_report(self, request: schemas.GetReviewReport) -> schemas.ReviewReport:
        """How far reviewing has come, and how each reviewer scores beside the others."""
        return self.app.get_review_report(request)

    @rpc(
        commands.CloseScoring,
        returns=schemas.ScoringView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.NotReviewed, errors.ScoringIncomplete),
        writes=True,
    )
    def close_scoring(self, command: commands.CloseScoring) -> schemas.ScoringView:
        """Let no score of a cohort change any more."""
        return self.app.close_scoring(command)

    @rpc(
        commands.ReopenScoring,
        returns=schemas.ScoringView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound,),
        writes=True,
    )
    def reopen_scoring(self, command: commands.ReopenScoring) -> schemas.ScoringView:
        """Let scores of a cohort be given and changed again."""
        return self.app.reopen_scoring(command)

    @rpc(
        commands.RankReviews,
        returns=schemas.RankingMade,
        scope="programmes:write",
        errors=(NotFound, errors.NotReviewed, errors.ScoringStillOpen),
        writes=True,
    )
    def rank_reviews(self, command: commands.RankReviews) -> schemas.RankingMade:
        """Rank the applications of a cohort by their reviews."""
        return self.app.rank_reviews(command)

    @rpc(
        schemas.GetRanking,
        returns=schemas.RankingPage,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def get_ranking(self, request: schemas.GetRanking) -> schemas.RankingPage:
        """The ranking of a cohort after a stage, the best first."""
        return self.app.get_ranking(request)
