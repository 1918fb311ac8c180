"""Events are applied once, tried again when a handler fails, and parked when nothing helps."""

import json
import threading
import uuid
from typing import Any

import pytest
from kombu import Connection

from deploy.local import Stack
from deploy.local.processes import wait_until
from shared.errors import NotFound, Refused, Unavailable
from shared.trail import Change
from tests.integration.probe import SECONDS, Probe, ce_headers, client, publish


def send(
    stack: Stack, probe: Probe, tally_id: str, body: bytes | None = None, **headers: Any
) -> str:
    """Publish one event to the probe; gives its id."""
    given = ce_headers(probe.name, "tally.raised", tally_id, **headers)
    content = json.dumps({"tally_id": tally_id, "amount": 1}).encode() if body is None else body
    publish(stack.amqp_uri("ops"), f"{probe.name}.events", "tally.raised", content, given)
    return str(given.get("ce-id", ""))


def total(probe: Probe, tally_id: str) -> int:
    found = probe.tallies.first({"_id": f"counted-{tally_id}"})
    return found.total if found else 0


def wait(condition: Any, what: str) -> None:
    wait_until(condition, seconds=SECONDS, what=what)


def parked(stack: Stack, probe: Probe, **filters: str) -> list[dict[str, Any]]:
    with client(stack, "ops") as ops:
        found: list[dict[str, Any]] = ops.call(f"{probe.name}.find_parked", filters=filters)[
            "items"
        ]
    return found


@pytest.fixture
def tally_id() -> str:
    return uuid.uuid4().hex


def test_the_same_event_twice_counts_once(stack: Stack, probe: Probe, tally_id: str) -> None:
    """A second delivery, whenever it comes, changes nothing."""
    sent = send(stack, probe, tally_id)
    wait(lambda: total(probe, tally_id) == 1, "the first delivery")
    send(stack, probe, tally_id, **{"ce-id": sent})
    wait(lambda: probe.script.seen[tally_id] == 2, "the second delivery")
    other = send(stack, probe, tally_id)
    assert other != sent
    wait(lambda: total(probe, tally_id) == 2, "another event")


def test_an_event_s_write_leaves_a_trail_of_its_source(
    stack: Stack, probe: Probe, tally_id: str
) -> None:
    """Which service, by which handler, of which event, and in which chain; each once."""
    ids, chains = [], ["chain one", "chain two"]
    for number, chain in enumerate(chains, 1):
        ids.append(send(stack, probe, tally_id, **{"ce-correlationid": chain}))
        wait(lambda number=number: total(probe, tally_id) == number, "counted")  # type: ignore[misc]
    send(stack, probe, tally_id, **{"ce-id": ids[1]})
    wait(lambda: len(probe.script.made.get(tally_id, ())) == 3, "the last one again")
    after = uuid.uuid4().hex
    send(stack, probe, after)
    wait(lambda: total(probe, after) == 1, "whatever came before")
    entries = probe.tallies.trail(f"counted-{tally_id}")
    assert [entry.by for entry in entries] == [f"/faculty/{probe.name}"] * 2
    assert [entry.action for entry in entries] == ["on_raised"] * 2
    reasons = [f"faculty.{probe.name}.tally.raised {id}" for id in ids]
    assert [entry.reason for entry in entries] == reasons
    assert [entry.correlation_id for entry in entries] == chains
    assert [entry.changes for entry in entries] == [(), (Change("total", "1", "2"),)]


def test_one_chain_is_on_record_from_call_to_event(
    stack: Stack, probe: Probe, tally_id: str
) -> None:
    """The relay carries the call's correlation id, so both entries can be put together."""
    with client(stack, "staff", "staff-one") as staff:
        staff.call(f"{probe.name}.raise_tally", tally_id=tally_id, amount=1, reason="Asked for.")
    wait(lambda: total(probe, tally_id) == 1, "the event of the call")
    (caused,) = probe.tallies.trail(tally_id)
    (followed,) = probe.tallies.trail(f"counted-{tally_id}")
    assert (caused.by, caused.reason) == ("staff-one", "Asked for.")
    assert followed.by == f"/faculty/{probe.name}"
    assert followed.correlation_id == caused.correlation_id != ""


def test_a_failing_handler_is_tried_again(stack: Stack, probe: Probe, tally_id: str) -> None:
    """It comes back with its attempt counted, until the handler succeeds."""
    probe.script.failures[tally_id] = [Refused("no"), RuntimeError("a bug")]
    send(stack, probe, tally_id)
    wait(lambda: total(probe, tally_id) == 1, "the third attempt")
    assert probe.script.attempts[tally_id] == [1, 2, 3]


def test_after_six_attempts_it_is_parked(stack: Stack, probe: Probe, tally_id: str) -> None:
    """With reason, error and number of attempts, and without what the error gave away."""
    refusal = NotFound("No tally of anna@example.org.")
    probe.script.failures[tally_id] = [refusal] * 6
    sent = send(stack, probe, tally_id)
    wait(lambda: len(parked(stack, probe, event_id=sent)) == 1, "parked")
    (message,) = parked(stack, probe, event_id=sent)
    assert probe.script.attempts[tally_id] == [1, 2, 3, 4, 5, 6]
    assert message["attempts"] == 6
    assert message["reason"] == "attempts used up"
    assert "not_found" in message["error"]
    assert "anna@" not in json.dumps(message)
    assert message["queue"] == f"{probe.name}.on_raised"


