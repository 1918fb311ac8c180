"""Whatever saves, relays, outages and crashes meet in whatever order, every event comes, in order.

Two processes share one collection. Whatever they do stops before each operation on the store and
around each publishing, and goes on, or ends in a crash there, when a schedule says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from greenlet import getcurrent, greenlet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import repository
from shared.errors import Conflict
from shared.outbox import Envelope, Relay
from shared.testing import FakeClock, FakeCollection
from tests.unit.shared.processes import GRACE, LEASE, NOW, Process, said

IDS = ("l-1", "l-2")
WAITS = (1.0, GRACE.total_seconds(), LEASE.total_seconds())
ALL = 1_000


class Step(NamedTuple):
    """What a process begins, and which of the tasks begun so far go on after that."""

    kind: str
    process: int
    id: str
    number: int
    moves: list[int]


def pause() -> None:
    """Stop here until the schedule goes on with this task."""
    if (schedule := getcurrent().parent) is not None:
        schedule.switch()


class Paused(FakeCollection):
    """A collection each of whose operations may come late; several at once are several."""

    _inside = False

    def _late(self, operation: Callable[[], Any]) -> Any:
        if self._inside:
            return operation()
        pause()
        self._inside = True
        try:
            return operation()
        finally:
            self._inside = False

    def find(self, *given: Any) -> Any:
        return self._late(lambda: super(Paused, self).find(*given))

    def insert_one(self, *given: Any) -> None:
        self._late(lambda: super(Paused, self).insert_one(*given))

    def replace_one(self, *given: Any) -> Any:  # type: ignore[override]
        return self._late(lambda: super(Paused, self).replace_one(*given))

    def update_one(self, *given: Any) -> Any:
        return self._late(lambda: super(Paused, self).update_one(*given))


class Wire:
    """A broker that may go away in the middle of a batch, before it has confirmed what it took."""

    def __init__(self, arrived: list[Envelope]) -> None:
        self._arrived = arrived
        self.takes = self.confirms = ALL

    def publish(self, envelopes: Sequence[Envelope]) -> list[bool]:
        pause()
        self._arrived += envelopes[: self.takes]
        confirmed = min(self.takes, self.confirms)
        pause()
        return [number < confirmed for number in range(len(envelopes))]


class Fragile(Process):
    """A process that may end at any point, and whose broker may fail."""

    def __init__(self, system: System, sweep_size: int) -> None:
        super().__init__(system.database, system.clock, max_waiting=2)  # type: ignore[arg-type]
        self._arrived, self._sweep_size = system.arrived, sweep_size
        self.tasks: list[greenlet] = []
        self.restart()

    def restart(self) -> None:
        """What was in hand or in memory alone is gone."""
        for task in self.tasks:
            task.throw()
        self.tasks = []
        self.relaying: greenlet | None = None
        self.crash()
        self.wire = Wire(self._arrived)
        self.relay = Relay(self.outbox, self.wire, lease=LEASE, sweep_size=self._sweep_size)

    def begin(self, action: Callable[[], object]) -> greenlet:
        self.tasks.append(greenlet(action))
        return self.tasks[-1]

    def begin_relaying(self, action: Callable[[], object]) -> None:
        """One process has one relay, which does one thing at a time."""
        if self.relaying is None or self.relaying.dead:
            self.relaying = self.begin(action)


class System:
    """Two processes of one service, their brokers and their store."""

    def __init__(self) -> None:
        self.clock, self.database = FakeClock(NOW), {"lamps": Paused("lamps")}
        self.arrived: list[Envelope] = []
        self.recorded: Counter[str] = Counter(IDS)
        self.waited: dict[str, set[int]] = {id: set() for id in IDS}
        self.settled: dict[str, set[int]] = {id: set() for id in IDS}
        self.processes = [Fragile(self, sweep_size) for sweep_size in (1, 200)]
        for process, id in zip(self.processes, IDS, strict=True):
            process.add(id)

    def do(self, step: Step) -> None:
        process = self.processes[step.process]
        match step.kind:
            case "save":
                process.begin(lambda: self._save(process, step.id, step.number))
            case "flush" | "sweep":
                process.begin_relaying(getattr(process, step.kind))
            case "wait":
                self.clock.advance(seconds=WAITS[step.number])
            case "crash":
                process.restart()
            case "outage":
                process.wire.takes, process.wire.confirms = step.number, 2 * step.number
            case "deafness":
                process.wire.takes, process.wire.confirms = ALL, step.number
            case "recovery":
                process.wire.takes = process.wire.confirms = ALL
        for move in step.moves:
            self._go_on(move)

    def _save(self, process: Fragile, id: str, times: int) -> None:
        def change(lamp: Any) -> None:
            lamp.light(times)
            lamp.move()

        try:
            process.lamps.change(id, change)
        except Conflict:
            return
        self.recorded[id] += times

    def _go_on(self, move: int) -> bool:
        tasks = [task for process in self.processes for task in process.tasks if not task.dead]
        if tasks:
            tasks[move % len(tasks)].switch()
        return bool(tasks)

    def documents(self) -> Iterator[tuple[dict[str, Any], list[int], list[int]]]:
        """Each with its events' numbers: those recorded, and those arrived as each first did."""
        for document in self.database["lamps"].find():
            id = document["_id"]
            arrived = [number for lamp, number in map(said, self.arrived) if lamp == id]
            yield document, list(range(1, self.recorded[id] + 1)), list(dict.fromkeys(arrived))

    def check(self) -> None:
        """Nothing is lost, overtakes or comes back, and what waits is found by a sweep."""
        for document, recorded, arrived in self.documents():
            assert arrived == recorded[: len(arrived)]
            mark = document["outbox_sent"]
            waiting = [each["sequence"] for each in document["outbox"] if each["sequence"] > mark]
            assert len(waiting) >= len(recorded) - len(arrived)
            assert waiting == sorted(set(waiting))
            waited, settled = self.waited[document["_id"]], self.settled[document["_id"]]
            settled |= waited.difference(waiting)
            assert settled.isdisjoint(waiting)
            waited |= set(waiting)
            assert ("outbox_due" in document) == bool(document["outbox"])

    def settle(self) -> None:
        """All ends that was begun; the broker is back, and sweeps do what is still to be done."""
        while self._go_on(0):
            self.check()
        self.processes[0].restart()
        self.clock.advance(seconds=(GRACE + LEASE).total_seconds())
        self.processes[0].sweep()
        for document, recorded, arrived in self.documents():
            assert arrived == recorded
            assert document["outbox"] == []
            assert "outbox_due" not in document


WORK = ("save", "flush", "sweep") * 3
TROUBLE = ("wait", "crash", "outage", "deafness", "recovery", "recovery")
STEPS = st.builds(
    Step,
    kind=st.sampled_from((*WORK, *TROUBLE)),
    process=st.integers(0, 1),
    id=st.sampled_from(IDS),
    number=st.integers(0, 2),
    moves=st.lists(st.integers(0, 5), max_size=8),
)


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(todo=st.lists(STEPS, min_size=10, max_size=40))
def test_every_event_arrives_in_order(monkeypatch: pytest.MonkeyPatch, todo: list[Step]) -> None:
    """At least once each, and at the end nothing is left to publish."""
    monkeypatch.setattr(repository, "time", SimpleNamespace(sleep=lambda _seconds: None))
    system = System()
    for step in todo:
        system.do(step)
        system.check()
    system.settle()
