"""Events of the board of opportunities."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.events.examples import OPPORTUNITY
from shared.events import event

_ON_THE_BOARD = {
    "opportunity_id": OPPORTUNITY,
    "title": "Clinical lead for sustainable theatres",
    "organisation": "Invented Health Agency",
    "kind": "secondment",
    "nation": "scotland",
    "closes_at": "2027-11-30T17:00:00+00:00",
}


@event("opportunity.published", example=_ON_THE_BOARD)
@dataclass(frozen=True)
class OpportunityPublished:
    """An opportunity is on the board until just before ``closes_at``."""

    opportunity_id: str
    title: str
    organisation: str
    kind: str
    nation: str
    closes_at: datetime


@event("opportunity.revised", example=_ON_THE_BOARD)
@dataclass(frozen=True)
class OpportunityRevised:
    """An opportunity on the board says something else, or closes at another time."""

    opportunity_id: str
    title: str
    organisation: str
    kind: str
    nation: str
    closes_at: datetime


@event(
    "opportunity.closed",
    example={"opportunity_id": OPPORTUNITY, "closed_at": "2027-11-30T17:00:00+00:00"},
)
@dataclass(frozen=True)
class OpportunityClosed:
    """The time of an opportunity is over."""

    opportunity_id: str
    closed_at: datetime


@event("opportunity.withdrawn", example={"opportunity_id": OPPORTUNITY})
@dataclass(frozen=True)
class OpportunityWithdrawn:
    """An opportunity was taken off the board before its time."""

    opportunity_id: str
