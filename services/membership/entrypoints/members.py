"""What is known of members."""

from typing import Any

from services.membership.commands import members as commands
from services.membership.errors import Merged, NotAMember, ProfessionNotAdmitted
from services.membership.schemas import members as schemas
from shared.errors import ChangedMeanwhile, Duplicate, Invalid, NotFound
from shared.history import HistoryPage
from shared.rpc import rpc


class Members:
    """What is known of members."""

    app: Any

    @rpc(
        schemas.GetMember,
        returns=schemas.MemberView,
        scope="membership:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_member(self, request: schemas.GetMember) -> schemas.MemberView:
        """One member, for staff or for the member."""
        return self.app.get_member(request)

    @rpc(
        schemas.FindMembers,
        returns=schemas.MemberPage,
        scope="membership:read",
        sensitive=("filters",),
        errors=(Invalid,),
        writes=False,
    )
    def find_members(self, request: schemas.FindMembers) -> schemas.MemberPage:
        """Members that fit every filter, a page at a time."""
        return self.app.find_members(request)

    @rpc(
        commands.ChangeContact,
        returns=schemas.MemberView,
        scope="membership:write",
        own="member_id",
        sensitive=("given_name", "family_name", "email"),
        errors=(Invalid, NotFound, Duplicate, ChangedMeanwhile, Merged),
        writes=True,
    )
    def change_contact(self, command: commands.ChangeContact) -> schemas.MemberView:
        """Change names or address, for staff or for the member."""
        return self.app.change_contact(command)

    @rpc(
        commands.ChangeCareerStage,
        returns=schemas.MemberView,
        scope="membership:write",
        own="member_id",
        errors=(NotFound, ChangedMeanwhile, Merged),
        writes=True,
    )
    def change_career_stage(self, command: commands.ChangeCareerStage) -> schemas.MemberView:
        """Note another career stage, for staff or for the member."""
        return self.app.change_career_stage(command)

    @rpc(
        commands.ChangeGrade,
        returns=schemas.MemberView,
        scope="membership:write",
        errors=(Invalid, NotFound, NotAMember, ChangedMeanwhile, Merged),
        writes=True,
    )
    def change_grade(self, command: commands.ChangeGrade) -> schemas.MemberView:
        """Move a member to another grade."""
        return self.app.change_grade(command)

    @rpc(
        schemas.GetHistory,
        returns=HistoryPage,
        scope="membership:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def get_history(self, request: schemas.GetHistory) -> HistoryPage:
        """Who changed what of a member, when and why, newest first."""
        return self.app.get_history(request)

    @rpc(
        commands.CorrectDetails,
        returns=schemas.MemberView,
        scope="membership:write",
        sensitive=("date_of_birth", "reason"),
        errors=(Invalid, NotFound, ProfessionNotAdmitted, ChangedMeanwhile, Merged),
        writes=True,
    )
    def correct_details(self, command: commands.CorrectDetails) -> schemas.MemberView:
        """Correct birth date, profession or nation."""
        return self.app.correct_details(command)

    @rpc(
        commands.GrantHonorary,
        returns=schemas.MemberView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, Merged),
        writes=True,
    )
    def grant_honorary(self, command: commands.GrantHonorary) -> schemas.MemberView:
        """Cover a member by decision of the body."""
        return self.app.grant_honorary(command)

    @rpc(
        commands.EndHonorary,
        returns=schemas.MemberView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(NotFound, Merged),
        writes=True,
    )
    def end_honorary(self, command: commands.EndHonorary) -> schemas.MemberView:
        """Let honorary cover end."""
        return self.app.end_honorary(command)
