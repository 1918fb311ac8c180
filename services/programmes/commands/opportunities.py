"""What may be asked about the board of opportunities."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.domain.opportunity import OpportunityKind
from services.programmes.domain.terms import Nation
from shared.events import text

_FOR_ALL = "Everybody may read it; it names nobody's address or number."
_FOR_MEMBERS = "For members: what it is in full, and how to apply."


@dataclass(frozen=True, kw_only=True)
class DraftOpportunity:
    """Draft an opportunity, which nobody else sees yet."""

    title: str = text(200, description=_FOR_ALL)
    organisation: str = text(200, description=_FOR_ALL)
    kind: OpportunityKind
    nation: Nation
    summary: str = text(1_000, description=_FOR_ALL)
    details: str = text(20_000, description=_FOR_MEMBERS)
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReviseOpportunity(DraftOpportunity):
    """Let a draft, or what is on the board, say something else."""

    opportunity_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class PublishOpportunity:
    """Put an opportunity on the board."""

    opportunity_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class WithdrawOpportunity:
    """Take an opportunity off the board for good."""

    opportunity_id: str = text(64)
    reason: str = text(500)
