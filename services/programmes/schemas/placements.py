"""Reads of placements and reports, and their answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.programmes.domain.placement import EndReason, Placement, PlacementState
from services.programmes.domain.placement_rules import ReportKind
from services.programmes.domain.report import Report, Signatory
from services.programmes.domain.standing import Lack
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetPlacement:
    """Ask for one placement; with ``member_id``, only if it is that member's."""

    placement_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class FindPlacements:
    """Ask for the placements of a cohort, of a host, of a member, or of all."""

    cohort_id: str | None = text(64, default=None)
    host_id: str | None = text(64, default=None)
    member_id: str | None = text(64, default=None)
    state: PlacementState | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class FindDepartedFellows:
    """Ask whose placement goes on although they died or were removed."""

    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetReport:
    """Ask for one report; with ``member_id``, only if it is that member's."""

    placement_id: str = text(64)
    kind: ReportKind
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True)
class PlacementSummary:
    """A placement; first and last day are included, and ``reason_code`` is why it was left."""

    placement_id: str
    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    post_id: str
    host_id: str | None
    starts_on: date
    ends_on: date
    wte_percent: int
    state: PlacementState
    started_on: date | None
    paused_on: date | None
    days_paused: int
    ended_on: date | None
    end_reason: EndReason | None
    reason_code: str | None

    @classmethod
    def of(cls, placement: Placement) -> Self:
        return cls(
            placement_id=placement.id,
            application_id=placement.application_id,
            cohort_id=placement.cohort_id,
            programme_id=placement.programme_id,
            member_id=placement.member_id,
            post_id=placement.post_id,
            host_id=placement.host_id,
            starts_on=placement.starts_on,
            ends_on=placement.ends_on,
            wte_percent=placement.wte_percent,
            state=placement.state,
            started_on=placement.started_on,
            paused_on=placement.paused_on,
            days_paused=placement.days_paused,
            ended_on=placement.ended_on,
            end_reason=placement.end_reason,
            reason_code=placement.reason_code,
        )


@dataclass(frozen=True)
class Notice:
    """The last day to apply for time out of programme, and whether it has passed."""

    apply_by: date
    passed: bool


@dataclass(frozen=True)
class ReportState:
    """Whether a report is needed, was written, and stands."""

    kind: ReportKind
    required: bool
    submitted_at: datetime | None
    signed_off_at: datetime | None

    @classmethod
    def of(cls, kind: ReportKind, required: bool, report: Report | None) -> Self:
        if report is None:
            return cls(kind, required, None, None)
        return cls(kind, required, report.submitted_at, report.signed_off_at)


@dataclass(frozen=True)
class PlacementView:
    """A placement with its reports; ``out_of_programme`` is null for those not in training."""

    placement: PlacementSummary
    out_of_programme: Notice | None
    reports: tuple[ReportState, ...]


@dataclass(frozen=True)
class PlacementPage:
    """Some placements; ``next_cursor`` is null on the last page."""

    items: tuple[PlacementSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class DepartedFellow:
    """A placement that has not ended, and why its member is no longer there."""

    placement: PlacementSummary
    reason: Lack


@dataclass(frozen=True)
class DepartedPage:
    """Some of them, perhaps none; ``next_cursor`` is null on the last page."""

    items: tuple[DepartedFellow, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class ReportView:
    """A report; ``signed_off_by`` is the caller who did it, ``signed_off_for`` on whose behalf."""

    placement_id: str
    member_id: str
    kind: ReportKind
    text: str
    submitted_at: datetime
    signed_off_at: datetime | None
    signed_off_by: str | None
    signed_off_for: Signatory | None

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(
            placement_id=report.placement_id,
            member_id=report.member_id,
            kind=report.kind,
            text=report.text,
            submitted_at=report.submitted_at,
            signed_off_at=report.signed_off_at,
            signed_off_by=report.signed_off_by,
            signed_off_for=report.signed_off_for,
        )
