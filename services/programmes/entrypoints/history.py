"""What staff read of what was done."""

from typing import Any

from services.programmes.schemas import history as schemas
from shared.errors import Invalid, NotFound
from shared.history import HistoryPage
from shared.rpc import rpc


class History:
    """What staff read of what was done."""

    app: Any

    @rpc(
        schemas.GetHistory,
        returns=HistoryPage,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def get_history(self, request: schemas.GetHistory) -> HistoryPage:
        """Who changed one thing, when and why, newest first."""
        return self.app.get_history(request)
