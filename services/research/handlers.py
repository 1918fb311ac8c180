"""The use cases of research: load, ask the domain to do one thing, save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from services.research import commands, schemas
from services.research.domain.characteristics import CodeList
from services.research.domain.disclosure import APPLIED, Snapshot, Table, proposal
from services.research.domain.fairness import BASE, CohortFairness, Comparison, Proposed
from services.research.domain.indicator import Reason, indicator
from services.research.domain.releases import Release, ReleaseHistory, history_id
from services.research.domain.responses import EqualityResponse
from services.research.domain.rights import NOTES, Answer
from services.research.errors import DisclosureRisk
from services.research.events import Figure
from services.research.subscriptions import (
    CohortOpened,
    ExportRequested,
    MemberErased,
    SelectionProposed,
    StageReached,
    StageRetracted,
)
from shared import telemetry
from shared.errors import NotFound
from shared.events import Aggregate, Clock, Meta
from shared.export import contribution

if TYPE_CHECKING:
    from services.research.repository import (
        Answers,
        Cohorts,
        EqualityResponses,
        Facts,
        Fairness,
        Releases,
    )

A = TypeVar("A", bound=Aggregate)


def record_equality_response(
    command: commands.RecordEqualityResponse,
    *,
    responses: EqualityResponses,
    codes: CodeList,
    clock: Clock,
) -> schemas.RecordedView:
    """Keep the answers in place of earlier ones; nothing of them is given back."""
    now = clock()

    def give(response: EqualityResponse) -> None:
        response.give(command.answers, consent=command.consent, codes=codes, now=now)

    first = EqualityResponse(command.pseudonym)
    give(first)
    responses.put(first, give)
    return schemas.RecordedView(recorded=True)


def withdraw_equality_response(
    command: commands.WithdrawEqualityResponse, *, responses: EqualityResponses, clock: Clock
) -> schemas.WithdrawnView:
    """Remove the answers; where there are none, the same is said."""
    now = clock()
    try:
        responses.change(command.pseudonym, lambda response: response.withdraw(now))
    except NotFound:
        return schemas.WithdrawnView(withdrawn=True)
    return schemas.WithdrawnView(withdrawn=True)


def record_stage(event: StageReached | StageRetracted, meta: Meta, *, facts: Facts) -> None:
    """Keep whether somebody reached a stage: what was told last, in whichever order it comes."""
    reached_on = event.reached_on if isinstance(event, StageReached) else None
    facts.record(event.pseudonym, event.cohort_id, event.stage, reached_on, meta.sequence)


def record_cohort(event: CohortOpened, meta: Meta, *, cohorts: Cohorts) -> None:
    """Keep a cohort's title for display."""
    cohorts.put(event.cohort_id, "opening", meta.sequence, {"title": event.title})


def contribute(event: ExportRequested, *, answers: Answers, clock: Clock) -> None:
    """Tell membership that nothing is kept under a member's id."""
    (data,) = contribution((), NOTES)
    today = clock().date()
    answers.add(Answer.contribute(event.request_id, event.member_id, data, today))


def forget_member(event: MemberErased, *, answers: Answers, clock: Clock) -> None:
    """Tell membership that nothing leads to the member."""
    answers.add(Answer.acknowledge(event.request_id, event.member_id, clock().date()))


def get_cohort(request: schemas.GetCohort, *, cohorts: Cohorts, facts: Facts) -> schemas.CohortView:
    """How much of a cohort has been heard of."""
    title, counts = _title(request.cohort_id, cohorts), facts.counts(request.cohort_id)
    if title is None and not counts:
        raise NotFound("There is no such cohort.", id=request.cohort_id)
    return schemas.CohortView(request.cohort_id, title, counts)


