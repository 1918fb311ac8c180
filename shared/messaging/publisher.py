"""One connection and one channel in confirm mode for everything that a process publishes.

Confirms are pipelined: a batch is written at once and its confirms are awaited together, while
replies to calls go out on the same channel and are not awaited. A broker that is away, frozen or
short of memory makes a publish fail after a deadline; it never blocks for ever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from amqp import Message as AmqpMessage
from amqp import spec
from kombu import Connection

from shared import telemetry
from shared.errors import Unavailable
from shared.outbox import Envelope

log = telemetry.logger(__name__)

RECEIVE_BYTES = 65_536
_RETRY_CONNECT_SECONDS = 0.5
PERSISTENT, TRANSIENT = 2, 1


def receive_much(connection: Connection) -> None:
    """Read up to 64 KiB at once; py-amqp asks for each frame's header and body apart.

    What is read beyond the frame in hand waits in py-amqp's own buffer.
    """
    transport = connection.connection.transport
    receive = transport._quick_recv
    transport._quick_recv = lambda _wanted: receive(RECEIVE_BYTES)


class _Batch:
    """Messages whose confirms are awaited together."""

    def __init__(self, size: int) -> None:
        self.answers = [False] * size
        self.returned = False
        self._open = size
        self._done = threading.Event()
        if not size:
            self._done.set()

    def settle(self, index: int, confirmed: bool) -> None:
        self.answers[index] = confirmed
        self._open -= 1
        if not self._open:
            self._done.set()

    def wait(self, seconds: float) -> bool:
        return self._done.wait(seconds)

    def give_up(self) -> None:
        self._done.set()


class _Line:
    """A live connection: its channel, what awaits a confirm, and the thread that reads."""

    def __init__(self, uri: str, heartbeat: int, connect_seconds: float) -> None:
        self._connection = Connection(
            uri, heartbeat=heartbeat, connect_timeout=connect_seconds, transport_options={}
        )
        self._connection.connect()
        receive_much(self._connection)
        self._heartbeat = heartbeat
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(lambda tag, many: self._settle(tag, many, True))
        self._channel.events["basic_nack"].add(lambda tag, many: self._settle(tag, many, False))
        self._channel.events["basic_return"].add(self._returned)
        self._write = threading.Lock()
        self._tag = 0
        self._awaited: dict[int, tuple[_Batch, int]] = {}
        self.returnable: dict[str, _Batch] = {}
        self.alive = True
        self._reader = threading.Thread(target=self._read, name="publisher", daemon=True)
        self._reader.start()

    def send(
        self,
        exchange: str,
        routing_key: str,
        message: AmqpMessage,
        awaited: tuple[_Batch, int] | None = None,
        *,
        mandatory: bool = False,
    ) -> None:
        arguments = (0, exchange, routing_key, mandatory, False)
        with self._write:
            if not self.alive:
                raise Unavailable("The broker connection was lost.")
            self._tag += 1
            if awaited is not None:
                self._awaited[self._tag] = awaited
            try:
                # Channel.basic_publish would read from the socket first, which is the reader's.
                self._channel.send_method(spec.Basic.Publish, "Bssbb", arguments, message)
            except Exception as error:
                self.fail()
                raise Unavailable("The broker did not take a message.") from error

    def _settle(self, tag: int, many: bool, confirmed: bool) -> None:
        tags = [one for one in self._awaited if one <= tag] if many else [tag]
        for one in tags:
            waiting = self._awaited.pop(one, None)
            if waiting is not None:
                waiting[0].settle(waiting[1], confirmed)

    def _returned(self, _error: Any, _exchange: str, key: str, message: AmqpMessage) -> None:
        # The broker confirms it as well, a moment later.
        log.error("message could not be routed", routing_key=key)
        batch = self.returnable.get(str(message.properties.get("message_id")))
        if batch is not None:
            batch.returned = True

    def _read(self) -> None:
        interval = self._heartbeat / 4
        while self.alive:
            try:
                self._connection.drain_events(timeout=interval)
            except TimeoutError:
                pass
            except Exception as error:
                if self.alive:
                    log.warning("broker connection lost", error=type(error).__name__)
                self.fail()
                return
            try:
                with self._write:
                    self._connection.heartbeat_check()
            except Exception:
                log.warning("broker heartbeat lost")
                self.fail()

    def fail(self) -> None:
        """Nothing more will be confirmed on this line."""
        self.alive = False
        for batch, _ in self._awaited.values():
            batch.give_up()
        self._awaited.clear()
        try:
            self._connection.connection.transport.close()
        except Exception:
            log.debug("socket was closed already")

    def close(self) -> None:
        with self._write:
            self.alive = False
        try:
            self._connection.close()
        except Exception:
            log.debug("connection was closed already")


class Publisher:
    """Publishes from any thread; connects when first needed and again after a loss."""

    def __init__(self, uri: str, *, heartbeat: int = 30, confirm_seconds: float = 15) -> None:
        self._uri, self._heartbeat, self._seconds = uri, heartbeat, confirm_seconds
        self._line: _Line | None = None
        self._connecting = threading.Lock()
        self._failed_at = 0.0

    @property
    def connected(self) -> bool:
        return self._line is not None and self._line.alive

    def _live(self) -> _Line:
        line = self._line
        if line is not None and line.alive:
            return line
        with self._connecting:
            if self._line is not None and self._line.alive:
                return self._line
            if time.monotonic() - self._failed_at < _RETRY_CONNECT_SECONDS:
                raise Unavailable("The broker cannot be reached.")
            try:
                self._line = _Line(self._uri, self._heartbeat, self._seconds)
            except Exception as error:
                self._failed_at = time.monotonic()
                raise Unavailable("The broker cannot be reached.") from error
            return self._line

    def publish(self, envelopes: Sequence[Envelope]) -> list[bool]:
        """Publish events persistently, in order; says of each whether the broker confirmed it."""
        batch = _Batch(len(envelopes))
        try:
            line = self._live()
            for index, one in enumerate(envelopes):
                message = AmqpMessage(
                    one.body,
                    content_type="application/json",
                    content_encoding="utf-8",
                    delivery_mode=PERSISTENT,
                    message_id=one.message_id,
                    application_headers=one.headers,
                )
                line.send(one.exchange, one.routing_key, message, (batch, index))
        except Unavailable as error:
            log.warning("events wait for the broker", error=error.message)
            return batch.answers
        if not batch.wait(self._seconds):
            log.warning("broker did not confirm in time")
            line.fail()
        return list(batch.answers)

    def pass_on(self, exchange: str, routing_key: str, message: AmqpMessage) -> bool:
        """Publish one message that must reach a queue; whether the broker confirmed that.

        The message is given a ``message_id`` of its own, by which the broker can return it: the
        same event may be on its way more than once at a time.
        """
        batch, id = _Batch(1), telemetry.fresh_id()
        message.properties["message_id"] = id
        try:
            line = self._live()
            line.returnable[id] = batch
            try:
                line.send(exchange, routing_key, message, (batch, 0), mandatory=True)
                if not batch.wait(self._seconds):
                    line.fail()
            finally:
                del line.returnable[id]
        except Unavailable:
            return False
        return batch.answers[0] and not batch.returned

    def reply(self, exchange: str, routing_key: str, body: bytes, correlation_id: str) -> None:
        """Send a transient answer without awaiting a confirm; raises ``Unavailable``."""
        message = AmqpMessage(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=TRANSIENT,
            correlation_id=correlation_id,
        )
        self._live().send(exchange, routing_key, message)

    def close(self) -> None:
        """Close the connection; whoever waits for a confirm is told that there is none."""
        if self._line is not None:
            self._line.close()
            self._line.fail()
