"""An offer of a post to one applicant: made, answered or not, replaced by a better one, taken back.

The offer decides. The place it holds and the status of the application follow it, each written
after it; ``unfollowed_at`` says since when they have to, so that a crash in between is made good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.programmes import errors
from services.programmes.domain.offer_state import LIVE, STATUS, UNANSWERED, OfferState
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.domain.workflow import OfferTerms
from services.programmes.events import (
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferHeld,
    OfferMade,
    OfferRestored,
    OfferReversed,
    OfferUpgraded,
)
from shared.errors import Conflict, Invalid, Refused
from shared.events import Aggregate


@dataclass(frozen=True)
class Recipient:
    """To whom an offer is made, and of what."""

    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    post_id: str


@dataclass
class Offer(Aggregate):
    """One offer; ``due_at`` is the first instant at which an answer is too late.

    An invitation, which is of no round, holds no place until it is accepted. Of several offers to
    one application that with the higher ``turn`` counts.
    """

    id: str
    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    post_id: str
    turn: int
    state: OfferState
    made_at: datetime
    due_at: datetime
    round_id: str | None = None
    upgrades: bool = False
    answered_at: datetime | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    replaced_in: OfferState | None = None
    """The state it was in when a better one replaced it."""
    paused_at: datetime | None = None
    left_seconds: int | None = None
    """The working time that was left when the clock of its answer stopped."""
    withdrawn: bool = False
    """Ended by the withdrawal of the application, whose status is not the offer's to say then."""
    claiming_at: datetime | None = None
    """Since when an invitation, accepted in time, is waiting to see whether a place is free."""
    placed_at: datetime | None = None
    """Since when a placement is arranged by it; from then on it is not given back."""
    unfollowed_at: datetime | None = None
    waits: bool = False
    """What has to follow waits for the end of a suspension."""

    @classmethod
    def make(
        cls,
        id: str,
        to: Recipient,
        *,
        round_id: str | None,
        turn: int,
        post_title: str,
        now: datetime,
        due_at: datetime,
    ) -> Offer:
        """An open offer, or without a round an invitation."""
        offer = cls(
            id=id,
            application_id=to.application_id,
            cohort_id=to.cohort_id,
            programme_id=to.programme_id,
            member_id=to.member_id,
            post_id=to.post_id,
            round_id=round_id,
            turn=turn,
            state=OfferState.OPEN,
            made_at=now,
            due_at=due_at,
            unfollowed_at=now,
        )
        offer._tell(
            OfferMade,
            post_title=post_title,
            holds_place=offer.holds_place,
            made_at=now,
            answer_by=due_at,
        )
        return offer

    @classmethod
    def upgrade(
        cls, id: str, old: Offer, to: Recipient, *, round_id: str, turn: int, now: datetime
    ) -> Offer:
        """What replaces an offer, answered as that was."""
        assert old.replaced_in is not None, "it was replaced first"
        offer = cls(
            id=id,
            application_id=to.application_id,
            cohort_id=to.cohort_id,
            programme_id=to.programme_id,
            member_id=to.member_id,
            post_id=to.post_id,
            round_id=round_id,
            turn=turn,
            state=old.replaced_in,
            made_at=now,
            due_at=old.due_at,
            upgrades=True,
            answered_at=old.answered_at,
            replaces=old.id,
            unfollowed_at=now,
        )
        offer._tell(OfferUpgraded, replaced_offer_id=old.id, upgraded_at=now)
        return offer

    @property
    def invitation(self) -> bool:
        return self.round_id is None

    @property
    def live(self) -> bool:
        """Whether it still stands, answered or not."""
        return self.state in LIVE

    @property
    def holds_place(self) -> bool:
        """Whether a place is kept for it; for an invitation only once it was accepted."""
        return self.live and (not self.invitation or self.state is OfferState.ACCEPTED)

    @property
    def unanswered(self) -> bool:
        return self.state in UNANSWERED

    @property
    def mark(self) -> str:
        """Sorts what an application follows: later offers, and later states of one, after others.

        Only a stored offer has one.
        """
        return f"{self.turn:010}.{self.version:010}"

    @property
    def status(self) -> ApplicationStatus | None:
        """The status that an application has by this offer, unless it was replaced or withdrawn."""
        return None if self.withdrawn else STATUS.get(self.state)

    # Answers

    def accept(self, terms: OfferTerms, now: datetime, *, upgrades: bool) -> None:
        """Take it, or if it was taken before, say whether better ones are still wanted.

        Raises UpgradesNotMade, OnHold, and what ``require_answerable`` does.
        """
        self._require_upgrades(terms, upgrades)
        self.require_answerable(now)
        self.upgrades = upgrades
        if self.state is not OfferState.ACCEPTED:
            self._come_to(OfferState.ACCEPTED, now)
            self._tell(OfferAccepted, accepted_at=now)

    def hold(
        self, terms: OfferTerms, now: datetime, *, until: datetime, latest: datetime, upgrades: bool
    ) -> None:
        """Keep it until an instant, by ``latest``, before which it is to be answered after all.

        Raises HoldsNotAllowed, UpgradesNotMade, OfferTaken once it was accepted, Invalid naming
        ``until``, and what ``require_answerable`` does.
        """
        if not terms.holds:
            raise errors.HoldsNotAllowed(cohort_id=self.cohort_id)
        self._require_upgrades(terms, upgrades)
        self.require_answerable(now)
        if self.state is OfferState.ACCEPTED:
            raise errors.OfferTaken(offer_id=self.id)
        if not now < until <= latest:
            reason = f"Must be later than now, and no later than {latest.isoformat()}."
            raise Invalid("It cannot be held so.", fields={"until": [reason]})
        if self.state is OfferState.HELD and (self.due_at, self.upgrades) == (until, upgrades):
            return
        self.due_at, self.upgrades = until, upgrades
        self._come_to(OfferState.HELD, now)
        self._tell(OfferHeld, held_at=now, answer_by=until)

    def decline(self, now: datetime) -> None:
        """Refuse it, or give back what was accepted.

        Raises PlacementsBegun, and what ``require_answerable`` does.
        """
        if self.state is OfferState.DECLINED:
            return
        if self.placed_at is not None:
            raise errors.PlacementsBegun(
                "The placement was arranged; end_placement_early gives the post back.",
                application_ids=[self.application_id],
            )
        self.require_answerable(now)
        self._end(now)

    def place(self, now: datetime) -> None:
        """Arrange a placement by it: from here on it is neither declined, replaced nor taken back.

        Only the withdrawal of the application still ends it, where that comes before the placement.
        Raises NothingAccepted.
        """
        if self.state is not OfferState.ACCEPTED:
            raise errors.NothingAccepted(application_id=self.application_id)
        self.placed_at = self.placed_at or now

    def withdraw(self, now: datetime) -> None:
        """The applicant wants nothing any more, whatever they said before."""
        if self.live:
            self._end(now)
            self.withdrawn, self.placed_at = True, None

    def _end(self, now: datetime) -> None:
        self._come_to(OfferState.DECLINED, now)
        self._tell(OfferDeclined, declined_at=now)

    def require_answerable(self, now: datetime) -> None:
        """Raises why it cannot be answered any more, and OnHold.

        While the place of an invitation is being looked for, Conflict: try again.
        """
        if not self.live:
            raise self._over()
        if self.paused_at is not None:
            raise errors.OnHold(application_id=self.application_id)
        if self.claiming_at is not None:
            raise Conflict("It is being accepted at this moment; try again.", id=self.id)
        if self.unanswered and now >= self.due_at:
            raise errors.OfferExpired(
                offer_id=self.id, due_at=self.due_at.isoformat(), now=now.isoformat()
            )

    def _over(self) -> Refused:
        since = (self.answered_at or self.made_at).isoformat()
        match self.state:
            case OfferState.EXPIRED:
                return errors.OfferExpired(offer_id=self.id, due_at=self.due_at.isoformat())
            case OfferState.DECLINED:
                return errors.OfferDeclined(offer_id=self.id, since=since)
            case OfferState.REVERSED:
                return errors.OfferReversed(offer_id=self.id, since=since)
            case _:
                return errors.OfferSuperseded(offer_id=self.id, by=self.replaced_by)

    def _require_upgrades(self, terms: OfferTerms, wanted: bool) -> None:
        if wanted and not terms.upgrades:
            raise errors.UpgradesNotMade(cohort_id=self.cohort_id)

    # Invitations

    def claim(self, terms: OfferTerms, now: datetime, *, upgrades: bool) -> None:
        """Accept an invitation in time: whether a place is free is seen next.

        Raises what ``accept`` does.
        """
        self._require_upgrades(terms, upgrades)
        if self.claiming_at is None:
            self.require_answerable(now)
            if self.state is not OfferState.ACCEPTED:
                self.claiming_at = now

    def win(self, now: datetime) -> None:
        """There was a place."""
        if self.claiming_at is not None:
            self.claiming_at = None
            self._come_to(OfferState.ACCEPTED, now)
            self._tell(OfferAccepted, accepted_at=now)

    def lose(self) -> None:
        """There was none; until it is due it may be tried again."""
        self.claiming_at = None

    # The clock

    def expire(self, now: datetime) -> None:
        """It was not answered in time; nothing happens if it was, or while its clock stands."""
        waiting = self.unanswered and self.paused_at is None and self.claiming_at is None
        if waiting and now >= self.due_at:
            self._come_to(OfferState.EXPIRED, now)
            self._tell(OfferExpired, expired_at=self.due_at)

    def pause(self, now: datetime, left_seconds: int) -> None:
        """Stop the clock of the answer; the place stays."""
        if self.unanswered and self.paused_at is None and now < self.due_at:
            self.paused_at, self.left_seconds = now, left_seconds

    def resume(self, due_at: datetime) -> None:
        """Let the clock go on with what was left."""
        if self.paused_at is not None:
            self.paused_at = self.left_seconds = None
            self.due_at = due_at

    # Rounds

    def supersede(self, by: str, now: datetime) -> None:
        """Let a better one replace it; nothing happens unless that is still wanted."""
        wanted = self.state in {OfferState.HELD, OfferState.ACCEPTED} and self.upgrades
        late = self.unanswered and now >= self.due_at
        if wanted and not late and self.paused_at is None and self.placed_at is None:
            self.replaced_by, self.replaced_in = by, self.state
            self.state = OfferState.SUPERSEDED

    def reinstate(self, by: str) -> None:
        """The better one did not come about before anybody was told of it."""
        if self.replaced_by == by and self.replaced_in is not None:
            self.state = self.replaced_in
            self.replaced_by = self.replaced_in = None

    def restore(self, by: str, turn: int, now: datetime, due_at: datetime) -> None:
        """The better one was taken back, so that this one stands again."""
        if self.replaced_by == by and self.replaced_in is not None:
            self.reinstate(by)
            self.turn = turn
            if self.unanswered:
                self.due_at = max(self.due_at, due_at)
            self.unfollowed_at, self.waits = now, False
            self._tell(OfferRestored, restored_at=now)

    def reverse(self, now: datetime) -> None:
        """Take it back with its round, however it was answered, unless a placement is arranged."""
        over = self.state in {OfferState.REVERSED, OfferState.SUPERSEDED}
        if not over and self.placed_at is None:
            self._come_to(OfferState.REVERSED, now)
            self._tell(OfferReversed, reversed_at=now)

    # What follows

    def followed(self, version: int) -> None:
        """Place and application have followed it as it was in that version."""
        if self.version == version:
            self.unfollowed_at, self.waits = None, False

    def wait(self, waits: bool) -> None:
        """Let what has to follow wait until somebody goes on with it, or no longer."""
        self.waits = waits and self.unfollowed_at is not None

    def forget(self) -> None:
        """Keep the facts; what somebody wrote of it stands in the trail alone."""

    def _come_to(self, state: OfferState, now: datetime) -> None:
        self.state, self.answered_at, self.unfollowed_at = state, now, now
        self.waits = False
        self.paused_at = self.left_seconds = self.claiming_at = None

    def _tell(self, kind: type[Any], **facts: Any) -> None:
        self.record(
            kind(
                offer_id=self.id,
                application_id=self.application_id,
                cohort_id=self.cohort_id,
                member_id=self.member_id,
                programme_id=self.programme_id,
                post_id=self.post_id,
                **facts,
            )
        )
