"""A clock for trials that can be put forward, for every instance of a service alike.

    clock = TrialClock(database, utc_now)
    clock.advance(datetime(2027, 9, 1, tzinfo=UTC))
    clock()      # September 2027, and it goes on from there

How far it is ahead is kept in the store and looked up each time, so no instance lags behind. It is
for demonstrations and rehearsals: what was done in days to come cannot be taken back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.errors import Invalid
from shared.events import Clock
from shared.outbox import milliseconds
from shared.repository import Store, store_errors

_ID = "ahead"


class TrialClock(Store):
    """``now`` is the clock that this one is ahead of."""

    collection = "trial_clock"

    def __init__(self, database: Any, now: Clock) -> None:
        super().__init__(database)
        self._now = now

    def __call__(self) -> datetime:
        with store_errors():
            found = self.documents.find_one({"_id": _ID})
        return self._now() + timedelta(milliseconds=found["milliseconds"] if found else 0)

    def advance(self, to: datetime) -> datetime:
        """Put it forward; raises Invalid naming ``to`` where that would be backward.

        Put forward to the same instant again it goes on as it did since.
        """
        now, wanted = self(), milliseconds(to)
        with store_errors():
            found = self.documents.find_one({"_id": _ID})
        if found and found["to"] == wanted:
            return now
        if to < now:
            reason = f"Is {to.isoformat()}, and it is {now.isoformat()} already."
            raise Invalid("The clock goes forward only.", fields={"to": [reason]})
        ahead = wanted - milliseconds(self._now())
        with store_errors():
            self.documents.replace_one(
                {"_id": _ID}, {"_id": _ID, "milliseconds": ahead, "to": wanted}, upsert=True
            )
        return to
