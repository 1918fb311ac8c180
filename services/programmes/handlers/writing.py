"""Drafts and corrections: what applicants write before it counts, and how long it is kept."""

from __future__ import annotations

from datetime import datetime

from services.programmes.commands import applications as commands
from services.programmes.domain.application import Application
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.handlers.attaching import Attached
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.pausing import rested
from services.programmes.handlers.turns import each
from services.programmes.repository.keys import due
from services.programmes.schemas import applications as schemas
from shared.errors import Duplicate
from shared.events import new_id


def start_application(command: commands.StartApplication, *, desk: Desk) -> schemas.ApplicationView:
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
    return schemas.ApplicationView.of(rested(desk.applications.add(new), desk))


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


def take_turns(attached: Attached) -> None:
    """Applications whose time to be corrected is over stand; what is kept long enough goes."""
    now = attached.desk.clock()
    each(due(attached.desk.applications, now), lambda found: _take_turn(found, attached, now))


def _take_turn(application: Application, attached: Attached, now: datetime) -> None:
    here = attached.desk.round(application.cohort_id)
    match application.status:
        case ApplicationStatus.RETURNED if application.paused_at is not None:
            pass
        case ApplicationStatus.RETURNED:
            attached.change(application, lambda found: found.stand(here.workflow, now))
        case ApplicationStatus.DRAFT if here.cohort.closes_at != application.draft_until:
            attached.desk.applications.change(
                application.id, lambda found: found.await_closing(here.cohort)
            )
        case _:
            attached.forget(application)
