"""The ``subscribe`` entrypoint: events of other services, each applied once, none dropped.

    @subscribe(MemberAdmitted, ContactChanged)
    def follow_members(self, event, meta):
        self.app.follow(event, meta)

A message is acknowledged after the handler's write. A handler that raises is tried again after 1 s,
doubling to 5 min, six times in all, then the message is parked. A store or broker that is away
uses up no attempt. What cannot be read is parked at once, with the reason.
"""

from __future__ import annotations

import functools
import random
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from amqp import Message as AmqpMessage
from kombu import Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared import health, telemetry
from shared.errors import FacultyError, Invalid, Unavailable
from shared.events import Meta
from shared.messaging import topology
from shared.messaging.consumer import Broker, Consumption
from shared.messaging.publisher import PERSISTENT
from shared.outbox import milliseconds
from shared.parking import (
    ATTEMPT,
    BROKER_HEADERS,
    DELAY,
    ERROR,
    FIRST_FAILED,
    MALFORMED,
    OUTAGES,
    PARKED,
    REASON,
    USED_UP,
    number,
)
from shared.schema import load, parse_json

log = telemetry.logger(__name__)

_MAX_HEADER = 1_000


class Malformed(FacultyError):
    """The message is not an event that this handler can read."""

    code = "malformed"


def read_meta(headers: Mapping[str, Any]) -> Meta:
    """The envelope in the ``ce-`` headers; raises ``Malformed``."""
    if _text(headers, "ce-specversion") != "1.0":
        raise Malformed("Unknown version of CloudEvents.")
    try:
        sequence = int(_text(headers, "ce-sequence"))
        time = datetime.fromisoformat(_text(headers, "ce-time"))
    except ValueError:
        raise Malformed("The header ce-sequence or ce-time does not have its form.") from None
    if time.tzinfo is None:
        raise Malformed("The header ce-time has no offset.")
    return Meta(
        id=_text(headers, "ce-id"),
        type=_text(headers, "ce-type"),
        source=_text(headers, "ce-source"),
        subject=_text(headers, "ce-subject"),
        sequence=sequence,
        time=time,
        correlation_id=_text(headers, "ce-correlationid", default=""),
        attempt=number(headers.get(ATTEMPT)) or 1,
    )


