"""The relay of a process runs until it is told to stop, whatever fails meanwhile."""

import threading
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from shared import outbox
from tests.unit.shared.processes import Process


@pytest.fixture
def process() -> Process:
    return Process()


def run(process: Process, stopping: threading.Event) -> None:
    outbox.run(process.relay, process.outbox, [process.lamps.documents], stopping, 3_600)


def test_what_was_committed_before_a_stop_is_published(process: Process) -> None:
    """The last flush comes after everything else."""
    process.add()
    stopping = threading.Event()
    stopping.set()
    run(process, stopping)
    assert process.published() == [1]


def test_a_store_that_is_away_does_not_hinder_a_stop(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be cleared is durable; the service still closes what it has open."""

    def away(*_: Any, **__: Any) -> None:
        raise AutoReconnect("away")

    process.add()
    monkeypatch.setattr(process.lamps.documents, "bulk_write", away)
    stopping = threading.Event()
    stopping.set()
    run(process, stopping)
    assert process.waiting() == [1]


class Steps:
    """Stands for ``stopping``: lets the relay run so many rounds, each beginning with a save."""

    def __init__(self, process: Process, rounds: int) -> None:
        self._process, self._rounds = process, iter(range(rounds))
        self.paused = 0

    def is_set(self) -> bool:
        number = next(self._rounds, None)
        if number is not None:
            self._process.add(f"l-{number}")
        return number is None

    def wait(self, _seconds: float) -> bool:
        self.paused += 1
        return False


def test_a_relay_that_failed_goes_on(process: Process) -> None:
    """After a pause, with what comes next; what it failed at waits for a sweep."""

    def fail() -> None:
        raise RuntimeError("a bug")

    process.broker.before = fail
    steps = Steps(process, 3)
    run(process, steps)  # type: ignore[arg-type]
    assert steps.paused == 1
    assert [process.is_clear(f"l-{number}") for number in range(3)] == [False, True, True]
    process.clock.advance(minutes=1)
    assert process.sweep() == 1
