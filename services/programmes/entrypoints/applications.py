"""Applications to cohorts."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import applications as commands
from services.programmes.schemas import applications as schemas
from shared.errors import Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Applications:
    """Applications to cohorts."""

    app: Any

    @rpc(
        commands.SubmitApplication,
        returns=schemas.ApplicationView,
        scope="programmes:write",
        own="member_id",
        sensitive=("answers", "dates"),
        errors=(
            Invalid,
            NotFound,
            errors.MemberNotCurrent,
            errors.NotEligible,
            errors.CohortCalledOff,
            errors.OutsideWindow,
            errors.WrongStage,
            errors.OnHold,
            Duplicate,
        ),
        writes=True,
    )
    def submit_application(self, command: commands.SubmitApplication) -> schemas.ApplicationView:
        """Apply to a cohort as a current member."""
        return self.app.submit_application(command)

    @rpc(
        schemas.GetApplication,
        returns=schemas.ApplicationView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_application(self, request: schemas.GetApplication) -> schemas.ApplicationView:
        """One application with its answers; members give their own ``member_id``."""
        return self.app.get_application(request)

    @rpc(
        schemas.FindApplications,
        returns=schemas.ApplicationPage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_applications(self, request: schemas.FindApplications) -> schemas.ApplicationPage:
        """Applications to a cohort or of a member, in the order in which they came."""
        return self.app.find_applications(request)
