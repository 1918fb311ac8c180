"""Which time it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClockView:
    """The time by which the service judges."""

    now: datetime
