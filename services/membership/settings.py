"""The settings of the membership service: those that every service has."""

from dataclasses import dataclass

from shared.settings import ServiceSettings


@dataclass(frozen=True)
class Settings(ServiceSettings):
    """Membership has no settings of its own."""
