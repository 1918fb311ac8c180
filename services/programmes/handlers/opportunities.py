"""The board of opportunities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import opportunities as commands
from services.programmes.domain.opportunity import Notice, Opportunity, notice_of
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.turns import Due
from services.programmes.schemas import opportunities as schemas
from shared.errors import NotFound
from shared.events import Clock, new_id

if TYPE_CHECKING:
    from services.programmes.repository import Opportunities


def draft_opportunity(
    command: commands.DraftOpportunity, *, opportunities: Opportunities, clock: Clock
) -> schemas.OpportunityView:
    """Keep a draft."""
    drafted = opportunities.add(Opportunity.draft(new_id(), _notice(command)))
    return schemas.OpportunityView.of(drafted, clock())


def revise_opportunity(
    command: commands.ReviseOpportunity, *, opportunities: Opportunities, clock: Clock
) -> schemas.OpportunityView:
    """Let an opportunity say something else."""
    now, notice = clock(), _notice(command)
    revised = opportunities.change(command.opportunity_id, lambda found: found.revise(notice, now))
    return schemas.OpportunityView.of(revised, now)


def _notice(command: commands.DraftOpportunity) -> Notice:
    return notice_of(
        title=command.title,
        organisation=command.organisation,
        kind=command.kind,
        nation=command.nation,
        summary=command.summary,
        details=command.details,
        closes_at=command.closes_at,
    )


def publish_opportunity(
    command: commands.PublishOpportunity, *, opportunities: Opportunities, clock: Clock
) -> schemas.OpportunityView:
    """Put an opportunity on the board."""
    now = clock()
    published = opportunities.change(command.opportunity_id, lambda found: found.publish(now))
    return schemas.OpportunityView.of(published, now)


def withdraw_opportunity(
    command: commands.WithdrawOpportunity, *, opportunities: Opportunities, clock: Clock
) -> schemas.OpportunityView:
    """Take an opportunity off the board."""
    now = clock()
    withdrawn = opportunities.change(command.opportunity_id, lambda found: found.withdraw(now))
    return schemas.OpportunityView.of(withdrawn, now)


def find_opportunities(
    request: schemas.FindOpportunities, *, opportunities: Opportunities, clock: Clock
) -> schemas.TeaserPage:
    """What is on the board now, told of as closed or not."""
    now, criteria = clock(), {}
    if request.nation is not None:
        criteria["nation"] = request.nation.value
    if request.kind is not None:
        criteria["kind"] = request.kind.value
    page = opportunities.on_the_board(criteria, now, request.cursor, request.limit)
    items = tuple(schemas.Teaser.of(found, now) for found in page.items)
    return schemas.TeaserPage(items, page.next_cursor)


def list_opportunities(
    request: schemas.ListOpportunities, *, opportunities: Opportunities, clock: Clock
) -> schemas.OpportunityPage:
    """Opportunities in any state, in full, for those who keep the board."""
    now = clock()
    criteria = {} if request.state is None else {"state": request.state.value}
    page = opportunities.find(criteria, cursor=request.cursor, limit=request.limit)
    items = tuple(schemas.OpportunityView.of(found, now) for found in page.items)
    return schemas.OpportunityPage(items, page.next_cursor)


def get_opportunity(
    request: schemas.GetOpportunity, *, opportunities: Opportunities, clock: Clock
) -> schemas.Teaser:
    """What everybody may read of an opportunity that is or was on the board."""
    return schemas.Teaser.of(_told(request.opportunity_id, opportunities), clock())


def get_opportunity_details(
    request: schemas.GetOpportunityDetails, *, desk: Desk, opportunities: Opportunities
) -> schemas.OpportunityView:
    """An opportunity in full, for a current member."""
    desk.standing(request.member_id).require_current()
    return schemas.OpportunityView.of(_told(request.opportunity_id, opportunities), desk.clock())


def _told(opportunity_id: str, opportunities: Opportunities) -> Opportunity:
    found = opportunities.get(opportunity_id)
    if not found.told:  # a draft, or withdrawn: as if there were none
        raise NotFound("There is no such opportunity.", id=opportunity_id)
    return found


def close_opportunities(opportunities: Opportunities, clock: Clock) -> Due[Opportunity]:
    """Tell of opportunities whose time is over."""
    now = clock()
    return Due(
        opportunities,
        now,
        lambda found: opportunities.change(found.id, lambda opportunity: opportunity.close(now)),
    )
