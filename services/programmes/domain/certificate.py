"""Certificates, and the codes by which somebody who is shown one can ask whether it is real.

>>> tidy_code("7kqm-2xvd 9hwt")
'7KQM2XVD9HWT'
"""

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from services.programmes.domain.alumni import Alumnus
from services.programmes.domain.programme import Programme
from services.programmes.domain.terms import Faults, blank_faults
from services.programmes.errors import CertificateNotValid, CertificateRevokedBefore
from services.programmes.events import CertificateIssued, CertificateRevoked
from shared.errors import Invalid
from shared.events import Aggregate

# No 0 and O, no 1, I and L, and no U: read aloud or off paper, each is itself only.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
_GROUP = 4


class CertificateKind(StrEnum):
    """What a certificate is for; somebody has one valid one of a kind for a programme."""

    COMPLETION = "completion"
    PARTICIPATION = "participation"
    AWARD = "award"


def new_code() -> str:
    """A code that nobody can guess: one of 30 to the power of 12, about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def tidy_code(typed: str) -> str:
    """A code as it is kept, whatever its case and how it is grouped."""
    return re.sub(r"[\s-]", "", typed).upper()


def shown_code(code: str) -> str:
    """A code as it is printed, in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def bulk_id(completion: str) -> str:
    """The id of a certificate given with a whole cohort: the same completion has the same one."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, completion))


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a certificate says, and to whom; ``completion`` names what it is the proof of."""

    member_id: str
    programme_id: str
    kind: CertificateKind
    title: str
    domains: tuple[str, ...]
    issued_on: date
    completion: str | None = None
    completed_on: date | None = None

    @classmethod
    def of_completion(cls, alumnus: Alumnus, programme: Programme, issued_on: date) -> Self:
        """Title and domains are the programme's, so that nothing can be mistyped."""
        return cls(
            member_id=alumnus.member_id,
            programme_id=programme.id,
            kind=CertificateKind.COMPLETION,
            title=programme.name,
            domains=programme.prospectus.domains,
            issued_on=issued_on,
            completion=alumnus.completion,
            completed_on=alumnus.completed_on,
        )

    def require_sound(self, today: date) -> None:
        """Raises Invalid naming every fault."""
        faults: Faults = blank_faults({"title": self.title})
        if self.issued_on > today:
            faults["issued_on"] = ["Must not be in the future."]
        elif self.completed_on is not None and self.issued_on < self.completed_on:
            reason = f"The programme was completed on {self.completed_on.isoformat()}."
            faults["issued_on"] = [reason]
        if faults:
            raise Invalid("The certificate is not valid.", fields=faults)


@dataclass
class Certificate(Aggregate):
    """A certificate of a programme; ``code`` is known to staff and to whom it is shown."""

    id: str
    code: str
    member_id: str
    programme_id: str
    kind: CertificateKind
    title: str
    domains: tuple[str, ...]
    issued_on: date
    completion: str | None = None
    completed_on: date | None = None
    revoked_on: date | None = None

    @classmethod
    def issue(cls, id: str, code: str, said: Wording, today: date) -> Self:
        """The certificate, or Invalid naming every fault."""
        said.require_sound(today)
        certificate = cls(
            id=id,
            code=code,
            member_id=said.member_id,
            programme_id=said.programme_id,
            kind=said.kind,
            title=said.title.strip(),
            domains=tuple(dict.fromkeys(said.domains)),
            issued_on=said.issued_on,
            completion=said.completion,
            completed_on=said.completed_on,
        )
        certificate.record(
            CertificateIssued(
                certificate_id=id,
                member_id=said.member_id,
                programme_id=said.programme_id,
                kind=said.kind.value,
                title=certificate.title,
                domains=certificate.domains,
                issued_on=said.issued_on,
            )
        )
        return certificate

    @property
    def valid(self) -> bool:
        return self.revoked_on is None

    @staticmethod
    def key(member_id: str, programme_id: str, kind: CertificateKind) -> str:
        """What is unique among the certificates that were not revoked."""
        return "/".join((member_id, programme_id, kind.value))

    @property
    def standing_key(self) -> str:
        return self.key(self.member_id, self.programme_id, self.kind)

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
        self.lapse(today)

    def lapse(self, today: date) -> None:
        """Nothing stands behind it any more; revoked before, it stays so."""
        if self.revoked_on is None:
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
