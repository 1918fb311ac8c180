"""What was committed is published: at once, after a crash, in order, and as a CloudEvent."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary_event
from kombu import Connection, Consumer, Exchange, Queue, binding
from nameko.standalone.rpc import ClusterRpcProxy

from clients.faculty import Call, bulk
from deploy.local import Stack
from deploy.local.processes import wait_until
from shared.errors import FacultyError
from shared.outbox import Outbox
from tests.integration.probe import SECONDS, Probe, Tallies, Tally, TallyRaised, client, running


@dataclass
class Outside:
    """What a subscriber outside was delivered, in order."""

    messages: list[Any] = field(default_factory=list)

    def of(self, tally_id: str) -> list[Any]:
        return [m for m in self.messages if m.headers["ce-subject"] == tally_id]

    def sequences(self, tally_id: str) -> list[int]:
        """In the order of arrival, each once."""
        found = (int(message.headers["ce-sequence"]) for message in self.of(tally_id))
        return list(dict.fromkeys(found))

    def wait(self, tally_id: str, number: int) -> None:
        wait_until(
            lambda: len(self.sequences(tally_id)) >= number,
            seconds=SECONDS,
            what=f"{number} events",
        )


@contextmanager
def watching(stack: Stack, service: str) -> Iterator[Outside]:
    """Subscribe to a service's public events in plain kombu."""
    outside, stopping = Outside(), threading.Event()
    with Connection(stack.amqp_uri("ops")) as connection:
        source = binding(Exchange(f"{service}.events", no_declare=True), routing_key="#")
        queue = Queue(f"outside-{uuid.uuid4()}", bindings=[source], exclusive=True)

        def read() -> None:
            with Consumer(connection, [queue], on_message=outside.messages.append, no_ack=True):
                subscribed.set()
                while not stopping.is_set():
                    try:
                        connection.drain_events(timeout=0.2)
                    except TimeoutError:
                        continue

        subscribed = threading.Event()
        reader = threading.Thread(target=read)
        reader.start()
        assert subscribed.wait(SECONDS)
        try:
            yield outside
        finally:
            stopping.set()
            reader.join()


@pytest.fixture
def tally_id() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def outside(stack: Stack, probe: Probe) -> Iterator[Outside]:
    with watching(stack, probe.name) as watched:
        yield watched


def test_the_official_sdk_reads_what_arrives(
    stack: Stack, probe: Probe, outside: Outside, tally_id: str
) -> None:
    """Headers and body off the wire are one CloudEvent, in the trace of the call that caused it."""
    trace_id, correlation_id = uuid.uuid4().hex, uuid.uuid4().hex
    data = {
        "auth_token": stack.token("staff"),
        "correlation_id": correlation_id,
        "traceparent": f"00-{trace_id}-00f067aa0ba902b7-01",
    }
    with ClusterRpcProxy({"AMQP_URI": stack.amqp_uri("ops")}, context_data=data) as cluster:
        cluster[probe.name].raise_tally(tally_id=tally_id, amount=3)
    outside.wait(tally_id, 1)
    (message,) = outside.of(tally_id)
    received = RabbitMQMessage(message.headers, message.content_type, message.body.encode())
    event = from_binary_event(received)
    assert event.get_type() == f"faculty.{probe.name}.tally.raised"
    assert event.get_source() == f"/faculty/{probe.name}"
    assert event.get_subject() == tally_id
    assert event.get_data() == {"tally_id": tally_id, "amount": 3}
    assert event.get_extension("sequence") == "1"
    assert event.get_extension("correlationid") == correlation_id
    assert message.headers["traceparent"].split("-")[1] == trace_id
    assert message.delivery_info["routing_key"] == "tally.raised"
    assert message.properties["delivery_mode"] == 2


def test_what_a_crash_left_behind_is_swept(probe: Probe, outside: Outside, tally_id: str) -> None:
    """A save whose process ended before it could publish is published by another, in order."""
    ended = Tallies(probe.tallies.database, Outbox(probe.name, grace=timedelta(0)))
    left = Tally(tally_id)
    for amount in (1, 2, 3):
        left.record(TallyRaised(tally_id, amount))
    ended.add(left)
    outside.wait(tally_id, 3)
    assert outside.sequences(tally_id) == [1, 2, 3]
    wait_until(lambda: is_clear(probe, tally_id), seconds=SECONDS, what="cleared")


def test_two_processes_keep_an_aggregate_s_order(stack: Stack) -> None:
    """Both change and publish the same things; each event comes, and none before an earlier one."""
    name = f"probe{uuid.uuid4().hex[:8]}"
    ids = [uuid.uuid4().hex for _ in range(3)]
    with running(stack, name) as one, running(stack, name), watching(stack, name) as outside:
        with client(stack, "staff") as caller:
            calls = [
                Call(f"{name}.raise_tally", {"tally_id": id, "amount": 1}, key=f"{id}-{number}")
                for number in range(20)
                for id in ids
            ]
            answers = bulk.answers(caller, calls, lambda: None)
        assert [a for a in answers if isinstance(a, FacultyError)] == []
        for id in ids:
            outside.wait(id, 20)
            assert outside.sequences(id) == list(range(1, 21))
            wait_until(lambda id=id: is_clear(one, id), seconds=SECONDS, what="cleared")


def is_clear(probe: Probe, tally_id: str) -> bool:
    document = probe.tallies.documents.find_one({"_id": tally_id})
    return document["outbox"] == [] and "outbox_due" not in document
