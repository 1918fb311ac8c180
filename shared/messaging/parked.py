"""The ``parked_messages`` entrypoint: takes what was parked into the service's own store.

Parked messages first reach a queue, so that parking needs no store, and a message that the broker
itself gives up on, after too many deliveries, comes the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from amqp import Message as AmqpMessage
from kombu import Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared import telemetry
from shared.errors import FacultyError
from shared.messaging import topology
from shared.messaging.consumer import Consumption
from shared.messaging.publisher import PERSISTENT, Publisher
from shared.parking import Arrival, ParkedMessage, Republish

log = telemetry.logger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

_AGAIN_AFTER_SECONDS = 5.0


class ParkedQueue(Entrypoint):  # type: ignore[misc]
    """Consumes the queue ``<service>.parked``; the method is given an ``Arrival``."""

    consumption = Consumption()

    def __init__(self, **options: Any) -> None:
        super().__init__(expected_exceptions=FacultyError, **options)

    def setup(self) -> None:
        self.queue = Queue(topology.parked_queue(self.container.service_name), no_declare=True)
        self.consumption.register_provider(self)

    def stop(self) -> None:
        self.consumption.unregister_provider(self)

    def declare(self, channel: Any) -> None:
        topology.declare_service(channel, self.container.service_name)

    def take(self, message: Any) -> None:
        """Give the message to a worker as it is; whatever it is, it can be stored."""
        arrival = Arrival(
            queue=message.delivery_info["routing_key"],
            headers=message.headers or {},
            body=_as_bytes(message.body),
            content_type=message.content_type or "application/octet-stream",
            message_id=str(message.properties.get("message_id") or ""),
        )
        try:
            self.container.spawn_worker(
                self, (arrival,), {}, handle_result=partial(self._finish, message)
            )
        except ContainerBeingKilled:
            self.consumption.requeue(message)

    def _finish(self, message: Any, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        if exc_info is None:
            self.consumption.acknowledge(message)
        else:
            log.error("parked message could not be stored", error=type(exc_info[1]).__name__)
            time.sleep(_AGAIN_AFTER_SECONDS)
            self.consumption.requeue(message)
        return result, exc_info


def parked_messages(method: F) -> F:
    """Make a method the keeper of what this service's handlers could not apply."""
    decorated: F = ParkedQueue.decorator(method)
    return decorated


def republisher(service: str, publisher: Publisher) -> Republish:
    """Publishes a parked message to the queue it was parked from."""

    def republish(message: ParkedMessage, body: bytes) -> bool:
        again = AmqpMessage(
            body,
            content_type=message.content_type,
            delivery_mode=PERSISTENT,
            application_headers=message.headers_for_retry(),
        )
        return publisher.pass_on(topology.dispatch_exchange(service), message.queue, again)

    return republish


def _as_bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