def _text(headers: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = headers.get(name, default)
    if not isinstance(value, str) or len(value) > _MAX_HEADER:
        raise Malformed(f"The header {name} is missing or no short text.")
    return value


class Subscription(Entrypoint):  # type: ignore[misc]
    """Consumes the queue ``<service>.<method>``."""

    consumption = Consumption()
    broker = Broker()

    def __init__(self, *readers: type[Any], **options: Any) -> None:
        self.readers = readers
        super().__init__(expected_exceptions=FacultyError, **options)

    def setup(self) -> None:
        self.service = self.container.service_name
        self.queue_name = topology.queue_of(self.service, self.method_name)
        self.queue = Queue(self.queue_name, no_declare=True)
        self.by_type = {reader.source.ce_type: reader for reader in self.readers}
        self.consumption.register_provider(self)

    def stop(self) -> None:
        self.consumption.unregister_provider(self)

    def declare(self, channel: Any) -> None:
        topology.declare_service(channel, self.service)
        sources = [reader.source for reader in self.readers]
        topology.declare_handler(channel, self.service, self.queue_name, sources)

    def take(self, message: Any) -> None:
        """Read the message and give it to a worker; park what cannot be read."""
        headers = message.headers or {}
        try:
            meta = read_meta(headers)
            reader = self.by_type.get(meta.type)
            if reader is None:
                raise Malformed("The event's type or version is unknown here.")
            event = load(reader, parse_json(message.body), tolerant=True)
            trace = tuple(_text(headers, name, "") for name in ("traceparent", "tracestate"))
        except Exception as error:
            # Whatever a publisher may have sent, reading it must not end the consumer.
            if not isinstance(error, Malformed | Invalid):
                log.exception("event could not be read")
            self._park(message, MALFORMED, error)
            return
        try:
            self.container.spawn_worker(
                self,
                (event, meta),
                {},
                context_data={"trace": trace},
                handle_result=partial(self._finish, message, meta),
            )
        except ContainerBeingKilled:
            self.consumption.requeue(message)

    def _finish(
        self, message: Any, meta: Meta, _worker: Any, result: Any, exc_info: Any
    ) -> tuple[Any, Any]:
        if exc_info is None:
            health.EVENTS.labels(self.queue_name, "applied").inc()
            self.consumption.acknowledge(message)
        elif isinstance(exc_info[1], Unavailable):
            self._delay(message, exc_info[1], attempt=meta.attempt, outage=True)
        elif meta.attempt >= topology.MAX_ATTEMPTS:
            self._park(message, USED_UP, exc_info[1])
        else:
            self._delay(message, exc_info[1], attempt=meta.attempt + 1, outage=False)
        return result, exc_info

    def _delay(self, message: Any, error: BaseException, *, attempt: int, outage: bool) -> None:
        outages = number(message.headers.get(OUTAGES)) + outage
        delay = topology.delay_after(outages if outage else attempt - 1)
        headers = {ATTEMPT: attempt, OUTAGES: outages, DELAY: str(delay)}
        spread = random.uniform(1 - topology.JITTER, 1 + topology.JITTER)
        self._move(
            message,
            topology.retry_exchange(self.service),
            headers,
            error,
            expiration=str(int(delay * spread)),
        )
        health.EVENTS.labels(self.queue_name, "waits" if outage else "retried").inc()
        log.warning("event to be tried again", attempt=attempt, in_ms=delay, **self._named(message))

    def _park(self, message: Any, reason: str, error: BaseException) -> None:
        headers = {REASON: reason, PARKED: _now()}
        self._move(message, topology.park_exchange(self.service), headers, error)
        health.EVENTS.labels(self.queue_name, "parked").inc()
        log.error("event parked", reason=reason, error=_describe(error), **self._named(message))

    def _named(self, message: Any) -> dict[str, str]:
        """What a log line says of a message; whatever its headers hold, it is short."""
        names = {"event_id": "ce-id", "correlation_id": "ce-correlationid"}
        headers = message.headers or {}
        said = {name: str(headers.get(header, ""))[:100] for name, header in names.items()}
        return {"queue": self.queue_name, **said}

    def _move(
        self,
        message: Any,
        exchange: str,
        added: dict[str, Any],
        error: BaseException,
        **properties: str,
    ) -> None:
        """Publish the untouched body elsewhere, and only then let go of it here."""
        headers = dict(message.headers or {})
        for name in BROKER_HEADERS:
            headers.pop(name, None)
        headers.setdefault(FIRST_FAILED, _now())
        headers |= {ERROR: _describe(error), **added}
        moved = AmqpMessage(
            message.body,
            content_type=message.content_type or "application/octet-stream",
            content_encoding=message.content_encoding or "binary",
            delivery_mode=PERSISTENT,
            application_headers=headers,
            **properties,
        )
        if self.broker.publisher.pass_on(exchange, self.queue_name, moved):
            self.consumption.acknowledge(message)
        else:
            time.sleep(1)
            self.consumption.requeue(message)


def _seed_of(meta: Meta) -> str:
    """The event's id; for one that is no UUID, as others may have, one made of its time and id."""
    try:
        return str(uuid.UUID(meta.id))
    except ValueError:
        return telemetry.derived_id(milliseconds(meta.time), meta.id)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _describe(error: BaseException) -> str:
    """What went wrong, without personal data; long texts are cut."""
    text = f"{type(error).__name__}: {error}" if isinstance(error, FacultyError) else repr(error)
    if isinstance(error, Invalid):
        text += f" {error.fields}"
    return str(telemetry.redact(text))[:500]


def handled_by(container: Any) -> dict[str, set[str]]:
    """The queues of a service's handlers, and the types of event that these take."""
    handlers = [each for each in container.entrypoints if isinstance(each, Subscription)]
    return {
        "queue": {topology.queue_of(container.service_name, each.method_name) for each in handlers},
        "event_type": {reader.source.ce_type for each in handlers for reader in each.readers},
    }


def subscribe(*readers: type[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a method the handler of the events that ``readers`` read."""

    def decorate(method: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(method)
        def handle(service: Any, event: Any, meta: Meta) -> None:
            traceparent, tracestate = service.worker_ctx.data["trace"]
            context = telemetry.Context.start(
                correlation_id=meta.correlation_id,
                traceparent=traceparent,
                tracestate=tracestate,
                message_id=f"event:{meta.id}:{method.__name__}",
                seed=_seed_of(meta),
                actor=meta.source,
                action=method.__name__,
                reason=f"{meta.type} {meta.id}",
            )
            with telemetry.activate(context):
                method(service, event, meta)

        decorated: Callable[..., None] = Subscription.decorator(*readers)(handle)
        return decorated

    return decorate
