"""Applications to become a member."""

from typing import Any

from services.membership.commands import applications as commands
from services.membership.errors import (
    AlreadyAdmitted,
    Merged,
    NotAnApplicant,
    NotVerified,
    PaymentRequired,
    ProfessionNotAdmitted,
    UnderReview,
)
from services.membership.schemas import applications as schemas
from services.membership.schemas.members import MemberView
from services.membership.subscriptions import (
    AlumniJoined,
    AlumniRemoved,
    ApplicationInterviewed,
    ApplicationLonglisted,
    ApplicationRanked,
    ApplicationShortlisted,
    ApplicationSubmitted,
    OfferAccepted,
    OfferMade,
    OfferReversed,
    PlacementStarted,
    Retraction,
    RoundProposed,
    StageEvent,
)
from shared.errors import Duplicate, Invalid, NotFound, Refused
from shared.events import Meta
from shared.messaging import subscribe
from shared.rpc import rpc


class Applications:
    """Applications to become a member."""

    app: Any

    @rpc(
        commands.Apply,
        returns=schemas.ApplicationView,
        scope="membership:write",
        sensitive=("given_name", "family_name", "email", "date_of_birth", "registration_number"),
        errors=(Invalid, Duplicate, ProfessionNotAdmitted),
        writes=True,
    )
    def apply(self, command: commands.Apply) -> schemas.ApplicationView:
        """Apply for membership."""
        return self.app.apply(command)

    @rpc(
        commands.Admit,
        returns=MemberView,
        scope="membership:write",
        errors=(
            Invalid,
            NotFound,
            NotVerified,
            UnderReview,
            AlreadyAdmitted,
            NotAnApplicant,
            PaymentRequired,
            Refused,
            Merged,
        ),
        writes=True,
    )
    def admit(self, command: commands.Admit) -> MemberView:
        """Admit a verified applicant."""
        return self.app.admit(command)

    @rpc(
        commands.Decline,
        returns=MemberView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(NotFound, NotAnApplicant, Merged),
        writes=True,
    )
    def decline(self, command: commands.Decline) -> MemberView:
        """Turn an application down."""
        return self.app.decline(command)

    @rpc(
        commands.ReopenApplication,
        returns=MemberView,
        scope="membership:write",
        sensitive=("reason",),
        errors=(NotFound, NotAnApplicant, ProfessionNotAdmitted, Merged),
        writes=True,
    )
    def reopen_application(self, command: commands.ReopenApplication) -> MemberView:
        """Take up an application again that was declined or withdrawn."""
        return self.app.reopen_application(command)

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

    @subscribe(
        ApplicationSubmitted,
        ApplicationLonglisted,
        ApplicationShortlisted,
        ApplicationInterviewed,
        ApplicationRanked,
        OfferMade,
        OfferAccepted,
        PlacementStarted,
        AlumniJoined,
        OfferReversed,
        AlumniRemoved,
    )
    def follow_applications(self, event: StageEvent | Retraction, _meta: Meta) -> None:
        """Tell how far applications got, under the pseudonym."""
        self.app.record_stage(event)

    @subscribe(RoundProposed)
    def follow_proposals(self, event: RoundProposed, _meta: Meta) -> None:
        """Tell to whom offers would be made, under pseudonyms."""
        self.app.translate_proposal(event)
