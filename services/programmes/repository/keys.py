"""Keys by which the clock finds what is due: texts that sort by instant and are all different.

>>> from datetime import UTC, datetime
>>> turn_key(datetime(2027, 1, 1, tzinfo=UTC), "0193")
'01798761600000|0193'
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from services.programmes.domain.stay import SETTLED_AFTER, Register
from shared.outbox import milliseconds
from shared.repository import MAX_PAGE, store_errors

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

TURN = "turn_key"


def turn_key(due_at: datetime, id: str) -> str:
    """The key of what is due at an instant."""
    return f"{milliseconds(due_at):014}|{id}"


def settling_turn(register: Register) -> dict[str, str]:
    """The key of what has stays that are to be settled; nothing where all are."""
    since = register.held_since
    return {TURN: turn_key(since + SETTLED_AFTER, register.id)} if since else {}


class Turning(Protocol[T_co]):
    """A store of things whose turns come; needs an index on ``turn_key``."""

    collection: ClassVar[str]
    documents: Any

    def get(self, id: str, /) -> T_co:
        """The thing as it is now."""


@dataclass(frozen=True)
class Turn(Generic[T]):
    """Something that is due, not read yet: what cannot be read must not hold up the others."""

    id: str
    key: str
    store: Turning[T]

    def load(self) -> T:
        """The thing as it is now."""
        return self.store.get(self.id)


def due(store: Turning[T], now: datetime, *, after: str = "") -> Iterator[Turn[T]]:
    """All whose turn has come, the longest waiting first, from behind a key on."""
    while True:
        with store_errors():
            keys = store.documents.find(_due(now, after), {TURN: 1}).sort(TURN, 1)
            found = [Turn(each["_id"], each[TURN], store) for each in keys.limit(MAX_PAGE)]
        yield from found
        if len(found) < MAX_PAGE:
            return
        after = found[-1].key


def count_due(store: Turning[T], now: datetime) -> int:
    """How many they are."""
    with store_errors():
        return int(store.documents.count_documents(_due(now, "")))


def _due(now: datetime, after: str) -> dict[str, Any]:
    return {TURN: {"$gt": after, "$lt": f"{milliseconds(now):014}|~"}}
