"""Answers to offers: accepted, held, declined, or none in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from services.programmes.commands import offers as commands
from services.programmes.domain.application import PLACED, Application
from services.programmes.domain.calendar import add_working_hours
from services.programmes.domain.offer import Offer
from services.programmes.domain.offer_state import OfferState
from services.programmes.domain.workflow import OfferTerms
from services.programmes.errors import PlacementsBegun, PostFull
from services.programmes.handlers.offering import Offering
from services.programmes.handlers.turns import Due
from services.programmes.repository.belonging import page_of
from services.programmes.schemas import offers as schemas
from shared import telemetry
from shared.errors import Invalid


def accept_offer(command: commands.AcceptOffer, *, offering: Offering) -> schemas.OfferView:
    """Take an offer in time; of an invitation, one of the places that are left."""
    offer = offering.own(command.offer_id, command.member_id)
    terms, now = offering.desk.round(offer.cohort_id).workflow.offers, offering.desk.clock()
    offering.require_one(offer)
    if offer.invitation:
        return schemas.OfferView.of(_take_place(command, offer, terms, offering))
    accepted = offering.change(
        offer.id, lambda found: found.accept(terms, now, upgrades=command.upgrades)
    )
    return schemas.OfferView.of(accepted)


def _take_place(
    command: commands.AcceptOffer, offer: Offer, terms: OfferTerms, offering: Offering
) -> Offer:
    """What is claimed first is whether the answer came in time, then a place, then the offer."""
    now = offering.desk.clock()
    _require_place(offer, offering)
    claimed = offering.offers.change(
        offer.id, lambda found: found.claim(terms, now, upgrades=command.upgrades)
    )
    settled = offering.complete(claimed)
    if settled.state is not OfferState.ACCEPTED:
        settled.require_answerable(now)
        raise _full(offer)
    return offering.follow(offer.id)


def _require_place(offer: Offer, offering: Offering) -> None:
    """Who comes when all places are gone is told so before anything is written."""
    idle = offer.state is OfferState.OPEN and offer.claiming_at is None
    if idle and not offering.places.any_free(offer.cohort_id, offer.post_id):
        offer.require_answerable(offering.desk.clock())
        raise _full(offer)


def _full(offer: Offer) -> PostFull:
    return PostFull(offer_id=offer.id, post_id=offer.post_id)


def hold_offer(command: commands.HoldOffer, *, offering: Offering) -> schemas.OfferView:
    """Keep an offer until an instant that the workflow allows."""
    offer = offering.own(command.offer_id, command.member_id)
    here, now = offering.desk.round(offer.cohort_id), offering.desk.clock()
    offering.require_one(offer)
    terms, cohort = here.workflow.offers, here.cohort
    latest = add_working_hours(
        offer.made_at, terms.hold_hours, cohort.nation, cohort.zone
    ).astimezone(UTC)
    held = offering.change(
        offer.id,
        lambda found: found.hold(
            terms,
            now,
            until=command.until.astimezone(UTC).replace(microsecond=0),
            latest=max(latest, found.due_at),
            upgrades=command.upgrades,
        ),
    )
    return schemas.OfferView.of(held)


def decline_offer(command: commands.DeclineOffer, *, offering: Offering) -> schemas.OfferView:
    """Refuse an offer or give an accepted one back, so that its place goes on to others."""
    offer, now = offering.own(command.offer_id, command.member_id), offering.desk.clock()
    if offering.desk.applications.get(offer.application_id).status in PLACED:
        raise PlacementsBegun(
            "The placement was arranged; end_placement_early gives the post back.",
            application_ids=[offer.application_id],
        )
    offering.complete(offer)
    declined = offering.change(offer.id, lambda found: found.decline(now))
    return schemas.OfferView.of(declined)


def get_offer(request: schemas.GetOffer, *, offering: Offering) -> schemas.OfferView:
    """One offer; to a member, somebody else's does not exist."""
    return schemas.OfferView.of(offering.own(request.offer_id, request.member_id))


def find_offers(request: schemas.FindOffers, *, offering: Offering) -> schemas.OfferPage:
    """Offers as they were made; of a member also those of who was merged into them."""
    if request.cohort_id is None and request.member_id is None:
        reason = "This or member_id is needed."
        raise Invalid("Whose offers?", fields={"cohort_id": [reason]})
    if request.cohort_id is not None:
        offering.desk.cohorts.get(request.cohort_id)
    asked = {"cohort_id": request.cohort_id, "state": request.state}
    page = page_of(offering.offers, request, offering.desk.standings, **asked)
    return schemas.OfferPage(tuple(map(schemas.OfferView.of, page.items)), page.next_cursor)


def expire_offers(offering: Offering) -> Due[Offer]:
    """Let offers expire that were not answered in time, and complete what a crash left behind."""
    now = offering.desk.clock()
    return Due(offering.offers, now, lambda offer: _take_turn(offer, offering))


def _take_turn(offer: Offer, offering: Offering) -> None:
    now = offering.desk.clock()
    if offer.claiming_at is not None:
        offering.complete(offer)
    elif offer.unfollowed_at is not None:
        offering.follow(offer.id)
    else:
        offering.change(offer.id, lambda found: found.expire(now))


def pause_offers(offering: Offering, member_ids: Sequence[str], suspended: bool) -> None:
    """Stop the clock of answers while a suspension lasts, and let it go on with what was left."""
    with telemetry.apart():
        for member_id in member_ids:
            for offer in offering.offers.scan({"member_id": member_id}):
                if suspended and offer.unanswered:
                    offering.pause(offer)
                elif not suspended:
                    if offer.paused_at is not None:
                        offering.resume(offer)
                    offering.follow(offer.id)


def release_offers(offering: Offering, application: Application) -> None:
    """Give back what an application holds that was withdrawn, also where that was cut off."""
    offer = offering.offers.live_of(application.id)
    if offer is None:
        for earlier in offering.offers.scan({"application_id": application.id}):
            if earlier.unfollowed_at is not None:
                offering.follow(earlier.id)
        return
    now = offering.desk.clock()
    offering.complete(offer)
    with telemetry.apart():
        offering.change(offer.id, lambda found: found.withdraw(now))
