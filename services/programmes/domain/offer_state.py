"""What can become of an offer, and what its application comes to by it."""

from collections.abc import Mapping
from enum import StrEnum

from services.programmes.domain.terms import ApplicationStatus


class OfferState(StrEnum):
    """What has become of an offer."""

    OPEN = "open"
    HELD = "held"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVERSED = "reversed"
    SUPERSEDED = "superseded"


LIVE = frozenset({OfferState.OPEN, OfferState.HELD, OfferState.ACCEPTED})
UNANSWERED = frozenset({OfferState.OPEN, OfferState.HELD})

STATUS: Mapping[OfferState, ApplicationStatus] = {
    OfferState.OPEN: ApplicationStatus.OFFERED,
    OfferState.HELD: ApplicationStatus.HELD,
    OfferState.ACCEPTED: ApplicationStatus.ACCEPTED,
    OfferState.DECLINED: ApplicationStatus.DECLINED,
    OfferState.EXPIRED: ApplicationStatus.EXPIRED,
    OfferState.REVERSED: ApplicationStatus.RANKED,
}
"""What an application comes to by an offer; by one that was replaced, nothing."""
