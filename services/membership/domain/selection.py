"""Stages of selection under the equality pseudonym, apart from the member they belong to.

Its id, and so the subject of its events, is the pseudonym: who follows them learns no member.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.membership.events import SelectionProposed, StageReached, StageRetracted
from shared.events import Aggregate


@dataclass(frozen=True)
class Reached:
    """A stage that one application reached; ``cause`` is what it would be taken back with."""

    application_id: str
    stage: str
    cause: str = ""


@dataclass
class SelectionHistory(Aggregate):
    """Every stage told about one pseudonym; ``id`` is the pseudonym.

    ``taken_back`` are the causes that were mistakes, also those that were not heard of yet.
    """

    id: str
    reached: tuple[Reached, ...] = ()
    taken_back: tuple[str, ...] = ()

    def reach(self, step: Reached, cohort_id: str, on: date) -> None:
        """Tell a stage, once for an application however often and by whatever it is reached."""
        before = self._stages(step.application_id)
        if step not in self.reached:
            self.reached = (*self.reached, step)
        for stage in self._stages(step.application_id) - before:
            self.record(
                StageReached(pseudonym=self.id, cohort_id=cohort_id, stage=stage, reached_on=on)
            )

    def take_back(self, application_id: str, cohort_id: str, cause: str) -> None:
        """Tell what was not reached after all; what has another cause as well stands."""
        before = self._stages(application_id)
        if cause not in self.taken_back:
            self.taken_back = (*self.taken_back, cause)
        for stage in sorted(before - self._stages(application_id)):
            self.record(StageRetracted(pseudonym=self.id, cohort_id=cohort_id, stage=stage))

    def _stages(self, application_id: str) -> set[str]:
        return {
            step.stage
            for step in self.reached
            if step.application_id == application_id and step.cause not in self.taken_back
        }

    def forget(self) -> None:
        """Forget which applications these were: they name the member elsewhere."""
        self.reached, self.taken_back = (), ()


FEWEST_TOGETHER = 8
"""Of fewer, their number alone would tell who they are to those who know the round."""


@dataclass
class ProposedSelection(Aggregate):
    """That a round's proposal was told under pseudonyms; ``id`` is the round's.

    Nobody is kept in it. In the event pseudonyms are in order, so that their places tell nothing.
    """

    id: str
    cohort_id: str

    @classmethod
    def of(
        cls, round_id: str, cohort_id: str, proposed: Iterable[str], shortlisted: Iterable[str]
    ) -> ProposedSelection:
        """Tell it; of fewer than eight people only that there is a round."""
        made, people = cls(round_id, cohort_id), sorted(set(proposed))
        enough = len(people) >= FEWEST_TOGETHER
        made.record(
            SelectionProposed(
                round_id=round_id,
                cohort_id=cohort_id,
                pseudonyms=tuple(people) if enough else (),
                shortlisted_pseudonyms=tuple(sorted(set(shortlisted))) if enough else (),
            )
        )
        return made
