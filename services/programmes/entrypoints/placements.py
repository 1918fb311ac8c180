"""Placements and the reports on them."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import placements as commands
from services.programmes.schemas import placements as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc

_FULL = (errors.PlacementsOverlap, errors.HostFull, errors.PostFull)


class Placements:
    """Placements and the reports on them."""

    app: Any

    @rpc(
        commands.ArrangePlacement,
        returns=schemas.PlacementView,
        scope="programmes:write",
        errors=(
            Invalid,
            NotFound,
            errors.NothingAccepted,
            errors.AlreadyPlaced,
            errors.WrongStage,
            errors.OnHold,
            *_FULL,
        ),
        writes=True,
    )
    def arrange_placement(self, command: commands.ArrangePlacement) -> schemas.PlacementView:
        """Place an applicant in the post they accepted."""
        return self.app.arrange_placement(command)

    @rpc(
        commands.DeferPlacement,
        returns=schemas.PlacementView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, errors.WrongPlacementState, *_FULL),
        writes=True,
    )
    def defer_placement(self, command: commands.DeferPlacement) -> schemas.PlacementView:
        """Let a placement start later."""
        return self.app.defer_placement(command)

    @rpc(
        commands.ChangePlacement,
        returns=schemas.PlacementView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, errors.WrongPlacementState, *_FULL),
        writes=True,
    )
    def change_placement(self, command: commands.ChangePlacement) -> schemas.PlacementView:
        """Correct a placement's days or its whole-time equivalent."""
        return self.app.change_placement(command)

    @rpc(
        commands.EndPlacementEarly,
        returns=schemas.PlacementView,
        scope="programmes:write",
        sensitive=("reason_code", "note"),
        errors=(
            Invalid,
            NotFound,
            errors.WrongPlacementState,
            errors.WrongStage,
            errors.OnHold,
            *_FULL,
        ),
        writes=True,
    )
    def end_placement_early(self, command: commands.EndPlacementEarly) -> schemas.PlacementView:
        """Let a placement end before its last day."""
        return self.app.end_placement_early(command)

    @rpc(
        commands.SubmitReport,
        returns=schemas.ReportView,
        scope="programmes:write",
        own="member_id",
        sensitive=("text",),
        errors=(Invalid, NotFound, errors.WrongPlacementState, errors.ReportSignedOff),
        writes=True,
    )
    def submit_report(self, command: commands.SubmitReport) -> schemas.ReportView:
        """Write a report on one's placement, or write it anew until it is signed off."""
        return self.app.submit_report(command)

    @rpc(
        commands.SignOffReport,
        returns=schemas.ReportView,
        scope="programmes:write",
        errors=(NotFound,),
        writes=True,
    )
    def sign_off_report(self, command: commands.SignOffReport) -> schemas.ReportView:
        """Let a report stand, for staff or for the host."""
        return self.app.sign_off_report(command)

    @rpc(
        schemas.GetPlacement,
        returns=schemas.PlacementView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_placement(self, request: schemas.GetPlacement) -> schemas.PlacementView:
        """One placement with its reports."""
        return self.app.get_placement(request)

    @rpc(
        schemas.FindPlacements,
        returns=schemas.PlacementPage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid,),
        writes=False,
    )
    def find_placements(self, request: schemas.FindPlacements) -> schemas.PlacementPage:
        """Placements of a cohort, a host or a member."""
        return self.app.find_placements(request)

    @rpc(
        schemas.FindDepartedFellows,
        returns=schemas.DepartedPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_departed_fellows(self, request: schemas.FindDepartedFellows) -> schemas.DepartedPage:
        """Placements that go on although the member died or was removed."""
        return self.app.find_departed_fellows(request)

    @rpc(
        schemas.GetReport,
        returns=schemas.ReportView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_report(self, request: schemas.GetReport) -> schemas.ReportView:
        """One report with its text."""
        return self.app.get_report(request)
