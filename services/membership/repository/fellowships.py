"""Applications for fellowship."""

from __future__ import annotations

from typing import Any

from services.membership.domain.calendar import number
from services.membership.domain.fellowship import Fellowship
from shared.repository import Index, Repository


class Fellowships(Repository[Fellowship]):
    """Applications for fellowship; a member has one at a time that is not decided.

    ``clock_key`` orders those whose clock runs by the day on which a decision is due.
    """

    collection = "fellowships"
    aggregate = Fellowship
    audited = True
    untracked = frozenset({"running_key", "clock_key"})
    # Who the referees are and what they wrote in confidence, and the interests of assessors.
    withheld = frozenset({"referees", "conflicts"})
    indexes = (
        Index("running_key", unique=True, sparse=True),
        Index("clock_key", sparse=True),
        Index(("member_id", "id")),
        Index(("state", "id")),
        Index(("level", "id")),
    )

    def _state(self, aggregate: Fellowship) -> dict[str, Any]:
        state = super()._state(aggregate)
        if aggregate.running:
            state["running_key"] = aggregate.member_id
            if aggregate.rounds:
                target_on = aggregate.rounds[-1].target_on
                state["clock_key"] = f"{number(target_on)}|{aggregate.id}"
        return state
