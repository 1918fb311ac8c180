"""Events of certificates."""

from dataclasses import dataclass
from datetime import date

from services.programmes.events.examples import CERTIFICATE, MEMBER, PROGRAMME
from shared.events import event


@event(
    "certificate.issued",
    example={
        "certificate_id": CERTIFICATE,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "kind": "award",
        "title": "Leadership in practice",
        "domains": ["self", "team", "organisation"],
        "issued_on": "2028-07-31",
    },
)
@dataclass(frozen=True)
class CertificateIssued:
    """A member was given a certificate; one of ``completion`` has the programme's name as title."""

    certificate_id: str
    member_id: str
    programme_id: str
    kind: str
    title: str
    domains: tuple[str, ...]
    issued_on: date


@event(
    "certificate.revoked",
    example={
        "certificate_id": CERTIFICATE,
        "member_id": MEMBER,
        "programme_id": PROGRAMME,
        "revoked_on": "2028-08-14",
    },
)
@dataclass(frozen=True)
class CertificateRevoked:
    """A member's certificate no longer counts."""

    certificate_id: str
    member_id: str
    programme_id: str
    revoked_on: date
