"""Rankings: who comes before whom by recorded scores, with every tie broken by a declared rule.

The same scores give the same ranking whenever it is made: arithmetic is exact, and the lot is drawn
by a hash of a seed that is recorded beside the ranking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from services.programmes.domain.rubric import TieBreak
from shared.events import Aggregate

# Scores are kept as whole ten-thousandths of a point, rounded half up, for display alone.
SCALE = 10_000
_CRITERION = "criterion:"
_SCORE = "score"


class RankingStage(StrEnum):
    """After which stage a ranking was made."""

    REVIEW = "review"
    FINAL = "final"


@dataclass(frozen=True)
class Scored:
    """What an application is ranked by: exact means, overall and by criterion.

    ``agreed`` says that a panel agreed on a score, in place of the mean of what each gave.
    """

    application_id: str
    score: Fraction
    criteria: Mapping[str, Fraction]
    submitted_at: datetime
    agreed: bool = False


@dataclass(frozen=True)
class Ranked:
    """A unique rank, 1 being the best; ``decided_by`` is what set it apart from the next.

    ``agreed`` is that of the scores.
    """

    application_id: str
    rank: int
    score: int
    decided_by: str
    agreed: bool = False


@dataclass
class Ranking(Aggregate):
    """The ranking of a cohort after a stage; made again it replaces what it was.

    ``number`` counts those of the stage; of a final one ``basis_id`` is what it was made from.
    """

    id: str
    cohort_id: str
    stage: RankingStage
    seed: str
    made_at: datetime
    entries: tuple[Ranked, ...] = field(default_factory=tuple)
    basis_id: str | None = None
    number: int = 1

    @staticmethod
    def key(cohort_id: str, stage: RankingStage) -> str:
        """The id of a ranking."""
        return f"{cohort_id}:{stage.value}"

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of applications, the best first."""
        return tuple(entry.application_id for entry in self.entries)

    def replace(
        self, entries: tuple[Ranked, ...], seed: str, now: datetime, basis_id: str | None = None
    ) -> None:
        """Let this be the ranking; where it says the same already, nothing happens."""
        if (entries, seed, basis_id) != (self.entries, self.seed, self.basis_id):
            self.entries, self.seed, self.made_at = entries, seed, now
            self.basis_id = basis_id
            self.number += 1


def rank(scored: Iterable[Scored], tie_breaks: Sequence[str], seed: str) -> tuple[Ranked, ...]:
    """All of them in order; ``tie_breaks`` are those of the rubric and end with the lot."""
    keyed = sorted(
        ((_keys(each, tie_breaks, seed), each) for each in scored), key=lambda pair: pair[0]
    )
    rules = (_SCORE, *tie_breaks)
    decided = [_first_difference(a, b, rules) for (a, _), (b, _) in pairwise(keyed)]
    return tuple(
        Ranked(each.application_id, place, shown(each.score), decided_by, each.agreed)
        for place, ((_, each), decided_by) in enumerate(
            zip(keyed, [*decided, _SCORE], strict=False), start=1
        )
    )


def _keys(each: Scored, tie_breaks: Sequence[str], seed: str) -> tuple[Any, ...]:
    keys: list[Any] = [-each.score]
    for rule in tie_breaks:
        if rule == TieBreak.LOT:
            lot = f"{seed}:{each.application_id}".encode()
            keys.append(hashlib.sha256(lot).hexdigest())
        elif rule == TieBreak.EARLIER_SUBMISSION:
            keys.append(each.submitted_at)
        else:
            keys.append(-each.criteria[rule.removeprefix(_CRITERION)])
    return tuple(keys)


def _first_difference(a: Sequence[Any], b: Sequence[Any], rules: Sequence[str]) -> str:
    return next(rule for rule, mine, theirs in zip(rules, a, b, strict=True) if mine != theirs)


def shown(score: Fraction) -> int:
    """Whole ten-thousandths of a point, rounded half up, which is what people read."""
    return floor(score * SCALE + Fraction(1, 2))
