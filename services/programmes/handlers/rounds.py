"""Rounds of offers: planned, looked at, given up."""

from __future__ import annotations

from services.programmes.commands import rounds as commands
from services.programmes.domain.offer_round import OfferRound, RoundState
from services.programmes.domain.workflow import OfferWay
from services.programmes.errors import LaterRound, RoundUnderWay, WrongWay
from services.programmes.handlers.offering import Offering
from services.programmes.handlers.planning import Plan, Planning
from services.programmes.schemas import rounds as schemas
from shared import telemetry
from shared.errors import Duplicate, Invalid
from shared.events import new_id


def prepare_round(
    command: commands.PrepareRound, *, offering: Offering, planning: Planning
) -> schemas.RoundView:
    """Plan a cohort's next round; delivered again it gives what was planned."""
    round_id, rounds = new_id(), offering.rounds
    here, now = offering.desk.round(command.cohort_id), offering.desk.clock()
    if here.workflow.offers.way is not OfferWay.RANKED:
        way, needed = here.workflow.offers.way.value, [OfferWay.RANKED.value]
        raise WrongWay(cohort_id=here.cohort.id, way=way, needed=needed)
    earlier = rounds.of_cohort(here.cohort.id)
    if planned := [each for each in earlier if each.id == round_id]:
        return schemas.RoundView.of(planned[0])
    _require_none_under_way(here.cohort.id, offering)
    offering.places.prepare_posts(here.cohort)
    plan = _plan(command, earlier, planning)
    prepared = OfferRound(
        id=round_id,
        cohort_id=here.cohort.id,
        number=len(earlier) + 1,
        method=plan.method,
        digest=plan.digest,
        state=RoundState.PREPARED,
        lines=plan.lines,
        skipped=plan.skipped,
        prepared_by=telemetry.current().actor,
        prepared_at=now,
        match_id=command.match_id,
    )
    prepared.propose(planning.shortlisted(here.cohort.id))
    try:
        return schemas.RoundView.of(rounds.add(prepared))
    except Duplicate:
        _require_none_under_way(here.cohort.id, offering)
        raise


def _require_none_under_way(cohort_id: str, offering: Offering) -> None:
    under_way = offering.rounds.under_way(cohort_id)
    if under_way is not None:
        raise RoundUnderWay(round_id=under_way.id)


def _plan(command: commands.PrepareRound, earlier: list[OfferRound], planning: Planning) -> Plan:
    standing = [each for each in earlier if each.state is RoundState.RELEASED]
    if not standing and command.match_id is None:
        raise Invalid("By which match?", fields={"match_id": ["The first round needs a match."]})
    if command.match_id is not None:
        if standing:
            raise LaterRound(
                f"Round {standing[-1].number} stands: the next passes on what has become free, "
                "without match_id. For another match take that back first, by request_reversal and "
                "reverse_round.",
                round_id=standing[-1].id,
            )
        return planning.first(command.cohort_id, command.match_id)
    return planning.later(command.cohort_id, standing[-1].method)


def discard_round(command: commands.DiscardRound, *, offering: Offering) -> schemas.RoundView:
    """Give up a round that was not released."""
    return schemas.RoundView.of(
        offering.rounds.change(command.round_id, lambda found: found.discard())
    )


def get_round(request: schemas.GetRound, *, offering: Offering) -> schemas.RoundView:
    """One round with its lines."""
    return schemas.RoundView.of(offering.rounds.get(request.round_id))


def find_rounds(request: schemas.FindRounds, *, offering: Offering) -> schemas.RoundPage:
    """The rounds of a cohort as they were prepared."""
    cohort_id = offering.desk.cohorts.get(request.cohort_id).id
    page = offering.rounds.find(
        {"cohort_id": cohort_id}, cursor=request.cursor, limit=request.limit
    )
    return schemas.RoundPage(tuple(map(schemas.RoundSummary.of, page.items)), page.next_cursor)
