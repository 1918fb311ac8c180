"""Answers about registrations, registers and the committee's reviews."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.checks import RegistrationCheck
from services.membership.domain.facts import Review
from services.membership.domain.member import Member
from services.membership.domain.register import Comparison
from services.membership.domain.registrant import HeldRegistration
from services.membership.domain.terms import (
    Outcome,
    RefusalReason,
    RegisterStatus,
    ReviewOutcome,
    Status,
)
from shared.events import integer

PAGE_LIMIT = 200


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
        return cls(**{name: getattr(check, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class RegistrationView:
    """A registration with every look at the register, oldest first."""

    regulator: str
    registration_number: str
    added_on: date
    status: RegisterStatus | None
    checks: tuple[CheckView, ...]

    @classmethod
    def of(cls, held: HeldRegistration) -> Self:
        return cls(
            regulator=held.regulator,
            registration_number=held.number,
            added_on=held.added_on,
            status=held.status,
            checks=tuple(map(CheckView.of, held.checks)),
        )


@dataclass(frozen=True)
class Difference:
    """A member whose registration a register describes otherwise, and where that leaves them.

    ``now`` is null when the register no longer has it.
    """

    member_id: str
    registration_number: str
    was: RegisterStatus | None
    now: RegisterStatus | None
    status: Status


@dataclass(frozen=True)
class ExtractView:
    """What an extract held: ``accepted`` rows are ``new``, ``changed`` or ``unchanged``.

    ``differences`` are the members concerned; in a dry run, with the status they would have.
    """

    regulator: str
    accepted: int
    new: int
    changed: int
    unchanged: int
    differences: tuple[Difference, ...]
    dry_run: bool

    @classmethod
    def of(
        cls,
        regulator: str,
        comparison: Comparison,
        differences: tuple[Difference, ...],
        *,
        dry_run: bool,
    ) -> Self:
        return cls(
            regulator=regulator,
            accepted=comparison.accepted,
            new=comparison.new,
            changed=comparison.changed,
            unchanged=comparison.unchanged,
            differences=differences,
            dry_run=dry_run,
        )


@dataclass(frozen=True)
class ClosedView:
    """The members of whom a complete extract had nothing; ``next_cursor`` is null at the end."""

    regulator: str
    looked_at: int
    differences: tuple[Difference, ...]
    next_cursor: str | None
    dry_run: bool


@dataclass(frozen=True)
class VerificationView:
    """What the last check concluded and where the member stands now.

    Of several registrations the one that was checked first is told; all are in ``checks``.
    """

    member_id: str
    status: Status
    status_reason: str
    outcome: Outcome
    reason: RefusalReason | None
    register_status: RegisterStatus | None
    declaration_review: bool
    checked_on: date
    extract_on: date | None
    checks: tuple[CheckView, ...]

    @classmethod
    def of(cls, member: Member, checks: tuple[RegistrationCheck, ...]) -> Self:
        assert member.settled is not None
        first = checks[0]
        return cls(
            member_id=member.id,
            status=member.settled.status,
            status_reason=member.settled.reason,
            outcome=first.outcome,
            reason=first.reason,
            register_status=first.register_status,
            declaration_review=any(check.declaration_review for check in checks),
            checked_on=first.checked_on,
            extract_on=first.extract_on,
            checks=tuple(map(CheckView.of, checks)),
        )


@dataclass(frozen=True, kw_only=True)
class FindReviews:
    """Ask for the sanctions that wait for the committee, a page at a time."""

    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class ReviewView:
    """A sanction before the committee; ``source`` is ``register`` or ``declaration``."""

    member_id: str
    review_id: str
    regulator: str
    opened_on: date
    source: str
    detail: str
    outcome: ReviewOutcome | None
    decided_on: date | None
    decided_by: str
    reason: str

    @classmethod
    def of(cls, member_id: str, review: Review) -> Self:
        return cls(
            member_id=member_id,
            review_id=review.id,
            regulator=review.registration_key.partition(":")[0],
            opened_on=review.opened_on,
            source=review.source,
            detail=review.detail,
            outcome=review.outcome,
            decided_on=review.decided_on,
            decided_by=review.decided_by,
            reason=review.reason,
        )


@dataclass(frozen=True)
class ReviewPage:
    """Open reviews, those of one member together; ``next_cursor`` is null on the last page."""

    items: tuple[ReviewView, ...]
    next_cursor: str | None
