"""Bytes that may not fit a document, kept in numbered parts as GridFS keeps its chunks.

    class Files(Blobs):
        collection = "files"

    files.put("0193...", content)
    files.get("0193...")

GridFS itself refuses to be given a file again, and what a put leaves behind that was cut off stands
in the way of the next. Here an id of the owner's names the bytes, and doing a thing again completes
it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

from pymongo.errors import DuplicateKeyError

from shared.repository import Index, Store, store_errors

PART_BYTES = 4 * 1024 * 1024


class Blobs(Store):
    """Bytes by id, each part a document of its own that names the id as its ``owner``."""

    owner: ClassVar[str] = "blob"
    indexes = (Index("blob"),)

    def put(self, id: str, content: bytes) -> None:
        """Keep bytes that are always the same for an id; doing so again changes nothing."""
        with store_errors():
            for number, start in enumerate(range(0, len(content), PART_BYTES)):
                part_id = f"{id}:{number}"
                part = {
                    "_id": part_id,
                    self.owner: id,
                    "number": number,
                    "data": content[start : start + PART_BYTES],
                }
                # The embedded store cannot replace a document by one with bytes in it.
                with suppress(DuplicateKeyError):
                    self.documents.insert_one(part)

    def get(self, id: str) -> bytes:
        """All of them; empty where they were removed."""
        with store_errors():
            parts = list(self.documents.find({self.owner: id}).sort("number", 1))
        return b"".join(bytes(part["data"]) for part in parts)

    def remove(self, id: str) -> None:
        """Let go of them; doing so again changes nothing."""
        with store_errors():
            self.documents.delete_many({self.owner: id})
