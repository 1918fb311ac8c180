"""The settings of the membership service."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.events import integer, text
from shared.settings import Misconfigured, ServiceSettings


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The environment variable is the name in upper case.

    ``time_zone`` says when a day begins. While one instance ticks, the others leave it to it for
    ``tick_lease_seconds`` after it was last heard of. With ``tick_ahead`` set to 1, as in trials,
    days to come can be told as if they were here. Whom the policy on retention says to erase is
    looked for every ``retention_seconds``, under a lease of the same length as a tick's.
    """

    time_zone: str = text(60, default="Europe/London")
    tick_seconds: int = integer(1, 86_400, default=600)
    tick_lease_seconds: int = integer(1, 3_600, default=60)
    tick_ahead: int = integer(0, 1, default=0)
    retention_seconds: int = integer(60, 86_400, default=3_600)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise Misconfigured("TIME_ZONE is no time zone such as Europe/London.") from None
