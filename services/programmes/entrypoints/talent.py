"""The talent pool."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import alumni as commands
from services.programmes.schemas import alumni as schemas
from shared.errors import Invalid
from shared.rpc import rpc

# No role holds it, so only members pass, for themselves. Staff see what is agreed to by searching,
# which is on record.
_SELF = "programmes:self"


class Talent:
    """The talent pool."""

    app: Any

    @rpc(
        commands.JoinTalentPool,
        returns=schemas.TalentView,
        scope=_SELF,
        own="member_id",
        sensitive=("interests", "nations", "available_from"),
        errors=(Invalid, errors.MemberNotCurrent, errors.NotAnAlumnus),
        writes=True,
    )
    def join_talent_pool(self, command: commands.JoinTalentPool) -> schemas.TalentView:
        """Agree to be found by staff; nobody can for somebody else."""
        return self.app.join_talent_pool(command)

    @rpc(
        commands.LeaveTalentPool,
        returns=schemas.TalentView,
        scope="programmes:write",
        own="member_id",
        errors=(),
        writes=True,
    )
    def leave_talent_pool(self, command: commands.LeaveTalentPool) -> schemas.TalentView:
        """Be found no more; what was said is removed at once."""
        return self.app.leave_talent_pool(command)

    @rpc(
        schemas.GetTalent,
        returns=schemas.TalentView,
        scope=_SELF,
        own="member_id",
        errors=(),
        writes=False,
    )
    def get_talent(self, request: schemas.GetTalent) -> schemas.TalentView:
        """What one agreed to oneself, with the wording to be shown."""
        return self.app.get_talent(request)

    @rpc(
        schemas.SearchTalentPool,
        returns=schemas.TalentPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def search_talent_pool(self, request: schemas.SearchTalentPool) -> schemas.TalentPage:
        """Alumni who agreed to be found; every search is kept on record."""
        return self.app.search_talent_pool(request)

    @rpc(
        schemas.FindTalentSearches,
        returns=schemas.TalentSearchPage,
        scope="programmes:operate",
        errors=(Invalid,),
        writes=False,
    )
    def find_talent_searches(self, request: schemas.FindTalentSearches) -> schemas.TalentSearchPage:
        """Who searched the talent pool for what, and how many were found."""
        return self.app.find_talent_searches(request)
