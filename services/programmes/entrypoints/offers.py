"""Offers and the answers to them; the places of posts, and invitations to take one."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import offers as commands
from services.programmes.schemas import offers as schemas
from shared.errors import Conflict, Invalid, NotFound
from shared.rpc import rpc

_TOO_LATE = (
    NotFound,
    Conflict,
    errors.OnHold,
    errors.OfferExpired,
    errors.OfferDeclined,
    errors.OfferReversed,
    errors.OfferSuperseded,
)


class Offers:
    """Offers and the answers to them; the places of posts, and invitations to take one."""

    app: Any

    @rpc(
        commands.AcceptOffer,
        returns=schemas.OfferView,
        scope="programmes:write",
        own="member_id",
        errors=(
            *_TOO_LATE,
            errors.OtherOfferAccepted,
            errors.UpgradesNotMade,
            errors.PostFull,
        ),
        writes=True,
    )
    def accept_offer(self, command: commands.AcceptOffer) -> schemas.OfferView:
        """Take an offer, or one of the places that an invitation is for."""
        return self.app.accept_offer(command)

    @rpc(
        commands.HoldOffer,
        returns=schemas.OfferView,
        scope="programmes:write",
        own="member_id",
        errors=(
            *_TOO_LATE,
            Invalid,
            errors.HoldsNotAllowed,
            errors.UpgradesNotMade,
            errors.OfferTaken,
            errors.OtherOfferAccepted,
        ),
        writes=True,
    )
    def hold_offer(self, command: commands.HoldOffer) -> schemas.OfferView:
        """Keep an offer for longer without accepting it yet."""
        return self.app.hold_offer(command)

    @rpc(
        commands.DeclineOffer,
        returns=schemas.OfferView,
        scope="programmes:write",
        own="member_id",
        sensitive=("reason",),
        errors=(*_TOO_LATE, errors.PlacementsBegun),
        writes=True,
    )
    def decline_offer(self, command: commands.DeclineOffer) -> schemas.OfferView:
        """Refuse an offer, or give back what was accepted."""
        return self.app.decline_offer(command)

    @rpc(
        commands.InviteApplicants,
        returns=schemas.InvitationsView,
        scope="programmes:write",
        errors=(Invalid, NotFound, errors.NotInCohort, errors.WrongWay),
        writes=True,
    )
    def invite_applicants(self, command: commands.InviteApplicants) -> schemas.InvitationsView:
        """Invite applicants of a course or event to take a place while there are any."""
        return self.app.invite_applicants(command)

    @rpc(
        commands.ChangePostCapacity,
        returns=schemas.CapacityView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(Invalid, NotFound, errors.PlacesHeld, errors.RoundUnderWay),
        writes=True,
    )
    def change_post_capacity(self, command: commands.ChangePostCapacity) -> schemas.CapacityView:
        """Let a post have more places, or fewer as far as they are free."""
        return self.app.change_post_capacity(command)

    @rpc(
        schemas.GetOffer,
        returns=schemas.OfferView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_offer(self, request: schemas.GetOffer) -> schemas.OfferView:
        """One offer; members give their own ``member_id``."""
        return self.app.get_offer(request)

    @rpc(
        schemas.FindOffers,
        returns=schemas.OfferPage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_offers(self, request: schemas.FindOffers) -> schemas.OfferPage:
        """The offers of a cohort or a member as they were made."""
        return self.app.find_offers(request)
