"""Applications that are withdrawn, and what they held."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.programmes.commands import applications as commands
from services.programmes.domain.application import Application
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.handlers.desk import Desk
from services.programmes.schemas import applications as schemas
from shared import telemetry

Release = Callable[[Application], None]


def withdraw_application(
    command: commands.WithdrawApplication, *, desk: Desk, withdrawing: Sequence[Release]
) -> schemas.ApplicationSummary:
    """Let an application be considered no more, and give back what it holds."""
    application = desk.own(command.application_id, command.member_id)
    workflow = desk.round(application.cohort_id).workflow
    return schemas.ApplicationSummary.of(withdraw(application.id, workflow, desk, withdrawing))


def withdraw(
    application_id: str, workflow: Workflow, desk: Desk, withdrawing: Sequence[Release]
) -> Application:
    """Withdraw first, then give back: the clock completes what was cut off in between."""
    withdrawn = desk.move(application_id, ApplicationStatus.WITHDRAWN, workflow)
    return give_back(withdrawn, desk, withdrawing)


def give_back(withdrawn: Application, desk: Desk, withdrawing: Sequence[Release]) -> Application:
    """Let go of all that an application holds that was withdrawn, unless that was done before."""
    if withdrawn.releasing_at is None:
        return withdrawn
    with telemetry.apart():
        for release in withdrawing:
            release(withdrawn)
        return desk.applications.change(withdrawn.id, lambda found: found.let_go())
