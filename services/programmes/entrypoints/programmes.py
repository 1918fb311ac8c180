"""Programmes, and the workflows of their cohorts."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import programmes as commands
from services.programmes.schemas import programmes as schemas
from shared.errors import Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Programmes:
    """Programmes, and the workflows of their cohorts."""

    app: Any

    @rpc(
        commands.CreateProgramme,
        returns=schemas.ProgrammeView,
        scope="programmes:write",
        errors=(Invalid,),
        writes=True,
    )
    def create_programme(self, command: commands.CreateProgramme) -> schemas.ProgrammeView:
        """Draft a programme."""
        return self.app.create_programme(command)

    @rpc(
        commands.ReviseProgramme,
        returns=schemas.ProgrammeView,
        scope="programmes:write",
        errors=(Invalid, NotFound, errors.NotPublished),
        writes=True,
    )
    def revise_programme(self, command: commands.ReviseProgramme) -> schemas.ProgrammeView:
        """Let a programme say something else."""
        return self.app.revise_programme(command)

    @rpc(
        commands.PublishProgramme,
        returns=schemas.ProgrammeView,
        scope="programmes:write",
        errors=(Invalid, NotFound, errors.NotPublished),
        writes=True,
    )
    def publish_programme(self, command: commands.PublishProgramme) -> schemas.ProgrammeView:
        """Put a programme on offer, once it is complete."""
        return self.app.publish_programme(command)

    @rpc(
        commands.CloseProgramme,
        returns=schemas.ProgrammeView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.NotPublished),
        writes=True,
    )
    def close_programme(self, command: commands.CloseProgramme) -> schemas.ProgrammeView:
        """Take a programme off offer for good."""
        return self.app.close_programme(command)

    @rpc(
        schemas.GetProgramme,
        returns=schemas.ProgrammeView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_programme(self, request: schemas.GetProgramme) -> schemas.ProgrammeView:
        """One programme."""
        return self.app.get_programme(request)

    @rpc(
        schemas.FindProgrammes,
        returns=schemas.ProgrammePage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_programmes(self, request: schemas.FindProgrammes) -> schemas.ProgrammePage:
        """Programmes, those in one state or all."""
        return self.app.find_programmes(request)

    @rpc(
        schemas.CheckEligibility,
        returns=schemas.EligibilityView,
        scope="programmes:read",
        own="member_id",
        sensitive=("dates",),
        errors=(Invalid, NotFound),
        writes=False,
    )
    def check_eligibility(self, request: schemas.CheckEligibility) -> schemas.EligibilityView:
        """Whether a member may apply to a cohort, and what each rule says."""
        return self.app.check_eligibility(request)

    @rpc(
        commands.PublishWorkflow,
        returns=schemas.WorkflowView,
        scope="programmes:write",
        errors=(Invalid, Duplicate),
        writes=True,
    )
    def publish_workflow(self, command: commands.PublishWorkflow) -> schemas.WorkflowView:
        """Publish the next version of a workflow."""
        return self.app.publish_workflow(command)

    @rpc(
        schemas.GetWorkflow,
        returns=schemas.WorkflowView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_workflow(self, request: schemas.GetWorkflow) -> schemas.WorkflowView:
        """A version of a workflow."""
        return self.app.get_workflow(request)

    @rpc(
        schemas.FindWorkflows,
        returns=schemas.WorkflowList,
        scope="programmes:read",
        writes=False,
    )
    def find_workflows(self, request: schemas.FindWorkflows) -> schemas.WorkflowList:
        """All versions of workflows, or of one."""
        return self.app.find_workflows(request)
