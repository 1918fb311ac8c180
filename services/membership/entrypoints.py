"""How membership is reached over the broker; no rules here.

with ClusterRpcProxy(config, context_data={"auth_token": token}) as cluster:
    cluster.membership.get_member(member_id="0193b7a0-...")
"""

from services.membership import commands, schemas
from services.membership.bootstrap import bootstrap
from services.membership.errors import AlreadyAdmitted, NotVerified
from services.membership.subscriptions import ApplicationShortlisted, ApplicationSubmitted
from shared.errors import Duplicate, Invalid, NotFound, Refused
from shared.events import Meta
from shared.messaging import subscribe
from shared.operations import Operations
from shared.rpc import rpc
from shared.service import Application


class MembershipService(Operations):
    """Applications, registration checks, admission, and the members there are."""

    name = "membership"
    app = Application(bootstrap)

    @rpc(
        commands.Apply,
        returns=schemas.ApplicationView,
        scope="membership:write",
        sensitive=(
            "given_name",
            "family_name",
            "email",
            "date_of_birth",
            "registration_number",
        ),
        errors=(Invalid, Duplicate),
        writes=True,
    )
    def apply(self, command: commands.Apply) -> schemas.ApplicationView:
        """Apply for membership."""
        return self.app.apply(command)

    @rpc(
        commands.ImportRegister,
        returns=schemas.ExtractView,
        scope="membership:write",
        sensitive=("rows",),
        errors=(Invalid,),
        writes=True,
    )
    def import_register(self, command: commands.ImportRegister) -> schemas.ExtractView:
        """Take in an extract of a regulator's register."""
        return self.app.import_register(command)

    @rpc(
        commands.VerifyRegistration,
        returns=schemas.VerificationView,
        scope="membership:write",
        errors=(NotFound,),
        writes=True,
    )
    def verify_registration(self, command: commands.VerifyRegistration) -> schemas.VerificationView:
        """Check a registration against the imported register."""
        return self.app.verify_registration(command)

    @rpc(
        commands.Admit,
        returns=schemas.MemberView,
        scope="membership:write",
        errors=(NotFound, NotVerified, AlreadyAdmitted, Refused),
        writes=True,
    )
    def admit(self, command: commands.Admit) -> schemas.MemberView:
        """Admit a verified applicant."""
        return self.app.admit(command)

    @rpc(
        schemas.GetMember,
        returns=schemas.MemberView,
        scope="membership:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_member(self, request: schemas.GetMember) -> schemas.MemberView:
        """One member, for staff or for the member."""
        return self.app.get_member(request)

    @rpc(
        schemas.FindMembers,
        returns=schemas.MemberPage,
        scope="membership:read",
        sensitive=("filters",),
        errors=(Invalid,),
        writes=False,
    )
    def find_members(self, request: schemas.FindMembers) -> schemas.MemberPage:
        """Members by equal values, a page at a time."""
        return self.app.find_members(request)

    @rpc(
        schemas.GetEqualityPseudonym,
        returns=schemas.PseudonymView,
        scope="membership:link",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_equality_pseudonym(
        self, request: schemas.GetEqualityPseudonym
    ) -> schemas.PseudonymView:
        """The pseudonym of one's own equality answers; nobody else may ask."""
        return self.app.get_equality_pseudonym(request)

    @subscribe(ApplicationSubmitted, ApplicationShortlisted)
    def follow_applications(
        self, event: ApplicationSubmitted | ApplicationShortlisted, _meta: Meta
    ) -> None:
        """Tell how far applications got, under the pseudonym."""
        self.app.record_stage(event)
