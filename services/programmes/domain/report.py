"""Reports: what a fellow writes of a placement at its start, its middle and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.programmes.domain.placement import Placement, PlacementState
from services.programmes.domain.placement_rules import ReportKind
from services.programmes.domain.terms import blank_faults
from services.programmes.errors import ReportSignedOff
from shared.errors import Invalid
from shared.events import Aggregate


class Signatory(StrEnum):
    """On whose behalf a report is signed off."""

    STAFF = "staff"
    HOST = "host"


@dataclass
class Report(Aggregate):
    """One report; the id says of which placement and which it is, so there is one of each."""

    id: str
    placement_id: str
    cohort_id: str
    member_id: str
    kind: ReportKind
    text: str
    submitted_at: datetime
    signed_off_at: datetime | None = None
    signed_off_by: str | None = None
    signed_off_for: Signatory | None = None

    @staticmethod
    def key(placement_id: str, kind: ReportKind) -> str:
        """The id of a report."""
        return f"{placement_id}:{kind.value}"

    @classmethod
    def submit(cls, placement: Placement, kind: ReportKind, text: str, now: datetime) -> Report:
        """A report of a placement under way; raises WrongPlacementState, Invalid for ``text``."""
        placement.require(PlacementState.UNDER_WAY)
        key = cls.key(placement.id, kind)
        return cls(
            key, placement.id, placement.cohort_id, placement.member_id, kind, _tidy(text), now
        )

    @property
    def signed_off(self) -> bool:
        return self.signed_off_at is not None

    def rewrite(self, text: str, now: datetime) -> None:
        """Say it otherwise; raises ReportSignedOff once it stands."""
        text = _tidy(text)
        if self.signed_off_at is not None and text != self.text:
            raise ReportSignedOff(report_id=self.id, signed_off_at=self.signed_off_at.isoformat())
        if text != self.text:
            self.text, self.submitted_at = text, now

    def sign_off(self, by: str, signatory: Signatory, now: datetime) -> None:
        """Let it stand; signed off before, nothing happens."""
        if self.signed_off_at is None:
            self.signed_off_at, self.signed_off_by = now, by
            self.signed_off_for = signatory

    def forget(self) -> None:
        """Keep that there was a report and that it was signed off, without what it says."""
        self.text = ""


def _tidy(text: str) -> str:
    if faults := blank_faults({"text": text}):
        raise Invalid("The report is empty.", fields=faults)
    return text.strip()
