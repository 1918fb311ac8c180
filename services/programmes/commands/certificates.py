"""What may be asked about certificates."""

from dataclasses import dataclass
from datetime import date

from services.programmes.commands.sessions import Domain
from services.programmes.domain.certificate import CertificateKind
from shared.events import items, text


@dataclass(frozen=True, kw_only=True)
class IssueCertificate:
    """Give a member a certificate of a programme.

    One of ``completion`` has its title and domains from the programme, others are given them here.
    """

    member_id: str = text(64)
    programme_id: str = text(64)
    kind: CertificateKind
    title: str | None = text(200, default=None)
    domains: tuple[Domain, ...] | None = items(
        20, default=None, description="Domains of the programme that it shows."
    )
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class IssueCertificates:
    """Give everybody who completed the programme with a cohort their certificate of completion."""

    cohort_id: str = text(64)
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class RevokeCertificate:
    """Let a certificate no longer count."""

    certificate_id: str = text(64)
    reason: str = text(500)
