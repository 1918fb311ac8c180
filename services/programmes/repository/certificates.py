"""Certificates."""

from typing import Any

from services.programmes.domain.certificate import Certificate
from shared.repository import Index, Repository


class Certificates(Repository[Certificate]):
    """Certificates; the unique keys keep a code to one and let one not be issued twice."""

    collection = "certificates"
    aggregate = Certificate
    audited = True
    untracked = frozenset({"standing_key"})
    indexes = (
        Index("code", unique=True),
        Index("standing_key", unique=True, sparse=True),
        Index(("member_id", "id")),
    )

    def _state(self, aggregate: Certificate) -> dict[str, Any]:
        state = super()._state(aggregate)
        return {**state, "standing_key": aggregate.standing_key} if aggregate.valid else state
