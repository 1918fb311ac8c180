"""How applications are scored: weighted criteria, their scale, and how ties are broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.programmes.domain.terms import SNAKE_CASE, Faults, blank_faults, repeated_faults
from shared.events import integer, items, text

MAX_CRITERIA = 20
HIGHEST_SCORE = 1_000
# Beside these a tie is broken by a criterion, named ``criterion:<id>``.
_CRITERION = "criterion:"


class TieBreak(StrEnum):
    """What decides between equals beside a criterion; the lot is drawn once and recorded."""

    EARLIER_SUBMISSION = "earlier_submission"
    LOT = "lot"


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What is scored, and how much it counts."""

    id: str = text(60, pattern=SNAKE_CASE)
    title: str = text(200)
    weight: int = integer(1, 1_000)


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """Criteria are scored from ``lowest`` to ``highest``; ``pass_mark`` is a weighted mean."""

    criteria: tuple[Criterion, ...] = items(MAX_CRITERIA, min_length=1)
    lowest: int = integer(0, HIGHEST_SCORE)
    highest: int = integer(1, HIGHEST_SCORE)
    pass_mark: int = integer(0, HIGHEST_SCORE)
    reviews: int = integer(1, 10, default=2, description="Reviews of each application.")
    moderation_gap: int = integer(
        1,
        HIGHEST_SCORE,
        default=HIGHEST_SCORE,
        description="Two reviews further apart than this in their weighted mean are moderated.",
    )
    tie_breaks: tuple[str, ...] = items(
        MAX_CRITERIA,
        default=(TieBreak.LOT.value,),
        description="In order: criterion:<id>, earlier_submission, lot.",
    )

    def faults(self) -> Faults:
        """What its schema alone does not see, by field."""
        faults = blank_faults({f"criteria.{n}.title": c.title for n, c in enumerate(self.criteria)})
        faults |= repeated_faults("criteria", "id", (each.id for each in self.criteria))
        if self.highest <= self.lowest:
            faults["highest"] = ["Must be above lowest."]
        elif not self.lowest <= self.pass_mark <= self.highest:
            faults["pass_mark"] = ["Must be on the scale."]
        known = {*TieBreak, *(f"{_CRITERION}{each.id}" for each in self.criteria)}
        for position, name in enumerate(self.tie_breaks):
            if name not in known:
                faults[f"tie_breaks.{position}"] = ["Neither a criterion nor another tie-break."]
        if not self.tie_breaks or self.tie_breaks[-1] != TieBreak.LOT:
            faults["tie_breaks"] = ["Must end with the lot, which leaves no tie."]
        return faults

    def score_faults(self, scores: Mapping[str, int]) -> Faults:
        """What is wrong with the scores of one review, by ``scores.<criterion>``."""
        known = {each.id for each in self.criteria}
        faults = {f"scores.{id}": ["No such criterion."] for id in scores.keys() - known}
        for id in sorted(known):
            if id not in scores:
                faults[f"scores.{id}"] = ["A score is required."]
            elif not self.lowest <= scores[id] <= self.highest:
                faults[f"scores.{id}"] = [f"Must be from {self.lowest} to {self.highest}."]
        return faults

    def weighted_mean(self, scores: Mapping[str, Fraction | int]) -> Fraction:
        """The mean of scores of all criteria, each counted by its weight; exact."""
        total = sum(each.weight for each in self.criteria)
        return sum((scores[c.id] * Fraction(c.weight, total) for c in self.criteria), Fraction(0))
