"""Events of offers and of the rounds in which they are made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.programmes.events.examples import (
    APPLICATION,
    COHORT,
    EARLIER_OFFER,
    MEMBER,
    OFFER,
    PROGRAMME,
    ROUND,
)
from shared.events import event, items

PROPOSED_AT_MOST = 5_000
SHORTLISTED_AT_MOST = 50_000

_OFFER: dict[str, Any] = {
    "offer_id": OFFER,
    "application_id": APPLICATION,
    "cohort_id": COHORT,
    "member_id": MEMBER,
    "programme_id": PROGRAMME,
    "post_id": "city_hospital",
}


@event(
    "offer.made",
    example={
        **_OFFER,
        "post_title": "Clinical fellow, Invented City Hospital",
        "holds_place": True,
        "made_at": "2027-05-28T09:00:00+00:00",
        "answer_by": "2027-06-02T09:00:00+00:00",
    },
)
@dataclass(frozen=True)
class OfferMade:
    """A post was offered; an answer is in time before ``answer_by``.

    An invitation of a course or event holds no place: whoever accepts first has it.
    """

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    post_title: str
    holds_place: bool
    made_at: datetime
    answer_by: datetime


@event("offer.accepted", example={**_OFFER, "accepted_at": "2027-05-28T12:30:00+00:00"})
@dataclass(frozen=True)
class OfferAccepted:
    """A member accepted an offer."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    accepted_at: datetime


@event(
    "offer.held",
    example={
        **_OFFER,
        "held_at": "2027-05-28T12:30:00+00:00",
        "answer_by": "2027-06-11T09:00:00+00:00",
    },
)
@dataclass(frozen=True)
class OfferHeld:
    """A member keeps an offer open for longer; an answer is in time before ``answer_by``."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    held_at: datetime
    answer_by: datetime


@event("offer.declined", example={**_OFFER, "declined_at": "2027-05-28T12:30:00+00:00"})
@dataclass(frozen=True)
class OfferDeclined:
    """A member declined an offer, gave back what they had accepted, or withdrew."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    declined_at: datetime


@event("offer.expired", example={**_OFFER, "expired_at": "2027-06-02T09:00:00+00:00"})
@dataclass(frozen=True)
class OfferExpired:
    """An offer was not answered in time."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    expired_at: datetime


@event(
    "offer.upgraded",
    example={
        **_OFFER,
        "replaced_offer_id": EARLIER_OFFER,
        "upgraded_at": "2027-06-03T09:00:00+00:00",
    },
)
@dataclass(frozen=True)
class OfferUpgraded:
    """A member has the post of this offer instead of one they liked less, as they had asked."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    replaced_offer_id: str
    upgraded_at: datetime


@event("offer.reversed", example={**_OFFER, "reversed_at": "2027-05-29T10:00:00+00:00"})
@dataclass(frozen=True)
class OfferReversed:
    """An offer was taken back with all others of its round."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    reversed_at: datetime


@event("offer.restored", example={**_OFFER, "restored_at": "2027-05-29T10:00:00+00:00"})
@dataclass(frozen=True)
class OfferRestored:
    """A member has a post again that an upgrade had replaced, as the upgrade was taken back."""

    offer_id: str
    application_id: str
    cohort_id: str
    member_id: str
    programme_id: str
    post_id: str
    restored_at: datetime


@event(
    "round.proposed",
    example={
        "round_id": ROUND,
        "cohort_id": COHORT,
        "member_ids": [MEMBER],
        "shortlisted_ids": [MEMBER],
    },
    private=True,
)
@dataclass(frozen=True)
class RoundProposed:
    """To whom a round would make offers, so that its fairness can be measured before.

    They are measured among all who were ever shortlisted, who are named here too: what was told of
    each of them may arrive later than this.
    """

    round_id: str
    cohort_id: str
    member_ids: tuple[str, ...] = items(PROPOSED_AT_MOST)
    shortlisted_ids: tuple[str, ...] = items(SHORTLISTED_AT_MOST)


@event(
    "round.released",
    example={
        "round_id": ROUND,
        "cohort_id": COHORT,
        "number": 1,
        "offers": 31,
        "released_at": "2027-05-28T09:00:00+00:00",
    },
)
@dataclass(frozen=True)
class RoundReleased:
    """All offers of a cohort's round were made."""

    round_id: str
    cohort_id: str
    number: int
    offers: int
    released_at: datetime


@event(
    "round.reversed",
    example={
        "round_id": ROUND,
        "cohort_id": COHORT,
        "number": 1,
        "reversed_at": "2027-05-29T10:00:00+00:00",
    },
)
@dataclass(frozen=True)
class RoundReversed:
    """All offers of a cohort's round were taken back."""

    round_id: str
    cohort_id: str
    number: int
    reversed_at: datetime
