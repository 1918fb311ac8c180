"""The long list, the short list, sheets of marks, and the final ranking."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import selection as commands
from services.programmes.schemas import selection as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Selection:
    """The long list, the short list, sheets of marks, and the final ranking."""

    app: Any

    @rpc(
        commands.Longlist,
        returns=schemas.LonglistView,
        scope="programmes:write",
        errors=(NotFound, errors.NotInCohort, errors.WrongStage, errors.OnHold),
        writes=True,
    )
    def longlist(self, command: commands.Longlist) -> schemas.LonglistView:
        """Let applications go on that are complete and whose member may still apply."""
        return self.app.longlist(command)

    @rpc(
        commands.RejectApplications,
        returns=schemas.RejectionView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.NotInCohort, errors.WrongStage, errors.OnHold),
        writes=True,
    )
    def reject_applications(self, command: commands.RejectApplications) -> schemas.RejectionView:
        """Let applications go no further; the reason is in their trails alone."""
        return self.app.reject_applications(command)

    @rpc(
        commands.ShortlistApplications,
        returns=schemas.ShortlistView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            Invalid,
            NotFound,
            errors.NotInCohort,
            errors.NotRankedByReview,
            errors.RankingStale,
            errors.ScoringStillOpen,
            errors.NotReviewed,
            errors.WrongStage,
            errors.OnHold,
        ),
        writes=True,
    )
    def shortlist(self, command: commands.ShortlistApplications) -> schemas.ShortlistView:
        """Put applications on the short list, by their ids or the best by review with reserves."""
        return self.app.shortlist(command)

    @rpc(
        commands.PromoteReserve,
        returns=schemas.ReserveView,
        scope="programmes:write",
        errors=(
            NotFound,
            errors.ShortlistFull,
            errors.NoReserveLeft,
            errors.WrongStage,
            errors.OnHold,
        ),
        writes=True,
    )
    def promote_reserve(self, command: commands.PromoteReserve) -> schemas.ReserveView:
        """Let the next reserve take the place of somebody who dropped out."""
        return self.app.promote_reserve(command)

    @rpc(
        schemas.GetShortlist,
        returns=schemas.ShortlistState,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_shortlist(self, request: schemas.GetShortlist) -> schemas.ShortlistState:
        """The short list as it stands, and the reserves in their order."""
        return self.app.get_shortlist(request)

    @rpc(
        commands.ImportScores,
        returns=schemas.SheetReport,
        scope="programmes:write",
        sensitive=("sheet",),
        errors=(Invalid, NotFound, errors.SheetNotMatched, errors.LooksLikeRanks),
        writes=True,
    )
    def import_scores(self, command: commands.ImportScores) -> schemas.SheetReport:
        """Take in marks that were given elsewhere, whole or not at all; dry, say what would be."""
        return self.app.import_scores(command)

    @rpc(
        commands.ConfirmScores,
        returns=schemas.SheetSummary,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.WrongSheetState, errors.SecondPersonNeeded),
        writes=True,
    )
    def confirm_scores(self, command: commands.ConfirmScores) -> schemas.SheetSummary:
        """Let a sheet count that is held, as somebody else than who imported it."""
        return self.app.confirm_scores(command)

    @rpc(
        commands.OverrideRefusal,
        returns=schemas.SheetSummary,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.WrongSheetState, errors.SecondPersonNeeded),
        writes=True,
    )
    def override_refusal(self, command: commands.OverrideRefusal) -> schemas.SheetSummary:
        """Say, as somebody else, that a column which looks like ranks does hold scores."""
        return self.app.override_refusal(command)

    @rpc(
        commands.DiscardScores,
        returns=schemas.SheetSummary,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.WrongSheetState),
        writes=True,
    )
    def discard_scores(self, command: commands.DiscardScores) -> schemas.SheetSummary:
        """Give up a version of a sheet that nothing was made from."""
        return self.app.discard_scores(command)

    @rpc(
        schemas.GetSheet,
        returns=schemas.SheetView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_sheet(self, request: schemas.GetSheet) -> schemas.SheetView:
        """A version of a sheet with all its marks."""
        return self.app.get_sheet(request)

    @rpc(
        schemas.FindSheets,
        returns=schemas.SheetPage,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_sheets(self, request: schemas.FindSheets) -> schemas.SheetPage:
        """All versions of the sheets of a cohort, as they came."""
        return self.app.find_sheets(request)

    @rpc(
        commands.RankFinal,
        returns=schemas.FinalView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            Invalid,
            NotFound,
            errors.NotReviewed,
            errors.ScoringStillOpen,
            errors.SheetsHeld,
            errors.RanksAreNoScores,
            errors.ScoresMissing,
            errors.InterviewsIncomplete,
            errors.NotInCohort,
            errors.WrongStage,
            errors.OnHold,
        ),
        writes=True,
    )
    def rank_final(self, command: commands.RankFinal) -> schemas.FinalView:
        """Make the final ranking from declared parts, or, dry, say what it would be."""
        return self.app.rank_final(command)

    @rpc(
        schemas.VerifyRanking,
        returns=schemas.VerificationView,
        scope="programmes:read",
        errors=(NotFound, errors.NotReviewed, errors.NotInCohort),
        writes=False,
    )
    def verify_ranking(self, request: schemas.VerifyRanking) -> schemas.VerificationView:
        """Make a ranking again and say where it is not what its scores give."""
        return self.app.verify_ranking(request)
