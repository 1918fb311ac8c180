"""The release of a round: one person approves it, another lets its offers be made.

First it is decided, for good, which lines are carried out: nothing is made for whom a suspension
stops or who has withdrawn, and nobody's offer is replaced who does not want that any more. Then the
places of replaced offers are freed, and each line gets a place, its offer and its status. All of it
bears repetition; the clock completes what was cut off.
"""

from __future__ import annotations

from services.programmes.commands import rounds as commands
from services.programmes.domain.offer import Offer, Recipient
from services.programmes.domain.offer_round import Line, OfferRound, RoundState, Skipped
from services.programmes.domain.recycling import feasible
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import PostFull
from services.programmes.handlers.desk import Round
from services.programmes.handlers.gate import Gate
from services.programmes.handlers.offering import Offering
from services.programmes.schemas import rounds as schemas
from shared import telemetry
from shared.outbox import milliseconds

_ANSWERED = frozenset({ApplicationStatus.HELD, ApplicationStatus.ACCEPTED})


def approve_round(command: commands.ApproveRound, *, offering: Offering) -> schemas.RoundView:
    """Say, as one person, that a round may be released."""
    by, now = telemetry.current().actor, offering.desk.clock()
    approved = offering.rounds.change(command.round_id, lambda found: found.approve(by, now))
    return schemas.RoundView.of(approved)


def release_round(
    command: commands.ReleaseRound, *, offering: Offering, gate: Gate
) -> schemas.RoundView:
    """Make the offers of a round, as another person."""
    by, now = telemetry.current().actor, offering.desk.clock()
    findings = gate.findings(offering.rounds.get(command.round_id))
    offering.rounds.change(
        command.round_id, lambda found: found.start_release(by, command.reason, findings, now)
    )
    return schemas.RoundView.of(carry_out_release(offering, command.round_id))


def carry_out_release(offering: Offering, round_id: str) -> OfferRound:
    """Make all offers of a round that is being released; safe to repeat.

    Raises PostFull, once all others are made, for a post that has lost a place meanwhile.
    """
    with telemetry.apart():
        found = offering.rounds.get(round_id)
        if found.state is not RoundState.RELEASING:
            return found
        if found.kept is None:
            found = _decide(found, offering)
        _settle_replaced(found, offering)
        here = offering.desk.round(found.cohort_id)
        lacking = [line for line in found.carried_out if not _make(found, line, here, offering)]
        if lacking:
            raise PostFull(post_id=lacking[0].post_id)
        return offering.rounds.change(round_id, lambda each: each.finish_release())


def offer_id_of(found: OfferRound, application_id: str) -> str:
    """The offer of a line has the same id however often it is made."""
    assert found.released_at is not None, "its release has begun"
    return telemetry.derived_id(milliseconds(found.released_at), f"{found.id}|{application_id}")


def _decide(found: OfferRound, offering: Offering) -> OfferRound:
    hindered = {line: _hindrance(found, line, offering) for line in found.lines}
    able = [line for line, reason in hindered.items() if reason is None]
    replaced = {
        line.application_id: offering.offers.get(line.replaces).post_id
        for line in able
        if line.replaces is not None
    }
    kept = feasible(able, offering.places.free(found.cohort_id), replaced)
    here = {line.application_id for line in kept}
    dropped = [
        Skipped(line.application_id, reason or "no_place")
        for line, reason in hindered.items()
        if line.application_id not in here
    ]
    carried_out = [line.application_id for line in kept]
    return offering.rounds.change(found.id, lambda each: each.decide(carried_out, dropped))


def _hindrance(found: OfferRound, line: Line, offering: Offering) -> str | None:
    """Why a line comes to nothing; that of an upgrade is free from here on to be replaced."""
    application = offering.desk.applications.get(line.application_id)
    if application.paused_at is not None:
        return "paused"
    if line.replaces is None:
        waits = application.status is ApplicationStatus.RANKED
        return None if waits else application.status.value
    if application.status not in _ANSWERED:
        return application.status.value
    offer_id, now = offer_id_of(found, line.application_id), offering.desk.clock()
    old = offering.offers.change(line.replaces, lambda each: each.supersede(offer_id, now))
    return None if old.replaced_by == offer_id else "no_longer_wanted"


def _settle_replaced(found: OfferRound, offering: Offering) -> None:
    """Free what is replaced; what is not after all stands as before."""
    carried_out = {line.application_id for line in found.carried_out}
    for line in found.lines:
        if line.replaces is None:
            continue
        if line.application_id in carried_out:
            offering.places.release(line.replaces)
        else:
            offer_id = offer_id_of(found, line.application_id)
            offering.offers.change(line.replaces, lambda old, by=offer_id: old.reinstate(by))  # type: ignore[misc]


def _make(found: OfferRound, line: Line, here: Round, offering: Offering) -> bool:
    """Whether the offer of a line is there now: its place first, then the offer, then the rest."""
    offer_id = offer_id_of(found, line.application_id)
    if offering.offers.first({"_id": offer_id}) is None:
        if not offering.places.claim(found.cohort_id, line.post_id, offer_id):
            return False
        offering.put(_offer_of(found, line, here, offering))
    offering.follow(offer_id)
    return True


def _offer_of(found: OfferRound, line: Line, here: Round, offering: Offering) -> Offer:
    now, post = offering.desk.clock(), here.cohort.post(line.post_id)
    offer_id, turn = offer_id_of(found, line.application_id), turn_of(found)
    to = Recipient(
        line.application_id, found.cohort_id, here.programme.id, line.member_id, line.post_id
    )
    if line.replaces is not None:
        old = offering.offers.get(line.replaces)
        return Offer.upgrade(offer_id, old, to, round_id=found.id, turn=turn, now=now)
    return Offer.make(
        offer_id,
        to,
        round_id=found.id,
        turn=turn,
        post_title=post.title if post else line.post_id,
        now=now,
        due_at=offering.due_at(here.cohort, here.workflow, now),
    )


def turn_of(found: OfferRound) -> int:
    """Of offers; odd ones are left to what a reversal of the round brings back."""
    return 2 * found.number
