"""A few fields of members, read without the rest, where many members are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.membership.domain.sketch import Sketch
from services.membership.domain.terms import Status
from services.membership.repository.members import Members
from shared.paging import batches, equal
from shared.repository import Store, store_errors

_FIELDS = ("id", "profession", "career_stage", "nation", "status", "grade", "admitted_on")


class Sketches(Store):
    """Members as sketches; their documents are kept by ``Members``."""

    collection = Members.collection

    def of(self, ids: Iterable[str]) -> dict[str, Sketch]:
        """Those that there are, by id."""
        found: dict[str, Sketch] = {}
        for batch in batches(list(ids)):
            for sketch in self._read({"_id": {"$in": batch}}, None):
                found[sketch.id] = sketch
        return found

    def page(self, profession: str, after: str, limit: int) -> list[Sketch]:
        """The next ones of a profession in the order of their ids."""
        return self._read(equal({"profession": profession}) | {"id": {"$gt": after}}, limit)

    def _read(self, query: Mapping[str, Any], limit: int | None) -> list[Sketch]:
        with store_errors():
            found = self.documents.find(query, dict.fromkeys(_FIELDS, 1))
            if limit is not None:
                found = found.sort("id", 1).limit(limit)
            return [_sketch(document) for document in found]


def _sketch(document: Mapping[str, Any]) -> Sketch:
    return Sketch(
        id=document["id"],
        profession=document.get("profession", ""),
        career_stage=document.get("career_stage", ""),
        nation=document.get("nation", ""),
        status=Status(document["status"]),
        grade=document.get("grade"),
        admitted=document.get("admitted_on") is not None,
    )
