"""All the scores of a cohort, and what a final ranking is made from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.programmes.domain.application import Application
from services.programmes.domain.basis import Basis, Input, UsedPart, share_of, used
from services.programmes.domain.interview import Hearing
from services.programmes.domain.marks import ColumnKind
from services.programmes.domain.parts import INTERVIEW, REVIEW, Part, part_faults
from services.programmes.domain.ranking import Scored
from services.programmes.domain.rubric import Rubric
from services.programmes.domain.sheet import Sheet, SheetState
from services.programmes.errors import RanksAreNoScores, ScoresMissing, SheetsHeld
from services.programmes.handlers.desk import Round
from services.programmes.handlers.selecting import Selecting
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.errors import Invalid, NotFound


@dataclass(frozen=True)
class Material:
    """All the scores of a cohort from which a final ranking can be made, by application."""

    here: Round
    seed: str
    reviews: Mapping[str, Scored]
    hearings: Mapping[str, Hearing]
    sheets: Mapping[str, Sheet]

    def shares(self, part: Part) -> Mapping[str, Fraction]:
        """How far up its scale everybody is in a part."""
        cohort = self.here.cohort
        if part.name == REVIEW and cohort.rubric is not None:
            return {id: share_of(each, cohort.rubric) for id, each in self.reviews.items()}
        if part.name == INTERVIEW and cohort.for_interviews is not None:
            scored = {id: each.scored() for id, each in self.hearings.items()}
            return {
                id: share_of(each, cohort.for_interviews)
                for id, each in scored.items()
                if each is not None
            }
        sheet = self.sheets.get(part.sheet or "")
        return sheet.marks.shares() if sheet else {}

    def agreed(self, part: Part) -> frozenset[str]:
        """On whose score in a part a panel agreed, in place of the mean of what each gave."""
        if part.name == REVIEW:
            return frozenset(id for id, each in self.reviews.items() if each.agreed)
        if part.name == INTERVIEW:
            return frozenset(id for id, each in self.hearings.items() if each.agreed is not None)
        return frozenset()

    def criteria(self, application_id: str) -> Mapping[str, Fraction]:
        """The scores by criterion that break ties: of reviews, or else of the interview."""
        review = self.reviews.get(application_id)
        if review is not None:
            return review.criteria
        hearing = self.hearings.get(application_id)
        same = self.here.cohort.interview_rubric is None
        scored = hearing.scored() if hearing and same else None
        return scored.criteria if scored else {}


def material(here: Round, selecting: Selecting) -> Material:
    """What there is now; the seed of the lot is the panel's where there is one."""
    cohort_id = here.cohort.id
    return Material(
        here,
        _seed(cohort_id, selecting),
        selecting.review_scores(cohort_id),
        selecting.hearings(here),
        {each.name: each for each in selecting.sheets.all_latest(cohort_id)},
    )


def _seed(cohort_id: str, selecting: Selecting) -> str:
    panel = selecting.review_desk.panels.first({"_id": cohort_id})
    if panel is not None:
        return panel.lot
    made = selecting.final(cohort_id)
    return made.seed if made else _drawn(cohort_id, selecting)


def _drawn(cohort_id: str, selecting: Selecting) -> str:
    """A seed from the ids of all that were handed in, which nobody can choose or draw again."""
    everybody = selecting.desk.applications.scan({"cohort_id": cohort_id})
    ids = sorted(each.id for each in everybody if each.submitted_at is not None)
    return hashlib.sha256("|".join((cohort_id, *ids)).encode()).hexdigest()


def declared(here: Round, weights: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of the ranking: the cohort's, or where it declares none those of the call.

    Raises Invalid naming ``weights``.
    """
    known = here.cohort.weights
    if known and weights and [*known] != [*weights]:
        reason = "The cohort has declared others, which hold."
        raise Invalid("The weights are not valid.", fields={"weights": [reason]})
    if not (chosen := known or tuple(weights)):
        reason = "The cohort declares none, so they are needed."
        raise Invalid("The weights are not valid.", fields={"weights": [reason]})
    if faults := part_faults(chosen):
        raise Invalid("The weights are not valid.", fields=faults)
    return tuple(chosen)


def require_usable(parts: Sequence[Part], found: Material) -> tuple[UsedPart, ...]:
    """The parts with the versions of their sheets.

    Raises NotFound, RanksAreNoScores and SheetsHeld.
    """
    names = [part.sheet for part in parts if part.sheet is not None]
    if unknown := [name for name in names if name not in found.sheets]:
        raise NotFound("There is no such sheet.", names=unknown)
    sheets = [found.sheets[name] for name in names]
    ranks = [each.name for each in sheets if each.marks.column.kind is ColumnKind.RANK]
    if ranks:
        raise RanksAreNoScores(names=ranks)
    if held := [each.id for each in sheets if each.state is SheetState.HELD]:
        raise SheetsHeld(sheet_ids=held)
    return tuple(used(p, found.sheets[p.sheet].id if p.sheet else None) for p in parts)


def lacking(
    applications: Sequence[Application], parts: Sequence[Part], found: Material, rubric: Rubric
) -> dict[str, list[str]]:
    """Which of these lack a part, or the criteria that break ties, by its name."""
    missing = {
        part.name: [each.id for each in applications if each.id not in known]
        for part in parts
        for known in [found.shares(part)]
    }
    wanted = _tie_criteria(rubric)
    missing["criteria"] = [
        each.id for each in applications if wanted - found.criteria(each.id).keys()
    ]
    return {name: ids for name, ids in missing.items() if ids}


def _tie_criteria(rubric: Rubric) -> set[str]:
    return {rule.removeprefix("criterion:") for rule in rubric.tie_breaks if ":" in rule}


def basis_of(
    applications: Sequence[Application],
    parts: Sequence[Part],
    used_parts: Sequence[UsedPart],
    found: Material,
    rubric: Rubric,
) -> Basis:
    """What the ranking of these is made from; raises ScoresMissing naming them by part."""
    if missing := lacking(applications, parts, found, rubric):
        raise ScoresMissing(missing={name: ids[:PAGE_LIMIT] for name, ids in missing.items()})
    shares, wanted = [found.shares(part) for part in parts], _tie_criteria(rubric)
    agreed = frozenset[str]().union(*map(found.agreed, parts))
    inputs = []
    for each in applications:
        criteria = sorted(found.criteria(each.id).items())
        inputs.append(
            Input(
                each.id,
                each.submitted_at or each.started_at,
                tuple(str(known[each.id]) for known in shares),
                {id: str(value) for id, value in criteria if id in wanted},
                each.id in agreed,
            )
        )
    return Basis.of(found.here.cohort.id, rubric, found.seed, used_parts, inputs)
