"""Looks at the marks of a sheet by themselves and beside all else that is known of a cohort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.programmes.domain.interview import Hearing
from services.programmes.domain.marks import SheetOfMarks
from services.programmes.domain.parts import INTERVIEW, REVIEW, sheet_part
from services.programmes.domain.ranking import Scored
from services.programmes.domain.selection_rules import SelectionRules
from services.programmes.domain.sheet import Sheet, SheetState, Suspicion, suspicions
from services.programmes.handlers.desk import Round
from services.programmes.handlers.selecting import Selecting

_USABLE = (SheetState.ACCEPTED, SheetState.CONFIRMED)


@dataclass(frozen=True)
class Evidence:
    """All scores of a cohort, higher being better, by the name of what gave them."""

    scores: Mapping[str, Mapping[str, Fraction]]
    rules: SelectionRules

    @classmethod
    def of(
        cls,
        reviews: Mapping[str, Scored],
        hearings: Mapping[str, Hearing],
        sheets: Iterable[Sheet],
        rules: SelectionRules,
    ) -> Evidence:
        """What reviews, interviews and those of the sheets that may be used say."""
        heard = {id: each.scored() for id, each in hearings.items()}
        scores = {
            REVIEW: {id: each.score for id, each in reviews.items()},
            INTERVIEW: {id: each.score for id, each in heard.items() if each is not None},
            **{sheet_part(s.name): s.marks.marks() for s in sheets if s.state in _USABLE},
        }
        return cls({name: given for name, given in scores.items() if given}, rules)

    def look(self, marks: SheetOfMarks) -> tuple[Suspicion, ...]:
        """What is odd about marks by themselves, and beside all but other versions of them."""
        mine = sheet_part(marks.name)
        others = {name: scores for name, scores in self.scores.items() if name != mine}
        return tuple(suspicions(marks, others, self.rules))


def evidence(here: Round, selecting: Selecting) -> Evidence:
    """What there is now."""
    return Evidence.of(
        selecting.review_scores(here.cohort.id),
        selecting.hearings(here),
        selecting.sheets.all_latest(here.cohort.id),
        selecting.rules,
    )
