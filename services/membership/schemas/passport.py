"""Questions and answers about members' leadership record."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.assessment import Rating, SelfAssessment
from services.membership.domain.leadership import DomainRecord, Evidence, LeadershipRecord
from services.membership.domain.member import Member
from services.membership.domain.passport import (
    AttendedSession,
    CompletedProgramme,
    IssuedCertificate,
)
from services.membership.domain.subscriber import Award
from shared.events import integer, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class GetSelfAssessments:
    """Ask for a member's self-assessments in the order in which they were made."""

    member_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetLeadershipPassport:
    """Ask for a member's leadership record as of today."""

    member_id: str = text(64)


@dataclass(frozen=True)
class SelfAssessmentView:
    """One self-assessment; ``standards`` is the version of the standards it was made by."""

    assessment_id: str
    member_id: str
    standards: str
    recorded_on: date
    ratings: tuple[Rating, ...]

    @classmethod
    def of(cls, assessment: SelfAssessment) -> Self:
        return cls(
            assessment_id=assessment.id,
            member_id=assessment.member_id,
            standards=assessment.standards,
            recorded_on=assessment.recorded_on,
            ratings=assessment.ratings,
        )


@dataclass(frozen=True)
class SelfAssessmentPage:
    """Some self-assessments; ``next_cursor`` is null on the last page."""

    items: tuple[SelfAssessmentView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class PassportTotals:
    """How much there is in all; what shows several domains counts once here."""

    evidence: int
    behaviours: int
    assessed: int
    awards: int
    sessions: int
    minutes: int
    certificates: int
    completions: int


@dataclass(frozen=True)
class LeadershipPassportView:
    """A member's leadership record by domain of the standards; lists have the newest first.

    ``awards`` and ``certificates`` are those held today. ``text`` says it all in Markdown.
    """

    member_id: str
    name: str
    post_nominals: tuple[str, ...]
    as_of: date
    standards: str
    edition: str
    domains: tuple[DomainRecord, ...]
    evidence: tuple[Evidence, ...]
    awards: tuple[Award, ...]
    sessions: tuple[AttendedSession, ...]
    certificates: tuple[IssuedCertificate, ...]
    completions: tuple[CompletedProgramme, ...]
    totals: PassportTotals
    text: str

    @classmethod
    def of(
        cls,
        member: Member,
        name: str,
        post_nominals: tuple[str, ...],
        awards: tuple[Award, ...],
        record: LeadershipRecord,
        as_of: date,
        text: str,
    ) -> Self:
        return cls(
            member_id=member.id,
            name=name,
            post_nominals=post_nominals,
            as_of=as_of,
            standards=record.standards,
            edition=record.edition,
            domains=record.domains,
            evidence=record.evidence,
            awards=awards,
            sessions=record.sessions,
            certificates=record.certificates,
            completions=record.completions,
            totals=_totals(record, awards),
            text=text,
        )


def _totals(record: LeadershipRecord, awards: tuple[Award, ...]) -> PassportTotals:
    return PassportTotals(
        evidence=len(record.evidence),
        behaviours=sum(len(domain.behaviours) for domain in record.domains),
        assessed=sum(domain.assessed for domain in record.domains),
        awards=len(awards),
        sessions=len(record.sessions),
        minutes=record.minutes,
        certificates=len(record.certificates),
        completions=len(record.completions),
    )
