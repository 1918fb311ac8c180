"""What people may ask about their own data, and how long it is kept."""

from dataclasses import dataclass
from datetime import date

from shared.events import text


@dataclass(frozen=True, kw_only=True)
class RequestExport:
    """Ask for all that is kept of a member, to be due one calendar month from receipt.

    While one is being gathered, it is the answer; what earlier ones gathered is dropped.
    """

    member_id: str = text(64)
    received_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RequestErasure:
    """Erase a person, which cannot be undone; asked for again it gives the same receipt.

    With ``force`` also one who still is a member, which needs a reason.
    """

    member_id: str = text(64)
    received_on: date | None = None
    force: bool = False
    reason: str = text(
        500, min_length=0, default="", description="Kept with the receipt, so without names."
    )


@dataclass(frozen=True, kw_only=True)
class SweepRetention:
    """Erase whom the policy on retention says to by ``on``, by default today.

    A dry run only counts and names them, also for a day to come.
    """

    on: date | None = None
    dry_run: bool = False
