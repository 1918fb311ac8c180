"""Keys by which the clock finds what is due: texts that sort by instant and are all different.

>>> from datetime import UTC, datetime
>>> turn_key(datetime(2027, 1, 1, tzinfo=UTC), "0193")
'01798761600000|0193'
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from services.programmes.domain.stay import SETTLED_AFTER, Register
from shared.events import Aggregate
from shared.outbox import milliseconds
from shared.repository import MAX_PAGE, Repository, store_errors

A = TypeVar("A", bound=Aggregate)

TURN = "turn_key"


def turn_key(due_at: datetime, id: str) -> str:
    """The key of what is due at an instant."""
    return f"{milliseconds(due_at):014}|{id}"


def settling_turn(register: Register) -> dict[str, str]:
    """The key of what has stays that are to be settled; nothing where all are."""
    since = register.held_since
    return {TURN: turn_key(since + SETTLED_AFTER, register.id)} if since else {}


@dataclass(frozen=True)
class Turn(Generic[A]):
    """Something that is due, not read yet: what cannot be read must not hold up the others."""

    id: str
    repository: Repository[A]

    def load(self) -> A:
        """The aggregate as it is now."""
        return self.repository.get(self.id)


def due(repository: Repository[A], now: datetime) -> Iterator[Turn[A]]:
    """All whose turn has come, the longest waiting first; needs an index on ``turn_key``."""
    past, last = f"{milliseconds(now):014}|~", ""
    while True:
        wanted = {TURN: {"$gt": last, "$lt": past}}
        with store_errors():
            keys = repository.documents.find(wanted, {TURN: 1}).sort(TURN, 1)
            found = [(each["_id"], each[TURN]) for each in keys.limit(MAX_PAGE)]
        yield from (Turn(id, repository) for id, _ in found)
        if len(found) < MAX_PAGE:
            return
        last = found[-1][1]
