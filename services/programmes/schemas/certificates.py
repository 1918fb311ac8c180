"""Reads of certificates, and their answers."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.programmes.commands.certificates import IssueCertificate
from services.programmes.domain.certificate import Certificate, CertificateKind, shown_code
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class FindCertificates:
    """Ask for a member's certificates in the order in which they were issued."""

    member_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetCertificatePdf:
    """Ask for a certificate on paper; with ``member_id``, only if it is that member's."""

    certificate_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class PreviewCertificate(IssueCertificate):
    """Ask what ``issue_certificate`` with the same arguments would issue or refuse."""


@dataclass(frozen=True, kw_only=True)
class VerifyCertificate:
    """Ask whether a certificate is real, by the code on it; case, spaces and hyphens are free."""

    code: str = text(40)


@dataclass(frozen=True)
class CertificateView:
    """A certificate with its code, as it is printed; ``revoked_on`` is null while it is valid.

    ``completed_on`` is null but of one of completion.
    """

    certificate_id: str
    code: str
    member_id: str
    programme_id: str
    kind: CertificateKind
    title: str
    domains: tuple[str, ...]
    completed_on: date | None
    issued_on: date
    valid: bool
    revoked_on: date | None

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        return cls(
            certificate_id=certificate.id,
            code=shown_code(certificate.code),
            member_id=certificate.member_id,
            programme_id=certificate.programme_id,
            kind=certificate.kind,
            title=certificate.title,
            domains=certificate.domains,
            completed_on=certificate.completed_on,
            issued_on=certificate.issued_on,
            valid=certificate.valid,
            revoked_on=certificate.revoked_on,
        )


@dataclass(frozen=True)
class CertificatePage:
    """Some certificates; ``next_cursor`` is null on the last page."""

    items: tuple[CertificateView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class CertificatesView:
    """The members who were given their certificate, and those who had been given it before.

    ``not_known`` completed the programme, but membership does not know them any more.
    """

    cohort_id: str
    issued: tuple[str, ...]
    unchanged: tuple[str, ...]
    not_known: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A file: its content in base64, of what kind it is, and a name for it that says nobody's."""

    content: str
    media_type: str
    filename: str


@dataclass(frozen=True)
class CertificatePreview:
    """What would be issued; ``paper`` shows it without a code, marked as a specimen."""

    member_id: str
    programme_id: str
    kind: CertificateKind
    title: str
    domains: tuple[str, ...]
    completed_on: date | None
    issued_on: date
    paper: Document

    @classmethod
    def of(cls, certificate: Certificate, paper: Document) -> Self:
        return cls(
            member_id=certificate.member_id,
            programme_id=certificate.programme_id,
            kind=certificate.kind,
            title=certificate.title,
            domains=certificate.domains,
            completed_on=certificate.completed_on,
            issued_on=certificate.issued_on,
            paper=paper,
        )


@dataclass(frozen=True)
class Verification:
    """What whoever is shown a certificate may know of it.

    A revoked one says that it was and when, and nothing else. ``holder`` is null where no name is
    known any more.
    """

    valid: bool
    revoked_on: date | None
    kind: CertificateKind | None = None
    title: str | None = None
    programme: str | None = None
    holder: str | None = None
    domains: tuple[str, ...] = ()
    completed_on: date | None = None
    issued_on: date | None = None
