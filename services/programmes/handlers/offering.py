"""What every use case of offers needs: the offers with their places, and what follows from them.

An offer is written first. ``follow`` then frees the place of one that no longer stands and brings
the application to the status that the offer gives it. It bears repetition and two at work, and the
clock does it again for whatever a crash has left behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from services.programmes.domain.application import Application
from services.programmes.domain.calendar import (
    add_working_hours,
    add_working_time,
    working_time_between,
)
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.offer import Offer
from services.programmes.domain.offer_state import OfferState
from services.programmes.domain.terms import OUT, ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.errors import OnHold, OtherOfferAccepted
from services.programmes.handlers.desk import Desk
from services.programmes.repository.belonging import own
from shared import telemetry
from shared.errors import Duplicate

if TYPE_CHECKING:
    from services.programmes.repository import OfferRounds, Offers, Places


@dataclass(frozen=True)
class Offering:
    """The repositories of offers, and the desk."""

    desk: Desk
    offers: Offers
    rounds: OfferRounds
    places: Places

    def own(self, offer_id: str, member_id: str | None) -> Offer:
        """An offer; raises NotFound, to a member for somebody else's too."""
        return own(self.offers, offer_id, member_id, self.desk.standings)

    def require_one(self, offer: Offer) -> None:
        """Raises OtherOfferAccepted where the person has accepted one by another application.

        Whoever was merged since may have two in a cohort. Accepted at the very same moment both
        stand, and only one of them can be placed.
        """
        standings = self.desk.standings
        for id in standings.ids_of(standings.followed(offer.member_id)):
            wanted = {"member_id": id, "state": OfferState.ACCEPTED.value}
            for other in self.offers.scan({**wanted, "cohort_id": offer.cohort_id}):
                if other.application_id != offer.application_id:
                    raise OtherOfferAccepted(offer_id=other.id)

    def put(self, offer: Offer) -> Offer:
        """Keep a new offer; the one that was kept before if there is one, or by whom ever."""
        with telemetry.apart():
            try:
                return self.offers.add(offer)
            except Duplicate:
                return self.offers.get(offer.id)

    def change(self, offer_id: str, action: Callable[[Offer], object]) -> Offer:
        """Change an offer by the call in hand, then let place and application follow."""
        self.offers.change(offer_id, action)
        return self.follow(offer_id)

    def follow(self, offer_id: str) -> Offer:
        """Let place and application follow an offer as it is now.

        While a suspension stops the application, the clock of the offer stands too, and the rest
        waits.
        """
        with telemetry.apart():
            offer = self.offers.get(offer_id)
            if not offer.live and offer.state is not OfferState.SUPERSEDED:
                self.places.release(offer.id)  # the round frees that of one it has replaced
            if offer.unfollowed_at is None:
                return offer
            try:
                application = self._move(offer)
            except OnHold:
                return self._rest(offer)
            if offer.live and application.status in OUT:
                now = self.desk.clock()
                self.offers.change(offer.id, lambda found: found.withdraw(now))
                return self.follow(offer.id)
            if offer.paused_at is not None and application.paused_at is None:
                self.resume(offer)
                return self.follow(offer.id)
            return self.offers.change(offer.id, lambda found: found.followed(offer.version))

    def _move(self, offer: Offer) -> Application:
        workflow, now = self.desk.round(offer.cohort_id).workflow, self.desk.clock()
        return self.desk.applications.change(
            offer.application_id,
            lambda found: found.follow(offer.mark, offer.status, workflow, now),
        )

    def _rest(self, offer: Offer) -> Offer:
        """Let an offer wait until its application goes on.

        Who ends a suspension goes over the offers. Had that happened just before this was written,
        it would not have been seen, so the application is looked at again. One that is being
        corrected tells nobody that it is back: the clock looks after it.
        """
        application = self.desk.applications.get(offer.application_id)
        if application.paused_at is None and application.status is ApplicationStatus.RETURNED:
            return self.pause(offer)
        rested = self.pause(offer, waits=True)
        if self.desk.applications.get(offer.application_id).paused_at is not None:
            return rested
        self.resume(offer)
        return self.follow(offer.id)

    def pause(self, offer: Offer, *, waits: bool = False) -> Offer:
        """Stop the clock of an offer's answer; where it ``waits``, also what has to follow."""
        cohort, now = self.desk.cohorts.get(offer.cohort_id), self.desk.clock()

        def stop(found: Offer) -> None:
            left = working_time_between(now, found.due_at, cohort.nation, cohort.zone)
            found.pause(now, ceil(left.total_seconds()))
            found.wait(waits)

        return self.offers.change(offer.id, stop)

    def resume(self, offer: Offer) -> Offer:
        """Give anew what was left of the time to answer."""
        cohort, now = self.desk.cohorts.get(offer.cohort_id), self.desk.clock()

        def go_on(found: Offer) -> None:
            left = timedelta(seconds=found.left_seconds or 0)
            due_at = add_working_time(now, left, cohort.nation, cohort.zone)
            found.resume(due_at.astimezone(UTC))

        return self.offers.change(offer.id, go_on)

    def due_at(self, cohort: Cohort, workflow: Workflow, now: datetime) -> datetime:
        """When the answer to an offer made now is too late."""
        hours = workflow.offers.answer_hours
        return add_working_hours(now, hours, cohort.nation, cohort.zone).astimezone(UTC)

    def complete(self, offer: Offer) -> Offer:
        """See whether there is a place for an invitation that was accepted in time."""
        if offer.claiming_at is None:
            return offer
        won = self.places.claim(offer.cohort_id, offer.post_id, offer.id)
        now = self.desk.clock()
        with telemetry.apart():
            settled = self.offers.change(
                offer.id, lambda found: found.win(now) if won else found.lose()
            )
        if won and settled.state is not OfferState.ACCEPTED:
            self.places.release(offer.id)
        return self.follow(offer.id)
