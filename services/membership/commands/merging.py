"""Two records of one person made one, and taken apart again."""

from dataclasses import dataclass

from services.membership.domain.merging import Takeable
from shared.events import items, text


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Let one record stand for another one, which stays as it is, and take over some of it."""

    kept_id: str = text(64)
    merged_id: str = text(64)
    take: tuple[Takeable, ...] = items(
        len(Takeable), default=(), description="What the kept record takes from the merged one."
    )
    reason: str = text(500)


@dataclass(frozen=True, kw_only=True)
class Unmerge:
    """Let a merged record stand for itself again, with all that was taken over from it."""

    merged_id: str = text(64)
    reason: str = text(500)
