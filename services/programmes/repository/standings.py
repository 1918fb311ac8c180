"""What membership tells of its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.programmes.domain.standing import Facet, merged_into
from shared.projection import Projection
from shared.repository import Index, store_errors

_INTO = f"facets.{Facet.MERGE}.values.into"


class Standings(Projection):
    """What membership's events tell of its members, by member id.

    Who was merged into whom may be told in any order, so for a while it may even go in a circle.
    """

    collection = "standings"
    indexes = (Index(_INTO, sparse=True),)

    def followed(self, member_id: str) -> str:
        """The member, or the one they were merged into in the end."""
        return self.followed_all([member_id])[member_id]

    def followed_all(self, member_ids: Iterable[str]) -> dict[str, str]:
        """The same for many, in one query more than the longest chain of mergers has links."""
        wanted = list(dict.fromkeys(member_ids))
        into: dict[str, str | None] = {}
        asked = set(wanted)
        while asked:
            told = self.many(asked)
            into |= {id: merged_into(told.get(id)) for id in asked}
            asked = {each for each in into.values() if each is not None} - into.keys()
        return {id: _end(id, into) for id in wanted}

    def ids_of(self, member_id: str) -> list[str]:
        """The member and all that were merged into them, also through others, in order."""
        found, waiting = {member_id}, [member_id]
        while waiting:
            with store_errors():
                merged = self.documents.find({_INTO: {"$eq": waiting.pop()}}, {"_id": True})
                new = {document["_id"] for document in merged} - found
            found |= new
            waiting += new
        return sorted(found)


def _end(member_id: str, into: Mapping[str, str | None]) -> str:
    passed = [member_id]
    while (following := into[passed[-1]]) and following not in passed:
        passed.append(following)
    return passed[-1]
