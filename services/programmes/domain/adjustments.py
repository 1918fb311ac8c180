"""Adjustments that somebody needs for an interview, which may say something of their health.

What was asked for stays with staff. The panel learns only what it needs to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.programmes.errors import AdjustmentsErased
from shared.events import Aggregate


class AdjustmentState(StrEnum):
    """What became of a request."""

    REQUESTED = "requested"
    AGREED = "agreed"
    DECLINED = "declined"
    ERASED = "erased"


@dataclass(frozen=True)
class Decided:
    """Who decided what, and when; what it was about is not kept here."""

    state: AdjustmentState
    by: str
    at: datetime


@dataclass
class Adjustments(Aggregate):
    """A request of an applicant, by application; ``arrangements`` are what the panel does."""

    id: str
    cohort_id: str
    member_id: str
    requested: str
    requested_at: datetime
    erase_at: datetime
    state: AdjustmentState = AdjustmentState.REQUESTED
    arrangements: str = ""
    decisions: tuple[Decided, ...] = ()

    @property
    def decided_at(self) -> datetime | None:
        """When the request as it stands was decided."""
        open_still = self.state is AdjustmentState.REQUESTED
        return None if open_still or not self.decisions else self.decisions[-1].at

    def request(self, text: str, now: datetime) -> None:
        """Ask for something else, which is decided anew; raises AdjustmentsErased."""
        self._require_kept()
        if text != self.requested:
            self.requested, self.requested_at = text, now
            self.state, self.arrangements = AdjustmentState.REQUESTED, ""

    def decide(self, arrangements: str, by: str, now: datetime) -> None:
        """Agree on what is done, or on nothing; raises AdjustmentsErased."""
        self._require_kept()
        agreed = bool(arrangements)
        self.state = AdjustmentState.AGREED if agreed else AdjustmentState.DECLINED
        self.arrangements = arrangements
        self.decisions = (*self.decisions, Decided(self.state, by, now))

    def forget(self) -> None:
        """Keep that there was a request, and nothing of what it was."""
        self.state, self.requested, self.arrangements = AdjustmentState.ERASED, "", ""

    def _require_kept(self) -> None:
        if self.state is AdjustmentState.ERASED:
            raise AdjustmentsErased(application_id=self.id)
