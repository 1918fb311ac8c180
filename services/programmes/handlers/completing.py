"""Completion: the application, the placement and the register of alumni, in this order.

Each write bears repetition, and the same day again does what a crash left undone.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from services.programmes.commands import completing as commands
from services.programmes.domain.alumni import Alumnus
from services.programmes.domain.application import Application
from services.programmes.domain.placement import Placement
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import ReportsMissing
from services.programmes.handlers.placing import Placing
from services.programmes.schemas.applications import ApplicationSummary
from shared.errors import NotFound

if TYPE_CHECKING:
    from services.programmes.repository import Alumni, Certificates


def complete_programme(
    command: commands.CompleteProgramme, *, placing: Placing, alumni: Alumni
) -> ApplicationSummary:
    """Let a member who has done all that a cohort asks join the alumni."""
    desk, completed_on = placing.desk, command.completed_on
    here, now, today = desk.round(command.cohort_id), desk.clock(), desk.today()
    found = _application(command.cohort_id, command.member_id, placing)

    def complete(application: Application) -> None:
        application.complete(completed_on, here.workflow, now, today)

    complete(deepcopy(found))  # refused before anything else is looked at
    placement = placing.placements.of(found.id)
    if found.completed_on is None:
        _require_done(command, found, placement, placing)
    completed = desk.applications.change(found.id, complete)
    if placement is not None:
        placing.placements.change(placement.id, lambda each: each.complete(completed_on))
    _join(completed, here.programme.name, command, alumni)
    return ApplicationSummary.of(completed)


def _application(cohort_id: str, member_id: str, placing: Placing) -> Application:
    found = placing.desk.application_of(cohort_id, member_id)
    if found is None:
        raise NotFound("This member did not apply to this cohort.", member_id=member_id)
    return found


def _require_done(
    command: commands.CompleteProgramme,
    application: Application,
    placement: Placement | None,
    placing: Placing,
) -> None:
    if placement is None:
        if application.status is ApplicationStatus.PLACED:
            raise NotFound("The placement was not written; arrange it.", id=application.id)
        return
    placement.require_over(command.completed_on)
    written = placing.written(placement)
    missing = [
        kind.value
        for kind in placing.required(placement)
        if kind not in written or not written[kind].signed_off
    ]
    if missing and command.reason is None:
        raise ReportsMissing(placement_id=placement.id, missing=missing)


def _join(
    application: Application, title: str, command: commands.CompleteProgramme, alumni: Alumni
) -> None:
    new = Alumnus.join(application, title, command.completed_on)
    alumni.put(new, lambda each: each.rejoin(title, command.completed_on))


def withdraw_completion(
    command: commands.WithdrawCompletion,
    *,
    placing: Placing,
    alumni: Alumni,
    certificates: Certificates,
) -> ApplicationSummary:
    """Take back a completion and what certifies it; taken back before, nothing happens.

    The register of alumni comes first: from then on no certificate of it is issued.
    """
    desk = placing.desk
    found = _application(command.cohort_id, command.member_id, placing)
    now, today = desk.clock(), desk.today()
    key = Alumnus.key(found.cohort_id, found.member_id)
    # A completion that was cut off has made nobody an alumnus yet.
    if found.completed_on is None or alumni.first({"_id": key}) is not None:
        removed = alumni.change(key, lambda each: each.remove(today))
        _revoke(removed, certificates, today)
    placement = placing.placements.of(found.id)
    if placement is not None:
        placing.placements.change(placement.id, lambda each: each.reopen())
    taken_back = desk.applications.change(found.id, lambda each: each.take_back_completion(now))
    return ApplicationSummary.of(taken_back)


def _revoke(removed: Alumnus, certificates: Certificates, today: date) -> None:
    if removed.joined:  # completed anew since, and this call comes again late
        return
    for certificate in certificates.scan({"completion": removed.completion}):
        certificates.change(certificate.id, lambda each: each.lapse(today))
