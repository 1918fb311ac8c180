"""Calls that change something are applied once, however often they arrive.

A call is known by the caller's idempotency key, or else by its AMQP correlation id, which a
redelivery after a crash repeats. Its record holds a seed, so that whatever ids the call makes are
the same ones when it runs again, and the repository finds what the first run did. With a key the
answer is kept too: the same key and arguments give the same answer, other arguments are an error.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared.errors import FacultyError, IdempotencyMismatch, from_wire, to_wire
from shared.events import Clock
from shared.repository import Store, store_errors
from shared.telemetry import fresh_id


@dataclass(frozen=True)
class Known:
    """A call as recorded; ``answer`` is None until it was answered once with a key."""

    id: str
    seed: str
    answer: dict[str, Any] | None

    def replay(self) -> Any:
        """The recorded answer: returned, or raised when it was an error."""
        assert self.answer is not None
        if "error" in self.answer:
            raise from_wire(self.answer["error"])
        return self.answer["result"]


class Calls(Store):
    """The record of calls, kept for ``keep`` (the expiry index is enforced by MongoDB)."""

    collection = "calls"

    def __init__(self, database: Any, clock: Clock, keep: timedelta) -> None:
        super().__init__(database)
        self._clock, self._keep = clock, keep

    def prepare(self) -> None:
        with store_errors():
            self.documents.create_index([("expires_at", 1)], expireAfterSeconds=0)

    def begin(self, caller: str, method: str, key: str, arguments: dict[str, Any]) -> Known:
        """Record the call, or find it; raises ``IdempotencyMismatch`` on other arguments."""
        id = _digest([caller, method, key])
        fingerprint = _digest(arguments)
        record = {
            "_id": id,
            "fingerprint": fingerprint,
            "seed": fresh_id(),
            "expires_at": self._clock() + self._keep,
        }
        with store_errors():
            try:
                self.documents.insert_one(record)
            except DuplicateKeyError:
                record = self.documents.find_one({"_id": id}) or record
        if record["fingerprint"] != fingerprint:
            raise IdempotencyMismatch("This idempotency key was used with other arguments.")
        answer = record.get("answer")
        return Known(id, str(record["seed"]), None if answer is None else json.loads(str(answer)))

    def answered(self, known: Known, result: Any) -> None:
        """Keep the answer."""
        self._keep_answer(known, {"result": result})

    def refused(self, known: Known, error: FacultyError) -> None:
        """Keep a refusal that trying again would not change."""
        if not error.retryable:
            self._keep_answer(known, {"error": to_wire(error)})

    def _keep_answer(self, known: Known, answer: dict[str, Any]) -> None:
        with store_errors():
            self.documents.update_one({"_id": known.id}, {"$set": {"answer": json.dumps(answer)}})

    def purge(self) -> None:
        """Remove what has expired, for stores that do not do so themselves."""
        with store_errors():
            self.documents.delete_many({"expires_at": {"$lt": self._clock()}})


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
