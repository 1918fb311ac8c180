"""Cohorts that were opened by mistake: called off while nobody has applied.

There is no write of cohort and applications together. The cohort is off first and then ends what it
finds; whoever applies at the same moment looks at the cohort again once the application is kept. So
one of the two sees the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.programmes.commands import cohorts as commands
from services.programmes.domain.application import Application
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import CohortHasApplications
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.withdrawing import Release, withdraw
from services.programmes.schemas import cohorts as schemas
from shared import telemetry

_WITHDRAWN = ApplicationStatus.WITHDRAWN
_NOBODYS = frozenset({ApplicationStatus.DRAFT.value, _WITHDRAWN.value})


def withdraw_cohort(
    command: commands.WithdrawCohort, *, desk: Desk, withdrawing: Sequence[Release]
) -> schemas.CohortView:
    """Call a round off, then end what was drafted for it; the same call again does the rest."""
    cohort, now = desk.cohorts.get(command.cohort_id), desk.clock()
    if cohort.withdrawn_at is None:
        _require_nobody(cohort.id, desk)
    off = desk.cohorts.change(cohort.id, lambda found: found.withdraw(now))
    for application in desk.applications.scan({"cohort_id": off.id}):
        _end(application, desk, withdrawing)
    return schemas.CohortView.of(off)


def _require_nobody(cohort_id: str, desk: Desk) -> None:
    counts = desk.applications.counts(cohort_id)
    if there := {status: number for status, number in counts.items() if status not in _NOBODYS}:
        raise CohortHasApplications(cohort_id=cohort_id, by_status=there)


def _end(application: Application, desk: Desk, withdrawing: Sequence[Release]) -> None:
    workflow = desk.round(application.cohort_id).workflow
    if _WITHDRAWN in workflow.after(application.status):
        withdraw(application.id, workflow, desk, withdrawing)


def taken_on(application: Application, desk: Desk, withdrawing: Sequence[Release]) -> Application:
    """What was kept for a cohort, unless that was called off meanwhile: raises CohortCalledOff."""
    cohort = desk.cohorts.get(application.cohort_id)
    if cohort.withdrawn_at is not None:
        with telemetry.apart():
            _end(application, desk, withdrawing)
    cohort.require_standing()
    return application