def test_an_outage_uses_up_no_attempt(stack: Stack, probe: Probe, tally_id: str) -> None:
    """However often the store is away, the event waits and is then applied."""
    probe.script.failures[tally_id] = [Unavailable("away")] * 8
    send(stack, probe, tally_id)
    wait(lambda: total(probe, tally_id) == 1, "the store is back")
    assert probe.script.attempts[tally_id] == [1] * 9


GOOD = b'{"tally_id": "x", "amount": 1}'


@pytest.mark.parametrize(
    ("body", "headers", "says"),
    [
        (b'{"tally_id": ', {}, "not valid JSON"),
        (b"\xff\xfe\x00", {}, "not valid JSON"),
        (b"", {}, "not valid JSON"),
        (b"[1]", {}, "mapping"),
        (b'{"tally_id": "x"}', {}, "amount"),
        (b'{"tally_id": "x", "amount": "many"}', {}, "amount"),
        (b'{"tally_id": "x", "amount": NaN}', {}, "not valid JSON"),
        (GOOD, {"ce-type": "faculty.probe.tally.raised.v9"}, "version is unknown"),
        (GOOD, {"ce-specversion": "2.0"}, "Unknown version"),
        (GOOD, {"ce-specversion": None}, "ce-specversion"),
        (GOOD, {"ce-id": None}, "ce-id"),
        (GOOD, {"ce-id": 7}, "ce-id"),
        (GOOD, {"ce-sequence": "first"}, "ce-sequence"),
        (GOOD, {"ce-time": "yesterday"}, "ce-time"),
        (GOOD, {"ce-time": "2026-01-01T00:00:00"}, "offset"),
        (GOOD, {"traceparent": {"a": 1}}, "traceparent"),
    ],
)
def test_what_cannot_be_read_is_parked_at_once(
    stack: Stack, probe: Probe, tally_id: str, body: bytes, headers: dict[str, Any], says: str
) -> None:
    """The reason names what is wrong, the body is kept whole, and the consumer goes on."""
    send(stack, probe, tally_id, body, **headers)
    wait(lambda: len(parked(stack, probe, subject=tally_id)) == 1, "parked")
    (message,) = parked(stack, probe, subject=tally_id)
    assert says in message["error"]
    assert message["reason"] == "malformed"
    assert (message["attempts"], message["size"]) == (1, len(body))
    follower = uuid.uuid4().hex
    send(stack, probe, follower)
    wait(lambda: total(probe, follower) == 1, "the next event")


def test_the_same_rubbish_many_times_is_parked_each_time(
    stack: Stack, probe: Probe, tally_id: str
) -> None:
    """Copies of one event that are in hand together do not get in one another's way."""
    for _ in range(10):
        send(stack, probe, tally_id, b"rubbish", **{"ce-id": tally_id})
    wait(lambda: len(parked(stack, probe, event_id=tally_id)) == 10, "all of them parked")


def test_headers_of_any_type_reach_the_parked_ones(
    stack: Stack, probe: Probe, tally_id: str
) -> None:
    """Counters that somebody else wrote are taken for none, and nothing stops the consumer."""
    odd = {"x-faculty-attempt": "many", "x-faculty-outages": [], "ce-sequence": None}
    send(stack, probe, tally_id, **odd)
    wait(lambda: len(parked(stack, probe, subject=tally_id)) == 1, "parked")


def test_an_event_with_an_id_that_is_no_uuid_is_applied_once(
    stack: Stack, probe: Probe, tally_id: str
) -> None:
    """Other publishers' ids are any text; ids made meanwhile still repeat."""
    for _ in range(2):
        same = {"ce-id": f"ours/{tally_id}", "ce-time": "2026-01-05T09:30:00Z"}
        send(stack, probe, tally_id, **same)
    wait(lambda: len(probe.script.made.get(tally_id, ())) == 2, "both deliveries")
    wait(lambda: total(probe, tally_id) == 1, "counted")
    assert total(probe, tally_id) == 1
    first, second = probe.script.made[tally_id]
    assert first == second
    assert uuid.UUID(first).version == 7


def test_events_are_handled_side_by_side(stack: Stack, probe: Probe, tally_id: str) -> None:
    """One that takes long does not hold up the others."""
    probe.script.hold[tally_id] = threading.Event()
    send(stack, probe, tally_id)
    wait(lambda: probe.script.seen[tally_id] == 1, "the slow one began")
    quick = uuid.uuid4().hex
    send(stack, probe, quick)
    wait(lambda: total(probe, quick) == 1, "the quick one")
    assert total(probe, tally_id) == 0
    probe.script.hold[tally_id].set()
    wait(lambda: total(probe, tally_id) == 1, "the slow one")


def test_queues_are_made_to_lose_nothing(stack: Stack, probe: Probe) -> None:
    """Quorum queues; what is delivered too often is parked; a full one refuses, it drops not."""
    with Connection(stack.amqp_uri("ops")) as connection:
        channel = connection.channel()
        channel.queue_declare(
            f"{probe.name}.on_raised",
            durable=True,
            auto_delete=False,
            arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": 50,
                "x-dead-letter-exchange": f"{probe.name}.park",
                "x-dead-letter-routing-key": f"{probe.name}.on_raised",
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        )
