"""Certificates."""

from collections.abc import Iterable
from typing import Any

from services.programmes.domain.certificate import Certificate, CertificateKind
from shared.repository import Index, Repository


class Certificates(Repository[Certificate]):
    """Certificates; the unique keys keep a code to one, and each kind to one that is valid."""

    collection = "certificates"
    aggregate = Certificate
    audited = True
    untracked = frozenset({"standing_key"})
    indexes = (
        Index("code", unique=True),
        Index("standing_key", unique=True, sparse=True),
        Index(("member_id", "id")),
        Index(("completion", "id")),
    )

    def standing(
        self, member_ids: Iterable[str], programme_id: str, kind: CertificateKind
    ) -> Certificate | None:
        """The valid one of a kind that a member with several ids has for a programme."""
        keys = (Certificate.key(id, programme_id, kind) for id in member_ids)
        found = (self.first({"standing_key": key}) for key in keys)
        return next(filter(None, found), None)

    def _state(self, aggregate: Certificate) -> dict[str, Any]:
        state = super()._state(aggregate)
        return {**state, "standing_key": aggregate.standing_key} if aggregate.valid else state
