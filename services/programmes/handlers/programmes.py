"""Programmes, who may apply to them, and the workflows of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import programmes as commands
from services.programmes.domain.programme import Programme, Prospectus
from services.programmes.domain.vocabulary import Vocabulary
from services.programmes.domain.workflow import WorkflowVersion
from services.programmes.handlers.desk import Desk
from services.programmes.schemas import programmes as schemas
from shared.errors import Duplicate
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.repository import Programmes, Workflows


def create_programme(
    command: commands.CreateProgramme, *, programmes: Programmes, vocabulary: Vocabulary
) -> schemas.ProgrammeView:
    """Draft a programme."""
    programme = Programme.draft(new_id(), _prospectus(command), vocabulary)
    return schemas.ProgrammeView.of(programmes.add(programme), vocabulary)


def revise_programme(
    command: commands.ReviseProgramme, *, programmes: Programmes, vocabulary: Vocabulary
) -> schemas.ProgrammeView:
    """Let a programme say something else."""
    said = _prospectus(command)
    revised = programmes.change(command.programme_id, lambda found: found.revise(said, vocabulary))
    return schemas.ProgrammeView.of(revised, vocabulary)


def publish_programme(
    command: commands.PublishProgramme, *, programmes: Programmes, vocabulary: Vocabulary
) -> schemas.ProgrammeView:
    """Put a programme on offer, once it is complete."""
    published = programmes.change(command.programme_id, lambda found: found.publish())
    return schemas.ProgrammeView.of(published, vocabulary)


def close_programme(
    command: commands.CloseProgramme, *, programmes: Programmes, vocabulary: Vocabulary
) -> schemas.ProgrammeView:
    """Take a programme off offer."""
    closed = programmes.change(command.programme_id, lambda found: found.close())
    return schemas.ProgrammeView.of(closed, vocabulary)


def _prospectus(command: commands.CreateProgramme | commands.ReviseProgramme) -> Prospectus:
    return Prospectus(
        name=command.name.strip(),
        kind=command.kind,
        description=command.description.strip(),
        sustainability_outcome=command.sustainability_outcome.strip(),
        partners=command.partners,
        domains=tuple(dict.fromkeys(command.domains)),
        eligibility=command.eligibility,
    )


def get_programme(
    request: schemas.GetProgramme, *, programmes: Programmes, vocabulary: Vocabulary
) -> schemas.ProgrammeView:
    """One programme."""
    return schemas.ProgrammeView.of(programmes.get(request.programme_id), vocabulary)


def find_programmes(
    request: schemas.FindProgrammes, *, programmes: Programmes, vocabulary: Vocabulary
) -> schemas.ProgrammePage:
    """Programmes, those in one state or all."""
    criteria = {} if request.state is None else {"state": request.state.value}
    page = programmes.find(criteria, cursor=request.cursor, limit=request.limit)
    views = tuple(schemas.ProgrammeView.of(each, vocabulary) for each in page.items)
    return schemas.ProgrammePage(views, page.next_cursor)


def check_eligibility(request: schemas.CheckEligibility, *, desk: Desk) -> schemas.EligibilityView:
    """What each rule of a cohort's programme says of a member."""
    here = desk.round(request.cohort_id)
    standing = desk.standing(request.member_id)
    judged = here.programme.eligibility.judge(standing, request.dates, here.cohort.starts_on)
    return schemas.EligibilityView(
        cohort_id=here.cohort.id,
        member_id=request.member_id,
        eligible=standing.current and all(each.passed for each in judged),
        reason=standing.lack.value if standing.lack else None,
        rules=judged,
    )


def publish_workflow(
    command: commands.PublishWorkflow, *, workflows: Workflows
) -> schemas.WorkflowView:
    """Keep a version of a workflow; what has been published never changes."""
    version = WorkflowVersion.of(command.name, command.number, command.workflow, command.source)
    if version.id in {each.id for each in workflows.provided}:
        raise Duplicate("There is such a version already.", field="number")
    return schemas.WorkflowView.of(workflows.add(version))


def get_workflow(request: schemas.GetWorkflow, *, workflows: Workflows) -> schemas.WorkflowView:
    """A version of a workflow."""
    return schemas.WorkflowView.of(workflows.get(request.workflow))


def find_workflows(request: schemas.FindWorkflows, *, workflows: Workflows) -> schemas.WorkflowList:
    """All versions, or those of one name."""
    return schemas.WorkflowList(
        tuple(map(schemas.WorkflowView.of, workflows.versions(request.name)))
    )
