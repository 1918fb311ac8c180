"""Registrations with regulators, and sanctions before the committee."""

from typing import Any

from services.membership.commands import registrations as commands
from services.membership.errors import Merged, RegistrationHeld
from services.membership.schemas import registrations as schemas
from services.membership.schemas.members import MemberView
from shared.errors import Duplicate, Invalid, NotFound, Refused
from shared.rpc import rpc


class Registrations:
    """Registrations with regulators, and sanctions before the committee."""

    app: Any

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
        commands.CloseRegisterImport,
        returns=schemas.ClosedView,
        scope="membership:write",
        errors=(Invalid,),
        writes=True,
    )
    def close_register_import(self, command: commands.CloseRegisterImport) -> schemas.ClosedView:
        """Check those again whom a complete extract did not have."""
        return self.app.close_register_import(command)

    @rpc(
        commands.VerifyRegistration,
        returns=schemas.VerificationView,
        scope="membership:write",
        sensitive=("registration_number",),
        errors=(Invalid, NotFound, Refused, Merged),
        writes=True,
    )
    def verify_registration(self, command: commands.VerifyRegistration) -> schemas.VerificationView:
        """Check registrations against the imported register."""
        return self.app.verify_registration(command)

    @rpc(
        commands.AddRegistration,
        returns=MemberView,
        scope="membership:write",
        own="member_id",
        sensitive=("registration_number",),
        errors=(Invalid, NotFound, Duplicate, RegistrationHeld, Merged),
        writes=True,
    )
    def add_registration(self, command: commands.AddRegistration) -> MemberView:
        """Put one more registration on record, for staff or for the member."""
        return self.app.add_registration(command)

    @rpc(
        commands.DeclareSanction,
        returns=MemberView,
        scope="membership:write",
        own="member_id",
        sensitive=("registration_number", "detail"),
        errors=(Invalid, NotFound, Merged),
        writes=True,
    )
    def declare_sanction(self, command: commands.DeclareSanction) -> MemberView:
        """Tell of a sanction, for staff or for the member."""
        return self.app.declare_sanction(command)

    @rpc(
        commands.RecordReviewDecision,
        returns=MemberView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, Refused, Merged),
        writes=True,
    )
    def record_review_decision(self, command: commands.RecordReviewDecision) -> MemberView:
        """Put the committee's decision about a sanction on record."""
        return self.app.record_review_decision(command)

    @rpc(
        schemas.FindReviews,
        returns=schemas.ReviewPage,
        scope="membership:read",
        errors=(Invalid,),
        writes=False,
    )
    def find_reviews(self, request: schemas.FindReviews) -> schemas.ReviewPage:
        """Sanctions that wait for the committee, a page at a time."""
        return self.app.find_reviews(request)
