"""Sessions of programmes, and who attended them."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.programmes.domain.terms import SessionMode, blank_faults
from services.programmes.errors import SessionNotHeld
from services.programmes.events import SessionAttended
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass
class Session(Aggregate):
    """A session on one day; ``domains`` are codes of the standards' domains that it is about."""

    id: str
    programme_id: str
    title: str
    held_on: date
    minutes: int
    mode: SessionMode
    domains: tuple[str, ...]

    @classmethod
    def plan(
        cls,
        id: str,
        *,
        programme_id: str,
        title: str,
        held_on: date,
        minutes: int,
        mode: SessionMode,
        domains: tuple[str, ...],
    ) -> Self:
        """The session, held already or to come, or Invalid naming ``title``."""
        if faults := blank_faults({"title": title}):
            raise Invalid("The session is not complete.", fields=faults)
        once = tuple(dict.fromkeys(domains))
        return cls(id, programme_id, title.strip(), held_on, minutes, mode, once)

    def require_held(self, today: date) -> None:
        """Raises SessionNotHeld before its day."""
        if self.held_on > today:
            raise SessionNotHeld(session_id=self.id, held_on=self.held_on.isoformat())


@dataclass
class Attendance(Aggregate):
    """One member's attendance of one session; the id says whose and which, so there is one only."""

    id: str
    session_id: str
    member_id: str
    recorded_on: date

    @staticmethod
    def key(session_id: str, member_id: str) -> str:
        """The id of an attendance."""
        return f"{session_id}:{member_id}"

    @classmethod
    def at(cls, session: Session, member_id: str, today: date) -> Self:
        """That a member attended."""
        attendance = cls(cls.key(session.id, member_id), session.id, member_id, today)
        attendance.record(
            SessionAttended(
                session_id=session.id,
                member_id=member_id,
                programme_id=session.programme_id,
                title=session.title,
                held_on=session.held_on,
                minutes=session.minutes,
                domains=session.domains,
            )
        )
        return attendance
