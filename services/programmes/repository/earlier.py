"""What is replaced as a whole, each earlier one in a document of its own.

    class Rankings(Replaced[Ranking]):
        untracked = frozenset({"entries"})

    rankings.numbered(id, 3)  # as it was before it was made for the fourth time

A ranking of thousands would soon fill a document with its own trail. So the trail says who replaced
it, when and why, and what it was stands here.
"""

from __future__ import annotations

from typing import Any, TypeVar

from shared.errors import NotFound
from shared.outbox import Outbox
from shared.repository import Repository, store_errors

A = TypeVar("A", bound=Any)


class Replaced(Repository[A]):
    """Aggregates with a ``number`` that each replacement raises, and whose earlier ones are kept.

    The earlier one is written before the write that replaces it: where that is cut off, or somebody
    else's comes first, it stands there beside itself and is written again.
    """

    def __init__(self, database: Any, outbox: Outbox | None = None) -> None:
        super().__init__(database, outbox)
        self._earlier = database[f"earlier_{self.collection}"]

    def numbered(self, id: str, number: int | None) -> A:
        """The one with a number, the latest where none is given; raises NotFound."""
        latest = self.get(id)
        if number in (None, latest.number):
            return latest
        with store_errors():
            found = self._earlier.find_one({"_id": _key(id, number)})
        if found is None:
            raise NotFound("There is none of this number.", id=id, latest=latest.number)
        return self._load(found)

    def _save(
        self,
        aggregate: A,
        document: dict[str, Any],
        before: dict[str, Any],
        message_id: str,
        *,
        forget: bool,
    ) -> bool:
        if before["number"] != aggregate.number:
            key = _key(aggregate.id, before["number"])
            kept = {**before, "_id": key, "version": document["version"]}
            with store_errors():
                self._earlier.replace_one({"_id": key}, kept, upsert=True)
        return super()._save(aggregate, document, before, message_id, forget=forget)


def _key(id: str, number: int | None) -> str:
    return f"{id}:{number}"
