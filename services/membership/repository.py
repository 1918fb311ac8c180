"""What membership keeps: members, the register as last imported, and selection histories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pymongo import ReplaceOne

from services.membership.domain.member import Member
from services.membership.domain.register import RegisterEntry
from services.membership.domain.selection import SelectionHistory
from shared.events import from_document, to_document
from shared.repository import Index, Repository, Store, store_errors

_BATCH = 1_000


class Members(Repository[Member]):
    """Members and applicants; a registration and an e-mail address belong to one of them."""

    collection = "members"
    aggregate = Member
    indexes = (
        Index("registration_key", unique=True),
        Index("email_key", unique=True),
        Index("registration_number"),
        Index(("registration", "application", "id")),
        Index(("regulator", "id")),
        Index(("profession", "id")),
        Index(("nation", "id")),
        Index(("career_stage", "id")),
        Index(("grade", "id")),
    )


class Selections(Repository[SelectionHistory]):
    """Selection histories by pseudonym; nothing in them names a member."""

    collection = "selections"
    aggregate = SelectionHistory
    indexes = ()


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
        for batch in _batches(list(keys)):
            with store_errors():
                documents = list(self.documents.find({"_id": {"$in": batch}}))
            found |= {document["_id"]: _entry(document) for document in documents}
        return found

    def write(self, entries: Iterable[RegisterEntry]) -> None:
        """Put the entries in place of what was there; writing them again changes nothing."""
        for batch in _batches(list(entries)):
            documents = (_document(entry) for entry in batch)
            puts = [ReplaceOne({"_id": item["_id"]}, item, upsert=True) for item in documents]
            with store_errors():
                self.documents.bulk_write(puts, ordered=False)


def _batches(everything: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(everything), _BATCH):
        yield everything[start : start + _BATCH]


def _document(entry: RegisterEntry) -> dict[str, Any]:
    document = to_document(entry)
    document["_id"] = document.pop("id")
    return document


def _entry(document: dict[str, Any]) -> RegisterEntry:
    return from_document(RegisterEntry, {**document, "id": document["_id"]})
