"""Exchanges and queues are made to lose nothing, and lead where they should."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events import Source
from shared.messaging import topology
from shared.parking import DELAY

DELAYS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000]
QUEUE = "things.on_made"
SOURCES = [
    Source("others", "other.made", False),
    Source("others", "other.told", True),
    Source("things", "thing.made", False),
]


@dataclass(frozen=True)
class Binding:
    """What leads from an exchange to a queue."""

    queue: str
    exchange: str
    key: str
    headers: Mapping[str, Any]

    def lets_through(self, key: str, headers: Mapping[str, Any]) -> bool:
        """As RabbitMQ decides: by key, or for a headers exchange by names without "x-"."""
        wanted = {k: v for k, v in self.headers.items() if not k.startswith("x-")}
        if self.headers:
            return all(headers.get(name) == value for name, value in wanted.items())
        return self.key == key


class RecordingChannel:
    """Remembers what is declared, and refuses what a broker would refuse."""

    def __init__(self) -> None:
        self.exchanges: dict[str, str] = {}
        self.queues: dict[str, dict[str, Any]] = {}
        self.bindings: list[Binding] = []

    def exchange_declare(
        self, exchange: str, type: str, *, durable: bool, auto_delete: bool
    ) -> None:
        assert durable
        assert not auto_delete
        assert self.exchanges.setdefault(exchange, type) == type

    def queue_declare(
        self, queue: str, *, durable: bool, auto_delete: bool, arguments: dict[str, Any]
    ) -> None:
        assert durable
        assert not auto_delete
        assert self.queues.setdefault(queue, arguments) == arguments

    def queue_bind(
        self,
        queue: str,
        exchange: str,
        routing_key: str = "",
        arguments: Mapping[str, Any] | None = None,
    ) -> None:
        assert queue in self.queues, "a queue is bound after it is declared"
        self.bindings.append(Binding(queue, exchange, routing_key, arguments or {}))

    def route(self, exchange: str, key: str, **headers: Any) -> list[str]:
        """The queues that a message published so would reach."""
        bound = (each for each in self.bindings if each.exchange == exchange)
        return list(dict.fromkeys(b.queue for b in bound if b.lets_through(key, headers)))


def declared(queues: tuple[str, ...] = (QUEUE,)) -> RecordingChannel:
    """What one service declares."""
    channel = RecordingChannel()
    topology.declare_service(channel, "things")
    for queue in queues:
        topology.declare_handler(channel, "things", queue, SOURCES)
    return channel


def test_delays_double_from_a_second_to_five_minutes() -> None:
    """And stay there, however often it failed."""
    assert [topology.delay_after(failures) for failures in range(1, 11)] == DELAYS
    assert [topology.delay_after(failures) for failures in (11, 10**9)] == [300_000, 300_000]


@settings(deadline=None)
@given(st.integers(-10, 10**6))
def test_any_number_of_failures_has_a_delay_queue(failures: int) -> None:
    """Also one that somebody else wrote into a header."""
    assert topology.delay_after(failures) in DELAYS


def test_every_queue_is_a_durable_quorum_queue() -> None:
    """It survives a restart and the loss of a node; that it is durable the channel asserts."""
    queues = declared().queues
    assert {arguments["x-queue-type"] for arguments in queues.values()} == {"quorum"}
    delayed = {f"things.retry.{delay}" for delay in DELAYS}
    assert set(queues) == delayed | {QUEUE, "things.parked"}


def test_a_full_queue_refuses_and_drops_nothing() -> None:
    """What is dead-lettered is so at least once, which needs a queue that rejects when full."""
    for name, arguments in declared().queues.items():
        if name != "things.parked":
            assert arguments["x-dead-letter-strategy"] == "at-least-once"
            assert arguments["x-overflow"] == "reject-publish"


def test_no_limit_of_deliveries_loses_a_message() -> None:
    """A handler's queue parks what comes too often; the parked ones end nowhere else."""
    queues = declared().queues
    assert queues[QUEUE]["x-delivery-limit"] == 50
    assert queues[QUEUE]["x-dead-letter-exchange"] == "things.park"
    parked = queues["things.parked"]
    assert parked["x-delivery-limit"] >= 1_000_000
    assert not any(name.startswith(("x-dead-letter", "x-message-ttl")) for name in parked)


