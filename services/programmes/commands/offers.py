"""What may be asked about offers: answers, invitations, and the places there are."""

from dataclasses import dataclass
from datetime import datetime

from services.programmes.domain.terms import SNAKE_CASE
from shared.events import integer, items, text

INVITED_A_CALL = 5_000


@dataclass(frozen=True, kw_only=True)
class AcceptOffer:
    """Take an offer, or, once it is taken, say whether better ones are still wanted."""

    offer_id: str = text(64)
    member_id: str = text(64, description="Whose offer it is; members give their own.")
    upgrades: bool = False


@dataclass(frozen=True, kw_only=True)
class HoldOffer:
    """Keep an offer for longer without accepting it yet."""

    offer_id: str = text(64)
    member_id: str = text(64, description="Whose offer it is; members give their own.")
    until: datetime
    upgrades: bool = False


@dataclass(frozen=True, kw_only=True)
class DeclineOffer:
    """Refuse an offer, or give back what was accepted."""

    offer_id: str = text(64)
    member_id: str = text(64, description="Whose offer it is; members give their own.")
    reason: str = text(500, min_length=0, default="")


@dataclass(frozen=True, kw_only=True)
class InviteApplicants:
    """Invite applicants of a course or event to take a place of a post while there are any."""

    cohort_id: str = text(64)
    post_id: str | None = text(
        60, pattern=SNAKE_CASE, default=None, description="Needed where there are several."
    )
    application_ids: tuple[str, ...] | None = items(
        INVITED_A_CALL, min_length=1, default=None, description="By default all that wait."
    )


@dataclass(frozen=True, kw_only=True)
class ChangePostCapacity:
    """Let a post have more places, or fewer as far as they are free."""

    cohort_id: str = text(64)
    post_id: str = text(60, pattern=SNAKE_CASE)
    capacity: int = integer(1, 10_000)
    reason: str = text(500)
