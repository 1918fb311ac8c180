"""Certificates."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import certificates as commands
from services.programmes.schemas import certificates as schemas
from shared.errors import Duplicate, Invalid, NotFound
from shared.rpc import PUBLIC, rpc

_NOT_ISSUED = (
    Invalid,
    NotFound,
    errors.MemberNotKnown,
    errors.NotAnAlumnus,
    errors.CertificateIssuedBefore,
)


class Certificates:
    """Certificates."""

    app: Any

    @rpc(
        commands.IssueCertificate,
        returns=schemas.CertificateView,
        scope="programmes:write",
        errors=(*_NOT_ISSUED, Duplicate),
        writes=True,
    )
    def issue_certificate(self, command: commands.IssueCertificate) -> schemas.CertificateView:
        """Give a member a certificate of a programme."""
        return self.app.issue_certificate(command)

    @rpc(
        commands.IssueCertificates,
        returns=schemas.CertificatesView,
        scope="programmes:write",
        errors=(Invalid, NotFound, Duplicate),
        writes=True,
    )
    def issue_certificates(self, command: commands.IssueCertificates) -> schemas.CertificatesView:
        """Give all who completed a programme with a cohort their certificate."""
        return self.app.issue_certificates(command)

    @rpc(
        commands.RevokeCertificate,
        returns=schemas.CertificateView,
        scope="programmes:write",
        sensitive=("reason",),
        errors=(NotFound, errors.CertificateRevokedBefore),
        writes=True,
    )
    def revoke_certificate(self, command: commands.RevokeCertificate) -> schemas.CertificateView:
        """Let a certificate no longer count."""
        return self.app.revoke_certificate(command)

    @rpc(
        schemas.PreviewCertificate,
        returns=schemas.CertificatePreview,
        scope="programmes:read",
        errors=(*_NOT_ISSUED, errors.NameNotKnown, errors.NotPrintable),
        writes=False,
    )
    def preview_certificate(
        self, request: schemas.PreviewCertificate
    ) -> schemas.CertificatePreview:
        """What issuing a certificate would give, on paper too, or be refused for."""
        return self.app.preview_certificate(request)

    @rpc(
        schemas.FindCertificates,
        returns=schemas.CertificatePage,
        scope="programmes:read",
        own="member_id",
        errors=(Invalid,),
        writes=False,
    )
    def find_certificates(self, request: schemas.FindCertificates) -> schemas.CertificatePage:
        """A member's certificates with their codes."""
        return self.app.find_certificates(request)

    @rpc(
        schemas.GetCertificatePdf,
        returns=schemas.Document,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound, errors.CertificateNotValid, errors.NameNotKnown, errors.NotPrintable),
        writes=False,
    )
    def get_certificate_pdf(self, request: schemas.GetCertificatePdf) -> schemas.Document:
        """A certificate on paper; members give their own ``member_id``."""
        return self.app.get_certificate_pdf(request)

    @rpc(
        schemas.VerifyCertificate,
        returns=schemas.Verification,
        scope=PUBLIC,
        sensitive=("code",),
        errors=(NotFound,),
        writes=False,
    )
    def verify_certificate(self, request: schemas.VerifyCertificate) -> schemas.Verification:
        """What the code on a certificate stands for, for whoever was shown it."""
        return self.app.verify_certificate(request)
