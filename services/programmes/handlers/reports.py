"""Reports on placements: written by fellows, signed off by staff for themselves or the host."""

from __future__ import annotations

from services.programmes.commands import placements as commands
from services.programmes.domain.placement import PlacementState
from services.programmes.domain.report import Report
from services.programmes.handlers.placing import Placing
from services.programmes.schemas import placements as schemas
from shared.telemetry import current


def submit_report(command: commands.SubmitReport, *, placing: Placing) -> schemas.ReportView:
    """Keep a report, instead of what it said before if it is not signed off."""
    placement = placing.own(command.placement_id, command.member_id)
    placement.require(PlacementState.UNDER_WAY)
    now = placing.desk.clock()
    new = Report.submit(placement, command.kind, command.text, now)
    kept = placing.reports.put(new, lambda report: report.rewrite(command.text, now))
    return schemas.ReportView.of(kept)


def sign_off_report(command: commands.SignOffReport, *, placing: Placing) -> schemas.ReportView:
    """Let a report stand."""
    now, key = placing.desk.clock(), Report.key(command.placement_id, command.kind)
    by = current().actor
    signed = placing.reports.change(key, lambda report: report.sign_off(by, command.signatory, now))
    return schemas.ReportView.of(signed)


def get_report(request: schemas.GetReport, *, placing: Placing) -> schemas.ReportView:
    """One report; to a member, somebody else's does not exist."""
    placement = placing.own(request.placement_id, request.member_id)
    return schemas.ReportView.of(placing.reports.get(Report.key(placement.id, request.kind)))