def relative_likelihood(
    request: schemas.RelativeLikelihood,
    *,
    responses: EqualityResponses,
    facts: Facts,
    releases: Releases,
    cohorts: Cohorts,
    codes: CodeList,
    clock: Clock,
) -> schemas.RelativeLikelihoodView:
    """The indicator from what may be shown; raises ``DisclosureRisk`` where nothing may."""
    codes.check_stages(request.base, request.stage)
    members = codes.check_groups(request.characteristic, request.group, request.reference)
    title, journeys = _title(request.cohort_id, cohorts), facts.journeys(request.cohort_id)
    if title is None and not journeys:
        raise NotFound("There is no such cohort.", id=request.cohort_id)
    current = _snapshot(request.characteristic, journeys, responses, codes, clock())
    table = Table(*members, request.stage, request.base)
    release = _release(request.cohort_id, request.characteristic, table, current, releases)
    return schemas.RelativeLikelihoodView.of(
        request,
        release,
        indicator(release.group, release.reference),
        title=title,
        code_list=codes.version,
        standing=not release.agrees_with(current),
    )


def _snapshot(
    characteristic: str,
    journeys: Mapping[str, frozenset[str]],
    responses: EqualityResponses,
    codes: CodeList,
    now: datetime,
) -> Snapshot:
    answers = responses.answers(journeys, characteristic)
    return Snapshot.take(now, journeys, answers, codes.characteristics[characteristic].unknown)


def _release(
    cohort_id: str, characteristic: str, table: Table, current: Snapshot, releases: Releases
) -> Release:
    chosen: list[Release] = []

    def choose(history: ReleaseHistory) -> None:
        chosen[:] = [history.release(table, current)]

    first = ReleaseHistory(history_id(cohort_id, characteristic))
    choose(first)
    releases.put(first, choose)
    return chosen[0]


def measure_fairness(
    event: SelectionProposed,
    *,
    responses: EqualityResponses,
    facts: Facts,
    releases: Releases,
    fairness: Fairness,
    comparisons: tuple[Comparison, ...],
    codes: CodeList,
    clock: Clock,
) -> None:
    """Measure a round that is proposed, once, and tell the figures.

    Each step bears repetition by itself. Who was shortlisted comes with the proposal, as what was
    told of each of them may still be on its way.
    """
    now, cohort_id = clock(), event.cohort_id

    def decide(found: CohortFairness) -> None:
        found.decide(event.round_id, facts.proposed(cohort_id))

    with telemetry.apart():
        for pseudonym in event.pseudonyms:
            facts.record(pseudonym, cohort_id, proposal(event.round_id), now.date(), 0)
        first = CohortFairness(cohort_id)
        decide(first)
        decided = fairness.put(first, decide).of(event.round_id)
        if decided is None or decided.told_on is not None:
            return
        journeys = _with_shortlisted(facts.journeys(cohort_id), event.shortlisted_pseudonyms)

        def snapshot(characteristic: str) -> Snapshot:
            return _snapshot(characteristic, journeys, responses, codes, now)

        figures = [
            _figure(comparison, decided, cohort_id, snapshot, releases)
            for comparison in comparisons
        ]
        fairness.change(cohort_id, lambda found: found.tell(event.round_id, figures, now.date()))


def _figure(
    comparison: Comparison,
    decided: Proposed,
    cohort_id: str,
    snapshot: Callable[[str], Snapshot],
    releases: Releases,
) -> Figure:
    if decided.measured is None:
        return comparison.nothing(decided.refusal or Reason.DISCLOSURE)
    table = comparison.table(decided.measured)
    current = snapshot(comparison.characteristic)
    try:
        release = _release(cohort_id, comparison.characteristic, table, current, releases)
    except DisclosureRisk:
        return comparison.nothing(Reason.DISCLOSURE)
    return comparison.figure(indicator(release.group, release.reference))


def _with_shortlisted(
    journeys: Mapping[str, frozenset[str]], pseudonyms: Iterable[str]
) -> dict[str, frozenset[str]]:
    """What is known of everybody, and of these that they applied and were shortlisted."""
    reached = frozenset({APPLIED, BASE})
    return {**journeys, **{each: journeys.get(each, reached) | reached for each in pseudonyms}}


def _title(cohort_id: str, cohorts: Cohorts) -> str | None:
    known = cohorts.get(cohort_id)
    return known["opening"]["title"] if known else None
