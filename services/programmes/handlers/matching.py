"""Matches: run and kept, tried, and explained to whom they concern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.programmes.commands import matching as commands
from services.programmes.domain.application import Application
from services.programmes.domain.match import Inputs, Match, Solution, among, solution
from services.programmes.domain.matching import Instance
from services.programmes.domain.persons import HAVING
from services.programmes.domain.preferences import require_closed
from services.programmes.domain.ranking import Ranking, RankingStage
from services.programmes.domain.recycling import digest_of
from services.programmes.domain.terms import ApplicationStatus, repeated_faults
from services.programmes.errors import NotReleased
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.selecting import heard
from services.programmes.schemas import matching as schemas
from shared.errors import Invalid, NotFound
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.repository import Rankings
    from services.programmes.repository.matching import (
        HostRankings,
        Matches,
        MatchInputs,
        MatchResults,
        PreferenceLists,
    )
    from services.programmes.repository.selection import Bases


@dataclass(frozen=True)
class Matching:
    """All that a match takes; ``released`` is the match by which an application was offered."""

    desk: Desk
    rankings: Rankings
    bases: Bases
    preferences: PreferenceLists
    host_rankings: HostRankings
    inputs: MatchInputs
    matches: Matches
    results: MatchResults
    offload: Callable[..., Any]
    released: Callable[[str], str | None]

    def ranking(self, cohort_id: str) -> Ranking:
        """The final ranking; where there are no interviews, that of the reviews will do.

        Raises NotFound.
        """
        final = self.rankings.first({"_id": Ranking.key(cohort_id, RankingStage.FINAL)})
        if final is not None:
            return final
        if heard(self.desk.round(cohort_id).workflow):
            raise NotFound(
                "The cohort has no final ranking yet; rank_final comes first.", cohort_id=cohort_id
            )
        return self.rankings.get(Ranking.key(cohort_id, RankingStage.REVIEW))

    def instance(self, cohort_id: str) -> Instance:
        """What a match of the cohort would be run on now, with everybody who was ranked."""
        cohort, order = self.desk.cohorts.get(cohort_id), self.ranking(cohort_id).order
        return Instance(
            preferences=self.preferences.of(cohort_id, order),
            capacities={post.id: post.capacity for post in cohort.posts},
            priorities=among(order, self.host_rankings.of(cohort_id)),
            order=order,
        )

    def left_out(self, cohort_id: str, order: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the ranking who cannot be given anything now.

        Of one person's applications all but that by which they are considered.
        """
        ranked = self._in(cohort_id, [ApplicationStatus.RANKED])
        found = [each for each in ranked if each.paused_at is None]
        people = self.desk.people_of(each.member_id for each in found)
        able = [each for each in found if people[each.member_id].current]
        aside = self.desk.set_aside(able, list(self._in(cohort_id, HAVING)))
        taking_part = {each.id for each in able} - aside
        return tuple(id for id in order if id not in taking_part)

    def _in(self, cohort_id: str, statuses: Iterable[ApplicationStatus]) -> Iterator[Application]:
        for status in statuses:
            wanted = {"cohort_id": cohort_id, "status": status.value}
            yield from self.desk.applications.scan(wanted)


def run_match(command: commands.RunMatch, *, matching: Matching) -> schemas.MatchView:
    """Match the ranked applicants of a cohort with its posts, prove it, and keep it.

    It is kept once preferences are closed, so that nothing is said any more that it does not go by.
    What it was run on is kept first, and what came of everybody's wishes before the match itself: a
    call that was cut off is completed when made again, and no match is there without its results.
    """
    id, cohort = new_id(), matching.desk.cohorts.get(command.cohort_id)
    ranking, whole = matching.ranking(cohort.id), matching.instance(cohort.id)
    left_out = matching.left_out(cohort.id, whole.order)
    frozen = Inputs.freeze(
        id, cohort.id, whole, left_out, ranking_id=ranking.id, basis_id=ranking.basis_id
    )
    now = matching.desk.clock()
    if not command.dry_run:
        if matching.inputs.first({"_id": id}) is None:
            require_closed(cohort.preferences_until, now, frozen.instance.preferences.values())
        frozen = matching.inputs.add(frozen)
    found: Solution = matching.offload(solution, frozen.instance, command.method)
    match = Match.keep(
        id,
        cohort.id,
        command.method,
        found,
        digest=digest_of(Instance(frozen.preferences, {}, frozen.priorities, frozen.order)),
        now=now,
    )
    if not command.dry_run:
        owners = matching.desk.applications.owners(frozen.order)
        matching.results.keep(frozen.results(found, owners))
        match = matching.matches.add(match)
    return schemas.MatchView.of(match, frozen.left_out, kept=not command.dry_run)


