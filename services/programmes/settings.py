"""The settings of the programmes service."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.events import text
from shared.settings import Misconfigured, ServiceSettings


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The environment variable is the name in upper case; ``time_zone`` says when a day begins."""

    time_zone: str = text(60, default="Europe/London")

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise Misconfigured("TIME_ZONE is no time zone such as Europe/London.") from None
