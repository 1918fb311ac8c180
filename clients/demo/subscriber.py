"""An outside subscriber in plain kombu: it knows the broker's address and nothing else of us.

    AMQP_URI=amqp://integrator:... python -m clients.demo.subscriber events.jsonl

Every public event becomes a line of the file before it is acknowledged, so what is in the file was
delivered, and what was not written is delivered again. It says "ready" once it is subscribed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import IO, Any

from kombu import Connection, Exchange, Queue, binding
from kombu.mixins import ConsumerMixin

SERVICES = ("membership", "programmes", "notifications", "research")
QUEUE_LIFE_SECONDS = 300


class Subscriber(ConsumerMixin):  # type: ignore[misc]
    """Writes the headers and the body of each event to a file."""

    def __init__(self, connection: Connection, file: IO[str]) -> None:
        self.connection = connection
        self._file = file
        # The exchanges are not ours to declare. The queue outlives a lost connection for a while.
        self._queue = Queue(
            f"integrator.demo-{os.getpid()}",
            bindings=[
                binding(Exchange(f"{service}.events", no_declare=True), "#") for service in SERVICES
            ],
            expires=QUEUE_LIFE_SECONDS,
        )

    def get_consumers(self, consumer: Any, _channel: Any) -> list[Any]:
        """Called by kombu after each connection."""
        return [consumer([self._queue], on_message=self.on_message, prefetch_count=200)]

    def on_consume_ready(self, *_arguments: Any, **_options: Any) -> None:
        """Called by kombu once messages can come."""
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    def on_message(self, message: Any) -> None:
        """Keep the message as it came, then acknowledge it."""
        line = {
            "exchange": message.delivery_info["exchange"],
            "routing_key": message.delivery_info["routing_key"],
            "content_type": message.content_type,
            "headers": message.headers,
            "body": json.loads(message.body),
        }
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        message.ack()


def main(path: Path) -> None:
    """Subscribe until told to stop."""
    with path.open("a", encoding="utf-8") as file, Connection(os.environ["AMQP_URI"]) as connection:
        subscriber = Subscriber(connection, file)

        def stop(*_signal: object) -> None:
            subscriber.should_stop = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        subscriber.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
