"""Certificates: issued, shown on paper, verified by whoever is shown one, and revoked."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from services.programmes.commands import certificates as commands
from services.programmes.domain.certificate import Certificate, bulk_id, tidy_code
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import NameNotKnown
from services.programmes.handlers.desk import Desk
from services.programmes.repository.pages import page_of
from services.programmes.schemas import certificates as schemas
from shared.errors import Duplicate, NotFound
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.press import Press
    from services.programmes.repository import Certificates, People, Standings

_PDF = "application/pdf"


def issue_certificate(
    command: commands.IssueCertificate,
    *,
    desk: Desk,
    certificates: Certificates,
    make_code: Callable[[], str],
) -> schemas.CertificateView:
    """Give a member a certificate; the same one is not given twice unless it was revoked."""
    programme = desk.programmes.get(command.programme_id)
    desk.require_known([command.member_id])
    certificate = Certificate.issue(
        new_id(),
        code=make_code(),
        member_id=command.member_id,
        programme_id=programme.id,
        title=command.title,
        domains=command.domains,
        issued_on=command.issued_on,
        today=desk.today(),
    )
    try:
        return schemas.CertificateView.of(certificates.add(certificate))
    except Duplicate as error:
        if error.details.get("field") != "standing_key":
            raise
        raise Duplicate(
            "The member has this certificate of this day already.", field="title"
        ) from None


def issue_certificates(
    command: commands.IssueCertificates,
    *,
    desk: Desk,
    certificates: Certificates,
    make_code: Callable[[], str],
) -> schemas.CertificatesView:
    """Give all who completed a programme with a cohort their certificate, each on its own.

    A crash may leave some without: the same call again does the rest. Who has it already, or had it
    and it was revoked, is not given another.
    """
    cohort = desk.cohorts.get(command.cohort_id)
    completed = {"cohort_id": cohort.id, "status": ApplicationStatus.COMPLETED.value}
    found = [desk.standings.followed(a.member_id) for a in desk.applications.scan(completed)]
    outcome: dict[str, list[str]] = {"issued": [], "unchanged": [], "not_known": []}
    for member_id in dict.fromkeys(found):
        certificate = Certificate.issue(
            bulk_id(cohort.id, member_id, command.title, command.issued_on),
            code=make_code(),
            member_id=member_id,
            programme_id=cohort.programme_id,
            title=command.title,
            domains=command.domains,
            issued_on=command.issued_on,
            today=desk.today(),
        )
        known = desk.standing(member_id).known
        outcome[_given(certificate, certificates) if known else "not_known"].append(member_id)
    lists = {name: tuple(ids) for name, ids in outcome.items()}
    return schemas.CertificatesView(cohort_id=cohort.id, **lists)


def _given(certificate: Certificate, certificates: Certificates) -> str:
    try:
        certificates.add(certificate)
    except Duplicate as error:
        if error.details.get("field") == "code":
            raise
        return "unchanged"
    return "issued"


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
    ids = standings.ids_of(request.member_id)
    page = page_of(certificates, ids, {}, request.cursor, request.limit)
    items = tuple(map(schemas.CertificateView.of, page.items))
    return schemas.CertificatePage(items, page.next_cursor)


def get_certificate_pdf(
    request: schemas.GetCertificatePdf,
    *,
    desk: Desk,
    certificates: Certificates,
    people: People,
    press: Press,
    offload: Callable[..., bytes],
) -> schemas.Document:
    """A valid certificate on paper, in the name that its holder bears now."""
    certificate = certificates.get(request.certificate_id)
    holder_id = desk.standings.followed(certificate.member_id)
    if request.member_id not in (None, certificate.member_id, holder_id):
        raise NotFound(id=certificate.id)
    certificate.require_valid()
    holder = people.name_of(holder_id)
    if holder is None:
        raise NameNotKnown(member_id=holder_id)
    programme = desk.programmes.get(certificate.programme_id)
    sheet = press.sheet(certificate, programme.name, holder)
    content = offload(press.draw, sheet)
    return schemas.Document(
        content=base64.b64encode(content).decode(),
        media_type=_PDF,
        filename=f"certificate-{certificate.id}.pdf",
    )


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
        title=certificate.title,
        programme=desk.programmes.get(certificate.programme_id).name,
        holder=people.name_of(desk.standings.followed(certificate.member_id)),
        domains=certificate.domains,
        issued_on=certificate.issued_on,
    )
