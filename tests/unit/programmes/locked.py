"""A database in memory that threads may share: each operation is one, as it is in a real store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.unit.world import MortalCollection, MortalDatabase

_OPERATIONS = ("find", "find_one", "insert_one", "replace_one", "update_one")


class LockedDatabase(MortalDatabase):
    """One operation at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()

    def __missing__(self, name: str) -> MortalCollection:
        with self._lock:
            if name not in self:
                collection = MortalCollection(name, self)
                for operation in _OPERATIONS:
                    setattr(collection, operation, self._alone(getattr(collection, operation)))
                self[name] = collection
            return self[name]  # type: ignore[return-value]

    def _alone(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def alone(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                return function(*args, **kwargs)

        return alone
