"""Looks at the marks of a sheet by themselves and beside all else that is known of a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from services.programmes.domain.marks import SheetOfMarks
from services.programmes.domain.parts import REVIEW, sheet_part
from services.programmes.domain.sheet import SheetState, Suspicion, suspicions
from services.programmes.handlers.selecting import Selecting

_USABLE = (SheetState.ACCEPTED, SheetState.CONFIRMED)


def look(marks: SheetOfMarks, cohort_id: str, selecting: Selecting) -> tuple[Suspicion, ...]:
    """What is odd about marks by themselves, and beside reviews and other sheets of the cohort."""
    others: dict[str, Mapping[str, Fraction]] = {}
    reviews = selecting.review_scores(cohort_id)
    if reviews:
        others[REVIEW] = {id: each.score for id, each in reviews.items()}
    for sheet in selecting.sheets.all_latest(cohort_id):
        if sheet.name != marks.name and sheet.state in _USABLE:
            others[sheet_part(sheet.name)] = sheet.marks.marks()
    return tuple(suspicions(marks, others, selecting.rules))
