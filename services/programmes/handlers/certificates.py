"""Certificates: shown on paper, verified by whoever is shown one, and revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from services.programmes.commands import certificates as commands
from services.programmes.domain.certificate import tidy_code
from services.programmes.handlers.desk import Desk
from services.programmes.handlers.printing import Printing
from services.programmes.repository.belonging import own, page_of
from services.programmes.schemas import certificates as schemas
from shared.errors import NotFound

if TYPE_CHECKING:
    from services.programmes.repository import Certificates, People, Standings


def revoke_certificate(
    command: commands.RevokeCertificate, *, certificates: Certificates, today: Callable[[], date]
) -> schemas.CertificateView:
    """Let a certificate no longer count."""
    now = today()
    revoked = certificates.change(command.certificate_id, lambda found: found.revoke(now))
    return schemas.CertificateView.of(revoked)


def find_certificates(
    request: schemas.FindCertificates, *, certificates: Certificates, standings: Standings
) -> schemas.CertificatePage:
    """A member's certificates, those that were revoked or given to who was merged into them too."""
    page = page_of(certificates, request, standings)
    items = tuple(map(schemas.CertificateView.of, page.items))
    return schemas.CertificatePage(items, page.next_cursor)


def get_certificate_pdf(
    request: schemas.GetCertificatePdf,
    *,
    certificates: Certificates,
    standings: Standings,
    printing: Printing,
) -> schemas.Document:
    """A valid certificate on paper."""
    certificate = own(certificates, request.certificate_id, request.member_id, standings)
    certificate.require_valid()
    return printing.paper(certificate)


def verify_certificate(
    request: schemas.VerifyCertificate, *, desk: Desk, certificates: Certificates, people: People
) -> schemas.Verification:
    """What the code on a certificate stands for; the refusal does not repeat what was typed."""
    certificate = certificates.first({"code": tidy_code(request.code)})
    if certificate is None:
        raise NotFound("No certificate has this code.")
    if not certificate.valid:
        return schemas.Verification(valid=False, revoked_on=certificate.revoked_on)
    return schemas.Verification(
        valid=True,
        revoked_on=None,
        kind=certificate.kind,
        title=certificate.title,
        programme=desk.programmes.get(certificate.programme_id).name,
        holder=people.name_of(desk.standings.followed(certificate.member_id)),
        domains=certificate.domains,
        completed_on=certificate.completed_on,
        issued_on=certificate.issued_on,
    )
