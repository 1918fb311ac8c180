"""The clock calls methods, as itself, one tick at a time, whatever becomes of a tick."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from eventlet import Timeout
from eventlet.event import Event
from nameko.containers import ServiceContainer
from pymongo.errors import AutoReconnect

from shared import telemetry
from shared.errors import Unavailable
from shared.testing import FakeClock, FakeDatabase, error_of
from shared.timers import Leases, regularly

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
SECONDS = 30


@contextmanager
def ticking(act: Callable[[int], None], pause: float = 0.0) -> Iterator[None]:
    """A service whose clock calls ``act`` with the number of the tick."""
    ticks: list[None] = []

    class Ticker:
        name = "ticker"

        @regularly("pause_seconds")
        def tick_over(self) -> None:
            """Ticks."""
            ticks.append(None)
            act(len(ticks))

    settings = SimpleNamespace(pause_seconds=pause)
    container = ServiceContainer(Ticker, {"settings": settings, "max_workers": 4})
    container.start()
    try:
        yield
    finally:
        container.stop()


def wait(happened: Event) -> None:
    with Timeout(SECONDS):
        happened.wait()


def at(number: int, happened: Event) -> Callable[[int], None]:
    """Tells of the tick of this number."""
    return lambda tick: happened.send() if tick == number else None


def test_the_setting_says_how_often() -> None:
    """With an hour between, nothing comes before the service is stopped."""
    third, any_at_all = Event(), Event()
    with ticking(at(1, any_at_all), pause=3_600), ticking(at(3, third)):
        wait(third)
    assert not any_at_all.ready()


def test_ticks_do_not_overlap() -> None:
    """The next one waits until the one before it has ended."""
    begun, third, may_end = Event(), Event(), Event()
    at_work: list[int] = []
    most: list[int] = []

    def act(tick: int) -> None:
        at_work.append(tick)
        most.append(len(at_work))
        if tick == 1:
            begun.send()
            may_end.wait()
        at_work.remove(tick)
        at(3, third)(tick)

    with ticking(act):
        wait(begun)
        assert at_work == [1]
        may_end.send()
        wait(third)
    assert set(most) == {1}


def test_a_tick_that_fails_is_followed_by_the_next() -> None:
    """Whatever it failed of."""
    third = Event()

    def act(tick: int) -> None:
        at(3, third)(tick)
        raise RuntimeError("failed")

    with ticking(act):
        wait(third)


def test_the_clock_is_who_acts() -> None:
    """Under the method's name, in a trace of its own, without a message that could come again."""
    seen: list[telemetry.Context] = []
    second = Event()

    def act(tick: int) -> None:
        seen.extend(telemetry.current() for _ in range(2))
        at(2, second)(tick)

    with ticking(act):
        wait(second)
    first, again, other, *_ = seen
    assert (first.actor, first.action, first.reason) == ("clock", "tick_over", "")
    assert (first.message_id, first.seed) == ("", "")
    assert again is first
    assert other.correlation_id != first.correlation_id


def test_a_regular_method_keeps_its_name_and_words() -> None:
    """As the catalogue of a service shows them."""

    @regularly("pause_seconds")
    def sweep(self: Any) -> None:
        """Sweeps."""

    assert (sweep.__name__, sweep.__doc__) == ("sweep", "Sweeps.")


def test_a_lease_that_the_store_cannot_give_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taking, keeping and giving back alike; the next tick tries again."""

    def away(*_: Any, **__: Any) -> None:
        raise AutoReconnect("away")

    database = FakeDatabase()
    leases = Leases(database, FakeClock(NOW))
    lease = leases.take("tick", timedelta(minutes=1))
    assert lease is not None
    monkeypatch.setattr(database["leases"], "update_one", away)
    for action in (
        lambda: leases.take("tick", timedelta(minutes=1)),
        lambda: lease.renew(timedelta(minutes=1)),
        lease.give_back,
    ):
        assert isinstance(error_of(action), Unavailable)
