"""What the tests of parking share: messages as they arrive, and parking over fakes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from shared import parking
from shared.outbox import Outbox
from shared.parking import (
    Arrival,
    Bodies,
    DiscardParked,
    ParkedMessage,
    ParkedMessages,
    Parking,
    RetryParked,
    State,
)
from shared.testing import FakeClock, FakeDatabase

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
HEADERS = {
    "ce-id": "e-1",
    "ce-type": "faculty.things.thing.made",
    "ce-subject": "t-1",
    "traceparent": "00-1",
    "x-faculty-reason": "malformed",
    "x-faculty-error": "Malformed: no",
    "x-faculty-attempt": 6,
    "x-faculty-outages": 2,
    "x-faculty-first-failed": "2026-01-05T09:00:00Z",
    "x-faculty-parked": "2026-01-05T09:30:00Z",
    "faculty-delay-ms": "16000",
}


def arrival(
    number: int = 1,
    body: bytes = b'{"a": 1}',
    *,
    odd: dict[Any, Any] | None = None,
    **headers: Any,
) -> Arrival:
    """A message as it comes from the queue; ``None`` leaves a header out, ``odd`` adds any."""
    given: dict[Any, Any] = {**HEADERS, "ce-id": f"e-{number}", **headers}
    kept = {name: value for name, value in given.items() if value is not None} | (odd or {})
    return Arrival("things.on_made", kept, body, "application/json", f"e-{number}")


class Desk:
    """Parking over fakes; ``sent`` is what was given to the broker, which says ``confirms``."""

    def __init__(self) -> None:
        self.clock, self.database = FakeClock(NOW), FakeDatabase()
        self.sent: list[tuple[ParkedMessage, bytes]] = []
        self.confirms = True
        self.meanwhile: Callable[[], object] = lambda: None
        self.bodies = Bodies(self.database)
        messages = ParkedMessages(self.database, Outbox("things", self.clock))
        handled = {"queue": ["things.on_made"], "event_type": ["faculty.things.thing.made"]}
        self.parking = Parking(messages, self.bodies, self.clock, self._republish, handled)
        for store in (messages, self.bodies):
            store.prepare()

    def _republish(self, message: ParkedMessage, body: bytes) -> bool:
        self.sent.append((message, body))
        self.meanwhile()
        return self.confirms

    def keep(self, number: int = 1, **given: Any) -> str:
        return self.parking.keep(arrival(number, **given)).id

    def state(self, id: str) -> State:
        return self.parking.get(id)[0].state

    def retry(self, *ids: str, **given: Any) -> parking.Outcome:
        return self.parking.retry(RetryParked(ids=ids, **{"dry_run": False, **given}), "ops-1")

    def discard(self, *ids: str, **given: Any) -> parking.Outcome:
        command = DiscardParked(ids=ids, **{"dry_run": False, "why": "Sent twice.", **given})
        return self.parking.discard(command, "ops-2")
