"""What the tests of sessions, certificates and the board share: the world, with a programme.

school = School()
session_id = school.session(starts_at="2026-12-10T09:00:00+00:00", capacity={"online": 2})
school.book(session_id, school.member(), "online")
"""

from __future__ import annotations

from typing import Any

from tests.unit.programmes.world import World

# The day before yesterday, as the world begins.
HELD = "2026-12-01T09:00:00+00:00"
TO_COME = "2026-12-10T09:00:00+00:00"
TOWN = {"nation": "wales", "town": "Invented Vale"}


class School(World):
    """A programme is on offer."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        page = self.call("find_programmes")
        self.programme_id = page.items[0].programme_id if page.items else self.programme()

    def schedule(self, message: str | None = None, **changes: Any) -> Any:
        """A hybrid session that was held the day before yesterday, unless said otherwise."""
        arguments = {
            "programme_id": self.programme_id,
            "title": "Leading change",
            "starts_at": HELD,
            "minutes": 210,
            "mode": "hybrid",
            "place": TOWN,
            "domains": ["self", "team"],
            "capacity": {"in_person": 20, "online": 20},
        }
        return self.call("schedule_session", message=message, **{**arguments, **changes})

    def session(self, **changes: Any) -> str:
        """The id of such a session."""
        return str(self.schedule(**changes).session_id)

    def online(self, places: int, **changes: Any) -> str:
        """The id of an online session to come."""
        arguments = {
            "mode": "online",
            "place": None,
            "capacity": {"online": places},
            "starts_at": TO_COME,
        }
        return self.session(**{**arguments, **changes})

    def book(self, session_id: str, member_id: str, way: str = "online", **more: Any) -> Any:
        """A booking, by the member."""
        return self.call(
            "book_session",
            by=member_id,
            session_id=session_id,
            member_id=member_id,
            way=way,
            **more,
        )

    def leave(self, session_id: str, member_id: str, **more: Any) -> Any:
        """A booking cancelled, by the member."""
        arguments = {"session_id": session_id, "member_id": member_id}
        return self.call("cancel_booking", by=member_id, **arguments, **more)

    def state(self, session_id: str, member_id: str) -> str:
        """Where a booking stands."""
        arguments = {"session_id": session_id, "member_id": member_id}
        return str(self.call("get_booking", **arguments).state.value)

    def attend(self, session_id: str, *member_ids: str, **changes: Any) -> Any:
        """Attendance on record, in person, whether they were expected or not."""
        arguments = {"way": "in_person", "walk_in": True, **changes}
        return self.call(
            "record_attendance", session_id=session_id, member_ids=member_ids, **arguments
        )

    def certificate(self, member_id: str, message: str | None = None, **changes: Any) -> Any:
        """An award issued today."""
        arguments = {
            "kind": "award",
            "programme_id": self.programme_id,
            "title": "Leadership in practice",
            "domains": ["system"],
            "issued_on": "2026-12-03",
        }
        arguments |= changes
        return self.call("issue_certificate", message=message, member_id=member_id, **arguments)
