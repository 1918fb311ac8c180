"""Cohorts whose applications are reviewed, each with one application of a member of its own.

given(world)                   # a review that the reviewer of these tests was given
CALLS["moderate"](world)       # arguments of ``programmes.moderate``
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from shared.errors import Duplicate, Refused
from tests.e2e.world import World, invent, wait

Arguments = dict[str, Any]

# The subject of the tokens that a stack gives for the role.
REVIEWER = "reviewer@local"
RUBRIC = {
    "criteria": [{"id": "leadership", "title": "Leadership", "weight": 1}],
    "lowest": 0,
    "highest": 5,
    "pass_mark": 2,
    "reviews": 2,
    "moderation_gap": 2,
}
REASON = {"reason": "Invented."}


def scores(points: int = 3) -> Arguments:
    return {"scores": {"leadership": points}}


def as_read(points: int = 3) -> Arguments:
    """Scores of the answers as they were handed in first."""
    return {"edition": 1, **scores(points)}


def staff(world: World, method: str, **arguments: Any) -> Any:
    return world.call(f"programmes.{method}", token=world.staff, **arguments)


def reviewer(world: World, reviewer_id: str | None = None) -> str:
    """The id of a reviewer in the pool, a new one unless said otherwise."""
    id = reviewer_id or f"reviewer-{uuid.uuid4()}"
    with suppress(Duplicate):
        staff(world, "add_reviewer", reviewer_id=id, capacity=100)
    return id


def cohort(world: World) -> Arguments:
    """A cohort with an application that waits for reviews."""
    cohort_id = world.open_cohort(rubric=RUBRIC)
    (member_id,) = world.admit([invent()])
    (made,) = world.calls([world.application(cohort_id, member_id)])
    own = {"cohort_id": cohort_id, "member_id": member_id}
    return {**own, "application_id": made["application_id"]}


def panelled(world: World) -> Arguments:
    """The same with three reviewers, one of them the reviewer of these tests."""
    made = cohort(world)
    ids = [reviewer(world, REVIEWER), reviewer(world), reviewer(world)]
    staff(world, "appoint_reviewers", cohort_id=made["cohort_id"], reviewer_ids=ids)
    return {**made, "reviewer_ids": ids}


def given(world: World) -> Arguments:
    """The same, the application given to the reviewer of these tests and another."""
    made = cohort(world)
    ids = [reviewer(world, REVIEWER), reviewer(world)]
    only = {"cohort_id": made["cohort_id"]}
    staff(world, "appoint_reviewers", **only, reviewer_ids=ids)
    staff(world, "allocate_reviews", **only)
    token = world.stack.token("reviewer")
    page = world.call("programmes.find_my_reviews", token=token, **only)
    (mine,) = page["items"]
    return {**made, "reviewer_ids": ids, "review_id": mine["review_id"]}


def readable(world: World) -> Arguments:
    """A review that can be read, as programmes knows the applicant's name."""
    made, token = given(world), world.stack.token("reviewer")

    def is_readable() -> bool:
        try:
            world.call("programmes.get_review", token=token, review_id=made["review_id"])
        except Refused:
            return False
        return True

    wait(is_readable, "a name that can be taken out")
    return {"review_id": made["review_id"]}


def scored(world: World, points: int = 3) -> Arguments:
    """An application with reviews that say so many points and three."""
    made = given(world)
    reviews = staff(world, "find_reviews", cohort_id=made["cohort_id"])["items"]
    for each in reviews:
        world.call(
            "programmes.score_review",
            token=world.stack.token("reviewer", each["reviewer_id"]),
            review_id=each["review_id"],
            **as_read(points if each["reviewer_id"] == REVIEWER else 3),
        )
    return made


def closed(world: World) -> Arguments:
    """A cohort whose scoring is closed."""
    only = {"cohort_id": scored(world)["cohort_id"]}
    staff(world, "close_scoring", **only)
    return only


def ranked(world: World) -> Arguments:
    """A cohort whose applications are ranked."""
    only = closed(world)
    staff(world, "rank_reviews", **only)
    return only


def of_cohort(made: Arguments) -> Arguments:
    return {"cohort_id": made["cohort_id"]}


def of_review(made: Arguments, **more: Any) -> Arguments:
    return {"review_id": made["review_id"], **more}


def conflict(world: World) -> Arguments:
    """A conflict that is in force."""
    pair = {"reviewer_id": reviewer(world), "member_id": cohort(world)["member_id"]}
    staff(world, "record_conflict", **pair, **REASON)
    return {**pair, **REASON}


def moderation(world: World) -> Arguments:
    """What a panel agrees on, one of whom did not score it."""
    made = scored(world, 0)
    who = [*made["reviewer_ids"], reviewer(world)]
    return {"application_id": made["application_id"], "moderators": who, **scores(4), **REASON}


CALLS: dict[str, Callable[[World], Arguments]] = {
    "add_reviewer": lambda _: {"reviewer_id": f"reviewer-{uuid.uuid4()}", "capacity": 5},
    "revise_reviewer": lambda world: {"reviewer_id": reviewer(world), "capacity": 6},
    "retire_reviewer": lambda world: {"reviewer_id": reviewer(world), **REASON},
    "find_reviewers": lambda _: {"limit": 1},
    "appoint_reviewers": lambda world: {
        **of_cohort(cohort(world)),
        "reviewer_ids": [reviewer(world)],
    },
    "get_panel": lambda world: of_cohort(panelled(world)),
    "record_conflict": lambda world: {
        "reviewer_id": reviewer(world),
        "member_id": cohort(world)["member_id"],
        **REASON,
    },
    "lift_conflict": conflict,
    "find_conflicts": lambda _: {"limit": 1},
    "allocate_reviews": lambda world: of_cohort(panelled(world)),
    "find_my_reviews": lambda _: {"limit": 1},
    "get_review": lambda world: readable(world),
    "score_review": lambda world: of_review(given(world), **as_read()),
    "abstain": lambda world: of_review(given(world), **REASON),
    "declare_conflict": lambda world: of_review(given(world), **REASON),
    "find_reviews": lambda world: of_cohort(given(world)),
    "find_outliers": lambda world: of_cohort(scored(world, 0)),
    "moderate": moderation,
    "get_review_report": lambda world: of_cohort(scored(world)),
    "close_scoring": lambda world: of_cohort(scored(world)),
    "reopen_scoring": lambda world: {**closed(world), **REASON},
    "rank_reviews": closed,
    "get_ranking": ranked,
}
