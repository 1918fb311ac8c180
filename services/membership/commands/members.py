"""What is known of a member, and changes to it."""

from dataclasses import dataclass

from services.membership.domain.terms import CareerStage
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
