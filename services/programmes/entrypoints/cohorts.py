"""Cohorts, and the hosts of their posts."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import cohorts as commands
from services.programmes.schemas import cohorts as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Cohorts:
    """Cohorts, and the hosts of their posts."""

    app: Any

    @rpc(
        commands.RegisterHost,
        returns=schemas.HostView,
        scope="programmes:write",
        errors=(Invalid,),
        writes=True,
    )
    def register_host(self, command: commands.RegisterHost) -> schemas.HostView:
        """Put an organisation on record that takes fellows."""
        return self.app.register_host(command)

    @rpc(
        commands.ChangeHostCapacity,
        returns=schemas.HostView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, errors.HostFull),
        writes=True,
    )
    def change_host_capacity(self, command: commands.ChangeHostCapacity) -> schemas.HostView:
        """Let a host take more fellows at a time, or fewer as far as there is room."""
        return self.app.change_host_capacity(command)

    @rpc(
        schemas.GetHost,
        returns=schemas.HostView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_host(self, request: schemas.GetHost) -> schemas.HostView:
        """One host."""
        return self.app.get_host(request)

    @rpc(
        schemas.FindHosts,
        returns=schemas.HostPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_hosts(self, request: schemas.FindHosts) -> schemas.HostPage:
        """Hosts as they were registered."""
        return self.app.find_hosts(request)

    @rpc(
        commands.OpenCohort,
        returns=schemas.CohortView,
        scope="programmes:write",
        errors=(Invalid, NotFound, errors.NotPublished),
        writes=True,
    )
    def open_cohort(self, command: commands.OpenCohort) -> schemas.CohortView:
        """Set a round of applications of a programme."""
        return self.app.open_cohort(command)

    @rpc(
        commands.ExtendCohort,
        returns=schemas.CohortView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, errors.CohortCalledOff, errors.OutsideWindow),
        writes=True,
    )
    def extend_cohort(self, command: commands.ExtendCohort) -> schemas.CohortView:
        """Let a window close later."""
        return self.app.extend_cohort(command)

    @rpc(
        commands.WithdrawCohort,
        returns=schemas.CohortView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.CohortHasApplications),
        writes=True,
    )
    def withdraw_cohort(self, command: commands.WithdrawCohort) -> schemas.CohortView:
        """Call a round off to which nobody has applied, and end what was drafted for it."""
        return self.app.withdraw_cohort(command)

    @rpc(
        schemas.GetCohort,
        returns=schemas.CohortView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_cohort(self, request: schemas.GetCohort) -> schemas.CohortView:
        """One cohort with its questions."""
        return self.app.get_cohort(request)

    @rpc(
        schemas.FindCohorts,
        returns=schemas.CohortPage,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_cohorts(self, request: schemas.FindCohorts) -> schemas.CohortPage:
        """Cohorts, of one programme or of all."""
        return self.app.find_cohorts(request)
