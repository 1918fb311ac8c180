"""The gate before a round of offers is released: what is odd about it, and what cannot be right.

An applicant who is passed over by somebody ranked below them, a ranking made of what were no
scores, places that there are not, a ranking or preferences that have changed since: each is a
finding. Whoever releases a round with findings gives a reason; some no reason can justify.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.programmes.domain.matching import Tiers

SHOWN = 50
"""So many ids stand in a finding; ``number`` counts all."""


class FindingCode(StrEnum):
    """What the gate looks for."""

    CAPACITY = "capacity"
    FEASIBILITY = "feasibility"
    CERTIFICATE = "certificate"
    INVERSION = "inversion"
    SCORES = "scores"
    STALE = "stale"
    SCORES_CHANGED = "scores_changed"
    PAUSED = "paused"
    NOT_CURRENT = "not_current"
    NOT_ELIGIBLE = "not_eligible"
    OUT_OF_REACH = "out_of_reach"
    FAIRNESS_MISSING = "fairness_missing"
    FAIRNESS_NOT_SHOWN = "fairness_not_shown"
    FAIRNESS_FLAGGED = "fairness_flagged"


_BLOCKING = frozenset({FindingCode.CAPACITY, FindingCode.FEASIBILITY, FindingCode.CERTIFICATE})


@dataclass(frozen=True)
class Finding:
    """Something odd, with the first ids it is about: applications, posts or figures."""

    code: FindingCode
    number: int
    about: tuple[str, ...] = ()
    detail: str = ""


def blocking(finding: Finding) -> bool:
    """Whether no reason can justify a release with it."""
    return finding.code in _BLOCKING


def finding(code: FindingCode, about: Iterable[str], detail: str = "") -> Iterator[Finding]:
    """A finding about these, if there are any."""
    found = tuple(about)
    if found:
        yield Finding(code, len(found), found[:SHOWN], detail)


@dataclass(frozen=True)
class Situation:
    """What inversions are looked for in.

    ``order`` are all applications, the best first; ``wanted`` the preferences of those who may
    still get something better; ``has`` the post of each who has one or would get it by the round;
    ``given`` the posts that the round itself gives. ``ranks`` says how a post ranks applicants
    where it does so itself, 0 being the best.
    """

    order: Sequence[str]
    wanted: Mapping[str, Tiers]
    has: Mapping[str, str]
    given: Mapping[str, str]
    ranks: Mapping[str, Mapping[str, int]]


def inversions(situation: Situation) -> list[str]:
    """Who would rather have a post that the round gives to somebody who comes after them there."""
    places = {id: place for place, id in enumerate(situation.order)}
    last: dict[str, int] = {}
    for id, post in situation.given.items():
        ranks = situation.ranks.get(post, places)
        last[post] = max(last.get(post, -1), ranks.get(id, len(places)))
    return [
        id
        for id in situation.order
        if any(
            situation.ranks.get(post, places).get(id, len(places)) < last.get(post, -1)
            for post in _preferred(situation.wanted.get(id, ()), situation.has.get(id))
        )
    ]


def _preferred(tiers: Tiers, to: str | None) -> Iterator[str]:
    for tier in tiers:
        if to in tier:
            return
        yield from tier


def over_capacity(demand: Mapping[str, int], supply: Mapping[str, int]) -> list[str]:
    """The posts of which more places would be given than there are."""
    return [post for post, number in sorted(demand.items()) if number > supply.get(post, 0)]


def repeated(ids: Collection[str]) -> list[str]:
    """Those that stand there more than once."""
    seen: set[str] = set()
    return [id for id in ids if id in seen or seen.add(id)]  # type: ignore[func-returns-value]
