"""Read models built from other services' events."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared.errors import Conflict
from shared.repository import MAX_TRIES, Store, batches, store_errors


class Projection(Store):
    """Facets of things, told in any order and however often repeated.

    Each document holds facets; a facet takes values only from a newer ``sequence`` than its own.
    Once erased, a document takes none any more, whatever comes late or again.
    """

    def put(self, id: str, facet: str, sequence: int, values: Mapping[str, Any]) -> bool:
        """Whether the values were newer than what was known, and so were taken."""
        for attempt in range(MAX_TRIES):
            with store_errors():
                document = self.documents.find_one({"_id": id})
                facets = dict(document["facets"]) if document else {}
                known = facets.get(facet)
                if document and document.get("erased"):
                    return False
                if known is not None and known["sequence"] >= sequence:
                    return False
                facets[facet] = {"sequence": sequence, "values": dict(values)}
                if self._write(id, document, {"facets": facets}):
                    return True
            time.sleep(random.uniform(0, 0.005 * 2**attempt))
        raise Conflict("Changed by others meanwhile; try again.", id=id)

    def erase(self, id: str) -> None:
        """Remove all that is known, and whatever may be told of it yet."""
        for attempt in range(MAX_TRIES):
            with store_errors():
                document = self.documents.find_one({"_id": id})
                if document and document.get("erased"):
                    return
                if self._write(id, document, {"facets": {}, "erased": True}):
                    return
            time.sleep(random.uniform(0, 0.005 * 2**attempt))
        raise Conflict("Changed by others meanwhile; try again.", id=id)

    def erased(self, id: str) -> bool:
        """Whether it was erased, which is for good."""
        with store_errors():
            document = self.documents.find_one({"_id": id})
        return bool(document and document.get("erased"))

    def _write(self, id: str, document: Mapping[str, Any] | None, values: dict[str, Any]) -> bool:
        if document is None:
            try:
                self.documents.insert_one({"_id": id, "version": 1, **values})
            except DuplicateKeyError:
                return False
            return True
        guard = {"_id": id, "version": document["version"]}
        change = {"$set": {**values, "version": document["version"] + 1}}
        return bool(self.documents.update_one(guard, change).matched_count)

    def get(self, id: str) -> dict[str, dict[str, Any]] | None:
        """The values of each facet, or None when nothing is known."""
        with store_errors():
            document = self.documents.find_one({"_id": id})
        if document is None:
            return None
        return _values(document)

    def many(self, ids: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
        """The same of many, a thousand in a query; of whom nothing is known nothing is there."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for batch in batches(list(dict.fromkeys(ids))):
            with store_errors():
                for document in self.documents.find({"_id": {"$in": batch}}):
                    found[document["_id"]] = _values(document)
        return found


def _values(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: facet["values"] for name, facet in document["facets"].items()}
