"""Why an applicant got what they got, in words that say nothing of anybody else.

A reason depends on the applicant's own list, on what they got, and on whether a post had no places,
was full, or its host did not rank them: never on who else applied, who has the post, or where they
stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.programmes.domain.matching.instance import Instance, Method, Tiers, choice_of


class Outcome(StrEnum):
    """What came of an applicant's list."""

    FIRST_CHOICE = "first_choice"
    LATER_CHOICE = "later_choice"
    NO_CHOICE_LEFT = "no_choice_left"
    NOTHING_RANKED = "nothing_ranked"
    TOOK_NO_PART = "took_no_part"


class Obstacle(StrEnum):
    """Why a post that was liked better was not given."""

    FILLED = "filled_by_applicants_who_came_before"
    NO_PLACES = "no_places"
    NOT_RANKED_BY_HOST = "not_ranked_by_host"


@dataclass(frozen=True)
class Missed:
    """A post that was liked better, and why it was not given."""

    post_id: str
    choice: int
    why: Obstacle


@dataclass(frozen=True)
class Reason:
    """The outcome, and each better choice with what stood in its way; choices count from 1."""

    outcome: Outcome
    choice: int | None
    choices: int
    missed: tuple[Missed, ...]


def reason(instance: Instance, given: Mapping[str, str], method: Method, id: str) -> Reason:
    """The reason of one applicant."""
    tiers = instance.preferences.get(id, ())
    choice = choice_of(tiers, given.get(id))
    better = tiers if choice is None else tiers[: choice - 1]
    missed = tuple(
        Missed(post, place, _obstacle(instance, method, post, id))
        for place, tier in enumerate(better, start=1)
        for post in tier
    )
    return Reason(_outcome(tiers, choice), choice, len(tiers), missed)


def _outcome(tiers: Tiers, choice: int | None) -> Outcome:
    if choice is not None:
        return Outcome.FIRST_CHOICE if choice == 1 else Outcome.LATER_CHOICE
    return Outcome.NO_CHOICE_LEFT if tiers else Outcome.NOTHING_RANKED


def _obstacle(instance: Instance, method: Method, post: str, id: str) -> Obstacle:
    if not instance.capacities[post]:
        return Obstacle.NO_PLACES
    ranked = instance.priorities.get(post)
    if method == Method.SERIAL or ranked is None or any(id in tier for tier in ranked):
        return Obstacle.FILLED
    return Obstacle.NOT_RANKED_BY_HOST
