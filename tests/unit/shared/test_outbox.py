"""The relay publishes what was committed: at least once, in order, and then clears it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from shared.errors import Refused
from shared.outbox import Envelope
from tests.unit.shared.processes import GRACE, LEASE, Lamp, Process, said

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def process() -> Process:
    return Process()


def refuse(*numbers: int) -> Callable[[Envelope], bool]:
    return lambda one: said(one)[1] in numbers


def test_what_was_committed_is_published_and_cleared(process: Process) -> None:
    """Once, in order, and the document holds nothing to publish any more."""
    process.add(lit=3)
    assert process.waiting() == [1, 2, 3]
    assert process.flush() == 3
    assert process.published() == [1, 2, 3]
    assert process.is_clear()
    assert process.document()["outbox_sent"] == 3
    assert process.flush() == 0


def test_nothing_is_published_before_the_commit(process: Process) -> None:
    """An action that fails leaves nothing behind, neither in the store nor here."""
    process.add(lit=0)

    def fail(lamp: Lamp) -> None:
        lamp.light()
        raise Refused("Broken.")

    with pytest.raises(Refused):
        process.lamps.change("l-1", fail)
    assert (process.flush(), process.broker.published) == (0, [])
    assert process.is_clear()


def test_a_commit_wakes_the_relay(process: Process) -> None:
    """One with events does, one without does not; a flush lets it sleep again."""
    process.add(lit=0)
    assert not process.outbox.signal.is_set()
    process.light()
    assert process.outbox.signal.is_set()
    process.flush()
    assert not process.outbox.signal.is_set()


def test_what_is_not_confirmed_waits_for_the_sweep(process: Process) -> None:
    """It stays in the document, and is taken over once the grace has passed."""
    process.broker.refuse = lambda _: True
    process.add(lit=2)
    assert process.flush() == 0
    assert process.waiting() == [1, 2]
    process.broker.refuse = lambda _: False
    process.clock.advance(seconds=GRACE.total_seconds() - 0.001)
    assert process.sweep() == 0
    process.clock.advance(milliseconds=1)
    assert process.sweep() == 2
    assert process.published() == [1, 2]
    assert process.is_clear()


def test_what_a_sweep_could_not_publish_is_given_back(process: Process) -> None:
    """At once, for whoever comes next; no lease has to run out first."""
    process.add()
    process.crash()
    process.clock.advance(minutes=1)
    process.broker.refuse = lambda _: True
    assert process.sweep() == 0
    other = process.another()
    assert other.sweep() == 1
    assert process.is_clear()


def test_only_what_was_not_published_is_given_back(process: Process) -> None:
    """What the same sweep has cleared stays clear, and what is saved meanwhile has its grace."""
    for id in ("l-1", "l-2", "l-3"):
        process.add(id)
    process.crash()
    process.clock.advance(minutes=1)
    process.broker.refuse = lambda one: said(one) != ("l-1", 1)
    process.broker.after = lambda: process.light("l-3")
    assert process.sweep() == 1
    assert process.is_clear("l-1")
    assert process.another().sweep() == 1
    assert (process.is_clear("l-2"), process.is_clear("l-3")) == (True, False)


def test_behind_one_that_was_refused_nothing_counts_as_sent(process: Process) -> None:
    """What the broker confirmed behind it goes out again after it, so that order is kept."""
    process.broker.refuse = refuse(2)
    process.add(lit=3)
    assert process.flush() == 1
    assert process.waiting() == [1, 2, 3]
    process.broker.refuse = lambda _: False
    process.clock.advance(minutes=1)
    assert process.sweep() == 3
    assert process.published() == [1, 3, 1, 2, 3]
    assert process.is_clear()


def test_one_that_is_refused_holds_up_no_other_aggregate(process: Process) -> None:
    """Each has its own order."""
    process.broker.refuse = lambda one: said(one) == ("l-2", 1)
    for id in ("l-1", "l-2", "l-3"):
        process.add(id, lit=2)
    assert process.flush() == 4
    assert [process.is_clear(id) for id in ("l-1", "l-2", "l-3")] == [True, False, True]


def test_a_later_save_takes_the_older_events_along(process: Process) -> None:
    """Saved again before the relay comes, each event is published once."""
    process.add()
    process.light(times=2)
    process.light()
    assert process.waiting() == [1, 2, 3, 4]
    assert process.flush() == 4
    assert process.published() == [1, 2, 3, 4]
    assert process.is_clear()


def test_a_save_without_events_leaves_the_waiting_ones(process: Process) -> None:
    """They are published and cleared all the same, and the numbers go on behind it."""
    process.add()
    process.lamps.change("l-1", Lamp.move)
    assert process.flush() == 1
    assert process.is_clear()
    process.light()
    assert process.waiting() == [3]
    assert process.flush() == 1
    assert process.published() == [1, 2]


def test_what_does_not_fit_here_is_swept(process: Process) -> None:
    """Memory is bounded while the broker is away; the store remembers."""
    small = process.another(max_waiting=2)
    for id in ("l-1", "l-2", "l-3"):
        small.add(id)
    assert len(small.outbox.waiting) == 2
    assert small.flush() == 2
    assert not small.is_clear("l-3")
    process.clock.advance(minutes=1)
    assert process.sweep() == 1
    assert small.is_clear("l-3")


def test_what_was_sent_is_remembered_within_bounds(process: Process) -> None:
    """Of so many aggregates; of the others, events may be published again."""
    small = process.another(max_waiting=2)
    for number in range(5):
        small.add(f"l-{number}")
        small.flush()
    assert len(small.relay._sent) == 2


def test_a_lease_keeps_others_away_until_it_runs_out(process: Process) -> None:
    """A relay that ended while it published is followed by another, not joined by it."""
    process.add()
    process.crash()
    process.clock.advance(minutes=1)
    other = process.another()
    taken: list[int] = []

    def end() -> None:
        taken.append(other.sweep())
        raise SystemExit

    process.broker.before = end
    with pytest.raises(SystemExit):
        process.sweep()
    process.clock.advance(seconds=LEASE.total_seconds() - 0.001)
    taken.append(other.sweep())
    process.clock.advance(milliseconds=1)
    taken.append(other.sweep())
    assert taken == [0, 0, 1]
    assert process.is_clear()


def test_two_relays_that_saw_the_same_do_not_both_take_it(process: Process) -> None:
    """Between finding and leasing another one may have been quicker."""
    process.add()
    process.crash()
    process.clock.advance(minutes=1)
    other = process.another()
    lamps = process.lamps.documents
    find, taken = lamps.find, []

    def find_late(*criteria: Any) -> Any:
        lamps.find = find  # type: ignore[method-assign]
        found = find(*criteria)
        taken.append(other.sweep())
        return found

    lamps.find = find_late  # type: ignore[method-assign]
    assert (process.sweep(), taken) == (0, [1])


@pytest.mark.parametrize("lamps", [0, 1, 4, 5, 6])
def test_a_sweep_goes_on_until_nothing_is_due(process: Process, lamps: int) -> None:
    """In portions, those that wait longest first; what is not due yet is left."""
    ids = [f"l-{number}" for number in range(lamps, 0, -1)]
    for id in ids:
        process.add(id)
        process.clock.advance(seconds=1)
    process.clock.advance(minutes=1)
    process.add("late")
    sweeper = process.another(sweep_size=2)
    assert sweeper.sweep() == lamps
    assert [said(one)[0] for one in sweeper.broker.published] == ids
    assert not process.is_clear("late")


def test_a_store_that_fails_at_clearing_loses_nothing(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event stays in the document and is published again: at least once, not at most."""

    def away(*_: Any, **__: Any) -> None:
        raise AutoReconnect("away")

    process.add()
    with monkeypatch.context() as patch:
        patch.setattr(process.lamps.documents, "bulk_write", away)
        with pytest.raises(AutoReconnect):
            process.flush()
    assert process.waiting() == [1]
    process.clock.advance(minutes=1)
    assert process.sweep() == 1
    assert process.published() == [1, 1]
    assert process.is_clear()


def test_outcomes_are_counted(process: Process) -> None:
    """Confirmed or not, of flush and sweep alike."""
    counted: Counter[str] = Counter()
    counting = process.another(count=lambda name, number: counted.update({name: number}))
    counting.broker.refuse = refuse(2)
    counting.add(lit=3)
    counting.flush()
    assert counted == {"published": 1, "unconfirmed": 2}
    counting.broker.refuse = lambda _: False
    process.clock.advance(minutes=1)
    counting.sweep()
    assert counted == {"published": 4, "unconfirmed": 2}
