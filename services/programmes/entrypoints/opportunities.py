"""The board of opportunities."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import opportunities as commands
from services.programmes.schemas import opportunities as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import PUBLIC, rpc


class Opportunities:
    """The board of opportunities."""

    app: Any

    @rpc(
        commands.DraftOpportunity,
        returns=schemas.OpportunityView,
        scope="programmes:write",
        sensitive=("details",),
        errors=(Invalid,),
        writes=True,
    )
    def draft_opportunity(self, command: commands.DraftOpportunity) -> schemas.OpportunityView:
        """Draft an opportunity."""
        return self.app.draft_opportunity(command)

    @rpc(
        commands.ReviseOpportunity,
        returns=schemas.OpportunityView,
        scope="programmes:write",
        sensitive=("details",),
        errors=(Invalid, NotFound, errors.OpportunityOver),
        writes=True,
    )
    def revise_opportunity(self, command: commands.ReviseOpportunity) -> schemas.OpportunityView:
        """Let an opportunity say something else."""
        return self.app.revise_opportunity(command)

    @rpc(
        commands.PublishOpportunity,
        returns=schemas.OpportunityView,
        scope="programmes:write",
        errors=(Invalid, NotFound, errors.OpportunityOver),
        writes=True,
    )
    def publish_opportunity(self, command: commands.PublishOpportunity) -> schemas.OpportunityView:
        """Put an opportunity on the board."""
        return self.app.publish_opportunity(command)

    @rpc(
        commands.WithdrawOpportunity,
        returns=schemas.OpportunityView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.OpportunityOver),
        writes=True,
    )
    def withdraw_opportunity(
        self, command: commands.WithdrawOpportunity
    ) -> schemas.OpportunityView:
        """Take an opportunity off the board for good."""
        return self.app.withdraw_opportunity(command)

    @rpc(
        schemas.FindOpportunities,
        returns=schemas.TeaserPage,
        scope=PUBLIC,
        errors=(Invalid,),
        writes=False,
    )
    def find_opportunities(self, request: schemas.FindOpportunities) -> schemas.TeaserPage:
        """What is on the board, the next to close first."""
        return self.app.find_opportunities(request)

    @rpc(
        schemas.ListOpportunities,
        returns=schemas.OpportunityPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def list_opportunities(self, request: schemas.ListOpportunities) -> schemas.OpportunityPage:
        """Opportunities in any state, in full."""
        return self.app.list_opportunities(request)

    @rpc(
        schemas.GetOpportunity,
        returns=schemas.Teaser,
        scope=PUBLIC,
        errors=(NotFound,),
        writes=False,
    )
    def get_opportunity(self, request: schemas.GetOpportunity) -> schemas.Teaser:
        """What everybody may read of an opportunity."""
        return self.app.get_opportunity(request)

    @rpc(
        schemas.GetOpportunityDetails,
        returns=schemas.OpportunityView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound, errors.MemberNotCurrent),
        writes=False,
    )
    def get_opportunity_details(
        self, request: schemas.GetOpportunityDetails
    ) -> schemas.OpportunityView:
        """An opportunity in full, for a current member."""
        return self.app.get_opportunity_details(request)
