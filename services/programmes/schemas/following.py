"""What membership told of a member."""

from dataclasses import dataclass
from typing import Self

from services.programmes.domain.standing import Lack, Standing
from shared.events import text


@dataclass(frozen=True, kw_only=True)
class GetMemberStanding:
    """Ask what is known here of a member's standing."""

    member_id: str = text(64)


@dataclass(frozen=True)
class StandingView:
    """A member as programmes knows one; ``reason`` says why one is not current.

    Of a member who was merged it is the standing of the one in ``merged_into``.
    """

    member_id: str
    merged_into: str | None
    current: bool
    reason: Lack | None
    profession: str | None
    nation: str | None
    career_stage: str | None
    grade: str | None
    registrations: dict[str, str]
    suspended: bool

    @classmethod
    def of(cls, member_id: str, standing: Standing) -> Self:
        return cls(
            member_id=member_id,
            merged_into=None if standing.member_id == member_id else standing.member_id,
            current=standing.current,
            reason=standing.lack,
            profession=standing.profession,
            nation=standing.nation,
            career_stage=standing.career_stage,
            grade=standing.grade,
            registrations=dict(standing.registrations),
            suspended=standing.suspended,
        )
