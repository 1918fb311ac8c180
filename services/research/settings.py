"""Settings of the research service: those every service has, and none of its own."""

from dataclasses import dataclass

from shared.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """Read once from the environment when the service starts."""
