"""The release of a round: one person approves it, another lets its offers be made.

First it is decided which lines are carried out: nothing is made for whom a suspension stops or who
has withdrawn, no person gets two offers, and nobody's offer is replaced who does not want that any
more. Then each line gets a place, a free one or one that somebody in the round leaves, and those
for which there is none any more are dropped; who would have moved stays where they are. Last come
the offers and statuses. All of it bears repetition; the clock completes what was cut off.
"""

from __future__ import annotations

from services.programmes.commands import rounds as commands
from services.programmes.domain.application import Application
from services.programmes.domain.offer import Offer, Recipient
from services.programmes.domain.offer_round import Line, OfferRound, RoundState, Skipped
from services.programmes.domain.persons import ASIDE
from services.programmes.domain.recycling import short
from services.programmes.domain.terms import ApplicationStatus
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
    """Make all offers of a round that is being released; safe to repeat."""
    with telemetry.apart():
        found = offering.rounds.get(round_id)
        if found.state is not RoundState.RELEASING:
            return found
        if found.kept is None:
            _decide(found, offering)
        found = _give_places(round_id, offering)
        if found.state is not RoundState.RELEASING:  # another one at work has finished it
            return found
        _settle_replaced(found, offering)
        here = offering.desk.round(found.cohort_id)
        for line in found.carried_out:
            _make(found, line, here, offering)
        return offering.rounds.change(round_id, lambda each: each.finish_release())


def offer_id_of(found: OfferRound, application_id: str) -> str:
    """The offer of a line has the same id however often it is made."""
    assert found.released_at is not None, "its release has begun"
    return telemetry.derived_id(milliseconds(found.released_at), f"{found.id}|{application_id}")


def _decide(found: OfferRound, offering: Offering) -> None:
    desk, cohort_id = offering.desk, found.cohort_id
    lines = {line.application_id: line for line in found.lines}
    holders = desk.all_of(cohort_id, offering.offers.live_in(cohort_id))
    asked = {each.id: each for each in desk.all_of(cohort_id, lines)}
    why = {id: _hindrance(lines[id], application) for id, application in asked.items()}
    able = [application for id, application in asked.items() if why[id] is None]
    why |= dict.fromkeys(desk.set_aside(able, holders), ASIDE)
    why |= {id: _unwanted(found, lines[id], offering) for id in asked if why[id] is None}
    dropped = [Skipped(id, reason) for id, reason in why.items() if reason is not None]
    kept = [id for id, reason in why.items() if reason is None]
    offering.rounds.change(found.id, lambda each: each.decide(kept, dropped))


def _hindrance(line: Line, application: Application) -> str | None:
    """Why a line comes to nothing whatever is wanted."""
    if application.paused_at is not None:
        return "paused"
    waits = application.status is ApplicationStatus.RANKED
    goes_on = waits if line.replaces is None else application.status in _ANSWERED
    return None if goes_on else application.status.value


def _unwanted(found: OfferRound, line: Line, offering: Offering) -> str | None:
    """Why an upgrade comes to nothing; if it does not, the old offer is from here on replaced."""
    if line.replaces is None:
        return None
    offer_id, now = offer_id_of(found, line.application_id), offering.desk.clock()
    old = offering.offers.change(line.replaces, lambda each: each.supersede(offer_id, now))
    return None if old.replaced_by == offer_id else "no_longer_wanted"


def _give_places(round_id: str, offering: Offering) -> OfferRound:
    """Let every offer that is made have its place; drop those for which there is none.

    What somebody leaves is passed on and free at no moment. Before that a free place is claimed for
    each of those who need one, so that nobody leaves what they have for a place that is gone. An
    offer has a place or is refused one in a single write, so two at work come to the same.
    """
    while True:
        found = offering.rounds.get(round_id)
        left, waiting = _places(found, offering)
        if not waiting:
            return found
        numbers = {post: len(ids) for post, ids in left.items()}
        needing = short(waiting, numbers)
        lacking = [line.application_id for line in needing if not _claim(found, line, offering)]
        if lacking:
            offering.rounds.change(round_id, lambda each, ids=lacking: each.drop(ids))  # type: ignore[misc]
            continue
        for line in waiting:
            if line not in needing:
                new = offer_id_of(found, line.application_id)
                offering.places.pass_on(left[line.post_id].pop(0), new)


def _places(found: OfferRound, offering: Offering) -> tuple[dict[str, list[str]], list[Line]]:
    """Which offers leave a place, by post, and which lines have none yet.

    Who has declined meanwhile has none and needs none, so what was made is looked up afterwards.
    """
    holders = offering.places.holders(found.cohort_id)
    made = {offer.application_id for offer in offering.offers.scan({"round_id": found.id})}
    left: dict[str, list[str]] = {}
    for line in found.carried_out:
        if line.replaces is not None and line.replaces in holders:
            post_id = offering.offers.get(line.replaces).post_id
            left.setdefault(post_id, []).append(line.replaces)
    waiting = [
        line
        for line in found.carried_out
        if line.application_id not in made
        and offer_id_of(found, line.application_id) not in holders
    ]
    return left, waiting


def _claim(found: OfferRound, line: Line, offering: Offering) -> bool:
    offer_id, places = offer_id_of(found, line.application_id), offering.places
    claimed = places.claim(found.cohort_id, line.post_id, offer_id)
    return claimed or not places.refuse(found.cohort_id, offer_id)


def _settle_replaced(found: OfferRound, offering: Offering) -> None:
    """Free what nobody in the round has taken over; who does not move has what they had."""
    carried_out = {line.application_id for line in found.carried_out}
    for line in found.lines:
        if line.replaces is None:
            continue
        if line.application_id in carried_out:
            offering.places.release(line.replaces)
        else:
            offer_id = offer_id_of(found, line.application_id)
            offering.offers.change(line.replaces, lambda old, by=offer_id: old.reinstate(by))  # type: ignore[misc]


def _make(found: OfferRound, line: Line, here: Round, offering: Offering) -> None:
    """Make the offer of a line, which has its place, then what follows from it."""
    offer_id = offer_id_of(found, line.application_id)
    if offering.offers.first({"_id": offer_id}) is None:
        offering.put(_offer_of(found, line, here, offering))
    offering.follow(offer_id)


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
