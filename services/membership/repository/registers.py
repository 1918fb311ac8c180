"""The regulators' registers as last imported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo import ReplaceOne

from services.membership.domain.register import RegisterEntry
from shared.events import from_document, to_document
from shared.repository import Store, batches, store_errors


class RegisterEntries(Store):
    """The registers as last imported, by ``REGULATOR:number``; no events, so no outbox."""

    collection = "register_entries"

    def get(self, key: str) -> RegisterEntry | None:
        """The entry, or None when no extract ever had this number."""
        with store_errors():
            document = self.documents.find_one({"_id": key})
        return None if document is None else _entry(document)

    def find(self, keys: Iterable[str]) -> dict[str, RegisterEntry]:
        """The entries there are, by key."""
        found: dict[str, RegisterEntry] = {}
        for batch in batches(list(keys)):
            with store_errors():
                documents = list(self.documents.find({"_id": {"$in": batch}}))
            found |= {document["_id"]: _entry(document) for document in documents}
        return found

    def write(self, entries: Iterable[RegisterEntry]) -> None:
        """Put the entries in place of what was there; writing them again changes nothing."""
        for batch in batches(list(entries)):
            documents = (_document(entry) for entry in batch)
            puts = [ReplaceOne({"_id": item["_id"]}, item, upsert=True) for item in documents]
            with store_errors():
                self.documents.bulk_write(puts, ordered=False)

    def remove(self, keys: Iterable[str]) -> None:
        """Let go of the entries; safe to repeat, and the next extract may bring them back."""
        for key in keys:
            with store_errors():
                self.documents.delete_one({"_id": key})


def _document(entry: RegisterEntry) -> dict[str, Any]:
    document = to_document(entry)
    document["_id"] = document.pop("id")
    return document


def _entry(document: dict[str, Any]) -> RegisterEntry:
    return from_document(RegisterEntry, {**document, "id": document["_id"]})
