"""What research measured of a round that was proposed, kept for the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.subscriptions import FairnessMeasured
from shared.events import Meta, dump

if TYPE_CHECKING:
    from services.programmes.repository import Fairness


def record_fairness(event: FairnessMeasured, meta: Meta, *, fairness: Fairness) -> None:
    """Keep a round's figures, unless later ones are known already."""
    fairness.put(event.round_id, "figures", meta.sequence, dump(event))
