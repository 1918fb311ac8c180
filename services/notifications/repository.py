"""What notifications keeps: messages with their attempts, contacts of members and consents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from services.notifications.domain import Answer, Message
from shared.projection import Projection
from shared.repository import Index, Repository, Store, store_errors

_MERGE = "merge"


class Messages(Repository[Message]):
    """Every message ever queued; only unfinished ones have a ``due_at``."""

    collection = "messages"
    aggregate = Message
    indexes = (
        Index("due_at", sparse=True),
        Index(("member_id", "id")),
        Index(("template", "id")),
        Index(("state", "id")),
        Index("event_id"),
    )

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Ids of at most ``limit`` messages that are due, longest due first."""
        with store_errors():
            found = self.documents.find({"due_at": {"$lte": now}}, {"_id": True})
            return tuple(document["_id"] for document in found.sort("due_at").limit(limit))


class Contacts(Projection):
    """Names and addresses of members, by member id, from membership's private events."""

    collection = "contacts"
    indexes = ()

    def follow(self, member_id: str, into: str | None, sequence: int) -> bool:
        """Keep the newest of who stands for a member, if somebody does; whether this was it."""
        return self.put(member_id, _MERGE, sequence, {"into": into})

    def reached(self, member_id: str) -> dict[str, dict[str, Any]]:
        """What is known of the member, or of the one who stands for them in the end.

        Merges become known in any order. While they go in a circle it is nothing: one of them was
        taken back, which will be told.
        """
        passed: set[str] = set()
        while member_id not in passed:
            facets = self.get(member_id) or {}
            into: str | None = facets.get(_MERGE, {}).get("into")
            if into is None:
                return facets
            passed.add(member_id)
            member_id = into
        return {}


class Consents(Projection):
    """What members consent to, by member id, from membership's private events.

    A facet for each purpose and channel, ``<purpose>.<channel>``, so that one is not held up by the
    order in which another arrives.
    """

    collection = "consents"
    indexes = ()

    def note(
        self, member_id: str, purpose: str, channel: str, sequence: int, *, given: bool
    ) -> bool:
        """Keep the newest; whether this was it."""
        return self.put(member_id, f"{purpose}.{channel}", sequence, {"given": given})

    def given(self, member_id: str, purpose: str, channel: str) -> bool:
        """Whether there is consent; where nothing is known there is none."""
        facets = self.get(member_id) or {}
        return bool(facets.get(f"{purpose}.{channel}", {}).get("given", False))


class Suppressions(Store):
    """Hashes of addresses to which nothing is sent, of people who were forgotten."""

    collection = "suppressions"

    def add(self, address_hash: str, since: date) -> None:
        """Send nothing there any more; of several days the last counts."""
        if (self.since(address_hash) or "") < since.isoformat():
            kept = {"_id": address_hash, "since": since.isoformat()}
            with store_errors():
                self.documents.replace_one({"_id": address_hash}, kept, upsert=True)

    def since(self, address_hash: str) -> str | None:
        """The day from which nothing is sent, in ISO 8601, or None."""
        with store_errors():
            document = self.documents.find_one({"_id": address_hash})
        return None if document is None else str(document["since"])


class Answers(Repository[Answer]):
    """Which requests of members about their data were answered, and when."""

    collection = "rights_answers"
    aggregate = Answer
