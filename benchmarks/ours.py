"""The same on Faculty's shared library, with all that the four services have, in its own process.

    python -m benchmarks.ours caller|handler

``ourcaller`` answers calls with a token and validation, and publishes events; ``ourhandler``
handles them.
"""

import shared.patched  # noqa: F401, I001 (before everything else)

import sys
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import eventlet

from benchmarks.ticks import BATCH, COUNTED, KEPT, STORED, Tally, shares
from shared.events import Aggregate, Meta, choice, event, integer, new_id, reads, text, utc_now
from shared.messaging import subscribe
from shared.operations import Operations
from shared.outbox import envelope, ready
from shared.repository import Repository
from shared.rpc import rpc
from shared.service import Application, run
from shared.settings import ServiceSettings

CALLER, HANDLER = "ourcaller", "ourhandler"
_SAVERS = 20


@dataclass(frozen=True)
class _Tick:
    run: str
    number: int
    of: int


_EXAMPLE = {"run": "a", "number": 0, "of": 1}


@event(COUNTED, example=_EXAMPLE)
@dataclass(frozen=True)
class Counted(_Tick):
    """For the handler that does nothing."""


@event(STORED, example=_EXAMPLE)
@dataclass(frozen=True)
class Stored(_Tick):
    """For the handler that writes."""


@event(KEPT, example=_EXAMPLE)
@dataclass(frozen=True)
class Kept(_Tick):
    """For a queue that nobody reads."""


EVENTS: dict[str, type[_Tick]] = {COUNTED: Counted, STORED: Stored, KEPT: Kept}


@reads(CALLER, COUNTED)
@dataclass(frozen=True)
class CountedRead(_Tick):
    """As the handler reads it."""


@reads(CALLER, STORED)
@dataclass(frozen=True)
class StoredRead(_Tick):
    """As the handler reads it."""


@dataclass
class Mark(Aggregate):
    """What is saved: by the publisher with the event in it, by the handler with the inbox."""

    id: str
    run: str


class Marks(Repository[Mark]):
    """One per event."""

    collection = "marks"
    aggregate = Mark


@dataclass(frozen=True, kw_only=True)
class Echo:
    """Ask for what is given."""

    text: str = text(200)
    number: int = integer(0, 1_000_000)


@dataclass(frozen=True)
class EchoView:
    """What was given."""

    text: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Publish:
    """Publish events in batches of a size; 0 saves each with an aggregate, for the relay."""

    run: str = text(64)
    count: int = integer(1, 1_000_000)
    key: str = choice(tuple(EVENTS))
    batch: int = integer(0, 10_000, default=BATCH)


@dataclass(frozen=True)
class Times:
    """Readings of the monotonic clock."""

    began: float
    ended: float


def bootstrap(_settings: Any, *, database: Any, outbox: Any, clock: Any) -> Any:  # noqa: ARG001 (Application passes it)
    marks = Marks(database, outbox)
    return SimpleNamespace(repositories=(marks,), marks=marks)


class OurCaller(Operations):
    """Answers calls and publishes events."""

    name = CALLER
    app = Application(bootstrap)

    @rpc(Echo, returns=EchoView, scope="read")
    def echo(self, request: Echo) -> EchoView:
        """What was given."""
        return EchoView(request.text, request.number)

    @rpc(Publish, returns=Times, scope="write")
    def publish(self, command: Publish) -> Times:
        """Publish events; when it began and ended."""
        made = EVENTS[command.key]
        ticks = [made(command.run, number, command.count) for number in range(command.count)]
        began = time.monotonic()
        if command.batch:
            self._send(ticks, command.batch)
        else:
            self._save(ticks)
        return Times(began, time.monotonic())

    def _send(self, ticks: list[_Tick], size: int) -> None:
        """What the relay does for each event and each batch, without the store."""
        for start in range(0, len(ticks), size):
            entries = ready(ticks[start : start + size], start + 1, utc_now)
            envelopes = [envelope(self.name, entry["id"], entry) for entry in entries]
            if not all(self.runtime.broker.publisher.publish(envelopes)):
                raise RuntimeError("The broker did not confirm an event.")

    def _save(self, ticks: list[_Tick]) -> None:
        """Save aggregates with an event in each from as many green threads as there are workers."""

        def work(numbers: range) -> None:
            for number in numbers:
                mark = Mark(new_id(), ticks[number].run)
                mark.record(ticks[number])
                self.app.marks.add(mark)

        for thread in [eventlet.spawn(work, each) for each in shares(len(ticks), _SAVERS)]:
            thread.wait()


class OurHandler(Operations):
    """Handles events."""

    name = HANDLER
    app = Application(bootstrap)
    tally = Tally.from_environment()

    @subscribe(CountedRead)
    def on_counted(self, event: CountedRead, _meta: Meta) -> None:
        """Count it."""
        self.tally.count(event.run, event.of)

    @subscribe(StoredRead)
    def on_stored(self, event: StoredRead, _meta: Meta) -> None:
        """Write a document with the event's id in its inbox, then count the event."""
        self.app.marks.add(Mark(new_id(), event.run))
        self.tally.count(event.run, event.of)


if __name__ == "__main__":
    run({"caller": OurCaller, "handler": OurHandler}[sys.argv[1]], ServiceSettings)
