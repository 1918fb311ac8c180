"""The trails of everything that is kept of one member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.errors import NotFound
from shared.repository import Repository, store_errors
from shared.trail import TrailEntry


@dataclass(frozen=True)
class Histories:
    """``by_id`` are repositories whose ids are members', ``by_field`` those that name a member."""

    by_id: tuple[Repository[Any], ...]
    by_field: tuple[Repository[Any], ...] = ()

    def of(self, member_id: str) -> Iterator[tuple[str, str, TrailEntry]]:
        """What was written, of which record; raises NotFound for an unknown member."""
        first, *others = self.by_id
        yield from _entries(first, member_id)
        for repository in others:
            try:
                yield from _entries(repository, member_id)
            except NotFound:
                continue
        for repository in self.by_field:
            with store_errors():
                wanted = {"member_id": {"$eq": member_id}}
                ids = [d["_id"] for d in repository.documents.find(wanted, {"_id": 1})]
            for id in ids:
                yield from _entries(repository, id)


def _entries(repository: Repository[Any], id: str) -> Iterator[tuple[str, str, TrailEntry]]:
    record = repository.aggregate.__name__.lower()
    for entry in repository.trail(id):
        yield record, id, entry
