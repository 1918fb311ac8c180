"""The gate before the release of a round, with all that it looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.programmes.domain.application import Application
from services.programmes.domain.gate import (
    Finding,
    FindingCode,
    Situation,
    finding,
    inversions,
    over_capacity,
    repeated,
)
from services.programmes.domain.matching import Instance, Method, Tiers, choice_of
from services.programmes.domain.matching.instance import places_in
from services.programmes.domain.offer import Offer
from services.programmes.domain.offer_round import Line, OfferRound, RoundState
from services.programmes.domain.offer_state import OfferState
from services.programmes.domain.recycling import digest_of
from services.programmes.domain.sheet import Alarm
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import NotEligible
from services.programmes.handlers.desk import Round
from services.programmes.handlers.offering import Offering
from services.programmes.handlers.planning import Planning
from services.programmes.schemas import rounds as schemas
from services.programmes.subscriptions import Figure
from shared.events import from_document

if TYPE_CHECKING:
    from services.programmes.repository import Fairness

_STALE = "Ranking or preferences have changed since it was planned."
_CHANGED = "By the scores as they are now they would not stand where the ranking has them."
_TWICE = "Among them is who would have two offers as one person."
_NOT_SHOWN = "Of no comparison could anything be shown: that is not to say that it is fair."
_CHECKED = frozenset({RoundState.PREPARED, RoundState.APPROVED})


@dataclass(frozen=True)
class Seen:
    """What the gate looks at, as it is now."""

    found: OfferRound
    here: Round
    instance: Instance
    applications: Mapping[str, Application]
    live: Mapping[str, Offer]
    aside: frozenset[str]
    """Applications of persons who have, or would get, something by another one."""

    def wants_more(self, id: str) -> bool:
        """Whether an applicant may still get something better than they have."""
        offer = self.live.get(id)
        if id in self.aside:
            return False
        if offer is None:
            return self.applications[id].status is ApplicationStatus.RANKED
        return offer.state is OfferState.OPEN or offer.upgrades

    def _ranked_by_posts(self) -> Iterable[tuple[str, Tiers]]:
        hosts_rank = self.found.method is Method.DEFERRED_ACCEPTANCE
        return self.instance.priorities.items() if hosts_rank else ()

    def situation(self) -> Situation:
        """What inversions are looked for in."""
        given = {line.application_id: line.post_id for line in self.found.lines}
        had = {id: offer.post_id for id, offer in self.live.items()}
        preferences = self.instance.preferences
        return Situation(
            order=self.instance.order,
            wanted={
                id: preferences.get(id, ()) for id in self.instance.order if self.wants_more(id)
            },
            has={**had, **given},
            given=given,
            ranks={post: places_in(tiers) for post, tiers in self._ranked_by_posts()},
        )


@dataclass(frozen=True)
class Gate:
    """Looks at a round.

    ``score_alarms`` are those of the scores behind a cohort's ranking, ``changed_places`` those
    who stand elsewhere by these scores now.
    """

    planning: Planning
    fairness: Fairness
    score_alarms: Callable[[str], Sequence[Alarm]]
    changed_places: Callable[[str], Sequence[str]]

    def findings(self, found: OfferRound) -> tuple[Finding, ...]:
        """What is odd about a round now; of one that was released, what was when it was."""
        if found.state not in _CHECKED:
            return found.findings
        seen = self._look(found)
        alarms = map(str, self.score_alarms(found.cohort_id))
        same = digest_of(seen.instance) == found.digest
        return (
            *_places(seen, self.planning.offering.places.free(found.cohort_id)),
            *_sense(seen),
            *finding(FindingCode.CERTIFICATE, self.planning.uncertified(found.match_id)),
            *finding(FindingCode.INVERSION, inversions(seen.situation())),
            *finding(FindingCode.SCORES, alarms),
            *finding(FindingCode.STALE, [] if same else [found.cohort_id], _STALE),
            *finding(FindingCode.SCORES_CHANGED, self.changed_places(found.cohort_id), _CHANGED),
            *self._people(seen),
            *self._fairness(found),
        )

    def _look(self, found: OfferRound) -> Seen:
        desk = self.planning.offering.desk
        instance = self.planning.inputs(found.cohort_id)
        applications = self.planning.applications(found.cohort_id)
        live = self.planning.offering.offers.live_in(found.cohort_id)
        lines = [line.application_id for line in found.lines]
        asked, holders = (
            [applications[id] for id in {*ids, *lines}] for ids in (instance.order, live)
        )
        aside = desk.set_aside(asked, holders)
        return Seen(found, desk.round(found.cohort_id), instance, applications, live, aside)

    def _people(self, seen: Seen) -> Iterator[Finding]:
        doubts: dict[FindingCode, list[str]] = {}
        asked = [seen.applications[line.application_id] for line in seen.found.lines]
        people = self.planning.offering.desk.people_of(each.member_id for each in asked)
        for line, application in zip(seen.found.lines, asked, strict=True):
            for code in _doubts(line, application, people[application.member_id], seen):
                doubts.setdefault(code, []).append(line.application_id)
        for code, ids in sorted(doubts.items()):
            yield from finding(code, ids)

    def figures(self, round_id: str) -> tuple[Figure, ...] | None:
        """What research has told of a round; none before it has measured it."""
        told = (self.fairness.get(round_id) or {}).get("figures")
        if told is None:
            return None
        return tuple(from_document(Figure, each) for each in told["figures"])

    def _fairness(self, found: OfferRound) -> Iterator[Finding]:
        figures = self.figures(found.id)
        if figures is None:
            yield from finding(FindingCode.FAIRNESS_MISSING, [found.id], "Not measured yet.")
        elif not any(each.shown for each in figures):
            hidden = [f"{each}, {each.reason}" for each in figures]
            yield from finding(FindingCode.FAIRNESS_NOT_SHOWN, hidden or [found.id], _NOT_SHOWN)
        else:
            flagged = [str(each) for each in figures if each.outside_range]
            yield from finding(FindingCode.FAIRNESS_FLAGGED, flagged)


def _doubts(
    line: Line, application: Application, person: Standing, seen: Seen
) -> Iterator[FindingCode]:
    offer = seen.live.get(application.id)
    reached = ApplicationStatus.RANKED if offer is None else offer.status
    if application.status is not reached or line.replaces != (offer and offer.id):
        yield FindingCode.OUT_OF_REACH
    if application.paused_at is not None:
        yield FindingCode.PAUSED
    if not person.current:
        yield FindingCode.NOT_CURRENT
    try:
        starts_on = seen.here.cohort.starts_on
        seen.here.programme.eligibility.require(person, application.dates, starts_on)
    except NotEligible:
        yield FindingCode.NOT_ELIGIBLE


def _places(seen: Seen, free: Mapping[str, int]) -> Iterator[Finding]:
    left = Counter(free)
    by_id = {offer.id: offer for offer in seen.live.values()}
    left.update(by_id[line.replaces].post_id for line in seen.found.lines if line.replaces in by_id)
    demand = Counter(line.post_id for line in seen.found.lines)
    yield from finding(FindingCode.CAPACITY, over_capacity(demand, left))


def _sense(seen: Seen) -> Iterator[Finding]:
    """Nobody gets what they did not rank, what there is not, or two offers as one person."""
    preferences, cohort = seen.instance.preferences, seen.here.cohort
    lines = seen.found.lines
    unwanted = [
        line.application_id
        for line in lines
        if choice_of(preferences.get(line.application_id, ()), line.post_id) is None
        or cohort.post(line.post_id) is None
    ]
    ids = [line.application_id for line in lines]
    twice = [*repeated(ids), *(id for id in ids if id in seen.aside)]
    yield from finding(FindingCode.FEASIBILITY, [*unwanted, *twice], _TWICE if twice else "")


def check_release(
    request: schemas.CheckRelease, *, offering: Offering, gate: Gate
) -> schemas.ReleaseCheck:
    """What the gate finds now in a round."""
    found = offering.rounds.get(request.round_id)
    findings = tuple(map(schemas.FindingView.of, gate.findings(found)))
    figures = gate.figures(found.id)
    return schemas.ReleaseCheck.of(found, findings, figures)
