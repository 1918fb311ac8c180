"""One connection to the broker, with its reply queue and pipelined publisher confirms.

It knows nothing of deadlines or retries: it sends, reports what the broker said about each message
by correlation id, and hands over replies. ``clients.faculty.client`` makes calls out of that.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import kombu
from amqp.exceptions import AccessRefused
from amqp.exceptions import ConnectionError as AmqpConnectionError
from amqp.exceptions import NotFound as AmqpNotFound

from clients.faculty.protocol import CALL_EXCHANGE
from shared import errors

REPLY_QUEUE_LIFE_MS = 5 * 60 * 1000
CONNECT_SECONDS = 5.0
REFUSED = AccessRefused
MISSING = AmqpNotFound
LOST: tuple[type[Exception], ...] = (AmqpConnectionError, OSError)


def unreachable(amqp_uri: str) -> errors.Unavailable:
    """Says which broker does not answer, and what to do about a local one."""
    parts = urlsplit(amqp_uri)
    where = f"{parts.hostname or 'localhost'}:{parts.port or 5672}"
    return errors.Unavailable(
        f"The broker at {where} cannot be reached. Of a local stack, `make status` says what runs "
        "and `make up` starts it."
    )


class Listener(Protocol):
    """Who is told what became of a message."""

    def confirmed(self, correlation_id: str) -> None:
        """The broker has put the call into a queue."""

    def rejected(self, correlation_id: str) -> None:
        """The broker could not take the call."""

    def unroutable(self, correlation_id: str) -> None:
        """No queue takes such a call."""

    def replied(self, correlation_id: str, body: bytes) -> None:
        """A reply came."""


class Link:
    """An open connection. After any error of ``LOST`` it is closed and a new one is opened."""

    def __init__(self, amqp_uri: str, reply_id: uuid.UUID, listener: Listener) -> None:
        self._listener = listener
        self._tags: dict[int, str] = {}
        self._published = 0
        self._reply_to = str(reply_id)
        self._connection = kombu.Connection(amqp_uri, connect_timeout=CONNECT_SECONDS)
        try:
            self._open()
        except BaseException:
            self.abandon()
            raise

    def _open(self) -> None:
        self._connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
        self._channel = self._connection.channel()
        # Nobody but the deployment declares exchanges, so the queue is declared and bound by hand.
        self._queue = kombu.Queue(
            f"rpc.reply-apps-{self._reply_to}",
            kombu.Exchange(CALL_EXCHANGE, type="topic", durable=True),
            routing_key=self._reply_to,
            queue_arguments={"x-expires": REPLY_QUEUE_LIFE_MS},
        )(self._channel)
        self._queue.queue_declare()
        self._queue.queue_bind()
        self._channel.basic_consume(self._queue.name, no_ack=True, callback=self._on_reply)
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._producer = kombu.Producer(self._channel, auto_declare=False)

    def publish(
        self,
        routing_key: str,
        body: str,
        headers: Mapping[str, Any],
        *,
        correlation_id: str,
        seconds: float,
    ) -> None:
        """Send one call which nobody needs to begin any more after ``seconds``."""
        self._published += 1
        self._tags[self._published] = correlation_id
        self._producer.publish(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            exchange=CALL_EXCHANGE,
            routing_key=routing_key,
            headers=dict(headers),
            correlation_id=correlation_id,
            reply_to=self._reply_to,
            expiration=seconds,
            delivery_mode=1,
            mandatory=True,
            retry=False,
            timeout=seconds,
        )

    def drain(self, seconds: float) -> None:
        """Wait at most so long for something from the broker and report it."""
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def close(self) -> None:
        """Delete the reply queue and close in order."""
        try:
            self._queue.delete()
            self._connection.release()
        except (*LOST, REFUSED):
            self.abandon()

    def abandon(self) -> None:
        """Close without a word to a broker that may be gone; the reply queue lives on."""
        self._connection.collect()

    def _on_reply(self, message: Any) -> None:
        self._listener.replied(message.properties.get("correlation_id", ""), message.body)

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:
        for correlation_id in self._settled(delivery_tag, multiple):
            self._listener.confirmed(correlation_id)

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:
        for correlation_id in self._settled(delivery_tag, multiple):
            self._listener.rejected(correlation_id)

    def _settled(self, delivery_tag: int, multiple: bool) -> list[str]:
        tags = [
            tag for tag in self._tags if tag == delivery_tag or (multiple and tag < delivery_tag)
        ]
        return [self._tags.pop(tag) for tag in tags]

    def _on_return(self, *returned: Any) -> None:
        message = returned[-1]  # after the reason, the exchange and the routing key
        self._listener.unroutable(message.properties.get("correlation_id", ""))
