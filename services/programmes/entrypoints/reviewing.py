"""What a reviewer does; everything is of whoever calls."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import reviews as commands
from services.programmes.schemas import reviews as schemas
from shared.errors import ChangedMeanwhile, Invalid, NotFound
from shared.rpc import rpc


class Reviewing:
    """What a reviewer does; everything is of whoever calls."""

    app: Any

    @rpc(
        schemas.FindMyReviews,
        returns=schemas.MyReviewPage,
        scope="programmes:review",
        errors=(Invalid,),
        writes=False,
    )
    def find_my_reviews(self, request: schemas.FindMyReviews) -> schemas.MyReviewPage:
        """The reviews that one was given and may still score."""
        return self.app.find_my_reviews(request)

    @rpc(
        schemas.GetReview,
        returns=schemas.BlindReview,
        scope="programmes:review",
        errors=(NotFound, errors.ScoringHasClosed, errors.NotReadable),
        writes=False,
    )
    def get_review(self, request: schemas.GetReview) -> schemas.BlindReview:
        """An application that one was given, without anything that says whose it is."""
        return self.app.get_review(request)

    @rpc(
        commands.ScoreReview,
        returns=schemas.ScoredView,
        scope="programmes:review",
        sensitive=("scores", "comment"),
        errors=(
            Invalid,
            NotFound,
            errors.AnswersChanged,
            errors.ScoringHasClosed,
            ChangedMeanwhile,
        ),
        writes=True,
    )
    def score_review(self, command: commands.ScoreReview) -> schemas.ScoredView:
        """Score an application that one was given, for the first time or anew."""
        return self.app.score_review(command)

    @rpc(
        commands.DeclareConflict,
        returns=schemas.EndedView,
        scope="programmes:review",
        sensitive=("reason",),
        errors=(NotFound, errors.ScoringHasClosed),
        writes=True,
    )
    def declare_conflict(self, command: commands.DeclareConflict) -> schemas.EndedView:
        """Say that one must not judge an application; somebody else is given it."""
        return self.app.declare_conflict(command)

    @rpc(
        commands.Abstain,
        returns=schemas.EndedView,
        scope="programmes:review",
        sensitive=("reason",),
        errors=(NotFound, errors.ScoringHasClosed),
        writes=True,
    )
    def abstain(self, command: commands.Abstain) -> schemas.EndedView:
        """Leave an application to somebody else."""
        return self.app.abstain(command)
