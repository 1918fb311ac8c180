"""What may be asked about certificates."""

from dataclasses import dataclass
from datetime import date

from services.programmes.commands.sessions import Domain
from shared.events import items, text


@dataclass(frozen=True, kw_only=True)
class IssueCertificate:
    """Give a member a certificate of a programme."""

    member_id: str = text(64)
    programme_id: str = text(64)
    title: str = text(200)
    domains: tuple[Domain, ...] = items(20, description="Domains of the standards it shows.")
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class IssueCertificates:
    """Give everybody who completed the programme with a cohort the same certificate."""

    cohort_id: str = text(64)
    title: str = text(200)
    domains: tuple[Domain, ...] = items(20, description="Domains of the standards it shows.")
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class RevokeCertificate:
    """Let a certificate no longer count."""

    certificate_id: str = text(64)
    reason: str = text(500)