def preview_match(request: schemas.PreviewMatch, *, offload: Callable[..., Any]) -> schemas.Preview:
    """Try a method on what is given."""
    _refuse_repeated(request)
    instance = Instance(
        preferences={each.id: each.preferences for each in request.applicants},
        capacities={post.id: post.capacity for post in request.posts},
        priorities={p.id: p.priorities for p in request.posts if p.priorities is not None},
        order=request.order or tuple(each.id for each in request.applicants),
    )
    if faults := instance.faults():
        raise Invalid("The wishes do not fit together.", fields=faults)
    found: Solution = offload(solution, instance, request.method)
    return schemas.Preview(
        tuple(_assignment(id, found.given, found.reasons[id]) for id in instance.order),
        found.certificate,
    )


def _refuse_repeated(request: schemas.PreviewMatch) -> None:
    faults = repeated_faults("applicants", "id", (each.id for each in request.applicants))
    faults |= repeated_faults("posts", "id", (each.id for each in request.posts))
    if faults:
        raise Invalid("The wishes do not fit together.", fields=faults)


def _assignment(id: str, given: Mapping[str, str], why: Any) -> schemas.AssignmentView:
    return schemas.AssignmentView(id, given.get(id), why)


def get_match(request: schemas.GetMatch, *, matching: Matching) -> schemas.MatchView:
    """A match in numbers, with its proof."""
    match = matching.matches.get(request.match_id)
    return schemas.MatchView.of(match, matching.inputs.get(match.id).left_out)


def find_matches(request: schemas.FindMatches, *, matching: Matching) -> schemas.MatchPage:
    """The matches of a cohort as they were run."""
    cohort_id = matching.desk.cohorts.get(request.cohort_id).id
    page = matching.matches.find(
        {"cohort_id": cohort_id}, cursor=request.cursor, limit=request.limit
    )
    return schemas.MatchPage(
        tuple(
            schemas.MatchSummary(each.id, each.method, each.run_at, len(each.assignments))
            for each in page.items
        ),
        page.next_cursor,
    )


def find_assignments(
    request: schemas.FindAssignments, *, matching: Matching
) -> schemas.AssignmentPage:
    """Who gets what by a match, in the order of selection; the cursor is the last one's id."""
    match = matching.matches.get(request.match_id)
    frozen = matching.inputs.get(match.id)
    order = frozen.order
    if request.cursor is not None and request.cursor not in order:
        raise Invalid("No such page.", fields={"cursor": ["Not a cursor of this match."]})
    start = order.index(request.cursor) + 1 if request.cursor else 0
    shown = order[start : start + request.limit]
    more = shown[-1] if start + request.limit < len(order) else None
    reasons = frozen.why(match.assignments, match.method, shown)
    items = tuple(_assignment(id, match.assignments, reasons[id]) for id in shown)
    return schemas.AssignmentPage(items, more)


def get_match_result(
    request: schemas.GetMatchResult, *, matching: Matching
) -> schemas.AssignmentView:
    """What came of an applicant's preferences by the match that was released, and why."""
    application = matching.desk.own(request.application_id, request.member_id)
    match_id = matching.released(application.cohort_id)
    if match_id is None:
        raise NotReleased(application_id=application.id)
    result = matching.results.of(match_id, application.id)
    if result is None:
        raise NotFound("The application took no part in the match.", id=application.id)
    return schemas.AssignmentView(application.id, result.post_id, result.reason)
