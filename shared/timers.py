"""The ``regularly`` entrypoint: a method that the clock calls, and leases so that only one does.

@regularly("sweep_seconds")     # a setting of the service
def sweep(self):
    self.app.sweep()
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from nameko.timer import Timer
from pymongo.errors import DuplicateKeyError

from shared.events import Clock
from shared.outbox import milliseconds
from shared.repository import Store, store_errors


class Regularly(Timer):  # type: ignore[misc]
    """Ticks as often as the named setting says, one tick at a time."""

    def __init__(self, setting: str, **options: Any) -> None:
        self._setting = setting
        super().__init__(interval=0, **options)

    def setup(self) -> None:
        self.interval = getattr(self.container.config["settings"], self._setting)


def regularly(setting: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a method one that is called every so many seconds."""
    decorate: Callable[[Callable[..., None]], Callable[..., None]] = Regularly.decorator(setting)
    return decorate


class Leases(Store):
    """Who may do something that one instance is enough for; a lease ends by itself."""

    collection = "leases"

    def __init__(self, database: Any, clock: Clock) -> None:
        super().__init__(database)
        self._clock = clock

    def take(self, name: str, length: timedelta) -> bool:
        """Whether the lease was free, and so is ours for so long."""
        now = self._clock()
        until = milliseconds(now + length)
        with store_errors():
            free = {"_id": name, "until": {"$lte": milliseconds(now)}}
            if self.documents.update_one(free, {"$set": {"until": until}}).matched_count:
                return True
            try:
                self.documents.insert_one({"_id": name, "until": until})
            except DuplicateKeyError:
                return False
        return True

    def renew(self, name: str, length: timedelta) -> None:
        """Keep what is ours for so long from now."""
        until = milliseconds(self._clock() + length)
        with store_errors():
            self.documents.update_one({"_id": name}, {"$set": {"until": until}})

    def give_back(self, name: str) -> None:
        """Let others have it now."""
        with store_errors():
            self.documents.update_one({"_id": name}, {"$set": {"until": 0}})
