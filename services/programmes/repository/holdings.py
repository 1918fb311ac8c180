"""All that is kept of one member, and which of their requests were answered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from services.programmes.domain.rights import Answer
from services.programmes.repository.people import People
from services.programmes.repository.standings import Standings
from shared.export import disclosed
from shared.repository import Repository


class Answers(Repository[Answer]):
    """Which requests of members about their data were answered, and when."""

    collection = "rights_answers"
    aggregate = Answer


@dataclass(frozen=True)
class Holdings:
    """All that is kept of one member.

    ``disclosed_from`` are the repositories whose aggregates have a ``member_id`` and are shown to
    the member; of those in ``forgotten_in`` each has a ``forget`` that leaves nothing but facts.
    ``parts`` give what stands about a member in what is of many.
    """

    disclosed_from: tuple[Repository[Any], ...]
    forgotten_in: tuple[Repository[Any], ...]
    standings: Standings
    people: People
    parts: tuple[Callable[[str], Iterator[dict[str, Any]]], ...] = ()

    def disclosed(self, member_id: str) -> Iterator[dict[str, Any]]:
        """Every record, as the member may read it."""
        for repository in self.disclosed_from:
            yield from disclosed(repository, {"member_id": member_id})
        for part in self.parts:
            yield from part(member_id)
        for record, projection in (("Standing", self.standings), ("Name", self.people)):
            told = projection.get(member_id)
            if told:
                yield {"record": record, "id": member_id, "data": told}

    def forget(self, member_id: str) -> dict[str, int]:
        """Forget what says more than facts, and whatever is told yet; how many of each kind.

        Safe to repeat.
        """
        self.standings.erase(member_id)
        self.people.erase(member_id)
        erased = {}
        for repository in self.forgotten_in:
            found = list(repository.scan({"member_id": member_id}))
            for each in found:
                repository.change(each.id, lambda kept: kept.forget(), forget=True)
            erased[repository.collection] = len(found)
        return erased
