"""Reads of the board of opportunities, and their answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.domain.opportunity import (
    Opportunity,
    OpportunityKind,
    OpportunityState,
)
from services.programmes.domain.terms import Nation
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class FindOpportunities:
    """Ask for what is on the board, the next to close first."""

    nation: Nation | None = None
    kind: OpportunityKind | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class ListOpportunities:
    """Ask for opportunities in any state, or in one, in the order in which they were drafted."""

    state: OpportunityState | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetOpportunity:
    """Ask for what everybody may read of an opportunity."""

    opportunity_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetOpportunityDetails:
    """Ask for an opportunity in full, as a current member."""

    opportunity_id: str = text(64)
    member_id: str = text(64)


@dataclass(frozen=True)
class Teaser:
    """What everybody may read of an opportunity."""

    opportunity_id: str
    title: str
    organisation: str
    kind: OpportunityKind
    nation: Nation
    summary: str
    closes_at: datetime
    state: OpportunityState

    @classmethod
    def of(cls, opportunity: Opportunity, now: datetime) -> Self:
        notice = opportunity.notice
        return cls(
            opportunity_id=opportunity.id,
            title=notice.title,
            organisation=notice.organisation,
            kind=notice.kind,
            nation=notice.nation,
            summary=notice.summary,
            closes_at=notice.closes_at,
            state=opportunity.state_at(now),
        )


@dataclass(frozen=True)
class TeaserPage:
    """Some of what is on the board; ``next_cursor`` is null on the last page."""

    items: tuple[Teaser, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class OpportunityView:
    """An opportunity in full."""

    teaser: Teaser
    details: str

    @classmethod
    def of(cls, opportunity: Opportunity, now: datetime) -> Self:
        return cls(Teaser.of(opportunity, now), opportunity.notice.details)


@dataclass(frozen=True)
class OpportunityPage:
    """Some opportunities; ``next_cursor`` is null on the last page."""

    items: tuple[OpportunityView, ...]
    next_cursor: str | None
