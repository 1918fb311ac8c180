"""Who reviews, for which cohort, and what."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import reviews as commands
from services.programmes.schemas import reviewers as schemas
from shared.errors import Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Reviewers:
    """Who reviews, for which cohort, and what."""

    app: Any

    @rpc(
        commands.AddReviewer,
        returns=schemas.ReviewerView,
        scope="programmes:write",
        sensitive=("name",),
        errors=(Invalid, Duplicate),
        writes=True,
    )
    def add_reviewer(self, command: commands.AddReviewer) -> schemas.ReviewerView:
        """Take somebody into the pool of reviewers."""
        return self.app.add_reviewer(command)

    @rpc(
        commands.ReviseReviewer,
        returns=schemas.ReviewerView,
        scope="programmes:write",
        sensitive=("name",),
        errors=(Invalid, NotFound),
        writes=True,
    )
    def revise_reviewer(self, command: commands.ReviseReviewer) -> schemas.ReviewerView:
        """Say something else of a reviewer; a retired one is active again."""
        return self.app.revise_reviewer(command)

    @rpc(
        commands.RetireReviewer,
        returns=schemas.ReviewerView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound,),
        writes=True,
    )
    def retire_reviewer(self, command: commands.RetireReviewer) -> schemas.ReviewerView:
        """Give a reviewer no more reviews."""
        return self.app.retire_reviewer(command)

    @rpc(
        schemas.FindReviewers,
        returns=schemas.ReviewerPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_reviewers(self, request: schemas.FindReviewers) -> schemas.ReviewerPage:
        """The pool of reviewers."""
        return self.app.find_reviewers(request)

    @rpc(
        commands.AppointReviewers,
        returns=schemas.PanelView,
        scope="programmes:write",
        errors=(
            NotFound,
            errors.NotReviewed,
            errors.ReviewerNotActive,
            errors.ScoringHasClosed,
        ),
        writes=True,
    )
    def appoint_reviewers(self, command: commands.AppointReviewers) -> schemas.PanelView:
        """Choose who reviews for a cohort."""
        return self.app.appoint_reviewers(command)

    @rpc(
        schemas.GetPanel,
        returns=schemas.PanelView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_panel(self, request: schemas.GetPanel) -> schemas.PanelView:
        """Who reviews for a cohort, and whether they still score."""
        return self.app.get_panel(request)

    @rpc(
        commands.RecordConflict,
        returns=schemas.ConflictView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.MemberNotKnown),
        writes=True,
    )
    def record_conflict(self, command: commands.RecordConflict) -> schemas.ConflictView:
        """Record why a reviewer must not judge a member."""
        return self.app.record_conflict(command)

    @rpc(
        commands.LiftConflict,
        returns=schemas.LiftedView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound,),
        writes=True,
    )
    def lift_conflict(self, command: commands.LiftConflict) -> schemas.LiftedView:
        """Let a reviewer judge a member again of whom a conflict was recorded."""
        return self.app.lift_conflict(command)

    @rpc(
        schemas.FindConflicts,
        returns=schemas.ConflictPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_conflicts(self, request: schemas.FindConflicts) -> schemas.ConflictPage:
        """Conflicts of interest that were declared or recorded."""
        return self.app.find_conflicts(request)

    @rpc(
        commands.AllocateReviews,
        returns=schemas.AllocationView,
        scope="programmes:write",
        errors=(NotFound, errors.NotReviewed, errors.ScoringHasClosed),
        writes=True,
    )
    def allocate_reviews(self, command: commands.AllocateReviews) -> schemas.AllocationView:
        """Give the applications of a cohort to its reviewers; again, it fills the gaps."""
        return self.app.allocate_reviews(command)
