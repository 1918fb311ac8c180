"""Completion, alumni and what they do later."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import alumni as commands
from services.programmes.commands import completing
from services.programmes.schemas import alumni as schemas
from services.programmes.schemas.applications import ApplicationSummary
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Alumni:
    """Completion, alumni and what they do later."""

    app: Any

    @rpc(
        completing.CompleteProgramme,
        returns=ApplicationSummary,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(
            Invalid,
            NotFound,
            errors.WrongStage,
            errors.OnHold,
            errors.WrongPlacementState,
            errors.ReportsMissing,
            errors.AlreadyCompleted,
        ),
        writes=True,
    )
    def complete_programme(self, command: completing.CompleteProgramme) -> ApplicationSummary:
        """Record that a member completed a programme and joins its alumni."""
        return self.app.complete_programme(command)

    @rpc(
        completing.WithdrawCompletion,
        returns=ApplicationSummary,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound,),
        writes=True,
    )
    def withdraw_completion(self, command: completing.WithdrawCompletion) -> ApplicationSummary:
        """Take back a completion that was recorded by mistake."""
        return self.app.withdraw_completion(command)

    @rpc(
        schemas.FindAlumni,
        returns=schemas.AlumniPage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid,),
        writes=False,
    )
    def find_alumni(self, request: schemas.FindAlumni) -> schemas.AlumniPage:
        """Alumni of a programme or a cohort, or one member's completions."""
        return self.app.find_alumni(request)

    @rpc(
        commands.RecordOutcome,
        returns=schemas.OutcomeView,
        scope="programmes:write",
        sensitive=("role_level", "sector"),
        errors=(Invalid, errors.NotAnAlumnus),
        writes=True,
    )
    def record_outcome(self, command: commands.RecordOutcome) -> schemas.OutcomeView:
        """Keep where an alumnus was on a day."""
        return self.app.record_outcome(command)

    @rpc(
        schemas.FindOutcomes,
        returns=schemas.OutcomePage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid,),
        writes=False,
    )
    def find_outcomes(self, request: schemas.FindOutcomes) -> schemas.OutcomePage:
        """Where a member was after completing programmes."""
        return self.app.find_outcomes(request)

    @rpc(
        schemas.CountOutcomes,
        returns=schemas.OutcomeTally,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def count_outcomes(self, request: schemas.CountOutcomes) -> schemas.OutcomeTally:
        """Where the alumni of a programme are, in numbers."""
        return self.app.count_outcomes(request)
