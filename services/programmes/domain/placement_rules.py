"""What a body asks of placements, as versioned data: reports, notice, codes for leaving early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.programmes.domain.eligibility import Word
from services.programmes.domain.period import same_day
from services.programmes.domain.terms import ProgrammeKind
from shared.errors import Invalid
from shared.events import integer, items


class ReportKind(StrEnum):
    """When in a placement a report is written."""

    START = "start"
    MID = "mid"
    FINAL = "final"


@dataclass(frozen=True, kw_only=True)
class RequiredReports:
    """The reports without which nobody completes a programme of a kind."""

    programme_kind: ProgrammeKind
    required: tuple[ReportKind, ...] = items(3)


@dataclass(frozen=True, kw_only=True)
class PlacementRules:
    """The rules of one version."""

    reports: tuple[RequiredReports, ...] = items(10)
    out_of_programme_months: int = integer(0, 36)
    out_of_programme_stages: tuple[Word, ...] = items(20)
    early_exit_reasons: tuple[Word, ...] = items(50, min_length=1)

    def required(self, kind: ProgrammeKind) -> tuple[ReportKind, ...]:
        """The reports that a kind of programme needs."""
        return next((each.required for each in self.reports if each.programme_kind is kind), ())

    def apply_by(self, career_stage: str | None, starts_on: date) -> date | None:
        """The last day to apply for time out of programme, for those in training; else None."""
        if career_stage not in self.out_of_programme_stages:
            return None
        return same_day(starts_on, -self.out_of_programme_months)

    def require_reason(self, reason_code: str) -> None:
        """Raises Invalid naming ``reason_code`` unless it is one of the codes."""
        if reason_code not in self.early_exit_reasons:
            reasons = [f"Must be one of: {', '.join(self.early_exit_reasons)}."]
            raise Invalid("There is no such reason.", fields={"reason_code": reasons})
