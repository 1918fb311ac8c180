"""The ``regularly`` entrypoint: a method that the clock calls, and leases so that only one does.

@regularly("sweep_seconds")     # a setting of the service
def sweep(self):
    self.app.sweep()

Every instance has its clock. Where one of them is enough, the handler takes a lease:

lease = leases.take("sweep", timedelta(minutes=5))
if lease is not None: ...
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nameko.timer import Timer
from pymongo.errors import DuplicateKeyError

from shared import telemetry
from shared.events import Clock
from shared.outbox import milliseconds
from shared.repository import Store, store_errors

ACTOR = "clock"


class Regularly(Timer):  # type: ignore[misc]
    """Ticks as often as the named setting says, one tick at a time."""

    def __init__(self, setting: str, **options: Any) -> None:
        self._setting = setting
        super().__init__(interval=0, **options)

    def setup(self) -> None:
        self.interval = getattr(self.container.config["settings"], self._setting)


def regularly(setting: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a method one that is called every so many seconds; an audit trail says "clock" did."""

    def decorate(method: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(method)
        def tick(service: Any) -> None:
            context = telemetry.Context.start(actor=ACTOR, action=method.__name__)
            with telemetry.activate(context):
                method(service)

        decorated: Callable[..., None] = Regularly.decorator(setting)(tick)
        return decorated

    return decorate


@dataclass
class Lease:
    """What was taken; once it has ended or was given back, others may take it."""

    documents: Any
    clock: Clock
    name: str
    holder: str
    until: datetime

    def keep(self, length: timedelta) -> bool:
        """Have it for half of that at least; whether it was still ours.

        It costs nothing before half of it has gone, so it may be asked for at every turn of a long
        piece of work, each turn of which is shorter than the other half.
        """
        return self.clock() + length / 2 <= self.until or self.renew(length)

    def renew(self, length: timedelta) -> bool:
        """Keep it for so long from now; whether it was still ours."""
        until = self.clock() + length
        ours = self._set(until=milliseconds(until))
        if ours:
            self.until = until
        return ours

    def give_back(self) -> None:
        """Let others have it now; where they have it already, it stays theirs."""
        self._set(until=0, holder="")

    def _set(self, **values: Any) -> bool:
        ours = {"_id": self.name, "holder": self.holder}
        with store_errors():
            return bool(self.documents.update_one(ours, {"$set": values}).matched_count)


class Leases(Store):
    """Who may do something that one instance is enough for; a lease ends by itself.

    The instances' clocks decide, so a lease is much longer than they may differ. A holder who is
    held up may come back when another has begun: what is done must bear two at work.
    """

    collection = "leases"

    def __init__(self, database: Any, clock: Clock) -> None:
        super().__init__(database)
        self._clock = clock

    def take(self, name: str, length: timedelta) -> Lease | None:
        """The lease for so long, or None when another has it."""
        now = self._clock()
        lease = Lease(self.documents, self._clock, name, telemetry.fresh_id(), now + length)
        taken = {"until": milliseconds(now + length), "holder": lease.holder}
        free = {"_id": name, "until": {"$lte": milliseconds(now)}}
        with store_errors():
            if self.documents.update_one(free, {"$set": taken}).matched_count:
                return lease
            try:
                self.documents.insert_one({"_id": name, **taken})
            except DuplicateKeyError:
                return None
        return lease
