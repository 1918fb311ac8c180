"""Assessing oneself against the standards."""

from dataclasses import dataclass

from services.membership.domain.assessment import Rating
from shared.events import items, text


@dataclass(frozen=True, kw_only=True)
class SelfAssess:
    """Rate behaviours of the standards in force, all of them or some."""

    member_id: str = text(64)
    ratings: tuple[Rating, ...] = items(500, min_length=1)
