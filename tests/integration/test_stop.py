"""A service stops in order: what is in hand is finished, answered and never done again."""

import threading
import uuid

from clients.faculty.client import Faculty
from deploy.local import Stack
from deploy.local.processes import wait_until
from shared.messaging.consumer import Consumption
from tests.integration.probe import SECONDS, Probe, client, running
from tests.integration.test_subscribe import send, total


def test_a_call_in_hand_is_answered_and_not_done_again(stack: Stack) -> None:
    """The process that takes over finds nothing left to do."""
    tally_id, answers = uuid.uuid4().hex, []

    def ask(caller: Faculty) -> None:
        answers.append(caller.call(f"{name}.hold", tally_id=tally_id))

    with running(stack) as first:
        name = first.name
        first.script.hold[tally_id] = threading.Event()
        with client(stack, "staff") as caller:
            asking = threading.Thread(target=ask, args=(caller,))
            asking.start()
            wait_until(lambda: first.script.seen[tally_id] == 1, seconds=SECONDS, what="in hand")
            stopping = threading.Thread(target=first.container.stop)
            stopping.start()
            first.script.hold[tally_id].set()
            stopping.join()
            asking.join()
    assert answers == [{"tally_id": tally_id, "total": 0}]
    with running(stack, name) as second, client(stack, "staff") as caller:
        caller.call(f"{name}.raise_tally", tally_id="other", amount=1)
        assert second.script.seen[tally_id] == 0


def test_an_event_in_hand_is_applied_and_not_delivered_again(stack: Stack) -> None:
    """One that came after the stop began waits for the next process."""
    in_hand, late = uuid.uuid4().hex, uuid.uuid4().hex
    with running(stack) as first:
        first.script.hold[in_hand] = threading.Event()
        send(stack, first, in_hand)
        wait_until(lambda: first.script.seen[in_hand] == 1, seconds=SECONDS, what="in hand")
        stopping = threading.Thread(target=first.container.stop)
        stopping.start()
        wait_until(lambda: not consumes(first), seconds=SECONDS, what="takes no more")
        send(stack, first, late)
        first.script.hold[in_hand].set()
        stopping.join()
        assert (first.script.applied, first.script.seen[late]) == ([in_hand], 0)
    with running(stack, first.name) as second:
        wait_until(lambda: total(second, late) == 1, seconds=SECONDS, what="the late one")
        assert (total(second, in_hand), second.script.seen[in_hand]) == (1, 0)


def consumes(probe: Probe) -> bool:
    (consumption,) = (each for each in probe.container.extensions if isinstance(each, Consumption))
    return consumption.connected


def test_what_was_committed_is_published_before_the_end(stack: Stack) -> None:
    """A stop right after a call leaves nothing to the sweep, which here comes much later."""
    tally_id = uuid.uuid4().hex
    with running(stack, relay_sweep_seconds=600) as first, client(stack, "staff") as caller:
        caller.call(f"{first.name}.raise_tally", tally_id=tally_id, amount=1)
    with running(stack, first.name, relay_sweep_seconds=600) as second:
        document = second.tallies.documents.find_one({"_id": tally_id})
        assert document["outbox"] == []
        assert "outbox_due" not in document
