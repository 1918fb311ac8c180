"""Consent of members, and the words in which it is asked for."""

from typing import Any

from services.membership.commands import consents as commands
from services.membership.errors import Merged
from services.membership.schemas import consents as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Consents:
    """Consent of members, and the words in which it is asked for."""

    app: Any

    @rpc(
        commands.RecordConsent,
        returns=schemas.ConsentsView,
        scope="membership:write",
        own="member_id",
        errors=(Invalid, NotFound, Merged),
        writes=True,
    )
    def record_consent(self, command: commands.RecordConsent) -> schemas.ConsentsView:
        """Enter that a member consents, for staff or for the member."""
        return self.app.record_consent(command)

    @rpc(
        commands.WithdrawConsent,
        returns=schemas.ConsentsView,
        scope="membership:write",
        own="member_id",
        errors=(Invalid, NotFound),
        writes=True,
    )
    def withdraw_consent(self, command: commands.WithdrawConsent) -> schemas.ConsentsView:
        """Enter that a member does not consent, for staff or for the member."""
        return self.app.withdraw_consent(command)

    @rpc(
        schemas.GetConsents,
        returns=schemas.ConsentsView,
        scope="membership:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_consents(self, request: schemas.GetConsents) -> schemas.ConsentsView:
        """What a member consents to now, or did as known at an instant, and the whole ledger."""
        return self.app.get_consents(request)

    @rpc(
        schemas.GetConsentWordings,
        returns=schemas.ConsentWordingsView,
        scope="membership:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_consent_wordings(
        self, request: schemas.GetConsentWordings
    ) -> schemas.ConsentWordingsView:
        """What members are asked to consent to, and in which words."""
        return self.app.get_consent_wordings(request)
