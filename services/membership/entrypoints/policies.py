"""Policies, which decide from their date on."""

from typing import Any

from services.membership.commands import policies as commands
from services.membership.errors import PolicyNotProposed
from services.membership.schemas import policies as schemas
from shared.errors import Duplicate, Invalid, NotFound
from shared.rpc import rpc


class Policies:
    """Policies, which decide from their date on."""

    app: Any

    @rpc(
        schemas.GetPolicy,
        returns=schemas.PolicyView,
        scope="membership:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def get_policy(self, request: schemas.GetPolicy) -> schemas.PolicyView:
        """A version of a policy, by name or in force on a day."""
        return self.app.get_policy(request)

    @rpc(
        schemas.FindPolicyVersions,
        returns=schemas.PolicyPage,
        scope="membership:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_policy_versions(self, request: schemas.FindPolicyVersions) -> schemas.PolicyPage:
        """The versions of a policy, a page at a time."""
        return self.app.find_policy_versions(request)

    @rpc(
        commands.ProposePolicyVersion,
        returns=schemas.PolicyView,
        scope="membership:write",
        errors=(Invalid, Duplicate),
        writes=True,
    )
    def propose_policy_version(self, command: commands.ProposePolicyVersion) -> schemas.PolicyView:
        """Propose a version of a policy."""
        return self.app.propose_policy_version(command)

    @rpc(
        commands.ActivatePolicyVersion,
        returns=schemas.PolicyView,
        scope="membership:write",
        errors=(Invalid, NotFound, PolicyNotProposed),
        writes=True,
    )
    def activate_policy_version(
        self, command: commands.ActivatePolicyVersion
    ) -> schemas.PolicyView:
        """Let a proposed version decide from its date on."""
        return self.app.activate_policy_version(command)
