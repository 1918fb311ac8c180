"""What is published is confirmed or said not to be, whatever the broker does."""

import os
import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from amqp import Message
from kombu import Connection

from deploy.local import Stack
from deploy.local.processes import wait_until
from shared.errors import Unavailable
from shared.messaging.publisher import PERSISTENT, Publisher
from shared.outbox import Envelope
from tests.integration.probe import SECONDS


class Line:
    """A queue bound to a direct exchange, and a publisher to it."""

    def __init__(self, uri: str, channel: Any, publisher: Publisher) -> None:
        self.uri, self.channel, self.publisher = uri, channel, publisher
        self.exchange = f"line-{uuid.uuid4()}"

    def declare(self, **arguments: Any) -> None:
        self.channel.exchange_declare(self.exchange, "direct", auto_delete=True)
        self.channel.queue_declare(
            self.exchange, exclusive=True, auto_delete=True, arguments=arguments
        )
        self.channel.queue_bind(self.exchange, self.exchange, routing_key="in")

    def envelopes(self, number: int, exchange: str = "") -> list[Envelope]:
        return [
            Envelope(exchange or self.exchange, "in", str(uuid.uuid4()), {}, b"{}")
            for _ in range(number)
        ]

    def received(self) -> list[Any]:
        found = []
        while (message := self.channel.basic_get(self.exchange, no_ack=True)) is not None:
            found.append(message)
        return found


def message() -> Message:
    return Message(b"{}", delivery_mode=PERSISTENT, message_id="the same for all")


@contextmanager
def line_to(uri: str, **options: Any) -> Iterator[Line]:
    publisher = Publisher(uri, **options)
    with Connection(uri) as connection:
        line = Line(uri, connection.channel(), publisher)
        try:
            yield line
        finally:
            publisher.close()


@pytest.fixture
def line(stack: Stack) -> Iterator[Line]:
    with line_to(stack.amqp_uri("ops")) as opened:
        opened.declare()
        yield opened


def test_a_batch_is_confirmed_and_arrives_in_order(line: Line) -> None:
    """Persistent, with the message id of each."""
    sent = line.envelopes(300)
    assert line.publisher.publish(sent) == [True] * 300
    arrived = line.received()
    assert [one.properties["message_id"] for one in arrived] == [one.message_id for one in sent]
    assert {one.properties["delivery_mode"] for one in arrived} == {PERSISTENT}
    assert line.publisher.publish([]) == []


def test_threads_share_the_channel(line: Line) -> None:
    """Each learns what became of its own messages."""
    answers: list[list[bool]] = []
    threads = [
        threading.Thread(target=lambda: answers.append(line.publisher.publish(line.envelopes(20))))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[True] * 20] * 10
    assert len(line.received()) == 200


def test_a_refusing_queue_is_no_confirmation(stack: Stack) -> None:
    """A full queue that rejects; the ones that fitted are confirmed."""
    with line_to(stack.amqp_uri("ops")) as line:
        line.declare(**{"x-max-length": 2, "x-overflow": "reject-publish"})
        answers = line.publisher.publish(line.envelopes(5))
        assert len(line.received()) == sum(answers)
        assert answers[-1] is False


def test_what_reaches_no_queue_is_not_passed_on(line: Line) -> None:
    """Though the broker confirms it; what does reach one is."""
    assert not line.publisher.pass_on(line.exchange, "nowhere", message())
    assert line.publisher.pass_on(line.exchange, "in", message())


def test_the_same_message_may_be_on_its_way_many_times(line: Line) -> None:
    """Each time on its own: those that reach a queue, and those that are returned."""
    keys = ["in", "nowhere"] * 10
    answers: dict[int, bool] = {}

    def pass_on(number: int, key: str) -> None:
        answers[number] = line.publisher.pass_on(line.exchange, key, message())

    threads = [threading.Thread(target=pass_on, args=each) for each in enumerate(keys)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answers[number] for number in range(len(keys))] == [key == "in" for key in keys]


def test_after_an_exchange_that_is_not_there_others_go_on(line: Line) -> None:
    """The broker closes the channel for it: nothing is confirmed, and a new one is opened."""
    assert line.publisher.publish(line.envelopes(1, "nobody's")) == [False]
    wait_until(
        lambda: line.publisher.publish(line.envelopes(1)) == [True], seconds=SECONDS, what="again"
    )


def test_a_reply_is_transient_and_not_awaited(line: Line) -> None:
    """It is of no use after a restart of the broker."""
    line.publisher.reply(line.exchange, "in", b'{"result": 1}', "the-call")
    arrived: list[Any] = []
    wait_until(lambda: bool(arrived.extend(line.received()) or arrived), seconds=SECONDS, what="it")
    assert arrived[0].properties["delivery_mode"] == 1
    assert arrived[0].properties["correlation_id"] == "the-call"


def test_nothing_listens_at_the_address(stack: Stack) -> None:
    """Publishing says no, replying raises; neither waits for ever."""
    with Connection(stack.amqp_uri("ops")) as connection:
        publisher = Publisher("amqp://guest:guest@127.0.0.1:1//", confirm_seconds=2)
        line = Line("", connection.channel(), publisher)
        assert publisher.publish(line.envelopes(2)) == [False, False]
        assert not publisher.connected
        with pytest.raises(Unavailable):
            publisher.reply("", "in", b"{}", "")


@pytest.mark.own_stack
def test_a_frozen_broker_delays_nobody_for_ever(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without an answer in time nothing counts as confirmed; thawed, it takes messages again."""
    with Stack(tmp_path_factory.mktemp("frozen"), services=()) as stack:
        broker = stack.broker.pid
        assert broker is not None
        with line_to(stack.amqp_uri("ops"), confirm_seconds=1) as line:
            line.declare()
            assert line.publisher.publish(line.envelopes(1)) == [True]
            os.kill(broker, signal.SIGSTOP)
            try:
                assert line.publisher.publish(line.envelopes(3)) == [False] * 3
                assert not line.publisher.pass_on(line.exchange, "in", message())
            finally:
                os.kill(broker, signal.SIGCONT)
            wait_until(
                lambda: line.publisher.publish(line.envelopes(1)) == [True],
                seconds=SECONDS,
                what="thawed",
            )
