"""Keys by which the clock finds what is due: texts that sort by instant and are all different.

>>> from datetime import UTC, datetime
>>> turn_key(datetime(2027, 1, 1, tzinfo=UTC), "0193")
'01798761600000|0193'
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from services.programmes.domain.stay import SETTLED_AFTER, Register
from shared.events import Aggregate
from shared.outbox import milliseconds
from shared.repository import Repository

A = TypeVar("A", bound=Aggregate)

TURN = "turn_key"


def turn_key(due_at: datetime, id: str) -> str:
    """The key of what is due at an instant."""
    return f"{milliseconds(due_at):014}|{id}"


def settling_turn(register: Register) -> dict[str, str]:
    """The key of what has stays that are to be settled; nothing where all are."""
    since = register.held_since
    return {TURN: turn_key(since + SETTLED_AFTER, register.id)} if since else {}


def due(repository: Repository[A], now: datetime) -> Iterator[A]:
    """All whose turn has come, the longest waiting first; needs an index on ``turn_key``."""
    past = f"{milliseconds(now):014}|~"
    return repository.scan({TURN: {"$gte": "", "$lt": past}}, by=TURN)
