"""Who changed what, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.schemas import history as schemas
from shared.history import HistoryPage, newest_first

if TYPE_CHECKING:
    from services.programmes.repository.histories import Histories


def get_history(request: schemas.GetHistory, *, histories: Histories) -> HistoryPage:
    """Every change to one thing, newest first."""
    written = histories.of(request.kind.value, request.id)
    return newest_first(written, cursor=request.cursor, limit=request.limit)
