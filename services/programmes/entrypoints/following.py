"""What membership tells of its members, and research of rounds of offers."""

from typing import Any

from services.programmes import subscriptions
from services.programmes.schemas import following as schemas
from shared.events import Meta
from shared.messaging import subscribe
from shared.rpc import rpc


class Following:
    """What membership tells of its members."""

    app: Any

    @rpc(
        schemas.GetMemberStanding,
        returns=schemas.StandingView,
        scope="programmes:read",
        writes=False,
    )
    def get_member_standing(self, request: schemas.GetMemberStanding) -> schemas.StandingView:
        """What membership's events have told of a member."""
        return self.app.get_member_standing(request)

    @subscribe(
        subscriptions.ApplicationReceived,
        subscriptions.RegistrationVerified,
        subscriptions.RegistrationRefused,
        subscriptions.RegistrationStatusChanged,
        subscriptions.CareerStageChanged,
        subscriptions.MemberGradeChanged,
        subscriptions.StandingChanged,
        subscriptions.MemberAdmitted,
        subscriptions.MemberImported,
        subscriptions.DetailsCorrected,
        subscriptions.MemberMerged,
        subscriptions.MemberUnmerged,
    )
    def on_membership(self, event: subscriptions.MembershipEvent, meta: Meta) -> None:
        """Keep the local projection of members' standing."""
        self.app.record_standing(event, meta)

    @subscribe(subscriptions.ContactChanged)
    def on_contact(self, event: subscriptions.ContactChanged, meta: Meta) -> None:
        """Keep how members are called."""
        self.app.note_name(event, meta)

    @subscribe(subscriptions.FairnessMeasured)
    def on_fairness(self, event: subscriptions.FairnessMeasured, meta: Meta) -> None:
        """Keep what research measured of a round."""
        self.app.record_fairness(event, meta)

    @subscribe(subscriptions.ExportRequested)
    def on_export(self, event: subscriptions.ExportRequested, _meta: Meta) -> None:
        """Contribute to what a member is given."""
        self.app.contribute(event)

    @subscribe(subscriptions.MemberErased)
    def on_erased(self, event: subscriptions.MemberErased, _meta: Meta) -> None:
        """Forget a member."""
        self.app.forget_member(event)
