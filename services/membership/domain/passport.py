"""What the programmes tell of a member's learning, in whatever order and however often.

A certificate may be revoked before it is heard of that it was issued. Nothing is published from
here, so that the numbers of the member's own events stay theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.membership.domain.forgetting import forget_all
from shared.events import Aggregate


@dataclass(frozen=True)
class AttendedSession:
    """A session of a programme that the member attended; ``domains`` are those of the standards."""

    session_id: str
    programme_id: str
    title: str
    held_on: date
    minutes: int
    domains: tuple[str, ...]
    turn: int = 1
    """How often it was told, as it is anew when it is corrected."""


@dataclass(frozen=True)
class Retraction:
    """An attendance that was recorded by mistake."""

    session_id: str
    turn: int


@dataclass(frozen=True)
class IssuedCertificate:
    """A certificate of a programme."""

    certificate_id: str
    programme_id: str
    title: str
    domains: tuple[str, ...]
    issued_on: date


@dataclass(frozen=True)
class Revocation:
    """A certificate that no longer counts."""

    certificate_id: str
    revoked_on: date


@dataclass(frozen=True)
class CompletedProgramme:
    """A programme that the member completed with a cohort."""

    programme_id: str
    cohort_id: str
    title: str
    completed_on: date
    turn: int = 1
    """How often it was recorded, as it may be after it was taken back."""


@dataclass(frozen=True)
class Withdrawal:
    """A completion that was recorded by mistake."""

    cohort_id: str
    turn: int
    removed_on: date


@dataclass
class Passport(Aggregate):
    """A member's learning; ``id`` is the member's."""

    id: str
    sessions: tuple[AttendedSession, ...] = ()
    retractions: tuple[Retraction, ...] = ()
    certificates: tuple[IssuedCertificate, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    completions: tuple[CompletedProgramme, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()

    @classmethod
    def together(cls, id: str, parts: Iterable[Passport]) -> Passport:
        """What several records of one person amount to."""
        whole = cls(id)
        for part in parts:
            for session in part.attended:
                whole.attend(session)
            for certificate in part.certificates:
                whole.certify(certificate)
            for revocation in part.revocations:
                whole.revoke(revocation)
            for completion in part.completed:
                whole.complete(completion)
        return whole

    def attend(self, session: AttendedSession) -> None:
        """Note a session, once: as it was told last."""
        same = [known for known in self.sessions if known.session_id == session.session_id]
        if all(known.turn < session.turn for known in same):
            others = (known for known in self.sessions if known not in same)
            self.sessions = (*others, session)

    def retract(self, retraction: Retraction) -> None:
        """Note that an attendance was a mistake, whether it is known here or not, once."""
        if retraction not in self.retractions:
            self.retractions = (*self.retractions, retraction)

    @property
    def attended(self) -> tuple[AttendedSession, ...]:
        """The sessions whose attendance was not retracted."""
        retracted = {(each.session_id, each.turn) for each in self.retractions}
        return tuple(
            each for each in self.sessions if (each.session_id, each.turn) not in retracted
        )

    def certify(self, certificate: IssuedCertificate) -> None:
        """Note a certificate, once."""
        known = {each.certificate_id for each in self.certificates}
        if certificate.certificate_id not in known:
            self.certificates = (*self.certificates, certificate)

    def revoke(self, revocation: Revocation) -> None:
        """Note that a certificate no longer counts, whether it is known here or not, once."""
        known = {each.certificate_id for each in self.revocations}
        if revocation.certificate_id not in known:
            self.revocations = (*self.revocations, revocation)

    def complete(self, completion: CompletedProgramme) -> None:
        """Note a completed programme, once for each cohort: as it was recorded last."""
        same = [known for known in self.completions if known.cohort_id == completion.cohort_id]
        if all(known.turn < completion.turn for known in same):
            others = (known for known in self.completions if known not in same)
            self.completions = (*others, completion)

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Note that a completion was a mistake, whether it is known here or not, once."""
        if not self._withdrawn(withdrawal.cohort_id, withdrawal.turn):
            self.withdrawals = (*self.withdrawals, withdrawal)

    @property
    def completed(self) -> tuple[CompletedProgramme, ...]:
        """The completions that were not taken back."""
        return tuple(
            each for each in self.completions if not self._withdrawn(each.cohort_id, each.turn)
        )

    def latest_turn(self, cohort_id: str) -> int:
        """How often a completion is known to have been recorded; 0 for never."""
        known = (each.turn for each in self.completions if each.cohort_id == cohort_id)
        return max(known, default=0)

    def _withdrawn(self, cohort_id: str, turn: int) -> bool:
        return any((each.cohort_id, each.turn) == (cohort_id, turn) for each in self.withdrawals)

    def forget(self) -> None:
        """The member was erased: nothing is left but that there was a passport."""
        forget_all(self)

    @property
    def held(self) -> tuple[IssuedCertificate, ...]:
        """The certificates that were not revoked."""
        revoked = {each.certificate_id for each in self.revocations}
        return tuple(each for each in self.certificates if each.certificate_id not in revoked)
