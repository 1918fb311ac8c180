"""Organisations, and what is put away so that those with many seats stay small.

A document holds the seats of today and to come and the newest part of its trail. Seats that are
over, and the older part of the trail, are written elsewhere before the write that leaves them out;
cut off in between, they are in both places and written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo import ASCENDING, ReplaceOne

from services.membership.domain.organisation import Organisation
from services.membership.domain.people import search_name
from services.membership.domain.seats import Seat
from shared.events import from_document
from shared.outbox import Outbox
from shared.paging import Page, beginning, check_limit, encode_cursor
from shared.repository import Index, Repository, Store, store_errors
from shared.trail import TrailEntry

_TRAIL_SHELVED = 200
_TRAIL_LIMIT = 2 * _TRAIL_SHELVED
# What a list of organisations is read without.
_NOT_LISTED = dict.fromkeys(("trail", "outbox", "inbox", "seats", "blocks"), 0)


class PastSeats(Store):
    """Seats that are over, by seat id."""

    collection = "past_seats"
    indexes = (Index(("organisation_id", "id")),)

    def keep(self, organisation_id: str, seats: Mapping[str, Mapping[str, Any]]) -> None:
        """Write seats as they are stored; safe to repeat."""
        own = {"organisation_id": organisation_id}
        puts = [
            ReplaceOne({"_id": id}, {**seat, **own, "_id": id, "id": id}, upsert=True)
            for id, seat in seats.items()
        ]
        if puts:
            with store_errors():
                self.documents.bulk_write(puts, ordered=False)

    def after(self, organisation_id: str, id: str, limit: int) -> dict[str, Seat]:
        """The seats of an organisation whose ids come after one, in order."""
        query = {"organisation_id": {"$eq": organisation_id}, "id": {"$gt": id}}
        with store_errors():
            found = list(self.documents.find(query).sort("id", ASCENDING).limit(limit))
        return {document["_id"]: from_document(Seat, document) for document in found}


class OrganisationTrails(Store):
    """Older parts of trails, each by organisation and the version of its first entry."""

    collection = "organisation_trails"
    indexes = (Index("organisation_id"),)

    def keep(self, organisation_id: str, entries: list[dict[str, Any]]) -> None:
        """Write a part; safe to repeat."""
        id = f"{organisation_id}:{entries[0]['version']:09d}"
        part = {"_id": id, "organisation_id": organisation_id, "entries": entries}
        with store_errors():
            self.documents.replace_one({"_id": id}, part, upsert=True)

    def of(self, organisation_id: str) -> list[TrailEntry]:
        """All entries that were put away."""
        with store_errors():
            parts = list(self.documents.find({"organisation_id": organisation_id}))
        return [from_document(TrailEntry, each) for part in parts for each in part["entries"]]


class Organisations(Repository[Organisation]):
    """Organisations by id; an ODS code belongs to one of them."""

    collection = "organisations"
    aggregate = Organisation
    audited = True
    untracked = frozenset({"name_key"})
    indexes = (
        Index("ods_code", unique=True, sparse=True),
        Index("name_key"),
        Index(("kind", "name_key")),
        Index(("nation", "name_key")),
    )

    def __init__(self, database: Any, outbox: Outbox | None = None) -> None:
        super().__init__(database, outbox)
        self.past_seats = PastSeats(database)
        self._trails = OrganisationTrails(database)

    def prepare(self) -> None:
        super().prepare()
        self.past_seats.prepare()
        self._trails.prepare()

    def list_by_name(
        self, criteria: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> Page[Organisation]:
        """A page by name, without seats and what was bought: to be shown, never to be saved."""
        check_limit(limit)
        query = {**criteria, "name_key": beginning(criteria.get("name_key", {}), cursor)}
        with store_errors():
            found = self.documents.find(query, _NOT_LISTED).sort("name_key", ASCENDING)
            documents = list(found.limit(limit + 1))
        more = documents[limit - 1]["name_key"] if len(documents) > limit else None
        items = tuple(self._load(document) for document in documents[:limit])
        return Page(items, None if more is None else encode_cursor(more))

    def trail(self, id: str) -> tuple[TrailEntry, ...]:
        kept = super().trail(id)
        entries = {entry.version: entry for entry in (*self._trails.of(id), *kept)}
        return tuple(entries[version] for version in sorted(entries))

    def _state(self, aggregate: Organisation) -> dict[str, Any]:
        name_key = f"{search_name(aggregate.name)}|{aggregate.id}"
        return {**super()._state(aggregate), "name_key": name_key}

    def _save(
        self,
        aggregate: Organisation,
        document: dict[str, Any],
        before: dict[str, Any],
        message_id: str,
        *,
        forget: bool,
    ) -> bool:
        seats = document.get("seats", {})
        left_out = {id: seat for id, seat in seats.items() if id not in aggregate.seats}
        self.past_seats.keep(aggregate.id, left_out)
        if len(document["trail"]) >= _TRAIL_LIMIT:
            older = document["trail"][:_TRAIL_SHELVED]
            self._trails.keep(aggregate.id, older)
            document = {**document, "trail": document["trail"][_TRAIL_SHELVED:]}
        return super()._save(aggregate, document, before, message_id, forget=forget)
