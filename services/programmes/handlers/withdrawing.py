"""Applications that are withdrawn, and what they held."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.programmes.commands import applications as commands
from services.programmes.domain.application import Application
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.handlers.desk import Desk
from services.programmes.schemas import applications as schemas

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
    """Withdraw first, then give back: a call that was cut off in between completes it again."""
    withdrawn = desk.move(application_id, ApplicationStatus.WITHDRAWN, workflow)
    give_back(withdrawn, withdrawing)
    return withdrawn


def give_back(withdrawn: Application, withdrawing: Sequence[Release]) -> None:
    """Let go of what an application holds that was withdrawn; doing so again changes nothing."""
    for release in withdrawing:
        release(withdrawn)
