"""Alumni: who completed which programme with which cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.programmes.domain.application import Application
from services.programmes.errors import AlreadyCompleted
from services.programmes.events import AlumniJoined, AlumniRemoved
from shared.events import Aggregate


class AlumnusState(StrEnum):
    """Whether somebody counts among the alumni; removed is who had been entered by mistake."""

    JOINED = "joined"
    REMOVED = "removed"


@dataclass
class Alumnus(Aggregate):
    """A member's completion; the id says whose and with which cohort, so there is one only.

    ``turn`` counts how often it was recorded.
    """

    id: str
    member_id: str
    cohort_id: str
    programme_id: str
    application_id: str
    completed_on: date
    state: AlumnusState
    turn: int = 1
    removed_on: date | None = None

    @staticmethod
    def key(cohort_id: str, member_id: str) -> str:
        """The id of an alumnus."""
        return f"{cohort_id}:{member_id}"

    @property
    def joined(self) -> bool:
        return self.state is AlumnusState.JOINED

    @property
    def completion(self) -> str:
        """What names this completion and no other, were it taken back and recorded anew."""
        return f"{self.id}#{self.turn}"

    @classmethod
    def join(cls, application: Application, title: str, completed_on: date) -> Alumnus:
        """The applicant completed the programme, whose name is ``title``."""
        alumnus = cls(
            id=cls.key(application.cohort_id, application.member_id),
            member_id=application.member_id,
            cohort_id=application.cohort_id,
            programme_id=application.programme_id,
            application_id=application.id,
            completed_on=completed_on,
            state=AlumnusState.JOINED,
        )
        alumnus._tell(title)
        return alumnus

    def rejoin(self, title: str, completed_on: date) -> None:
        """Completed after all; raises AlreadyCompleted where it counts for another day."""
        if self.state is AlumnusState.JOINED:
            if completed_on != self.completed_on:
                before = self.completed_on.isoformat()
                raise AlreadyCompleted(application_id=self.application_id, completed_on=before)
            return
        self.state, self.removed_on, self.completed_on = AlumnusState.JOINED, None, completed_on
        self.turn += 1
        self._tell(title)

    def remove(self, today: date) -> None:
        """It was a mistake; removed before, nothing happens."""
        if self.state is AlumnusState.JOINED:
            self.state, self.removed_on = AlumnusState.REMOVED, today
            self.record(
                AlumniRemoved(
                    member_id=self.member_id,
                    programme_id=self.programme_id,
                    cohort_id=self.cohort_id,
                    turn=self.turn,
                    removed_on=today,
                )
            )

    def forget(self) -> None:
        """Keep all but the reasons in the trail: that somebody completed something is a fact."""

    def _tell(self, title: str) -> None:
        self.record(
            AlumniJoined(
                member_id=self.member_id,
                programme_id=self.programme_id,
                cohort_id=self.cohort_id,
                title=title,
                completed_on=self.completed_on,
                turn=self.turn,
            )
        )
