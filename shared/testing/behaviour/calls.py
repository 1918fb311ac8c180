"""Calls are known again, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared import idempotency
from shared.events import utc_now
from shared.testing.behaviour.things import THREADS, Suite, at_once
from shared.testing.fakes import FakeClock


class Calls(Suite):
    """The record of calls."""

    def test_a_call_begun_many_times_at_once_is_one_call(self, database: Any) -> None:
        """All of them get the same seed, so that they make the same ids."""
        calls = idempotency.Calls(database, utc_now, timedelta(hours=1))
        calls.prepare()
        begun = at_once(
            lambda: calls.begin("me", "do", "key", {"a": 1}).seed for _ in range(THREADS)
        )
        assert len(set(begun)) == 1

    def test_expired_calls_are_forgotten(self, database: Any) -> None:
        """And only those."""
        # From now on, as a store may remove by itself what has expired by its own clock.
        clock = FakeClock(utc_now())
        calls = idempotency.Calls(database, clock, timedelta(hours=1))
        old = calls.begin("me", "do", "old", {})
        clock.advance(minutes=50)
        new = calls.begin("me", "do", "new", {})
        clock.advance(minutes=20)
        calls.purge()
        assert calls.begin("me", "do", "new", {}).seed == new.seed
        assert calls.begin("me", "do", "old", {}).seed != old.seed
