"""The things that the suite stores, and how it has many hands at them at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import uuid4

from shared import telemetry
from shared.errors import FacultyError
from shared.events import Aggregate, event
from shared.outbox import Outbox
from shared.repository import Index, Repository

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
THREADS = 8

T = TypeVar("T", bound="Things")


class Colour(StrEnum):
    """Something with a fixed list of values."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Leg:
    """A part of a thing."""

    length: int
    painted: date | None = None


@event("thing.turned", example={"thing_id": "one", "turn": 1})
@dataclass(frozen=True)
class ThingTurned:
    """A thing was turned."""

    thing_id: str
    turn: int


@dataclass
class Thing(Aggregate):
    """Holds one value of each kind that aggregates hold."""

    id: str
    key: str
    label: str | None = None
    colour: Colour = Colour.RED
    made_on: date = NOW.date()
    seen_at: datetime | None = None
    legs: tuple[Leg, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    ratio: float = 0.0
    turns: int = 0

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.turns += 1
            self.record(ThingTurned(self.id, self.turns))


class Things(Repository[Thing]):
    """Things by id; each has a key of its own, and some have a label of their own."""

    collection = "things"
    aggregate = Thing
    indexes = (
        Index("key", unique=True),
        Index("label", unique=True, sparse=True),
        Index(("colour", "id")),
    )


class Papers(Things):
    """Things whose every write is on record; what is made of other fields is left out of it."""

    collection = "papers"
    audited = True
    untracked = frozenset({"shade"})

    def _state(self, aggregate: Thing) -> dict[str, Any]:
        return {**super()._state(aggregate), "shade": f"dark {aggregate.colour}"}


def thing(**changed: Any) -> Thing:
    """A thing that nobody else has."""
    return Thing(**{"id": telemetry.fresh_id(), "key": uuid4().hex, **changed})


def at_once(actions: Iterable[Callable[[], object]]) -> list[object]:
    """The results of the actions, begun together; an error is a result."""
    waiting = list(actions)
    results: list[object] = [None] * len(waiting)
    start = threading.Event()

    def run(number: int, action: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = action()
        except FacultyError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(waiting)]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    return results


def acting(do: Callable[[], Any], **context: str) -> Any:
    """Do something as ``actor``, for a ``reason``, or whatever else a context says."""
    with telemetry.activate(telemetry.Context.start(**context)):
        return do()


def in_message(message_id: str, action: Callable[[], Any]) -> Any:
    """Do something while a message is in hand."""
    context = telemetry.Context.start(message_id=message_id, seed=telemetry.fresh_id())
    with telemetry.activate(context):
        return action()


class Suite:
    """What the parts of the suite share."""

    def things(self, database: Any, outbox: Outbox | None = None) -> Things:
        return prepared(Things(database, outbox or Outbox("suite")))

    def papers(self, database: Any, outbox: Outbox | None = None) -> Papers:
        return prepared(Papers(database, outbox or Outbox("suite")))

    def stored(self, things: Things, id: str) -> dict[str, Any]:
        document: dict[str, Any] = things.documents.find_one({"_id": id})
        return document


def prepared(things: T) -> T:
    things.prepare()
    return things
