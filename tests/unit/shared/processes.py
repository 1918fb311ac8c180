"""What the tests of the relay share: processes of one service over one collection in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.events import Aggregate, event
from shared.outbox import Envelope, Outbox, Relay
from shared.repository import Repository
from shared.testing import FakeClock, FakeDatabase, FakeTransport

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
GRACE, LEASE = timedelta(seconds=10), timedelta(seconds=30)


@event("lamp.lit", example={"lamp_id": "l-1", "number": 1})
@dataclass(frozen=True)
class LampLit:
    """A lamp was lit; ``number`` counts how often so far."""

    lamp_id: str
    number: int


@event("owner.told", example={"lamp_id": "l-1"}, private=True)
@dataclass(frozen=True)
class OwnerTold:
    """Somebody was told."""

    lamp_id: str


@dataclass
class Lamp(Aggregate):
    """Counts how often it was lit."""

    id: str
    lit: int = 0
    moved: int = 0

    def light(self, times: int = 1) -> None:
        for _ in range(times):
            self.lit += 1
            self.record(LampLit(self.id, self.lit))

    def move(self) -> None:
        """A change that nobody else is told of."""
        self.moved += 1


class Lamps(Repository[Lamp]):
    """Lamps by id."""

    collection = "lamps"
    aggregate = Lamp


class Broker(FakeTransport):
    """A transport that does something else, once, before or after it has published."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], object] | None = None
        self.after: Callable[[], object] | None = None

    def publish(self, envelopes: Sequence[Envelope]) -> list[bool]:
        self._once("before")
        answers = super().publish(envelopes)
        self._once("after")
        return answers

    def _once(self, when: str) -> None:
        action = getattr(self, when)
        setattr(self, when, None)
        if action is not None:
            action()


class Process:
    """One of the processes of a service, with an outbox and a relay of its own."""

    def __init__(
        self,
        database: FakeDatabase | None = None,
        clock: FakeClock | None = None,
        *,
        max_waiting: int = 100,
        **relay: Any,
    ) -> None:
        self.clock = clock or FakeClock(NOW)
        self.database = FakeDatabase() if database is None else database
        self.broker = Broker()
        self.outbox = Outbox("things", self.clock, GRACE, max_waiting)
        self.relay = Relay(self.outbox, self.broker, lease=LEASE, **relay)
        self.lamps = Lamps(self.database, self.outbox)
        self.lamps.prepare()

    def another(self, **given: Any) -> Process:
        """A second process over the same store and clock."""
        return Process(self.database, self.clock, **given)

    def add(self, id: str = "l-1", lit: int = 1) -> None:
        lamp = Lamp(id)
        lamp.light(lit)
        self.lamps.add(lamp)

    def light(self, id: str = "l-1", times: int = 1) -> None:
        self.lamps.change(id, lambda lamp: lamp.light(times))

    def flush(self) -> int:
        return self.relay.flush()

    def sweep(self) -> int:
        return self.relay.sweep(self.lamps.documents)

    def crash(self) -> None:
        """Forget all that is in memory alone."""
        self.outbox.waiting.clear()

    def document(self, id: str = "l-1") -> dict[str, Any]:
        found = self.lamps.documents.find_one({"_id": id})
        assert found is not None
        return found

    def waiting(self, id: str = "l-1") -> list[int]:
        """The sequences of the events that lie in the document."""
        return [entry["sequence"] for entry in self.document(id)["outbox"]]

    def is_clear(self, id: str = "l-1") -> bool:
        """Whether nothing is left to publish, nor to sweep."""
        document = self.document(id)
        return document["outbox"] == [] and "outbox_due" not in document

    def published(self, id: str = "l-1") -> list[int]:
        """Which of the lamp's events the broker has confirmed, in order, by their number."""
        return [number for lamp, number in map(said, self.broker.published) if lamp == id]


def said(envelope: Envelope) -> tuple[str, int]:
    """The lamp and the number in an event."""
    body = json.loads(envelope.body)
    return body["lamp_id"], body["number"]
