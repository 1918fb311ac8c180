"""Reads of offers, and their answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.domain.offer import Offer
from services.programmes.domain.offer_state import OfferState
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetOffer:
    """Ask for one offer; with ``member_id``, only if it is that member's."""

    offer_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class FindOffers:
    """Ask for the offers of a cohort, of a member, or of a member in a cohort, as they came."""

    cohort_id: str | None = text(64, default=None)
    member_id: str | None = text(64, default=None, description="Members must give their own.")
    state: OfferState | None = None
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class OfferView:
    """An offer; an answer is in time before ``answer_by``, which is null once there is one.

    While ``paused`` the clock of the answer stands. ``replaced_by`` is the better one that came
    instead. ``holds_place`` says whether a place is kept for it now: not once it is over, and none
    is for an invitation, with which whoever accepts first has the place.
    """

    offer_id: str
    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    post_id: str
    round_id: str | None
    state: OfferState
    made_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None
    holds_place: bool
    upgrades: bool
    paused: bool
    replaces: str | None
    replaced_by: str | None

    @classmethod
    def of(cls, offer: Offer) -> Self:
        return cls(
            offer_id=offer.id,
            application_id=offer.application_id,
            cohort_id=offer.cohort_id,
            programme_id=offer.programme_id,
            member_id=offer.member_id,
            post_id=offer.post_id,
            round_id=offer.round_id,
            state=offer.state,
            made_at=offer.made_at,
            answer_by=offer.due_at if offer.unanswered else None,
            answered_at=offer.answered_at,
            holds_place=offer.holds_place,
            upgrades=offer.upgrades,
            paused=offer.paused_at is not None,
            replaces=offer.replaces,
            replaced_by=offer.replaced_by,
        )


@dataclass(frozen=True)
class OfferPage:
    """Some offers; ``next_cursor`` is null on the last page."""

    items: tuple[OfferView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class NotInvited:
    """An application that was not invited: it is in another status, on hold, or not the only one.

    Of a person with several ``other_application`` says that another one is considered.
    """

    application_id: str
    status: ApplicationStatus
    paused: bool
    other_application: bool


@dataclass(frozen=True)
class InvitationsView:
    """How many applicants were invited to a post, before included, and who could not be."""

    cohort_id: str
    post_id: str
    invited: int
    not_invited: tuple[NotInvited, ...]


@dataclass(frozen=True)
class CapacityView:
    """The places that a post has, and how many of them are held."""

    cohort_id: str
    post_id: str
    capacity: int
    held: int
