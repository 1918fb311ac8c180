"""Cohorts and the hosts of their posts."""

from __future__ import annotations

from typing import Any

from services.programmes.domain.cohort import Cohort
from services.programmes.domain.host import Host
from services.programmes.repository.keys import TURN, settling_turn, turn_key
from shared.repository import Index, Repository


class Cohorts(Repository[Cohort]):
    """Rounds of applications; those whose closing was not told yet have a turn."""

    collection = "cohorts"
    aggregate = Cohort
    audited = True
    untracked = frozenset({TURN})
    indexes = (Index(("programme_id", "id")), Index(TURN, unique=True, sparse=True))

    def _state(self, aggregate: Cohort) -> dict[str, Any]:
        state = super()._state(aggregate)
        if aggregate.closed_at is None and aggregate.withdrawn_at is None:
            state[TURN] = turn_key(aggregate.closes_at, aggregate.id)
        return state


class Hosts(Repository[Host]):
    """Organisations that take fellows; those with stays to be settled have a turn."""

    collection = "hosts"
    aggregate = Host
    audited = True
    untracked = frozenset({TURN, "stays"})
    indexes = (Index(TURN, unique=True, sparse=True),)

    def _state(self, aggregate: Host) -> dict[str, Any]:
        return super()._state(aggregate) | settling_turn(aggregate)
