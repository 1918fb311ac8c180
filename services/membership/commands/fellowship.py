"""Fellowship: what applicants, staff and trustees do with an application, and with an award.

What an applicant may do themself names them beside the application, and is answered as they may see
it.
"""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.evidence import EvidenceGiven
from services.membership.domain.terms import FellowshipOutcome
from shared.events import email, items, text

_LONG = 8_000


@dataclass(frozen=True, kw_only=True)
class StartFellowship:
    """Begin an application for a level on a route; one at a time."""

    member_id: str = text(64)
    level: str = text(40, description="A code of the policy on fellowship, e.g. fellow.")
    route: str = text(40, description="A code of the policy on fellowship, e.g. standard.")


@dataclass(frozen=True, kw_only=True)
class AddEvidence(EvidenceGiven):
    """Put evidence into a draft."""

    member_id: str = text(64)
    fellowship_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class RemoveEvidence:
    """Take evidence out of a draft."""

    member_id: str = text(64)
    fellowship_id: str = text(64)
    evidence_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class NominateReferee:
    """Name a referee, before submission or in place of one who does not answer."""

    member_id: str = text(64)
    fellowship_id: str = text(64)
    name: str = text(200)
    email: str = email()
    relationship: str = text(500)


@dataclass(frozen=True, kw_only=True)
class WithdrawReferee:
    """Do without a referee whose reference has not come in."""

    member_id: str = text(64)
    fellowship_id: str = text(64)
    referee_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class SubmitFellowship:
    """Hand in a complete draft; the clock starts."""

    member_id: str = text(64)
    fellowship_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class RecordReference:
    """Enter what a referee wrote; the last one that is needed lets assessment begin."""

    fellowship_id: str = text(64)
    referee_id: str = text(64)
    received_on: date
    supportive: bool
    text: str = text(_LONG)  # the last, as the name hides the function from then on


@dataclass(frozen=True, kw_only=True)
class DeclareConflict:
    """Keep somebody with an interest from assessing an application."""

    fellowship_id: str = text(64)
    assessor_id: str = text(64, description="The assessor's member id.")
    reason: str = text(2_000)


@dataclass(frozen=True, kw_only=True)
class RecordPanelDecision:
    """Enter what a panel of members recommends; by default it was decided today."""

    fellowship_id: str = text(64)
    assessors: tuple[str, ...] = items(20, min_length=1, description="The assessors' member ids.")
    outcome: FellowshipOutcome
    reasons: str = text(_LONG)
    domains_met: tuple[str, ...] = items(20, description="Codes of the standards' domains.")
    decided_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Ratify:
    """Enter what the trustees decided; entered again it is completed where that was cut off."""

    fellowship_id: str = text(64)
    outcome: FellowshipOutcome
    ratified_on: date
    minute: str = text(200, description="Where it stands in the trustees' minutes.")


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """Have another panel look at a declined application, once."""

    member_id: str = text(64)
    fellowship_id: str = text(64)
    grounds: str = text(_LONG)


@dataclass(frozen=True, kw_only=True)
class WithdrawFellowship:
    """Take an application back before the trustees have decided."""

    member_id: str = text(64)
    fellowship_id: str = text(64)
    reason: str = text(500, default="", min_length=0)


@dataclass(frozen=True, kw_only=True)
class Revalidate:
    """Confirm an award, from the day of notice to the day on which it is due."""

    fellowship_id: str = text(64)
    evidence: tuple[EvidenceGiven, ...] = items(50, min_length=1)


@dataclass(frozen=True, kw_only=True)
class RecordAward:
    """Put an award on record that was made before, or elsewhere, and last confirmed on a day."""

    member_id: str = text(64)
    level: str = text(40, description="A code of the policy on fellowship, e.g. fellow.")
    awarded_on: date
    confirmed_on: date | None = None
    minute: str = text(200, description="Where the decision stands.")
