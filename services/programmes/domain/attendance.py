"""Who attended a session, in which way and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.programmes.domain.session import Session
from services.programmes.domain.session_plan import Way
from services.programmes.errors import NotAttended
from services.programmes.events import SessionAttended
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass
class Attendance(Aggregate):
    """One member's attendance of one session; the id says whose and which, so there is one only."""

    id: str
    session_id: str
    member_id: str
    way: Way
    minutes: int
    recorded_on: date

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
        attendance.record(
            SessionAttended(
                session_id=session.id,
                member_id=member_id,
                programme_id=session.programme_id,
                title=session.title,
                held_on=session.held_on,
                minutes=attendance.minutes,
                domains=session.domains,
            )
        )
        return attendance


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
