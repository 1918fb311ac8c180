"""Drafts and corrections: what applicants write before it counts, and how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.programmes.commands import applications as commands
from services.programmes.domain.application import Application
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.handlers.attaching import Attached
from services.programmes.handlers.calling_off import taken_on
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.pausing import rested
from services.programmes.handlers.turns import Due
from services.programmes.handlers.withdrawing import Release, give_back
from services.programmes.schemas import applications as schemas
from shared.errors import Duplicate
from shared.events import new_id


def start_application(
    command: commands.StartApplication, *, desk: Desk, withdrawing: Sequence[Release]
) -> schemas.ApplicationView:
    """Begin a draft while the window is open."""
    application_id, here, now = new_id(), desk.round(command.cohort_id), desk.clock()
    earlier = desk.application_of(here.cohort.id, command.member_id)
    if earlier is not None and earlier.id != application_id:
        raise Duplicate(
            "This member has an application to this cohort.",
            field="application_key",
            application_id=earlier.id,
        )
    if earlier is not None:
        return schemas.ApplicationView.of(rested(earlier, desk))
    desk.standing(command.member_id).require_current()
    new = Application.start(
        application_id, cohort=here.cohort, member_id=command.member_id, now=now
    )
    made = taken_on(desk.applications.add(new), desk, withdrawing)
    return schemas.ApplicationView.of(rested(made, desk))


def save_draft(command: commands.SaveDraft, *, desk: Desk) -> schemas.ApplicationView:
    """Keep what is written so far; it is handed in by ``submit_application``."""
    application, now = desk.own(command.application_id, command.member_id), desk.clock()
    here = desk.round(application.cohort_id)
    saved = desk.applications.change(
        application.id,
        lambda found: found.write(here.programme, here.cohort, command.answers, command.dates, now),
        expected=command.version,
    )
    return schemas.ApplicationView.of(saved)


def return_application(
    command: commands.ReturnApplication, *, desk: Desk
) -> schemas.ApplicationView:
    """Give an application back to be corrected by an instant."""
    application, now = desk.applications.get(command.application_id), desk.clock()
    workflow = desk.round(application.cohort_id).workflow
    returned = desk.applications.change(
        application.id,
        lambda found: found.give_back(command.until, command.reason, workflow, now),
    )
    return schemas.ApplicationView.of(returned)


def take_turns(attached: Attached, withdrawing: Sequence[Release]) -> Due[Application]:
    """Applications whose time to be corrected is over stand; what is kept long enough goes.

    Those that were withdrawn give back what they still hold.
    """
    desk, now = attached.desk, attached.desk.clock()

    def act(found: Application) -> None:
        if found.releasing_at is not None:
            give_back(found, desk, withdrawing)
        else:
            _take_turn(found, attached, now)

    return Due(desk.applications, now, act)


def _take_turn(application: Application, attached: Attached, now: datetime) -> None:
    cohort = attached.desk.cohorts.get(application.cohort_id)
    match application.status:
        case ApplicationStatus.RETURNED:
            attached.change(application, lambda found: found.stand(now))
        case ApplicationStatus.DRAFT if cohort.closes_at != application.draft_until:
            attached.desk.applications.change(
                application.id, lambda found: found.await_closing(cohort)
            )
        case _:
            attached.forget(application)
