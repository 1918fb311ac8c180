"""Saves, clears and relays that meet lose no event, bring none back and keep the order."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared import repository
from tests.unit.shared.processes import Lamp, Process


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A save that meets a conflict is done again at once."""
    monkeypatch.setattr(repository, "time", SimpleNamespace(sleep=lambda _seconds: None))


@pytest.fixture
def process() -> Process:
    return Process()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_save_while_events_are_published_loses_none(process: Process, when: str) -> None:
    """The clear leaves the newer entry, and no older one is published again or comes back."""
    process.add()
    setattr(process.broker, when, process.light)
    assert process.flush() == 1
    assert process.document()["outbox_sent"] == 1
    assert process.waiting() == [1, 2]
    process.light()
    assert process.waiting() == [2, 3]
    assert process.flush() == 2
    assert process.published() == [1, 2, 3]
    assert process.is_clear()


def test_a_save_without_events_while_events_are_published(process: Process) -> None:
    """The clear only marks what was sent; the next one empties the list and sends nothing."""
    process.add()
    process.broker.after = lambda: process.lamps.change("l-1", Lamp.move)
    assert process.flush() == 1
    assert "outbox_due" in process.document()
    assert process.flush() == 0
    assert process.published() == [1]
    assert process.is_clear()


def test_a_clear_that_was_only_marked_is_finished_by_a_sweep(process: Process) -> None:
    """In another process as well, and nothing is published again; the next event still is."""
    process.add()
    process.broker.after = lambda: process.lamps.change("l-1", Lamp.move)
    process.flush()
    process.crash()
    other = process.another()
    process.clock.advance(minutes=1)
    assert other.sweep() == 0
    assert process.is_clear()
    assert process.document()["outbox_sent"] >= 1
    process.light()
    assert process.flush() == 1
    assert process.published() == [1, 2]


def test_a_clear_while_a_save_is_made_is_not_undone(process: Process) -> None:
    """The save is made again on what the clear left, so that no event is published twice."""
    process.add()
    tries = []

    def light(lamp: Lamp) -> None:
        tries.append(lamp.version)
        process.flush()
        lamp.light()

    process.lamps.change("l-1", light)
    assert len(tries) == 2
    assert process.waiting() == [2]
    assert process.flush() == 1
    assert process.published() == [1, 2]


def test_a_mark_while_a_save_is_made_is_not_undone(process: Process) -> None:
    """Nor is one that only raised the mark; the version alone would not tell."""
    process.add()
    process.broker.after = process.light
    lamps = process.lamps.documents
    write, marked = lamps.bulk_write, []

    def light(changes: Any) -> None:
        def act(lamp: Lamp) -> None:
            marked.append(write(changes))
            lamp.light()

        process.lamps.change("l-1", act)

    def empty_then_mark(changes: Any, **_: bool) -> Any:
        lamps.bulk_write = lambda changes, **_: light(changes)  # type: ignore[method-assign]
        return write(changes)

    lamps.bulk_write = empty_then_mark  # type: ignore[method-assign]
    process.flush()
    assert [each.matched_count for each in marked] == [1, 0]
    assert (process.waiting(), process.document()["outbox_sent"]) == ([2, 3], 1)


def test_a_slower_relay_does_not_clear_what_is_newer(process: Process) -> None:
    """Another one published and cleared meanwhile, and there was a save after that."""
    process.add()
    other = process.another()

    def overtake() -> None:
        other.light()
        other.flush()
        other.light()

    process.broker.after = overtake
    process.flush()
    assert process.waiting() == [3]
    assert process.document()["outbox_sent"] == 2
    other.flush()
    assert other.published() == [1, 2, 3]
    assert process.is_clear()
