"""Stages of selection under the equality pseudonym, apart from the member they belong to.

Its id, and so the subject of its events, is the pseudonym: who follows them learns no member.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.events import StageReached
from shared.events import Aggregate


@dataclass(frozen=True)
class Reached:
    """A stage that one application reached."""

    application_id: str
    stage: str


@dataclass
class SelectionHistory(Aggregate):
    """Every stage told about one pseudonym; ``id`` is the pseudonym."""

    id: str
    reached: tuple[Reached, ...] = ()

    def reach(self, application_id: str, cohort_id: str, stage: str, on: date) -> None:
        """Tell a stage, once for an application however often it is heard."""
        step = Reached(application_id, stage)
        if step in self.reached:
            return
        self.reached = (*self.reached, step)
        self.record(
            StageReached(pseudonym=self.id, cohort_id=cohort_id, stage=stage, reached_on=on)
        )

    def forget(self) -> None:
        """Forget which applications these were: they name the member elsewhere."""
        self.reached = ()
