"""Applications to become a member."""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.terms import CareerStage, Nation
from shared.events import email, items, text


@dataclass(frozen=True, kw_only=True)
class Apply:
    """Apply for membership; a dry run checks everything, duplicates too, and keeps nothing."""

    given_name: str = text(100)
    family_name: str = text(100)
    email: str = email()
    date_of_birth: date
    profession: str = text(60, description="A code of the policy on professions.")
    nation: Nation
    career_stage: CareerStage
    regulator: str | None = text(
        20, default=None, description="The regulator's code, e.g. GMC; not needed in every grade."
    )
    registration_number: str | None = text(30, default=None)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class Admit:
    """Admit a verified applicant; without ``grade`` to the one that the policy gives."""

    member_id: str = text(64)
    grade: str | None = text(40, default=None)
    reductions: tuple[str, ...] = items(10, default=())


@dataclass(frozen=True, kw_only=True)
class Decline:
    """Turn an application down, with the reason."""

    member_id: str = text(64)
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class ReopenApplication:
    """Take up an application again that was declined or withdrawn, with the reason."""

    member_id: str = text(64)
    reason: str = text(500)
