"""Everything that is kept of one member, to be given to them or to be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.membership.domain.forgetting import Forgettable
from services.membership.repository.histories import Histories
from services.membership.repository.members import Members
from shared.errors import NotFound
from shared.export import disclosed
from shared.paging import equal
from shared.repository import Repository, store_errors


@dataclass(frozen=True)
class Holdings:
    """What ``Histories`` knows of, beginning with the members themselves."""

    histories: Histories

    @property
    def members(self) -> Repository[Any]:
        members = self.histories.by_id[0]
        assert isinstance(members, Members)
        return members

    @property
    def others(self) -> tuple[Repository[Any], ...]:
        """All but the members: their aggregates say what they forget."""
        return (*self.histories.by_id[1:], *self.histories.by_field)

    def disclosed(self, member_id: str) -> Iterator[dict[str, Any]]:
        """Every record, as the person may read it."""
        for repository in self.histories.by_id:
            yield from disclosed(repository, {"_id": member_id})
        for repository in self.histories.by_field:
            yield from disclosed(repository, {"member_id": member_id})

    def forget(self, member_id: str) -> dict[str, int]:
        """Let every other record forget the person; how many of each kind there are."""
        return {
            repository.collection: sum(
                self._forget(repository, id) for id in self._ids(repository, member_id)
            )
            for repository in self.others
        }

    def _ids(self, repository: Repository[Any], member_id: str) -> list[str]:
        if repository in self.histories.by_id:
            return [member_id]
        with store_errors():
            found = repository.documents.find(equal({"member_id": member_id}), {"_id": 1})
            return [document["_id"] for document in found]

    @staticmethod
    def _forget(repository: Repository[Any], id: str) -> int:
        try:
            repository.change(id, _forget, forget=True)
        except NotFound:
            return 0
        return 1


def _forget(found: Forgettable) -> None:
    found.forget()
