"""Questions and answers about members."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.facts import Entitlement, Term
from services.membership.domain.member import Member
from services.membership.domain.person import StageChange
from services.membership.domain.standing import Standing
from services.membership.domain.subscriber import Award
from services.membership.domain.terms import CareerStage, Nation, Status
from services.membership.schemas.registrations import RegistrationView, ReviewView
from shared.events import integer, items, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class GetMember:
    """Ask for one member."""

    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindMembers:
    """Ask for members that fit every filter; an unknown filter is refused."""

    filters: dict[str, str] = items(
        12,
        default={},
        description="name (its beginning, family or given name first, without regard to accents),"
        " email, registration_number, regulator, status, profession, nation, career_stage, grade,"
        " due_from and due_to (days on which cover ends)",
    )
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class MemberView:
    """All that staff, or the member, may see of one member, as of today.

    ``regulator`` and ``registration_number`` are those they applied with. ``balance_pence`` is what
    was paid less what was charged. ``version`` guards changes against those of others.
    ``merged_ids`` are the records that this one stands for.
    """

    member_id: str
    version: int
    given_name: str
    family_name: str
    email: str
    date_of_birth: date | None
    profession: str
    nation: Nation
    career_stage: CareerStage
    regulator: str | None
    registration_number: str | None
    status: Status
    status_reason: str
    covered_to: date | None
    declaration_review: bool
    pilot: bool
    received_on: date
    admitted_on: date | None
    grade: str | None
    grade_policy: str | None
    post_nominals: tuple[str, ...]
    balance_pence: int
    merged_into: str | None
    merged_ids: tuple[str, ...]
    registrations: tuple[RegistrationView, ...]
    reviews: tuple[ReviewView, ...]
    career: tuple[StageChange, ...]
    terms: tuple[Term, ...]
    entitlements: tuple[Entitlement, ...]
    awards: tuple[Award, ...]

    @classmethod
    def of(cls, member: Member, now: Standing, post_nominals: tuple[str, ...]) -> Self:
        first = member.registrations[0] if member.registrations else None
        return cls(
            member_id=member.id,
            version=member.version,
            given_name=member.given_name,
            family_name=member.family_name,
            email=member.email,
            date_of_birth=member.date_of_birth,
            profession=member.profession,
            nation=member.nation,
            career_stage=member.career_stage,
            regulator=first.regulator if first else None,
            registration_number=first.number if first else None,
            status=now.status,
            status_reason=now.reason,
            covered_to=now.covered_to,
            declaration_review=member.under_review,
            pilot=member.pilot is not None,
            received_on=member.received_on,
            admitted_on=member.admitted_on,
            grade=member.grade,
            grade_policy=member.grade_policy,
            post_nominals=post_nominals,
            balance_pence=member.balance_pence,
            merged_into=member.merged_into,
            merged_ids=tuple(taking.member_id for taking in member.takings),
            registrations=tuple(map(RegistrationView.of, member.registrations)),
            reviews=tuple(ReviewView.of(member.id, review) for review in member.reviews),
            career=member.stages,
            terms=member.terms,
            entitlements=member.entitled,
            awards=member.awards,
        )


@dataclass(frozen=True)
class MemberPage:
    """Some members; ``next_cursor`` asks for those after them and is empty at the end."""

    items: tuple[MemberView, ...]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class GetHistory:
    """Ask for every change to what is kept of a member, newest first."""

    member_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)
