"""Public events as they come, as mappings of CloudEvents attributes and ``data``.

for event in events(amqp_uri, patterns=("member.*",)):
    print(event["type"], event["data"])
"""

from __future__ import annotations

import contextlib
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import kombu

from clients.faculty.connection import CONNECT_SECONDS, LOST, MISSING, REFUSED, unreachable
from clients.faculty.protocol import EVENT_EXCHANGES, decode_event
from shared import errors

_HEARTBEAT_SECONDS = 20
_WAIT_SECONDS = 1.0


def events(
    amqp_uri: str,
    patterns: Sequence[str] = ("#",),
    *,
    ready: Callable[[], None] = lambda: None,
) -> Iterator[dict[str, Any]]:
    """Every public event that matches a pattern from now on; ``ready`` is called once subscribed.

    The queue is exclusive and goes with the connection, so a lost connection ends the generator
    with ``Unavailable``: events may have been missed, which only the caller can judge.
    """
    arrived: deque[Any] = deque()
    lost = unreachable(amqp_uri)
    try:
        with kombu.Connection(
            amqp_uri, connect_timeout=CONNECT_SECONDS, heartbeat=_HEARTBEAT_SECONDS
        ) as connection:
            # Whoever it is may declare queues under their own name alone.
            queue = f"{connection.userid}.tail-{uuid.uuid4()}"
            _subscribe(connection.channel(), queue, patterns, arrived.append)
            ready()
            lost = errors.Unavailable("The connection was lost; events may have been missed.")
            while True:
                _drain(connection)
                while arrived:
                    message = arrived.popleft()
                    properties = message.properties
                    yield decode_event(
                        properties.get("application_headers", {}),
                        properties.get("content_type"),
                        message.body,
                    )
    except REFUSED:
        raise errors.Forbidden("The broker does not let this user read events.") from None
    except MISSING:
        raise errors.Unavailable("The broker has no exchanges for events yet.") from None
    except LOST:
        raise lost from None


def _subscribe(
    channel: Any, name: str, patterns: Sequence[str], arrived: Callable[[Any], None]
) -> None:
    queue = kombu.Queue(name, durable=False, exclusive=True, auto_delete=True)(channel)
    queue.queue_declare()
    for exchange in EVENT_EXCHANGES:
        for pattern in patterns:
            queue.bind_to(exchange, routing_key=pattern)
    channel.basic_consume(queue.name, no_ack=True, callback=arrived)


def _drain(connection: kombu.Connection) -> None:
    with contextlib.suppress(TimeoutError):
        connection.drain_events(timeout=_WAIT_SECONDS)
    connection.heartbeat_check()
