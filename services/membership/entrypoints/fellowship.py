"""Fellowship: applications, their assessment, and awards."""

from typing import Any

from services.membership.commands import fellowship as commands
from services.membership.errors import (
    AppealClosed,
    AssessorsBarred,
    AwardHeld,
    AwardNotHeld,
    FellowshipIncomplete,
    FellowshipOutOfOrder,
    FellowshipRunning,
    Merged,
    NotAMember,
    NotCurrent,
    NotRecommended,
    RevalidationNotDue,
    RouteNotOpen,
)
from services.membership.schemas import fellowship as schemas
from shared.errors import Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Fellowships:
    """Fellowship: applications, their assessment, and awards."""

    app: Any

    @rpc(
        commands.StartFellowship,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        errors=(Invalid, NotFound, NotCurrent, RouteNotOpen, AwardHeld, FellowshipRunning, Merged),
        writes=True,
    )
    def start_fellowship(self, command: commands.StartFellowship) -> schemas.FellowshipView:
        """Begin an application, for staff or for the applicant."""
        return self.app.start_fellowship(command)

    @rpc(
        commands.AddEvidence,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        sensitive=("title", "description", "signed_off_by"),
        errors=(Invalid, NotFound, FellowshipOutOfOrder, Merged),
        writes=True,
    )
    def add_evidence(self, command: commands.AddEvidence) -> schemas.FellowshipView:
        """Put evidence into a draft, for staff or for the applicant."""
        return self.app.add_evidence(command)

    @rpc(
        commands.RemoveEvidence,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        errors=(NotFound, FellowshipOutOfOrder, Merged),
        writes=True,
    )
    def remove_evidence(self, command: commands.RemoveEvidence) -> schemas.FellowshipView:
        """Take evidence out of a draft, for staff or for the applicant."""
        return self.app.remove_evidence(command)

    @rpc(
        commands.NominateReferee,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        sensitive=("name", "email", "relationship"),
        errors=(Invalid, NotFound, FellowshipOutOfOrder, Merged),
        writes=True,
    )
    def nominate_referee(self, command: commands.NominateReferee) -> schemas.FellowshipView:
        """Name a referee, for staff or for the applicant."""
        return self.app.nominate_referee(command)

    @rpc(
        commands.WithdrawReferee,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        errors=(NotFound, FellowshipOutOfOrder, Merged),
        writes=True,
    )
    def withdraw_referee(self, command: commands.WithdrawReferee) -> schemas.FellowshipView:
        """Do without a referee, for staff or for the applicant."""
        return self.app.withdraw_referee(command)

    @rpc(
        commands.SubmitFellowship,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        errors=(
            Invalid,
            NotFound,
            NotCurrent,
            RouteNotOpen,
            AwardHeld,
            FellowshipIncomplete,
            FellowshipOutOfOrder,
            Merged,
        ),
        writes=True,
    )
    def submit_fellowship(self, command: commands.SubmitFellowship) -> schemas.FellowshipView:
        """Hand in a complete draft, for staff or for the applicant."""
        return self.app.submit_fellowship(command)

    @rpc(
        commands.RecordReference,
        returns=schemas.FellowshipView,
        scope="membership:write",
        sensitive=("text",),
        errors=(Invalid, NotFound, Duplicate, FellowshipOutOfOrder),
        writes=True,
    )
    def record_reference(self, command: commands.RecordReference) -> schemas.FellowshipView:
        """Enter what a referee wrote."""
        return self.app.record_reference(command)

    @rpc(
        commands.DeclareConflict,
        returns=schemas.FellowshipView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(NotFound, FellowshipOutOfOrder),
        writes=True,
    )
    def declare_conflict(self, command: commands.DeclareConflict) -> schemas.FellowshipView:
        """Keep a member with an interest from assessing an application."""
        return self.app.declare_conflict(command)

    @rpc(
        commands.RecordPanelDecision,
        returns=schemas.FellowshipView,
        scope="membership:write",
        sensitive=("reasons",),
        errors=(Invalid, NotFound, AssessorsBarred, FellowshipOutOfOrder),
        writes=True,
    )
    def record_panel_decision(
        self, command: commands.RecordPanelDecision
    ) -> schemas.FellowshipView:
        """Enter what a panel recommends to the trustees."""
        return self.app.record_panel_decision(command)

    @rpc(
        commands.Ratify,
        returns=schemas.FellowshipView,
        scope="membership:write",
        sensitive=("minute",),
        errors=(
            Invalid,
            NotFound,
            NotRecommended,
            NotAMember,
            AwardHeld,
            FellowshipOutOfOrder,
            Merged,
        ),
        writes=True,
    )
    def ratify(self, command: commands.Ratify) -> schemas.FellowshipView:
        """Enter what the trustees decided; what they award is held from then on."""
        return self.app.ratify(command)

    @rpc(
        commands.Appeal,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        sensitive=("grounds",),
        errors=(NotFound, AppealClosed, FellowshipRunning, FellowshipOutOfOrder, Merged),
        writes=True,
    )
    def appeal(self, command: commands.Appeal) -> schemas.FellowshipView:
        """Have another panel look at a declined application, for staff or for the applicant."""
        return self.app.appeal(command)

    @rpc(
        commands.WithdrawFellowship,
        returns=schemas.FellowshipView,
        scope="membership:write",
        own="member_id",
        sensitive=("reason",),
        errors=(NotFound, FellowshipOutOfOrder, Merged),
        writes=True,
    )
    def withdraw_fellowship(self, command: commands.WithdrawFellowship) -> schemas.FellowshipView:
        """Take an application back, for staff or for the applicant."""
        return self.app.withdraw_fellowship(command)

    @rpc(
        commands.Revalidate,
        returns=schemas.FellowshipView,
        scope="membership:write",
        sensitive=("evidence",),
        errors=(
            Invalid,
            NotFound,
            NotCurrent,
            AwardNotHeld,
            RevalidationNotDue,
            FellowshipIncomplete,
            Merged,
        ),
        writes=True,
    )
    def revalidate(self, command: commands.Revalidate) -> schemas.FellowshipView:
        """Confirm an award for the years to come."""
        return self.app.revalidate(command)

    @rpc(
        commands.RecordAward,
        returns=schemas.FellowshipView,
        scope="membership:write",
        sensitive=("minute",),
        errors=(Invalid, NotFound, NotAMember, AwardHeld, Merged),
        writes=True,
    )
    def record_award(self, command: commands.RecordAward) -> schemas.FellowshipView:
        """Put an award on record that was made before, or elsewhere."""
        return self.app.record_award(command)

    @rpc(
        schemas.GetFellowship,
        returns=schemas.FellowshipView,
        scope="membership:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_fellowship(self, request: schemas.GetFellowship) -> schemas.FellowshipView:
        """One application: whole for staff, and for applicants without what is not theirs."""
        return self.app.get_fellowship(request)

    @rpc(
        schemas.FindFellowships,
        returns=schemas.FellowshipPage,
        scope="membership:read",
        own="member_id",
        errors=(Invalid,),
        writes=False,
    )
    def find_fellowships(self, request: schemas.FindFellowships) -> schemas.FellowshipPage:
        """Applications by state, level, member or clock, a page at a time."""
        return self.app.find_fellowships(request)
