"""What notifications keeps: messages with their attempts, and the contacts of members."""

from __future__ import annotations

from datetime import datetime

from services.notifications.domain import Message
from shared.projection import Projection
from shared.repository import Index, Repository, store_errors


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
