"""Alumni, what they do later, and the talent pool with the record of its searches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.programmes.domain.alumni import Alumnus
from services.programmes.domain.outcome import Outcome
from services.programmes.domain.talent import Talent, TalentSearch
from shared.errors import Duplicate, NotFound
from shared.repository import Index, Repository

POOL = "pool_key"


class Alumni(Repository[Alumnus]):
    """Who completed what, those who were entered by mistake among them."""

    collection = "alumni"
    aggregate = Alumnus
    audited = True
    indexes = (
        Index(("state", "id")),
        Index(("programme_id", "state", "id")),
        Index(("cohort_id", "state", "id")),
        Index(("member_id", "state", "id")),
    )


class Outcomes(Repository[Outcome]):
    """Where alumni were, by day."""

    collection = "outcomes"
    aggregate = Outcome
    audited = True
    indexes = (Index(("programme_id", "id")), Index(("member_id", "id")))


class Talents(Repository[Talent]):
    """What members agreed to be found by; those who are in the pool have a key."""

    collection = "talents"
    aggregate = Talent
    untracked = frozenset({POOL})
    indexes = (Index(("member_id", "id")), Index(POOL, unique=True, sparse=True))

    def write(self, member_id: str, action: Callable[[Talent], object]) -> Talent:
        """Change what a member said, who may have said nothing before."""
        try:
            return self.change(member_id, action)
        except NotFound:
            talent = Talent(member_id, member_id)
            action(talent)
        try:
            return self.add(talent)
        except Duplicate:  # said meanwhile
            return self.change(member_id, action)

    def _state(self, aggregate: Talent) -> dict[str, Any]:
        state = super()._state(aggregate)
        return {**state, POOL: aggregate.id} if aggregate.in_pool else state


class TalentSearches(Repository[TalentSearch]):
    """Every search of the pool, by time."""

    collection = "talent_searches"
    aggregate = TalentSearch
