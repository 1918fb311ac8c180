"""The board of opportunities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.programmes.domain.opportunity import Opportunity, OpportunityState
from services.programmes.repository.keys import TURN, turn_key
from shared.outbox import milliseconds
from shared.repository import Index, Page, Repository


class Opportunities(Repository[Opportunity]):
    """Opportunities; those on the board have a turn, by which they close and are listed."""

    collection = "opportunities"
    aggregate = Opportunity
    audited = True
    untracked = frozenset({TURN, "nation", "kind"})
    indexes = (
        Index(TURN, unique=True, sparse=True),
        Index(("nation", TURN)),
        Index(("kind", TURN)),
        Index(("nation", "kind", TURN)),
        Index(("state", "id")),
    )

    def _state(self, aggregate: Opportunity) -> dict[str, Any]:
        notice = aggregate.notice
        state = super()._state(aggregate)
        state |= {"nation": notice.nation.value, "kind": notice.kind.value}
        if aggregate.state is OpportunityState.PUBLISHED:
            state[TURN] = turn_key(notice.closes_at, aggregate.id)
        return state

    def on_the_board(
        self, criteria: dict[str, Any], now: datetime, cursor: str | None, limit: int
    ) -> Page[Opportunity]:
        """Those that close later than now, the next to close first."""
        later = {TURN: {"$gte": f"{milliseconds(now):014}|~"}}
        return self.find({**criteria, **later}, by=TURN, cursor=cursor, limit=limit)
