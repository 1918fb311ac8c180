"""The settings of the programmes service."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.events import Pattern, integer, text
from shared.settings import Misconfigured, ServiceSettings

_URL = Pattern(r"https?://[!-~]+", "an address that begins with https:// or http://")


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The environment variable is the name in upper case; ``time_zone`` says when a day begins.

    What is due by the clock is looked for every ``tick_seconds``. While one instance does it, the
    others leave it to it for ``tick_lease_seconds`` after it was last heard of. Each step of it
    takes ``tick_turns`` at most and leaves the others to the next time. With
    ``trial_clock`` set to 1 the time can be put forward, which is for trials alone.

    Certificates name the ``certificate_issuer``, are signed by the ``certificate_signatory``, and
    lead to ``verify_url``, in which ``{code}`` stands for the code; without it they say whom to
    ask. ``certificate_font`` is the path of a TrueType font; without one, that which comes with the
    service is used.
    """

    time_zone: str = text(60, default="Europe/London")
    tick_seconds: int = integer(1, 86_400, default=30)
    tick_lease_seconds: int = integer(1, 3_600, default=120)
    tick_turns: int = integer(1, 100_000, default=500)
    trial_clock: int = integer(0, 1, default=0)
    certificate_issuer: str = text(200, default="The Faculty")
    certificate_signatory: str | None = text(200, default=None)
    verify_url: str | None = text(200, pattern=_URL, default=None)
    certificate_font: str | None = text(400, default=None)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise Misconfigured("TIME_ZONE is no time zone such as Europe/London.") from None
        if self.verify_url is not None and self.verify_url.count("{code}") != 1:
            raise Misconfigured("VERIFY_URL must have {code} where the code goes, once.")
