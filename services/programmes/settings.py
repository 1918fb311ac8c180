"""The settings of the programmes service: those that every service has."""

from dataclasses import dataclass

from shared.settings import ServiceSettings


@dataclass(frozen=True)
class Settings(ServiceSettings):
    """Programmes has no settings of its own."""
