"""Questions and answers about records that look like one person's."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.matching import Match
from services.membership.domain.policies.matching import SCORE_LIMIT, MatchReason
from shared.events import integer, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class FindDuplicates:
    """Ask who could be the same person: as one member, or of all members, so many at a time.

    Without ``minimum_score`` it is the policy's threshold.
    """

    member_id: str | None = text(64, default=None)
    minimum_score: int | None = integer(1, SCORE_LIMIT, default=None)
    cursor: str | None = text(2_000, default=None)
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class ReasonView:
    """Something that two records agree in, and what that weighs."""

    reason: MatchReason
    points: int


@dataclass(frozen=True)
class DuplicateView:
    """Two records that may be one person's, ``other_id`` the earlier one."""

    member_id: str
    other_id: str
    score: int
    reasons: tuple[ReasonView, ...]

    @classmethod
    def of(cls, match: Match) -> Self:
        return cls(
            member_id=match.member_id,
            other_id=match.other_id,
            score=match.score,
            reasons=tuple(ReasonView(found.reason, found.points) for found in match.reasons),
        )


@dataclass(frozen=True)
class DuplicatePage:
    """Some pairs, the likeliest first, by which version of the policy; more under ``next_cursor``.

    ``crowded`` are members who share a birth date, a name or an address with so many that only the
    earliest of those were looked at.
    """

    items: tuple[DuplicateView, ...]
    policy: str
    crowded: tuple[str, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class DismissalView:
    """Two records that are of two people, known since a day."""

    member_id: str
    other_id: str
    dismissed_on: date
