"""Versions of policies, and the book of those that decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.membership.domain.policies.book import KINDS, PolicyBook
from services.membership.domain.policies.versions import PolicyState, PolicyVersion
from shared.errors import Duplicate
from shared.outbox import Outbox
from shared.repository import Index, Repository, store_errors


class PolicyVersions(Repository[PolicyVersion]):
    """Every version of every policy; those in the seed files are put in where they are missing."""

    collection = "policies"
    aggregate = PolicyVersion
    audited = True
    untracked = frozenset({"active_key"})
    indexes = (Index(("kind", "id")), Index("active_key", unique=True, sparse=True))

    def __init__(
        self, database: Any, outbox: Outbox | None = None, seeds: Iterable[PolicyVersion] = ()
    ) -> None:
        super().__init__(database, outbox)
        self._seeds = tuple(seeds)

    def _state(self, aggregate: PolicyVersion) -> dict[str, Any]:
        """Of a kind, a day and a revision there is one active version, however close the calls."""
        state = super()._state(aggregate)
        if aggregate.state is PolicyState.ACTIVE:
            later = f" revision {aggregate.revision}" if aggregate.revision else ""
            state["active_key"] = f"{aggregate.kind} from {aggregate.effective_from}{later}"
        return state

    def prepare(self) -> None:
        super().prepare()
        for seed in self._seeds:
            with store_errors():
                known = self.documents.find_one({"_id": seed.id})
            if known is None:
                try:
                    self.add(seed)
                except Duplicate:
                    continue  # another instance was quicker

    def book(self) -> PolicyBook:
        """The policies that decide now."""
        with store_errors():
            documents = list(self.documents.find({}, {"trail": 0, "inbox": 0}))
        versions = (self._load(document) for document in documents)
        return PolicyBook.of(
            each for each in versions if each.state is PolicyState.ACTIVE and each.kind in KINDS
        )
