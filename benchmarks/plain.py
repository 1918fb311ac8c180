"""Plain Nameko 2.14.1 with its defaults, in a process of its own.

    python -m benchmarks.plain caller|handler

``plaincaller`` answers calls and dispatches events, ``plainhandler`` handles them.
"""

import shared.patched  # noqa: F401, I001 (before everything else)

import os
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from nameko import events
from nameko import rpc as nameko_rpc
from nameko.containers import ServiceContainer

from benchmarks.ticks import COUNTED, Tally, shares

F = TypeVar("F", bound=Callable[..., Any])
CALLER, HANDLER = "plaincaller", "plainhandler"

rpc: Callable[[F], F] = nameko_rpc.rpc
handle_event: Callable[[str, str], Callable[[F], F]] = events.event_handler


class PlainCaller:
    """Answers calls and dispatches events."""

    name = CALLER
    dispatch = events.EventDispatcher()

    @rpc
    def echo(self, text: str, number: int) -> dict[str, Any]:
        """What was given."""
        return {"text": text, "number": number}

    @rpc
    def publish(self, run: str, count: int, key: str, workers: int) -> list[float]:
        """Dispatch events from so many green threads; when it began and ended."""

        def work(numbers: range) -> None:
            for number in numbers:
                self.dispatch(key, {"run": run, "number": number, "of": count})

        began = time.monotonic()
        threads = [eventlet.spawn(work, numbers) for numbers in shares(count, workers)]
        for thread in threads:
            thread.wait()
        return [began, time.monotonic()]


class PlainHandler:
    """Handles events and does nothing else."""

    name = HANDLER
    tally = Tally.from_environment()

    @handle_event(CALLER, COUNTED)
    def on_counted(self, payload: dict[str, Any]) -> None:
        """Count it."""
        self.tally.count(payload["run"], payload["of"])


def main(role: str) -> None:
    """Run until the process is ended."""
    service = {"caller": PlainCaller, "handler": PlainHandler}[role]
    container = ServiceContainer(service, {"AMQP_URI": os.environ["AMQP_URI"]})
    container.start()
    container.wait()


if __name__ == "__main__":
    main(sys.argv[1])
