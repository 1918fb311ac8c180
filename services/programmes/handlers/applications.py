"""Applications: made by members, put on the shortlist by staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.programmes.commands import applications as commands
from services.programmes.domain.application import Application
from services.programmes.handlers.attaching import Attached
from services.programmes.handlers.calling_off import taken_on
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.pausing import rested
from services.programmes.handlers.withdrawing import Release
from services.programmes.repository.belonging import page_of
from services.programmes.schemas import applications as schemas
from shared.errors import Duplicate, Invalid
from shared.events import new_id


def submit_application(
    command: commands.SubmitApplication,
    *,
    desk: Desk,
    attached: Attached,
    withdrawing: Sequence[Release],
) -> schemas.ApplicationView:
    """Hand in an application, written at once or begun as a draft.

    A request that is delivered again after it was kept gives the application that was kept, even
    when the cohort has closed since.
    """
    application_id, here, now = new_id(), desk.round(command.cohort_id), desk.clock()
    earlier = desk.application_of(here.cohort.id, command.member_id)

    def submit(application: Application) -> None:
        if not application.writable:
            raise Duplicate(
                "This member has already applied to this cohort.",
                field="application_key",
                application_id=application.id,
            )
        application.submit(
            programme=here.programme,
            cohort=here.cohort,
            workflow=here.workflow,
            standing=desk.standing(command.member_id),
            answers=_answers(command, application),
            dates=_dates(command, application),
            now=now,
        )

    if earlier is None:
        new = Application.start(
            application_id, cohort=here.cohort, member_id=command.member_id, now=now
        )
        submit(new)
        made = desk.applications.add(new)
    else:
        made = attached.change(earlier, submit)
    return schemas.ApplicationView.of(rested(taken_on(made, desk, withdrawing), desk))


def _answers(command: commands.SubmitApplication, application: Application) -> dict[str, str]:
    drafted = application.drafted.answers if application.drafted else {}
    return drafted if command.answers is None else command.answers


def _dates(command: commands.SubmitApplication, application: Application) -> dict[str, date]:
    drafted = application.drafted.dates if application.drafted else {}
    return drafted if command.answers is None and not command.dates else command.dates


def count_applications(request: schemas.CountApplications, *, desk: Desk) -> schemas.StageCounts:
    """How many applications of a cohort are in each status."""
    counts = desk.applications.counts(desk.cohorts.get(request.cohort_id).id)
    return schemas.StageCounts(request.cohort_id, counts.total(), dict(sorted(counts.items())))


def get_application(request: schemas.GetApplication, *, desk: Desk) -> schemas.ApplicationView:
    """One application; to a member, somebody else's does not exist."""
    application = desk.own(request.application_id, request.member_id)
    application.await_closing(desk.cohorts.get(application.cohort_id))
    return schemas.ApplicationView.of(application)


def find_applications(request: schemas.FindApplications, *, desk: Desk) -> schemas.ApplicationPage:
    """Applications without their answers; of a member also those of who was merged into them."""
    if request.cohort_id is None and request.member_id is None:
        reason = "This or member_id is needed."
        raise Invalid("Whose applications?", fields={"cohort_id": [reason]})
    if request.cohort_id is not None:
        desk.cohorts.get(request.cohort_id)
    asked = {"cohort_id": request.cohort_id, "status": request.status}
    page = page_of(desk.applications, request, desk.standings, **asked)
    return schemas.ApplicationPage(
        items=tuple(schemas.ApplicationSummary.of(found) for found in page.items),
        next_cursor=page.next_cursor,
    )
