"""The use cases of research: load, ask the domain to do one thing, save."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from services.research import commands, schemas
from services.research.domain.characteristics import CodeList
from services.research.domain.disclosure import Snapshot, Table
from services.research.domain.indicator import indicator
from services.research.domain.releases import Release, ReleaseHistory, history_id
from services.research.domain.responses import EqualityResponse
from services.research.domain.rights import NOTES, Answer
from services.research.subscriptions import (
    CohortOpened,
    ExportRequested,
    MemberErased,
    StageReached,
)
from shared.errors import Duplicate, NotFound
from shared.events import Aggregate, Clock, Meta
from shared.export import contribution

if TYPE_CHECKING:
    from services.research.repository import (
        Answers,
        Cohorts,
        EqualityResponses,
        Facts,
        Releases,
    )
    from shared.repository import Repository

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

    _change_or_add(responses, EqualityResponse(command.pseudonym), give)
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


def record_stage(event: StageReached, *, facts: Facts) -> None:
    """Keep the fact that somebody reached a stage, once however often it is heard."""
    facts.record(event.pseudonym, event.cohort_id, event.stage, event.reached_on)


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
    codes.check_stage(request.stage)
    members = codes.check_groups(request.characteristic, request.group, request.reference)
    title, journeys = _title(request.cohort_id, cohorts), facts.journeys(request.cohort_id)
    if title is None and not journeys:
        raise NotFound("There is no such cohort.", id=request.cohort_id)
    answers = responses.answers(journeys, request.characteristic)
    unknown = codes.characteristics[request.characteristic].unknown
    current = Snapshot.take(clock(), journeys, answers, unknown)
    table = Table(*members, request.stage)
    release = _release(request, table, current, releases)
    return schemas.RelativeLikelihoodView.of(
        request,
        release,
        indicator(release.group, release.reference),
        title=title,
        code_list=codes.version,
        standing=not release.agrees_with(current),
    )


def _release(
    request: schemas.RelativeLikelihood, table: Table, current: Snapshot, releases: Releases
) -> Release:
    chosen: list[Release] = []

    def choose(history: ReleaseHistory) -> None:
        chosen[:] = [history.release(table, current)]

    history = ReleaseHistory(history_id(request.cohort_id, request.characteristic))
    _change_or_add(releases, history, choose)
    return chosen[0]


def _change_or_add(repository: Repository[A], fresh: A, action: Callable[[A], object]) -> None:
    """Change what is kept under the id of ``fresh``, or add that where nothing is yet."""
    try:
        repository.change(fresh.id, action)
    except NotFound:
        action(fresh)
        try:
            repository.add(fresh)
        except Duplicate:
            repository.change(fresh.id, action)


def _title(cohort_id: str, cohorts: Cohorts) -> str | None:
    known = cohorts.get(cohort_id)
    return known["opening"]["title"] if known else None
