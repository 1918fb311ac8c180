"""Offers, and the rounds in which they are made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.programmes.domain.offer import Offer
from services.programmes.domain.offer_round import UNDER_WAY, OfferRound, RoundState
from services.programmes.domain.offer_state import LIVE, OfferState
from services.programmes.repository.keys import TURN, turn_key
from shared.paging import equal
from shared.repository import Index, Repository, store_errors

_LIVE_KEY, _ROUND_KEY, _NUMBER_KEY = "live_key", "under_way_key", "number_key"
# Whoever wrote an offer lets place and application follow it at once, and who releases or reverses
# a round goes through its offers; the clock takes over what they have left behind.
_FOLLOWING = timedelta(minutes=1)
_CARRYING_OUT = timedelta(minutes=10)


class Offers(Repository[Offer]):
    """Offers; a unique key keeps those of one application that still stand to one.

    Those have a turn that are due for an answer, or that something has to follow yet.
    """

    collection = "offers"
    aggregate = Offer
    audited = True
    untracked = frozenset({TURN, _LIVE_KEY, "unfollowed_at", "claiming_at", "turn", "waits"})
    indexes = (
        Index(_LIVE_KEY, unique=True, sparse=True),
        Index(TURN, unique=True, sparse=True),
        Index(("cohort_id", "id")),
        Index(("cohort_id", "state", "id")),
        Index(("member_id", "id")),
        Index(("round_id", "id")),
        Index(("application_id", "id")),
    )

    def live_of(self, application_id: str) -> Offer | None:
        """The offer to an application that still stands, answered or not."""
        return self.first({_LIVE_KEY: application_id})

    def live_in(self, cohort_id: str) -> dict[str, Offer]:
        """The offers of a cohort that still stand, by application."""
        found = (self.scan({"cohort_id": cohort_id, "state": state.value}) for state in LIVE)
        return {offer.application_id: offer for of_state in found for offer in of_state}

    def accepted_of(self, application_id: str) -> Offer | None:
        """The offer that an applicant has accepted."""
        live = self.live_of(application_id)
        return live if live is not None and live.state is OfferState.ACCEPTED else None

    def _state(self, aggregate: Offer) -> dict[str, Any]:
        state = super()._state(aggregate)
        if aggregate.live:
            state[_LIVE_KEY] = aggregate.application_id
        due_at = _due_at(aggregate)
        if due_at is not None:
            state[TURN] = turn_key(due_at, aggregate.id)
        return state


def _due_at(offer: Offer) -> datetime | None:
    if offer.claiming_at is not None:
        return offer.claiming_at + _FOLLOWING
    if offer.unfollowed_at is not None:
        return None if offer.waits else offer.unfollowed_at + _FOLLOWING
    return offer.due_at if offer.unanswered and offer.paused_at is None else None


class OfferRounds(Repository[OfferRound]):
    """Rounds; unique keys number those of a cohort and let one be under way at a time."""

    collection = "offer_rounds"
    aggregate = OfferRound
    audited = True
    untracked = frozenset({TURN, _ROUND_KEY, _NUMBER_KEY})
    indexes = (
        Index(_ROUND_KEY, unique=True, sparse=True),
        Index(_NUMBER_KEY, unique=True),
        Index(TURN, unique=True, sparse=True),
        Index(("cohort_id", "id")),
    )

    def under_way(self, cohort_id: str) -> OfferRound | None:
        """The round of a cohort that was begun and not finished."""
        return self.first({_ROUND_KEY: cohort_id})

    def of_cohort(self, cohort_id: str) -> list[OfferRound]:
        """All rounds of a cohort in order."""
        return sorted(self.scan({"cohort_id": cohort_id}), key=lambda each: each.number)

    def match_released(self, cohort_id: str) -> str | None:
        """The match by which offers were made that still stand, if there is one."""
        released = equal({"cohort_id": cohort_id, "state": RoundState.RELEASED.value})
        with store_errors():
            found = list(self.documents.find(released, {"match_id": 1, "number": 1}))
        by_match = {each["number"]: each["match_id"] for each in found if each.get("match_id")}
        return by_match[max(by_match)] if by_match else None

    def _state(self, aggregate: OfferRound) -> dict[str, Any]:
        state = super()._state(aggregate)
        state[_NUMBER_KEY] = f"{aggregate.cohort_id}:{aggregate.number}"
        if aggregate.state in UNDER_WAY:
            state[_ROUND_KEY] = aggregate.cohort_id
        began = {
            RoundState.RELEASING: aggregate.released_at,
            RoundState.REVERSING: aggregate.reversed_at,
        }.get(aggregate.state)
        if began is not None:
            state[TURN] = turn_key(began + _CARRYING_OUT, aggregate.id)
        return state
