"""What membership tells of its members."""

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
        passed = [member_id]
        while (into := merged_into(self.get(passed[-1]))) and into not in passed:
            passed.append(into)
        return passed[-1]

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
