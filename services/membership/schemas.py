"""Read requests and every response. No view carries the equality pseudonym but its own."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.checks import RegistrationCheck
from services.membership.domain.member import Member
from services.membership.domain.register import Comparison
from services.membership.domain.terms import (
    CareerStage,
    Nation,
    Outcome,
    RefusalReason,
    RegisterStatus,
    Status,
)
from shared.events import integer, items, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class GetMember:
    """Ask for one member."""

    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetEqualityPseudonym:
    """Ask for the pseudonym under which one's own equality answers are kept."""

    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindMembers:
    """Ask for members by equal values; an unknown filter is refused."""

    filters: dict[str, str] = items(
        10,
        default={},
        description="email, registration_number, regulator, status, profession, nation,"
        " career_stage, grade",
    )
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class CheckView:
    """One check of a registration."""

    regulator: str
    outcome: Outcome
    reason: RefusalReason | None
    register_status: RegisterStatus | None
    declaration_review: bool
    checked_on: date
    source: str
    extract_on: date | None

    @classmethod
    def of(cls, check: RegistrationCheck) -> Self:
        return cls(
            regulator=check.regulator,
            outcome=check.outcome,
            reason=check.reason,
            register_status=check.register_status,
            declaration_review=check.declaration_review,
            checked_on=check.checked_on,
            source=check.source,
            extract_on=check.extract_on,
        )


@dataclass(frozen=True)
class ApplicationView:
    """The answer to an application; a dry run has no ``member_id``."""

    member_id: str | None
    status: Status
    status_reason: str
    received_on: date
    dry_run: bool

    @classmethod
    def of(cls, member: Member, *, dry_run: bool = False) -> Self:
        return cls(
            member_id=None if dry_run else member.id,
            status=member.standing.status,
            status_reason=member.standing.reason,
            received_on=member.received_on,
            dry_run=dry_run,
        )


@dataclass(frozen=True)
class MemberView:
    """All that staff, or the member, may see of one member."""

    member_id: str
    given_name: str
    family_name: str
    email: str
    date_of_birth: date
    profession: str
    nation: Nation
    career_stage: CareerStage
    regulator: str
    registration_number: str
    status: Status
    status_reason: str
    declaration_review: bool
    checks: tuple[CheckView, ...]
    received_on: date
    admitted_on: date | None
    grade: str | None
    grade_policy: str | None

    @classmethod
    def of(cls, member: Member) -> Self:
        last = member.last_check
        return cls(
            member_id=member.id,
            given_name=member.given_name,
            family_name=member.family_name,
            email=member.email,
            date_of_birth=member.date_of_birth,
            profession=member.profession,
            nation=member.nation,
            career_stage=member.career_stage,
            regulator=member.regulator,
            registration_number=member.registration_number,
            status=member.standing.status,
            status_reason=member.standing.reason,
            declaration_review=last is not None and last.declaration_review,
            checks=tuple(CheckView.of(check) for check in member.checks),
            received_on=member.received_on,
            admitted_on=member.admitted_on,
            grade=member.grade,
            grade_policy=member.grade_policy,
        )


@dataclass(frozen=True)
class MemberPage:
    """Some members; ``next_cursor`` asks for those after them and is empty at the end."""

    items: tuple[MemberView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class ExtractView:
    """What an extract held: ``accepted`` rows are ``new``, ``changed`` or ``unchanged``."""

    regulator: str
    accepted: int
    new: int
    changed: int
    unchanged: int
    dry_run: bool

    @classmethod
    def of(cls, regulator: str, comparison: Comparison, *, dry_run: bool) -> Self:
        return cls(
            regulator=regulator,
            accepted=comparison.accepted,
            new=comparison.new,
            changed=comparison.changed,
            unchanged=comparison.unchanged,
            dry_run=dry_run,
        )


@dataclass(frozen=True)
class VerificationView:
    """What the last check concluded and where the member stands now."""

    member_id: str
    status: Status
    status_reason: str
    outcome: Outcome
    reason: RefusalReason | None
    register_status: RegisterStatus | None
    declaration_review: bool
    checked_on: date
    extract_on: date | None

    @classmethod
    def of(cls, member: Member, check: RegistrationCheck) -> Self:
        return cls(
            member_id=member.id,
            status=member.standing.status,
            status_reason=member.standing.reason,
            outcome=check.outcome,
            reason=check.reason,
            register_status=check.register_status,
            declaration_review=check.declaration_review,
            checked_on=check.checked_on,
            extract_on=check.extract_on,
        )


@dataclass(frozen=True)
class PseudonymView:
    """A member's own pseudonym for equality monitoring."""

    pseudonym: str
