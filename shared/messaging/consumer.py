"""One connection that consumes for every entrypoint of a service.

Nameko's own consumer closes the connection as soon as its consumers are cancelled, so work in hand
at SIGTERM is done and then, unacknowledged, done again. This one stays until all in hand is
settled. It hands over raw messages: an undecodable body is for the entrypoint to park, not for the
client library to drop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any

from kombu import Connection, Consumer
from nameko.extensions import SharedExtension
from nameko.messaging import QueueConsumer

from shared import telemetry
from shared.messaging.publisher import Publisher, receive_much

log = telemetry.logger(__name__)

_AGAIN_AFTER_SECONDS = 1.0


class Broker(SharedExtension):  # type: ignore[misc]
    """The publisher that all entrypoints and the relay of a service share."""

    @cached_property
    def publisher(self) -> Publisher:
        settings = self.container.config["settings"]
        return Publisher(
            settings.amqp_uri,
            heartbeat=settings.broker_heartbeat_seconds,
            confirm_seconds=settings.broker_confirm_seconds,
        )

    def stop(self) -> None:
        self.publisher.close()


class Consumption(QueueConsumer):  # type: ignore[misc]
    """Consumes for providers that have ``queue``, ``declare(channel)`` and ``take(message)``."""

    def __init__(self) -> None:
        super().__init__()
        self._in_hand: set[int] = set()
        self._writing = threading.Lock()
        self._live: Any = None

    @property
    def sharing_key(self) -> type[QueueConsumer]:
        return Consumption

    @property
    def connected(self) -> bool:
        """Whether consumers are registered on a connection that is up now."""
        return bool(self._consumers) and self._live is not None and bool(self._live.connected)

    @property
    def connection(self) -> Connection:
        settings = self.container.config["settings"]
        return Connection(settings.amqp_uri, heartbeat=settings.broker_heartbeat_seconds)

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.2, interval_step=0.5, interval_max=5
            )
            receive_much(connection)
            try:
                yield connection
            finally:
                self._live = None

    def on_consume_ready(
        self, connection: Any, channel: Any, consumers: Any, **options: Any
    ) -> None:
        # Not before: until then a queue may be missing, and what is sent to it goes nowhere.
        self._live = connection
        super().on_consume_ready(connection, channel, consumers, **options)

    def on_connection_error(self, exc: BaseException, interval: float) -> None:
        log.warning("broker cannot be reached", error=type(exc).__name__, again_in=interval)

    def get_consumers(self, consumer_cls: Any, channel: Any) -> list[Consumer]:
        self._consumers = {}
        for provider in self._providers:
            provider.declare(channel)
            consumer = consumer_cls(
                queues=[provider.queue],
                on_message=partial(self._received, provider),
                accept=None,
                prefetch_count=self.prefetch_count,
            )
            self._consumers[provider] = consumer
        return list(self._consumers.values())

    def _received(self, provider: Any, message: Any) -> None:
        self._in_hand.add(id(message))
        identifier = f"{type(provider).__name__}[{message.delivery_info['routing_key']}]"
        self.container.spawn_managed_thread(
            partial(self._take, provider, message), identifier=identifier
        )

    def _take(self, provider: Any, message: Any) -> None:
        try:
            provider.take(message)
        except Exception:
            # A thread that ended so would end the whole service.
            log.exception("message could not be taken; it is given back")
            time.sleep(_AGAIN_AFTER_SECONDS)
            self.requeue(message)

    def on_iteration(self) -> None:
        self._cancel_consumers_if_requested()
        if not self._consumers and not self._in_hand:
            self.should_stop = True

    def acknowledge(self, message: Any) -> None:
        """Done with it. On a lost connection the broker delivers it again, which is expected."""
        self._settle(message, message.ack)

    def requeue(self, message: Any) -> None:
        """Give it back to the broker for another try, here or elsewhere."""
        self._settle(message, message.requeue)

    def _settle(self, message: Any, how: Callable[[], None]) -> None:
        try:
            with self._writing:
                how()
        except Exception as error:
            log.debug("could not settle a message", error=type(error).__name__)
        finally:
            self._in_hand.discard(id(message))
