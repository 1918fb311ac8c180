"""Certificates, and the codes by which somebody who is shown one can ask whether it is real.

>>> tidy_code("7kqm-2xvd 9hwt")
'7KQM2XVD9HWT'
"""

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Self

from services.programmes.domain.terms import blank_faults
from services.programmes.errors import CertificateNotValid, CertificateRevokedBefore
from services.programmes.events import CertificateIssued, CertificateRevoked
from shared.errors import Invalid
from shared.events import Aggregate

# No 0 and O, no 1, I and L, and no U: read aloud or off paper, each is itself only.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
_GROUP = 4


def new_code() -> str:
    """A code that nobody can guess: one of 30 to the power of 12, about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def tidy_code(typed: str) -> str:
    """A code as it is kept, whatever its case and how it is grouped."""
    return re.sub(r"[\s-]", "", typed).upper()


def shown_code(code: str) -> str:
    """A code as it is printed, in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def bulk_id(cohort_id: str, member_id: str, title: str, issued_on: date) -> str:
    """The id of a certificate given to a whole cohort: the same call again finds the same one."""
    name = "/".join((cohort_id, member_id, issued_on.isoformat(), title.strip()))
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


@dataclass
class Certificate(Aggregate):
    """A certificate of a programme; ``code`` is known to staff and to whom it is shown."""

    id: str
    code: str
    member_id: str
    programme_id: str
    title: str
    domains: tuple[str, ...]
    issued_on: date
    revoked_on: date | None = None

    @classmethod
    def issue(
        cls,
        id: str,
        *,
        code: str,
        member_id: str,
        programme_id: str,
        title: str,
        domains: tuple[str, ...],
        issued_on: date,
        today: date,
    ) -> Self:
        """The certificate, or Invalid naming every fault."""
        faults = blank_faults({"title": title})
        if issued_on > today:
            faults["issued_on"] = ["Must not be in the future."]
        if faults:
            raise Invalid("The certificate is not valid.", fields=faults)
        once = tuple(dict.fromkeys(domains))
        certificate = cls(id, code, member_id, programme_id, title.strip(), once, issued_on)
        certificate.record(
            CertificateIssued(
                certificate_id=id,
                member_id=member_id,
                programme_id=programme_id,
                title=certificate.title,
                domains=once,
                issued_on=issued_on,
            )
        )
        return certificate

    @property
    def valid(self) -> bool:
        return self.revoked_on is None

    @property
    def standing_key(self) -> str:
        """What is unique among the certificates that were not revoked."""
        return "/".join((self.member_id, self.programme_id, self.issued_on.isoformat(), self.title))

    def require_valid(self) -> None:
        """Raises CertificateNotValid once it was revoked."""
        if self.revoked_on is not None:
            revoked_on = self.revoked_on.isoformat()
            raise CertificateNotValid(certificate_id=self.id, revoked_on=revoked_on)

    def revoke(self, today: date) -> None:
        """Let it no longer count; the reason stands in the trail."""
        if self.revoked_on is not None:
            before = self.revoked_on.isoformat()
            raise CertificateRevokedBefore(certificate_id=self.id, revoked_on=before)
        self.revoked_on = today
        self.record(
            CertificateRevoked(
                certificate_id=self.id,
                member_id=self.member_id,
                programme_id=self.programme_id,
                revoked_on=today,
            )
        )

    def forget(self) -> None:
        """Keep all but the reasons in the trail: that somebody was awarded something is a fact."""
