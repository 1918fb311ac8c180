"""Taking a round back: one person asks for it, another agrees.

Every offer of the round is taken back, also those that were accepted, its place freed and the
application ranked again. Whom an upgrade had moved gets back what they had before. An application
whose placement has begun is spared.
"""

from __future__ import annotations

from services.programmes.commands import rounds as commands
from services.programmes.domain.offer import Offer
from services.programmes.domain.offer_round import OfferRound, RoundState, Skipped
from services.programmes.errors import LaterRound, PlacementsBegun, RoundUnderWay
from services.programmes.handlers.desk import Round
from services.programmes.handlers.offering import Offering
from services.programmes.handlers.releasing import carry_out_release, turn_of
from services.programmes.handlers.turns import Due
from services.programmes.schemas import rounds as schemas
from shared import telemetry
from shared.errors import Duplicate

_SHOWN = 20


def request_reversal(command: commands.RequestReversal, *, offering: Offering) -> schemas.RoundView:
    """Ask, as one person, that all offers of the latest round be taken back."""
    by, now = telemetry.current().actor, offering.desk.clock()
    _require_reversible(offering.rounds.get(command.round_id), offering)
    asked = offering.rounds.change(command.round_id, lambda found: found.request_reversal(by, now))
    return schemas.RoundView.of(asked)


def reverse_round(command: commands.ReverseRound, *, offering: Offering) -> schemas.RoundView:
    """Take all offers of a round back, as another person."""
    by, now = telemetry.current().actor, offering.desk.clock()
    found = offering.rounds.get(command.round_id)
    if found.state is RoundState.RELEASED:
        _require_reversible(found, offering)
    try:
        offering.rounds.change(command.round_id, lambda each: each.start_reversal(by, now))
    except Duplicate:
        raise _under_way(found.cohort_id, offering) from None
    return schemas.RoundView.of(carry_out_reversal(offering, command.round_id))


def _require_reversible(found: OfferRound, offering: Offering) -> None:
    later = [
        each for each in offering.rounds.of_cohort(found.cohort_id) if each.number > found.number
    ]
    if released := [each for each in later if each.state is RoundState.RELEASED]:
        raise LaterRound(
            f"Round {released[-1].number} builds on it; take that back first, by request_reversal "
            "and reverse_round.",
            round_id=released[-1].id,
        )
    under_way = offering.rounds.under_way(found.cohort_id)
    if under_way is not None and under_way.id != found.id:
        raise RoundUnderWay(round_id=under_way.id)
    made = offering.offers.scan({"round_id": found.id})
    begun = [offer.application_id for offer in made if offer.placed_at is not None]
    if begun:
        raise PlacementsBegun(application_ids=begun[:_SHOWN])


def _under_way(cohort_id: str, offering: Offering) -> RoundUnderWay:
    found = offering.rounds.under_way(cohort_id)
    return RoundUnderWay(round_id=found.id if found is not None else None)


def carry_out_reversal(offering: Offering, round_id: str) -> OfferRound:
    """Take back all offers of a round that is being reversed; safe to repeat."""
    with telemetry.apart():
        found = offering.rounds.get(round_id)
        if found.state is not RoundState.REVERSING:
            return found
        here = offering.desk.round(found.cohort_id)
        made = list(offering.offers.scan({"round_id": round_id}))
        taken = [offer for offer in made if _take_back(offer, offering)]
        # Only now are all places free that somebody may get back.
        for offer in taken:
            if offer.replaces is not None:
                _give_back(offer, found, here, offering)
            offering.follow(offer.id)
        ids = {offer.id for offer in taken}
        spared = [Skipped(offer.application_id, "placed") for offer in made if offer.id not in ids]
        return offering.rounds.change(round_id, lambda each: each.finish_reversal(spared))


def _take_back(offer: Offer, offering: Offering) -> bool:
    """Whether it could be; the application follows once everybody's is taken back."""
    now = offering.desk.clock()
    taken = offering.offers.change(offer.id, lambda found: found.reverse(now))
    if taken.placed_at is not None:
        return False
    offering.places.release(offer.id)
    return True


def _give_back(offer: Offer, found: OfferRound, here: Round, offering: Offering) -> None:
    """Let the offer stand again that this one had replaced, if its post still has the place."""
    old, now = offering.offers.get(offer.replaces or ""), offering.desk.clock()
    if old.replaced_by == offer.id and offering.places.claim(old.cohort_id, old.post_id, old.id):
        due_at, turn = offering.due_at(here.cohort, here.workflow, now), turn_of(found) + 1
        offering.offers.change(old.id, lambda each: each.restore(offer.id, turn, now, due_at))
    offering.follow(old.id)


def finish_rounds(offering: Offering) -> Due[OfferRound]:
    """Complete releases and reversals that were cut off."""

    def complete(found: OfferRound) -> None:
        carry_out_release(offering, found.id)
        carry_out_reversal(offering, found.id)

    return Due(offering.rounds, offering.desk.clock(), complete)
