"""Programmes, their cohorts, and applications to them: load, ask the domain, save."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from services.programmes import commands, schemas
from services.programmes.domain.application import Application, application_key
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import NotInCohort
from services.programmes.repository import page_of
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import Clock, new_id

if TYPE_CHECKING:
    from services.programmes.repository import (
        Applications,
        Cohorts,
        Programmes,
        Standings,
    )


def create_programme(
    command: commands.CreateProgramme, *, programmes: Programmes
) -> schemas.ProgrammeView:
    """Create a programme; being complete, it is published at once."""
    programme = Programme.publish(
        new_id(),
        name=command.name,
        kind=command.kind,
        nations=command.nations,
        professions=command.professions,
        description=command.description,
        sustainability_outcome=command.sustainability_outcome,
    )
    return schemas.ProgrammeView.of(programmes.add(programme))


def open_cohort(
    command: commands.OpenCohort, *, programmes: Programmes, cohorts: Cohorts
) -> schemas.CohortView:
    """Set a round of applications of a programme."""
    programme = programmes.get(command.programme_id)
    cohort = Cohort.open(
        new_id(),
        programme_id=programme.id,
        title=command.title,
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        posts=command.posts,
        questions=command.questions,
    )
    return schemas.CohortView.of(cohorts.add(cohort))


def submit_application(
    command: commands.SubmitApplication,
    *,
    programmes: Programmes,
    cohorts: Cohorts,
    applications: Applications,
    standings: Standings,
    clock: Clock,
) -> schemas.ApplicationView:
    """Apply to a cohort.

    A request that is delivered again after it was kept gives the application that was kept, even
    when the cohort has closed since.
    """
    application_id = new_id()
    cohort = cohorts.get(command.cohort_id)
    earlier = application_of(cohort, command.member_id, applications, standings)
    if earlier is not None:
        return schemas.ApplicationView.of(_same_or_duplicate(earlier, application_id))
    application = Application.submit(
        application_id,
        programme=programmes.get(cohort.programme_id),
        cohort=cohort,
        standing=Standing.of(command.member_id, standings.get(command.member_id)),
        answers=command.answers,
        now=clock(),
    )
    return schemas.ApplicationView.of(applications.add(application))


def application_of(
    cohort: Cohort, member_id: str, applications: Applications, standings: Standings
) -> Application | None:
    """The application of a member to a cohort, also by those who were merged into them."""
    for id in standings.ids_of(member_id):
        found = applications.first({"application_key": application_key(cohort.id, id)})
        if found is not None:
            return found
    return None


def _same_or_duplicate(earlier: Application, application_id: str) -> Application:
    if earlier.id != application_id:
        raise Duplicate(
            "This member has already applied to this cohort.",
            field="application_key",
            application_id=earlier.id,
        )
    return earlier


def shortlist(
    command: commands.Shortlist, *, cohorts: Cohorts, applications: Applications, clock: Clock
) -> schemas.ShortlistView:
    """Put applications on the shortlist.

    Every id is looked up before anything is written. Then each application is written on its own,
    so a crash may leave some done and some not: calling again with the same ids does the rest.
    """
    cohort = cohorts.get(command.cohort_id)
    found = _all_of(cohort, command.application_ids, applications)
    waiting = [each.id for each in found if each.status is ApplicationStatus.SUBMITTED]
    now = clock()
    for application_id in waiting:
        applications.change(application_id, lambda application: application.shortlist(now))
    return schemas.ShortlistView(
        cohort_id=cohort.id,
        shortlisted=tuple(waiting),
        unchanged=tuple(each.id for each in found if each.id not in waiting),
    )


def _all_of(
    cohort: Cohort, application_ids: Iterable[str], applications: Applications
) -> list[Application]:
    ids = list(dict.fromkeys(application_ids))
    here = applications.scan({"_id": {"$in": ids}, "cohort_id": cohort.id})
    found = {application.id: application for application in here}
    if missing := [id for id in ids if id not in found]:
        raise NotInCohort(application_ids=missing)
    return [found[id] for id in ids]


def get_programme(
    request: schemas.GetProgramme, *, programmes: Programmes
) -> schemas.ProgrammeView:
    """One programme."""
    return schemas.ProgrammeView.of(programmes.get(request.programme_id))


def get_cohort(request: schemas.GetCohort, *, cohorts: Cohorts) -> schemas.CohortView:
    """One cohort with its questions."""
    return schemas.CohortView.of(cohorts.get(request.cohort_id))


def get_application(
    request: schemas.GetApplication, *, applications: Applications, standings: Standings
) -> schemas.ApplicationView:
    """One application; to a member, somebody else's does not exist.

    Those of others who were merged into a member are theirs.
    """
    application = applications.get(request.application_id)
    owners = (application.member_id, standings.followed(application.member_id))
    if request.member_id is not None and request.member_id not in owners:
        raise NotFound(id=request.application_id)
    return schemas.ApplicationView.of(application)


def find_applications(
    request: schemas.FindApplications,
    *,
    cohorts: Cohorts,
    applications: Applications,
    standings: Standings,
) -> schemas.ApplicationPage:
    """Applications without their answers; of a member also those of who was merged into them."""
    if request.cohort_id is None and request.member_id is None:
        reason = "This or member_id is needed."
        raise Invalid("Whose applications?", fields={"cohort_id": [reason]})
    criteria = {}
    if request.cohort_id is not None:
        criteria["cohort_id"] = cohorts.get(request.cohort_id).id
    if request.member_id is None:
        page = applications.find(criteria, cursor=request.cursor, limit=request.limit)
    else:
        ids = standings.ids_of(request.member_id)
        page = page_of(applications, ids, criteria, request.cursor, request.limit)
    return schemas.ApplicationPage(
        items=tuple(schemas.ApplicationSummary.of(found) for found in page.items),
        next_cursor=page.next_cursor,
    )
