"""A service is ready for work when all its queues are there and consumed, not before."""

from types import SimpleNamespace
from typing import Any

from shared.messaging.consumer import Consumption


class Provider:
    """An entrypoint as far as consumption uses it; it notes what was said when it declared."""

    def __init__(self, consumption: Consumption, said: list[bool]) -> None:
        self._consumption, self._said = consumption, said
        self.queue = object()

    def declare(self, _channel: Any) -> None:
        self._said.append(self._consumption.connected)


class Consuming(Consumption):
    """Consumption outside a service."""

    prefetch_count = 1


def test_it_is_connected_when_every_queue_is_consumed() -> None:
    """While the first is consumed and the others are yet to be declared it is not."""
    consumption = Consuming()
    said: list[bool] = []
    consumption._providers = {Provider(consumption, said) for _ in range(3)}
    connection = SimpleNamespace(connected=True)
    consumers = consumption.get_consumers(lambda **_: object(), None)
    said.append(consumption.connected)
    assert said == [False] * 4
    consumption.on_consume_ready(connection, None, consumers)
    assert consumption.connected
    connection.connected = False
    assert not consumption.connected
