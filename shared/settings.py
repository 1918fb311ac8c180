"""Typed settings, read once from environment variables; a wrong one stops the start and is named.

@dataclass(frozen=True)
class Settings(ServiceSettings):
    smtp_port: int = integer(1, 65535, default=25)

read(Settings, os.environ)    # SMTP_PORT=x raises Misconfigured naming SMTP_PORT
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from shared.errors import FacultyError, Invalid
from shared.schema import Pattern, choice, integer, load, text

S = TypeVar("S", bound="ServiceSettings")

# Python does not convert numbers of thousands of digits, and no setting has so many.
_DIGITS = 18
_AMQP = Pattern(r"amqps?://.+", "an address that begins with amqp:// or amqps://")
_MONGODB = Pattern(
    r"mongodb(\+srv)?://.+", "an address that begins with mongodb:// or mongodb+srv://"
)
_PUBLIC_KEY = Pattern(r"\s*-----BEGIN PUBLIC KEY-----[\s\S]+", "a public key in PEM, or several")


class Misconfigured(FacultyError):
    """An environment variable is missing or malformed."""

    code = "misconfigured"


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """What every service needs. The environment variable is the name in upper case."""

    amqp_uri: str = text(2_000, pattern=_AMQP, secret=True)
    mongodb_uri: str = text(2_000, pattern=_MONGODB, secret=True)
    auth_public_key: str = text(20_000, pattern=_PUBLIC_KEY)
    auth_issuer: str = text(default="faculty")
    auth_audience: str = text(default="faculty")
    http_host: str = text(default="127.0.0.1")
    http_port: int = integer(0, 65_535, default=8_000)
    max_workers: int = integer(1, 1_000, default=20)
    mongodb_database: str = text(60, min_length=0, default="")
    mongodb_timeout_seconds: int = integer(1, 300, default=10)
    broker_heartbeat_seconds: int = integer(2, 600, default=30)
    broker_confirm_seconds: int = integer(1, 300, default=15)
    shutdown_seconds: int = integer(1, 600, default=25)
    relay_grace_seconds: int = integer(1, 3_600, default=10)
    relay_lease_seconds: int = integer(1, 3_600, default=30)
    relay_sweep_seconds: int = integer(1, 3_600, default=2)
    idempotency_hours: int = integer(1, 8_760, default=48)
    log_level: str = choice(("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")


def read(cls: type[S], environment: Mapping[str, str]) -> S:
    """The settings in ``environment``; raises ``Misconfigured`` that names every wrong variable.

    An empty variable counts as one that is not set.
    """
    given = {
        item.name: _typed(environment[item.name.upper()], item.type)
        for item in fields(cls)
        if environment.get(item.name.upper())
    }
    try:
        return load(cls, given)
    except Invalid as error:
        wrong = {name.upper(): reasons for name, reasons in error.fields.items()}
        listed = "; ".join(f"{name}: {' '.join(reasons)}" for name, reasons in wrong.items())
        raise Misconfigured(f"Check the environment. {listed}", variables=wrong) from None


def _typed(value: str, kind: object) -> str | int:
    """Variables are text; what is no number stays text and is refused by the field."""
    number = kind is int and value.isascii() and value.isdigit() and len(value) <= _DIGITS
    return int(value) if number else value
