"""Members as groups of people who are alike: counted, and found, without being read."""

from __future__ import annotations

from collections.abc import Iterable

from services.membership.domain.groups import Group
from services.membership.repository.members import Members
from shared.paging import batches, equal
from shared.repository import Store, store_errors


class Groups(Store):
    """By the key that is stored beside each member, as they were when they were last settled."""

    collection = Members.collection

    def sizes(self) -> dict[Group, int]:
        """How many people are in each group that there is."""
        return {Group.read(key): number for key, number in self.tally("group_key").items()}

    def ids(self, group: Group, after: str, limit: int) -> list[str]:
        """The next ones of a group in the order of their ids."""
        wanted = equal({"group_key": group.key}) | {"id": {"$gt": after}}
        with store_errors():
            found = self.documents.find(wanted, {"id": 1}).sort("id", 1).limit(limit)
            return [each["id"] for each in found]

    def of(self, ids: Iterable[str]) -> dict[str, Group]:
        """The groups of those there are, by id."""
        found: dict[str, Group] = {}
        for batch in batches(list(ids)):
            with store_errors():
                documents = list(self.documents.find({"_id": {"$in": batch}}, {"group_key": 1}))
            found |= {each["_id"]: Group.read(each["group_key"]) for each in documents}
        return found
