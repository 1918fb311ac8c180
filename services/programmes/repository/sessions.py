"""Sessions, and who attended them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from services.programmes.domain.attendance import Attendance, AttendanceState
from services.programmes.domain.session import Session
from services.programmes.repository.keys import TURN, turn_key
from shared.repository import Index, Repository

STARTS = "starts_key"


class Sessions(Repository[Session]):
    """Sessions of programmes; those that places and bookings have yet to follow have a turn."""

    collection = "sessions"
    aggregate = Session
    audited = True
    untracked = frozenset({STARTS, TURN})
    indexes = (
        Index(STARTS, unique=True),
        Index(("programme_id", STARTS)),
        Index(("cohort_id", STARTS)),
        Index(TURN, unique=True, sparse=True),
    )

    def _state(self, aggregate: Session) -> dict[str, Any]:
        state = super()._state(aggregate)
        state[STARTS] = turn_key(aggregate.starts_at, aggregate.id)
        if aggregate.unsettled_at is not None:
            state[TURN] = turn_key(aggregate.unsettled_at, aggregate.id)
        return state


class Attendances(Repository[Attendance]):
    """Who attended what, each in a document of its own, so that a person's can be found."""

    collection = "attendances"
    aggregate = Attendance
    audited = True
    indexes = (Index(("session_id", "state", "id")), Index(("member_id", "id")))

    def of(self, session_id: str, member_ids: Iterable[str]) -> Attendance | None:
        """That of a member with several ids, unless it was retracted."""
        return next((each for each in self.kept(session_id, member_ids) if each.counts), None)

    def kept(self, session_id: str, member_ids: Iterable[str]) -> Iterator[Attendance]:
        """All that was ever recorded of a member with several ids."""
        keys = [Attendance.key(session_id, id) for id in member_ids]
        return self.scan({"_id": {"$in": keys}})

    @staticmethod
    def at(session_id: str) -> dict[str, str]:
        """What is true of those that were recorded of a session and not retracted."""
        return {"session_id": session_id, "state": AttendanceState.RECORDED.value}
