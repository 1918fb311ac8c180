"""What a final ranking is made from, kept whole, so that anybody can make it again.

Scores of every part come to the scale of the cohort's rubric before they are weighted. All is
exact: numbers are kept as fractions in text. A basis is named after what is in it, so the same
scores make the same one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from services.programmes.domain.parts import Part
from services.programmes.domain.ranking import Ranked, RankingStage, Scored, rank
from services.programmes.domain.rubric import Rubric
from shared.events import Aggregate, to_document


@dataclass(frozen=True)
class UsedPart:
    """A part with its weight; of a sheet which version it was."""

    name: str
    weight: int
    sheet_id: str | None = None


@dataclass(frozen=True)
class Input:
    """The scores of an application by part, from 0 to 1, and by criterion, as exact fractions.

    ``agreed`` says that a panel agreed on one of them, in place of the mean of what each gave.
    """

    application_id: str
    submitted_at: datetime
    shares: tuple[str, ...]
    criteria: dict[str, str] = field(default_factory=dict)
    agreed: bool = False


@dataclass
class Basis(Aggregate):
    """What the final ranking of a cohort was made from; it never changes."""

    id: str
    cohort_id: str
    seed: str
    tie_breaks: tuple[str, ...]
    lowest: int
    highest: int
    pass_mark: int
    parts: tuple[UsedPart, ...]
    inputs: tuple[Input, ...]

    @classmethod
    def of(
        cls,
        cohort_id: str,
        rubric: Rubric,
        seed: str,
        parts: Sequence[UsedPart],
        inputs: Sequence[Input],
    ) -> Basis:
        """The basis, named after its content."""
        made = cls(
            "",
            cohort_id,
            seed,
            rubric.tie_breaks,
            rubric.lowest,
            rubric.highest,
            rubric.pass_mark,
            tuple(parts),
            tuple(sorted(inputs, key=lambda each: each.application_id)),
        )
        content = json.dumps(to_document(made), sort_keys=True, default=str)
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        made.id = f"{cohort_id}:{RankingStage.FINAL.value}:{digest}"
        return made

    def scored(self) -> dict[str, Scored]:
        """The weighted mean of the parts of every application, on the scale of the rubric."""
        total = sum(part.weight for part in self.parts)
        span = self.highest - self.lowest
        found = {}
        for each in self.inputs:
            pairs = zip(each.shares, self.parts, strict=True)
            weighted = sum((Fraction(s) * part.weight for s, part in pairs), Fraction(0))
            score = self.lowest + span * weighted / total
            criteria = {id: Fraction(value) for id, value in each.criteria.items()}
            found[each.application_id] = Scored(
                each.application_id, score, criteria, each.submitted_at, each.agreed
            )
        return found

    def entries(self) -> tuple[Ranked, ...]:
        """The ranking of all that reach the pass mark."""
        passed = [each for each in self.scored().values() if each.score >= self.pass_mark]
        return rank(passed, self.tie_breaks, self.seed)


def used(part: Part, sheet_id: str | None = None) -> UsedPart:
    """A part as it is used."""
    return UsedPart(part.name, part.weight, sheet_id)


def share_of(scored: Scored, rubric: Rubric) -> Fraction:
    """How far up the scale of its rubric a score is."""
    return (scored.score - rubric.lowest) / (rubric.highest - rubric.lowest)


@dataclass(frozen=True)
class Difference:
    """Where a ranking is not what its scores give now; a rank is missing where there is none."""

    application_id: str
    recorded_rank: int | None
    recorded_score: int | None
    rank_now: int | None
    score_now: int | None

    @property
    def before(self) -> tuple[int | None, int | None]:
        return self.recorded_rank, self.recorded_score

    @property
    def after(self) -> tuple[int | None, int | None]:
        return self.rank_now, self.score_now


_NOWHERE = (None, None)


def differences(recorded: Sequence[Ranked], now: Sequence[Ranked]) -> tuple[Difference, ...]:
    """Every application that has another rank or score, in the order of the ranking."""
    before, after = _by_id(recorded), _by_id(now)
    ids = dict.fromkeys((*before, *after))
    found = (Difference(id, *before.get(id, _NOWHERE), *after.get(id, _NOWHERE)) for id in ids)
    return tuple(each for each in found if each.before != each.after)


def _by_id(entries: Sequence[Ranked]) -> dict[str, tuple[int, int]]:
    return {each.application_id: (each.rank, each.score) for each in entries}
