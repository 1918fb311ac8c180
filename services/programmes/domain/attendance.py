"""Who attended a session, in which way and for how long.

What was put on record can be corrected and retracted; ``turn`` counts how often it was told, so
that readers of the events know which is the latest in whatever order they come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import Way
from services.programmes.errors import NotAttended
from services.programmes.events import AttendanceRetracted, SessionAttended
from shared.errors import Invalid
from shared.events import Aggregate


class AttendanceState(StrEnum):
    """Whether it counts; retracted is what had been recorded by mistake."""

    RECORDED = "recorded"
    RETRACTED = "retracted"


@dataclass
class Attendance(Aggregate):
    """One member's attendance of one session; the id says whose and which, so there is one only."""

    id: str
    session_id: str
    member_id: str
    way: Way
    minutes: int
    recorded_on: date
    state: AttendanceState = AttendanceState.RECORDED
    turn: int = 1

    @staticmethod
    def key(session_id: str, member_id: str) -> str:
        """The id of an attendance, and of the booking before it."""
        return f"{session_id}:{member_id}"

    @classmethod
    def at(
        cls, session: Session, member_id: str, way: Way, minutes: int | None, today: date
    ) -> Attendance:
        """That a member attended, all of it unless ``minutes`` are given."""
        id = cls.key(session.id, member_id)
        attendance = cls(id, session.id, member_id, way, minutes or session.minutes, today)
        attendance._tell(session)
        return attendance

    @property
    def counts(self) -> bool:
        return self.state is AttendanceState.RECORDED

    def correct(self, session: Session, way: Way, minutes: int | None, today: date) -> None:
        """Let it say this, retracted or not; what it says already is not told again."""
        stayed = minutes or (self.minutes if self.counts else session.minutes)
        if self.counts and (way, stayed) == (self.way, self.minutes):
            return
        self.way, self.minutes, self.recorded_on = way, stayed, today
        self.state, self.turn = AttendanceState.RECORDED, self.turn + 1
        self._tell(session)

    def retract(self, session: Session) -> None:
        """It was a mistake; retracted before, nothing happens."""
        if self.counts:
            self.state = AttendanceState.RETRACTED
            self.record(
                AttendanceRetracted(
                    session_id=self.session_id,
                    member_id=self.member_id,
                    programme_id=session.programme_id,
                    turn=self.turn,
                )
            )

    def forget(self) -> None:
        """Keep all but the reasons in the trail: that somebody attended is a fact."""

    def _tell(self, session: Session) -> None:
        self.record(
            SessionAttended(
                session_id=session.id,
                member_id=self.member_id,
                programme_id=session.programme_id,
                title=session.title,
                held_on=session.held_on,
                minutes=self.minutes,
                domains=session.domains,
                turn=self.turn,
            )
        )


def require_minutes(minutes: int | None, session: Session) -> None:
    """Raises Invalid naming ``minutes`` where somebody would have stayed longer than there was."""
    if minutes is not None and minutes > session.minutes:
        reason = f"The session took {session.minutes}."
        raise Invalid("Nobody stays longer.", fields={"minutes": [reason]})


def require_attended(found: Attendance | None, session_id: str) -> Attendance:
    """The attendance; raises NotAttended where there is none."""
    if found is None:
        raise NotAttended(session_id=session_id)
    return found
