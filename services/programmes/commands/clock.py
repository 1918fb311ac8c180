"""What may be asked of the clock."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class AdvanceClock:
    """Put the clock of a trial forward, and do what is due by then."""

    to: datetime
