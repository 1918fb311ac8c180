"""Every event, reader and subscription there is, found in the code, so that no test forgets one.

    received = receive(event.sent(), reading)
    received.handed or received.parked

A subscription is met as in its service: bound in a container, which is never started. The message
went through AMQP's own encoding of headers.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from amqp import Message as AmqpMessage
from kombu.transport.pyamqp import Message
from nameko.containers import ServiceContainer

from deploy.local import SERVICES
from shared.events import EventType, Meta, Source, load
from shared.messaging.parked import ParkedQueue
from shared.messaging.subscription import Subscription
from shared.outbox import Envelope, envelope, ready
from shared.rpc import Requests
from shared.settings import ServiceSettings
from shared.telemetry import Context, activate
from tests.e2e.methods import service_class

CORRELATION_ID = "0193b7a0-0000-7000-8000-00000000c0de"
SUBJECT = "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a11"
SEQUENCE = 7
TIME = datetime(2026, 11, 4, 9, 30, tzinfo=UTC)


class Published(NamedTuple):
    """An event that a service owns."""

    service: str
    cls: type[Any]

    def __str__(self) -> str:
        return f"{self.service}.{self.type.name}"

    @property
    def type(self) -> EventType:
        declared: EventType = self.cls.event_type
        return declared

    @property
    def source(self) -> Source:
        """How a reader would name it."""
        return Source(self.service, self.type.name, self.type.private)

    def sent(self) -> Envelope:
        """The example as the relay gives it to the broker."""
        happened = load(self.cls, self.type.example)
        with activate(Context.start(correlation_id=CORRELATION_ID)):
            (entry,) = ready([happened], SEQUENCE, lambda: TIME)
        return envelope(self.service, SUBJECT, entry)


class Reading(NamedTuple):
    """A reader, and the handler of a service that is given what it reads."""

    service: str
    handler: str
    cls: type[Any]

    def __str__(self) -> str:
        return f"{self.service}.{self.handler}-{self.source.name}"

    @property
    def source(self) -> Source:
        declared: Source = self.cls.source
        return declared

    @property
    def publishers(self) -> list[Published]:
        """Who publishes it: one, if all is well."""
        return [event for event in EVENTS if event.source == self.source]


@dataclass
class Received:
    """What became of a message: given to the handler, or parked and let go of."""

    handed: tuple[Any, Meta] | None = None
    parked: dict[str, Any] | None = None
    acknowledged: bool = False


class _Surroundings:
    """Takes the place of the workers, the publisher and the channel behind a subscription."""

    no_ack_consumers: frozenset[str] = frozenset()

    def __init__(self, received: Received) -> None:
        self._received = received

    def spawn_worker(
        self, _entrypoint: Any, arguments: tuple[Any, Meta], _named: Any, **_options: Any
    ) -> None:
        self._received.handed = arguments

    def pass_on(self, exchange: str, _queue: str, message: AmqpMessage) -> bool:
        assert exchange.endswith(".park")
        self._received.parked = message.properties["application_headers"]
        return True

    def basic_ack(self, _tag: int, **_options: Any) -> None:
        self._received.acknowledged = True


def receive(sent: Envelope, reading: Reading) -> Received:
    """Give an event to the handler's own entrypoint."""
    received = Received()
    surroundings = _Surroundings(received)
    (subscription,) = (
        each for each in subscriptions_of(reading.service) if each.method_name == reading.handler
    )
    subscription.container.spawn_worker = surroundings.spawn_worker
    subscription.broker.__dict__["publisher"] = surroundings
    subscription.take(Message(_over_the_wire(sent), surroundings))
    return received


def _over_the_wire(sent: Envelope) -> AmqpMessage:
    out = AmqpMessage(
        sent.body, content_type="application/json", application_headers=dict(sent.headers)
    )
    back = AmqpMessage(sent.body)
    back._load_properties(out.CLASS_ID, out._serialize_properties(), 0)
    delivered = {"exchange": sent.exchange, "routing_key": sent.routing_key, "delivery_tag": 1}
    back.delivery_info = delivered
    return back


@cache
def container_of(service: str) -> Any:
    """A container of the service that nobody starts."""
    settings = ServiceSettings(
        amqp_uri="amqp://nobody@localhost",
        mongodb_uri="mongodb://localhost",
        auth_public_key="-----BEGIN PUBLIC KEY-----",
    )
    config = {"settings": settings, "AMQP_URI": settings.amqp_uri}
    container = ServiceContainer(service_class(service), config)
    for extension in container.extensions:
        if isinstance(extension, Subscription | ParkedQueue | Requests):
            extension.setup()
    return container


def subscriptions_of(service: str) -> list[Subscription]:
    """The entrypoints that take events."""
    return [
        entrypoint
        for entrypoint in container_of(service).entrypoints
        if isinstance(entrypoint, Subscription)
    ]


def declared_in(module: str, attribute: str) -> list[type[Any]]:
    """The classes of ``services.<module>`` that carry the attribute."""
    members = vars(importlib.import_module(f"services.{module}")).values()
    return [each for each in members if isinstance(each, type) and hasattr(each, attribute)]


EVENTS = [
    Published(service, cls)
    for service in SERVICES
    for cls in declared_in(f"{service}.events", "event_type")
]
READINGS = [
    Reading(service, subscription.method_name, reader)
    for service in SERVICES
    for subscription in subscriptions_of(service)
    for reader in subscription.readers
]
