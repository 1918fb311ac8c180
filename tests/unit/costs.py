"""What a call asks of the store, so that tests can say that it does not grow.

with world.database.counted() as cost:
    world.call("get_offer", offer_id=offer_id)
assert cost.operations < 10
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from shared.testing.fakes import FakeCursor


@dataclass
class Cost:
    """Operations, and the documents that the store has given, with how long they are as text."""

    operations: int = 0
    documents: int = 0
    size: int = 0

    def gave(self, document: Any) -> None:
        """The store has given a document, or the part that was asked for."""
        self.documents += 1
        self.size += len(str(document))


class CountedCursor:
    """What ``find`` gives, telling of each document that is taken from it."""

    def __init__(self, cursor: FakeCursor, gave: Callable[[Any], None]) -> None:
        self._cursor, self._gave = cursor, gave

    def sort(self, *arguments: Any) -> CountedCursor:
        return CountedCursor(self._cursor.sort(*arguments), self._gave)

    def limit(self, number: int) -> CountedCursor:
        return CountedCursor(self._cursor.limit(number), self._gave)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for document in self._cursor:
            self._gave(document)
            yield document
