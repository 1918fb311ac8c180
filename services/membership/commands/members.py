"""What is known of a member, and changes to it."""

from dataclasses import dataclass
from datetime import date

from services.membership.domain.terms import CareerStage, Nation
from shared.events import email, integer, text

VERSION_LIMIT = 10_000_000


@dataclass(frozen=True, kw_only=True)
class ChangeContact:
    """Change names or address; what is not given stays.

    ``version`` is that of the member as read: changed by somebody else since, nothing is done.
    """

    member_id: str = text(64)
    given_name: str | None = text(100, default=None)
    family_name: str | None = text(100, default=None)
    email: str | None = email(default=None)
    version: int | None = integer(1, VERSION_LIMIT, default=None)


@dataclass(frozen=True, kw_only=True)
class ChangeCareerStage:
    """Note another career stage; the grade follows where it was the old stage's."""

    member_id: str = text(64)
    career_stage: CareerStage
    version: int | None = integer(1, VERSION_LIMIT, default=None)


@dataclass(frozen=True, kw_only=True)
class ChangeGrade:
    """Move a member to another grade, with the reason."""

    member_id: str = text(64)
    grade: str = text(40)
    reason: str = text(500)
    version: int | None = integer(1, VERSION_LIMIT, default=None)


@dataclass(frozen=True, kw_only=True)
class CorrectDetails:
    """Correct what was entered wrongly, or has changed; what is not given stays.

    The registration that somebody applied with must be one of the profession.
    """

    member_id: str = text(64)
    date_of_birth: date | None = None
    profession: str | None = text(60, default=None)
    nation: Nation | None = None
    reason: str = text(500)
    version: int | None = integer(1, VERSION_LIMIT, default=None)


@dataclass(frozen=True, kw_only=True)
class GrantHonorary:
    """Cover a member by decision of the body, with the reason; without an end for life."""

    member_id: str = text(64)
    from_on: date
    until_on: date | None = None
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class EndHonorary:
    """Let honorary cover end after a day, by default today."""

    member_id: str = text(64)
    last_day: date | None = None
    reason: str = text(500)
