"""Which submitted applications go on to be reviewed, and which go no further."""

from __future__ import annotations

from collections.abc import Sequence

from services.programmes.commands import selection as commands
from services.programmes.domain.application import Application
from services.programmes.domain.selection import HeldBack, fault_of, require_movable
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.handlers.desk import Desk, Round
from services.programmes.schemas import selection as schemas


def longlist(command: commands.Longlist, *, desk: Desk) -> schemas.LonglistView:
    """Let those go on that are complete and may still apply, and say why the others do not.

    Each application is written on its own: calling again after a crash does the rest.
    """
    here = desk.round(command.cohort_id)
    found = _asked_for(command, here, desk)
    before = [each for each in found if each.status is ApplicationStatus.LONGLISTED]
    faults = _faults([each for each in found if each not in before], here, desk)
    fit = [id for id, fault in faults.items() if fault is None]
    for application_id in fit if not command.dry_run else ():
        desk.move(application_id, ApplicationStatus.LONGLISTED, here.workflow)
    return schemas.LonglistView(
        cohort_id=here.cohort.id,
        dry_run=command.dry_run,
        longlisted=tuple(fit),
        unchanged=tuple(each.id for each in before),
        held_back=tuple(fault for fault in faults.values() if fault is not None),
    )


def _asked_for(command: commands.Longlist, here: Round, desk: Desk) -> list[Application]:
    if command.application_ids is not None:
        return desk.all_of(here.cohort.id, command.application_ids)
    wanted = (ApplicationStatus.SUBMITTED, ApplicationStatus.LONGLISTED)
    return [
        each
        for status in wanted
        for each in desk.applications.scan({"cohort_id": here.cohort.id, "status": status.value})
    ]


def _faults(
    applications: Sequence[Application], here: Round, desk: Desk
) -> dict[str, HeldBack | None]:
    # Whoever was merged into somebody is judged as who stands for them now.
    people = desk.people_of(each.member_id for each in applications)
    return {each.id: _fault(each, here, people[each.member_id]) for each in applications}


def _fault(application: Application, here: Round, person: Standing) -> HeldBack | None:
    if ApplicationStatus.LONGLISTED not in here.workflow.after(application.status):
        return HeldBack(application.id, "status", application.status.value)
    return fault_of(application, here.programme, here.cohort, person)


def reject_applications(
    command: commands.RejectApplications, *, desk: Desk
) -> schemas.RejectionView:
    """Let applications go no further; the reason is in their trails alone.

    All are looked at before anything is written; calling again does what a crash left undone.
    """
    here = desk.round(command.cohort_id)
    found = desk.all_of(here.cohort.id, command.application_ids)
    over = ApplicationStatus.UNSUCCESSFUL
    require_movable(found, over, here.workflow)
    waiting = [each.id for each in found if each.status is not over]
    for application_id in waiting:
        desk.move(application_id, over, here.workflow)
    return schemas.RejectionView(
        cohort_id=here.cohort.id,
        rejected=tuple(waiting),
        unchanged=tuple(each.id for each in found if each.id not in waiting),
    )
