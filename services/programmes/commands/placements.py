"""What may be asked about placements and the reports on them."""

from dataclasses import dataclass
from datetime import date

from services.programmes.domain.placement_rules import ReportKind
from services.programmes.domain.report import Signatory
from services.programmes.domain.terms import SNAKE_CASE
from shared.events import integer, text

REPORT_LENGTH = 20_000


@dataclass(frozen=True, kw_only=True)
class ArrangePlacement:
    """Place an applicant in the post they accepted; what is left out is as the cohort has it."""

    application_id: str = text(64)
    post_id: str | None = text(60, default=None, description="To be sure: the post accepted.")
    starts_on: date | None = None
    ends_on: date | None = None
    wte_percent: int | None = integer(1, 100, default=None)


@dataclass(frozen=True, kw_only=True)
class DeferPlacement:
    """Let a placement start later; by default it lasts as long as those of the cohort."""

    placement_id: str = text(64)
    starts_on: date
    ends_on: date | None = None
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class ChangePlacement:
    """Correct a placement; what is left out stays, and a start that was cannot be changed."""

    placement_id: str = text(64)
    starts_on: date | None = None
    ends_on: date | None = None
    wte_percent: int | None = integer(1, 100, default=None)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class EndPlacementEarly:
    """Let a placement end before its last day."""

    placement_id: str = text(64)
    ended_on: date
    reason_code: str = text(60, pattern=SNAKE_CASE)
    note: str | None = text(2_000, default=None)


@dataclass(frozen=True, kw_only=True)
class SubmitReport:
    """Write a report on one's placement, or write it anew until it is signed off."""

    placement_id: str = text(64)
    member_id: str = text(64)
    kind: ReportKind
    text: str = text(REPORT_LENGTH)


@dataclass(frozen=True, kw_only=True)
class SignOffReport:
    """Let a report stand, on behalf of staff or of the host, which has no login."""

    placement_id: str = text(64)
    kind: ReportKind
    signatory: Signatory = Signatory.STAFF