def test_dead_letters_go_to_exchanges_of_the_service() -> None:
    """Each is declared by it, and from each a message reaches a queue."""
    channel = declared()
    for name, arguments in channel.queues.items():
        if name == "things.parked":
            continue
        target = arguments["x-dead-letter-exchange"]
        assert target.startswith("things.")
        assert channel.exchanges[target] == "direct"
        assert channel.route(target, arguments.get("x-dead-letter-routing-key", QUEUE))


def test_headers_that_are_bound_to_are_looked_at() -> None:
    """A headers exchange passes over names that begin with "x-", so that all would match."""
    bound = [each for each in declared().bindings if each.headers]
    assert len(bound) == len(DELAYS)
    for binding in bound:
        assert binding.headers["x-match"] == "all"
        names = set(binding.headers) - {"x-match"}
        assert names == {DELAY}
        assert not DELAY.startswith("x-")


@pytest.mark.parametrize("delay", DELAYS)
def test_a_message_waits_in_one_queue_and_comes_back(delay: int) -> None:
    """The one of its delay, which outlasts it with its jitter, then to its own handler alone."""
    channel = declared((QUEUE, "things.on_else"))
    waiting = channel.route("things.retry", QUEUE, **{DELAY: str(delay)})
    assert waiting == [f"things.retry.{delay}"]
    arguments = channel.queues[waiting[0]]
    assert arguments["x-message-ttl"] >= delay * (1 + topology.JITTER)
    assert "x-dead-letter-routing-key" not in arguments, "it keeps the key it came with"
    assert channel.route(arguments["x-dead-letter-exchange"], QUEUE) == [QUEUE]


def test_what_is_parked_reaches_the_parked_ones() -> None:
    """Of every handler, whether the handler's service gives up on it or the broker does."""
    queues = (QUEUE, "things.on_else")
    channel = declared(queues)
    for queue in queues:
        assert channel.route("things.park", queue) == ["things.parked"]
        assert channel.queues[queue]["x-dead-letter-routing-key"] == queue


def test_a_handler_is_bound_to_what_it_subscribes_to() -> None:
    """Public and private events each by their exchange, and to nothing besides."""
    channel = declared()
    sources = {
        (each.exchange, each.key)
        for each in channel.bindings
        if each.queue == QUEUE and each.exchange != "things.dispatch"
    }
    assert sources == {
        ("others.events", "other.made"),
        ("others.private", "other.told"),
        ("things.events", "thing.made"),
    }


def test_nothing_goes_by_the_default_exchange() -> None:
    """Through it a service could write to any queue."""
    channel = declared()
    targets = [
        arguments.get("x-dead-letter-exchange", "x") for arguments in channel.queues.values()
    ]
    exchanges = [*channel.exchanges, *targets, *(each.exchange for each in channel.bindings)]
    assert all(exchanges)
    assert not any(name.startswith("amq.") for name in exchanges)


def test_a_service_declares_its_own_alone() -> None:
    """The exchanges of others are theirs to declare; only binding to them is asked for."""
    channel = declared()
    assert channel.exchanges == {
        "things.events": "topic",
        "things.private": "topic",
        "things.dispatch": "direct",
        "things.park": "direct",
        "things.retry": "headers",
    }
    assert all(name.startswith("things.") for name in channel.queues)


def test_declaring_again_asks_for_the_same() -> None:
    """Every process does so at every start; a difference would be refused by the broker."""
    channel = declared((QUEUE, QUEUE))
    topology.declare_service(channel, "things")
    assert channel.queues == declared().queues
    assert channel.exchanges == declared().exchanges


def test_handlers_do_not_share_a_queue() -> None:
    """Each has one named after it, and none is that of the parked ones."""
    assert topology.queue_of("things", "on_made") == QUEUE
    assert topology.queue_of("things", "on_else") != QUEUE
    assert topology.parked_queue("things") == "things.parked"
