"""Exchanges and queues of a service's handlers, declared with the least rights that do.

    <service>.events, <service>.private   topic     what the service publishes
    <service>.<handler>                   quorum    one per handler, bound to what it subscribes to
    <service>.dispatch                    direct    queue name -> queue; where delayed ones return
    <service>.retry                       headers   faculty-delay-ms -> <service>.retry.<ms>
    <service>.park                        direct    queue name -> <service>.parked

No service needs rights on the default exchange, through which it could write to any queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shared.events import Source, exchange_of
from shared.parking import DELAY

DELAYS_MS: tuple[int, ...] = tuple(min(1_000 * 2**step, 300_000) for step in range(10))
MAX_ATTEMPTS = 6
DELIVERY_LIMIT = 50
# The queue of parked messages is the last place there is: it dead-letters nowhere, and RabbitMQ 4
# would drop a message after 20 deliveries if no limit were given.
PARKED_DELIVERY_LIMIT = 1_000_000
JITTER = 0.25


def queue_of(service: str, handler: str) -> str:
    return f"{service}.{handler}"


def parked_queue(service: str) -> str:
    return f"{service}.parked"


def retry_exchange(service: str) -> str:
    return f"{service}.retry"


def park_exchange(service: str) -> str:
    return f"{service}.park"


def dispatch_exchange(service: str) -> str:
    return f"{service}.dispatch"


def delay_after(failures: int) -> int:
    """Milliseconds to wait after so many failures: 1 s doubling to 5 min."""
    return DELAYS_MS[min(max(failures, 1), len(DELAYS_MS)) - 1]


def declare_service(channel: Any, service: str) -> None:
    """The service's own exchanges, its ladder of delay queues and its queue of parked messages."""
    for private in (False, True):
        exchange = exchange_of(service, private=private)
        channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
    dispatch, retry = dispatch_exchange(service), retry_exchange(service)
    channel.exchange_declare(dispatch, "direct", durable=True, auto_delete=False)
    channel.exchange_declare(park_exchange(service), "direct", durable=True, auto_delete=False)
    channel.exchange_declare(retry, "headers", durable=True, auto_delete=False)
    for delay in dict.fromkeys(DELAYS_MS):
        queue = f"{retry}.{delay}"
        arguments = {
            "x-queue-type": "quorum",
            "x-message-ttl": int(delay * (1 + JITTER)),
            "x-dead-letter-exchange": dispatch,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
        _declare(channel, queue, arguments)
        binding = {"x-match": "all", DELAY: str(delay)}
        channel.queue_bind(queue, retry, arguments=binding)
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": PARKED_DELIVERY_LIMIT}
    _declare(channel, parked_queue(service), arguments)


def declare_handler(channel: Any, service: str, queue: str, sources: Iterable[Source]) -> None:
    """A handler's queue, its way to the parked ones, and the bindings to what it subscribes to.

    The publishers' exchanges must exist: declaring them is not this service's right.
    """
    park = park_exchange(service)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": park,
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    channel.queue_bind(parked_queue(service), park, routing_key=queue)
    _declare(channel, queue, arguments)
    channel.queue_bind(queue, dispatch_exchange(service), routing_key=queue)
    for source in sources:
        channel.queue_bind(queue, source.exchange, routing_key=source.name)


def _declare(channel: Any, queue: str, arguments: dict[str, Any]) -> None:
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
