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
    choice_of,
    finding,
    inversions,
    over_capacity,
    repeated,
)
from services.programmes.domain.matching import Instance, Method, Tiers
from services.programmes.domain.matching.instance import places_in
from services.programmes.domain.offer import Offer, OfferState
from services.programmes.domain.offer_round import Line, OfferRound, RoundState
from services.programmes.domain.recycling import digest_of
from services.programmes.domain.sheet import Alarm
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import NotEligible
from services.programmes.handlers.desk import Round
from services.programmes.handlers.offering import Offering
from services.programmes.handlers.planning import Planning
from services.programmes.schemas import rounds as schemas

if TYPE_CHECKING:
    from services.programmes.repository import Fairness

_STALE = "Ranking or preferences have changed since it was planned."
_CHECKED = frozenset({RoundState.PREPARED, RoundState.APPROVED})


@dataclass(frozen=True)
class Seen:
    """What the gate looks at, as it is now."""

    found: OfferRound
    here: Round
    instance: Instance
    applications: Mapping[str, Application]
    live: Mapping[str, Offer]

    def wants_more(self, id: str) -> bool:
        """Whether an applicant may still get something better than they have."""
        offer = self.live.get(id)
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
    """Looks at a round; ``score_alarms`` are those of the scores behind a cohort's ranking."""

    planning: Planning
    fairness: Fairness
    score_alarms: Callable[[str], Sequence[Alarm]]

    def findings(self, found: OfferRound) -> tuple[Finding, ...]:
        """What is odd about a round now; of one that was released, what was when it was."""
        if found.state not in _CHECKED:
            return found.findings
        seen = self._look(found)
        alarms = map(_shown, self.score_alarms(found.cohort_id))
        same = digest_of(seen.instance) == found.digest
        return (
            *_places(seen, self.planning.offering.places.free(found.cohort_id)),
            *_sense(seen),
            *finding(FindingCode.CERTIFICATE, self.planning.uncertified(found.match_id)),
            *finding(FindingCode.INVERSION, inversions(seen.situation())),
            *finding(FindingCode.SCORES, alarms),
            *finding(FindingCode.STALE, [] if same else [found.cohort_id], _STALE),
            *self._people(seen),
            *self._fairness(found),
        )

    def _look(self, found: OfferRound) -> Seen:
        return Seen(
            found,
            self.planning.offering.desk.round(found.cohort_id),
            self.planning.inputs(found.cohort_id),
            self.planning.applications(found.cohort_id),
            self.planning.live(found.cohort_id),
        )

    def _people(self, seen: Seen) -> Iterator[Finding]:
        doubts: dict[FindingCode, list[str]] = {}
        for line in seen.found.lines:
            for code in self._doubts(line, seen):
                doubts.setdefault(code, []).append(line.application_id)
        for code, ids in sorted(doubts.items()):
            yield from finding(code, ids)

    def _doubts(self, line: Line, seen: Seen) -> Iterator[FindingCode]:
        application, desk = seen.applications[line.application_id], self.planning.offering.desk
        standing = desk.standing(desk.standings.followed(application.member_id))
        offer = seen.live.get(application.id)
        reached = ApplicationStatus.RANKED if offer is None else offer.status
        if application.status is not reached or line.replaces != (offer and offer.id):
            yield FindingCode.OUT_OF_REACH
        if application.paused_at is not None:
            yield FindingCode.PAUSED
        if not standing.current:
            yield FindingCode.NOT_CURRENT
        try:
            starts_on = seen.here.cohort.starts_on
            seen.here.programme.eligibility.require(standing, application.dates, starts_on)
        except NotEligible:
            yield FindingCode.NOT_ELIGIBLE

    def _fairness(self, found: OfferRound) -> Iterator[Finding]:
        told = (self.fairness.get(found.id) or {}).get("figures")
        if told is None:
            yield from finding(FindingCode.FAIRNESS_MISSING, [found.id], "Not measured yet.")
            return
        flagged = [
            f"{each['characteristic']}: {each['group']} beside {each['reference']}"
            for each in told["figures"]
            if each["outside_range"]
        ]
        yield from finding(FindingCode.FAIRNESS_FLAGGED, flagged)


def _shown(alarm: Alarm) -> str:
    confirmed = f", confirmed by {alarm.confirmed_by}" if alarm.confirmed_by else ""
    return f"{alarm.name} {alarm.number}: {alarm.code.value}{confirmed}"


def _places(seen: Seen, free: Mapping[str, int]) -> Iterator[Finding]:
    left = Counter(free)
    by_id = {offer.id: offer for offer in seen.live.values()}
    left.update(by_id[line.replaces].post_id for line in seen.found.lines if line.replaces in by_id)
    demand = Counter(line.post_id for line in seen.found.lines)
    yield from finding(FindingCode.CAPACITY, over_capacity(demand, left))


def _sense(seen: Seen) -> Iterator[Finding]:
    """Nobody gets what they did not rank, what there is not, or two offers."""
    preferences, cohort = seen.instance.preferences, seen.here.cohort
    lines = seen.found.lines
    unwanted = [
        line.application_id
        for line in lines
        if choice_of(preferences.get(line.application_id, ()), line.post_id) is None
        or cohort.post(line.post_id) is None
    ]
    twice = repeated([line.application_id for line in lines])
    yield from finding(FindingCode.FEASIBILITY, [*unwanted, *twice])


def check_release(
    request: schemas.CheckRelease, *, offering: Offering, gate: Gate
) -> schemas.ReleaseCheck:
    """What the gate finds now in a round."""
    found = offering.rounds.get(request.round_id)
    findings = tuple(map(schemas.FindingView.of, gate.findings(found)))
    return schemas.ReleaseCheck(found.id, found.state, findings)
