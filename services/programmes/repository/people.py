"""The names of members, told on membership's private exchange."""

from collections.abc import Iterable

from shared.projection import Projection

_NAME = "name"


class People(Projection):
    """Names by member id, for certificates, and to be taken out of what reviewers read."""

    collection = "people"

    def note(self, member_id: str, sequence: int, given_name: str, family_name: str) -> None:
        """Keep a name, unless the member was forgotten; the latest is theirs, in whatever order.

        Earlier ones are kept beside it, for they stand in what was written under them.
        """
        names = {"given_name": given_name, "family_name": family_name}
        self.put(member_id, f"{_NAME}:{sequence}", sequence, names)
        self.put(member_id, _NAME, sequence, names)

    def name_of(self, member_id: str) -> str | None:
        """The full name, or None where none is known."""
        name = (self.get(member_id) or {}).get(_NAME)
        return f"{name['given_name']} {name['family_name']}" if name else None

    def words_of(self, member_ids: Iterable[str]) -> frozenset[str]:
        """Every given and family name that these members have or had."""
        known = self.many(member_ids).values()
        return frozenset(
            word for facets in known for names in facets.values() for word in names.values()
        )
