"""Placements, the calendars of those who have them, and their reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.programmes.domain.fellow import Fellow
from services.programmes.domain.placement import Placement, PlacementState
from services.programmes.domain.report import Report
from services.programmes.repository.keys import TURN, settling_turn, turn_key
from shared.errors import Duplicate, NotFound
from shared.repository import Index, Repository

OPEN = "open_key"


class Placements(Repository[Placement]):
    """Placements; those that wait for their first day have a turn, and all until they end a key."""

    collection = "placements"
    aggregate = Placement
    audited = True
    untracked = frozenset({TURN, OPEN})
    indexes = (
        Index(OPEN, unique=True, sparse=True),
        Index("application_id", unique=True),
        Index(("cohort_id", "id")),
        Index(("host_id", "id")),
        Index(("member_id", "id")),
        Index(TURN, unique=True, sparse=True),
    )

    def of(self, application_id: str) -> Placement | None:
        """The placement of an application, if there is one."""
        return self.first({"application_id": application_id})

    def _state(self, aggregate: Placement) -> dict[str, Any]:
        state = super()._state(aggregate)
        if aggregate.state is not PlacementState.ENDED:
            state[OPEN] = aggregate.id
        if aggregate.waits:
            state[TURN] = turn_key(aggregate.starts_at, aggregate.id)
        return state


class Fellows(Repository[Fellow]):
    """Calendars by the id of their member; there is none before the first stay."""

    collection = "fellows"
    aggregate = Fellow
    untracked = frozenset({TURN})
    indexes = (Index(("member_id", "id")), Index(TURN, unique=True, sparse=True))

    def write(self, member_id: str, action: Callable[[Fellow], object]) -> Fellow:
        """Change a calendar, which is begun where there is none."""
        try:
            return self.change(member_id, action)
        except NotFound:
            fellow = Fellow(member_id, member_id)
            action(fellow)
        try:
            return self.add(fellow)
        except Duplicate:  # begun meanwhile
            return self.change(member_id, action)

    def _state(self, aggregate: Fellow) -> dict[str, Any]:
        return super()._state(aggregate) | settling_turn(aggregate)


class Reports(Repository[Report]):
    """Reports by placement and kind."""

    collection = "reports"
    aggregate = Report
    audited = True
    indexes = (Index(("placement_id", "id")), Index(("member_id", "id")))
