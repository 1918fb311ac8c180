"""A match of a cohort, kept with the wishes it was run on and the proof that it is sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.programmes.domain.matching import (
    Certificate,
    Instance,
    Method,
    Outcome,
    Reason,
    Tiers,
    certify,
    reason,
    solve,
)
from services.programmes.errors import MatchUnsound
from services.programmes.events import MatchMade
from shared.events import Aggregate

_NO_PART = Reason(Outcome.TOOK_NO_PART, None, 0, ())


@dataclass(frozen=True)
class Solution:
    """What came of a method: who gets what, the proof of it, and everybody's reason."""

    given: dict[str, str]
    certificate: Certificate
    reasons: dict[str, Reason]


def solution(instance: Instance, method: Method) -> Solution:
    """Run a method and check what it gave."""
    given = solve(instance, method)
    reasons = {id: reason(instance, given, method, id) for id in instance.order}
    return Solution(given, certify(instance, given, method), reasons)


@dataclass
class Inputs(Aggregate):
    """The wishes on which a match was run, frozen; the id is the match's.

    ``left_out`` may have wishes but took no part: paused, withdrawn, no longer members, or with
    another application that does.
    """

    id: str
    cohort_id: str
    preferences: dict[str, Tiers]
    capacities: dict[str, int]
    priorities: dict[str, Tiers]
    order: tuple[str, ...]
    left_out: tuple[str, ...]
    ranking_id: str
    basis_id: str | None = None

    @classmethod
    def freeze(
        cls,
        id: str,
        cohort_id: str,
        instance: Instance,
        left_out: tuple[str, ...],
        *,
        ranking_id: str,
        basis_id: str | None,
    ) -> Inputs:
        """Keep an instance as it is now."""
        return cls(
            id,
            cohort_id,
            dict(instance.preferences),
            dict(instance.capacities),
            dict(instance.priorities),
            instance.order,
            left_out,
            ranking_id,
            basis_id,
        )

    @property
    def instance(self) -> Instance:
        """The wishes of those who took part."""
        return taking_part(
            Instance(self.preferences, self.capacities, self.priorities, self.order),
            frozenset(self.left_out),
        )

    def why(
        self, given: Mapping[str, str], method: Method, ids: Iterable[str]
    ) -> dict[str, Reason]:
        """The reasons of these; who took no part is told that, whatever they had wished for."""
        instance, out = self.instance, frozenset(self.left_out)
        return {id: _NO_PART if id in out else reason(instance, given, method, id) for id in ids}

    def results(self, found: Solution, owners: Mapping[str, str]) -> Iterator[MatchResult]:
        """What came of everybody's wishes; ``owners`` are members by application."""
        out = frozenset(self.left_out)
        for id in self.order:
            why = _NO_PART if id in out else found.reasons[id]
            key = MatchResult.key(self.id, id)
            yield MatchResult(key, self.id, id, owners[id], why, found.given.get(id))


def taking_part(instance: Instance, left_out: frozenset[str]) -> Instance:
    """The same wishes without those of some applicants, who keep their places in the order."""
    wishes = {id: () if id in left_out else t for id, t in instance.preferences.items()}
    return Instance(wishes, instance.capacities, instance.priorities, instance.order)


def among(order: Sequence[str], priorities: Mapping[str, Tiers]) -> dict[str, Tiers]:
    """How hosts rank those who are in the order; others they may have ranked before."""
    known = frozenset(order)
    return {
        post: tuple(t for tier in tiers if (t := tuple(id for id in tier if id in known)))
        for post, tiers in priorities.items()
    }


@dataclass
class MatchResult(Aggregate):
    """What came of an applicant's wishes by a match, and why; each can be read alone."""

    id: str
    match_id: str
    application_id: str
    member_id: str
    reason: Reason
    post_id: str | None = None

    @staticmethod
    def key(match_id: str, application_id: str) -> str:
        """The id of what came of an application by a match."""
        return f"{match_id}:{application_id}"

    def forget(self) -> None:
        """Keep what came of it, without what was wished for in vain."""
        self.reason = replace(self.reason, missed=())


@dataclass
class Match(Aggregate):
    """The outcome; ``digest`` tells whether ranking and preferences are still what they were."""

    id: str
    cohort_id: str
    method: Method
    run_at: datetime
    digest: str
    assignments: dict[str, str]
    certificate: Certificate

    @classmethod
    def keep(
        cls,
        id: str,
        cohort_id: str,
        method: Method,
        found: Solution,
        *,
        digest: str,
        now: datetime,
    ) -> Match:
        """A match that is proved sound; raises MatchUnsound otherwise."""
        if not found.certificate.holds:
            raise MatchUnsound(
                blocking=found.certificate.blocking, infeasible=list(found.certificate.infeasible)
            )
        match = cls(id, cohort_id, method, now, digest, found.given, found.certificate)
        match.record(MatchMade(match_id=id, cohort_id=cohort_id, method=method.value, made_at=now))
        return match
