"""How a sheet that is not kept yet would change a ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from services.programmes.domain.basis import Basis, Input
from services.programmes.domain.marks import SheetOfMarks
from services.programmes.domain.parts import sheet_part
from services.programmes.domain.ranking import Ranked, Scored, rank
from services.programmes.domain.rubric import TieBreak
from services.programmes.handlers.selecting import Selecting


@dataclass(frozen=True)
class Forecast:
    """A ranking without and with a sheet; ``compared_with`` says of what."""

    compared_with: str
    before: tuple[Ranked, ...]
    after: tuple[Ranked, ...]


def forecast(cohort_id: str, marks: SheetOfMarks, selecting: Selecting) -> Forecast:
    """How the final ranking would change by a sheet that is a part of it.

    Where it is none, or there is no such ranking yet: how the sheet alone would rank those whom it
    has against the reviews.
    """
    made = selecting.final(cohort_id)
    if made is not None and made.basis_id is not None:
        basis = selecting.bases.get(made.basis_id)
        names, wanted = [part.name for part in basis.parts], sheet_part(marks.name)
        if wanted in names:
            place, shares = names.index(wanted), marks.shares()
            return Forecast("final", made.entries, _with(basis, place, shares))
    reviews, values = selecting.review_scores(cohort_id), marks.marks()
    both = sorted(reviews.keys() & values.keys())
    alone = [Scored(id, values[id], {}, reviews[id].submitted_at) for id in both]
    # Any seed will do: nothing is decided by it.
    before = rank([reviews[id] for id in both], (TieBreak.LOT,), cohort_id)
    return Forecast("sheet_alone", before, rank(alone, (TieBreak.LOT,), cohort_id))


def _with(basis: Basis, place: int, shares: Mapping[str, Fraction]) -> tuple[Ranked, ...]:
    """The ranking with other scores of one of its parts, of those who have them."""
    inputs = tuple(
        _instead(each, place, shares[each.application_id])
        for each in basis.inputs
        if each.application_id in shares
    )
    return replace(basis, inputs=inputs).entries()


def _instead(given: Input, place: int, share: Fraction) -> Input:
    shares = (*given.shares[:place], str(share), *given.shares[place + 1 :])
    return replace(given, shares=shares)
