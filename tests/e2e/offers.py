"""Offers in every state, each to a member of its own.

matched(world)                      # a cohort whose one applicant is ranked and matched
released(world)                     # the same, with an offer that is open
invitations(world, ids, places=20)  # the invitations of members to a course
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from clients.faculty import Call
from tests.e2e import reviews
from tests.e2e.world import World, invent

Arguments = dict[str, Any]

REASON = {"reason": "Invented."}
POST = "post"
PLANNER, APPROVER, RELEASER = "planner@local", "approver@local", "releaser@local"


def staff(world: World, method: str, by: str = PLANNER, /, **arguments: Any) -> Any:
    """A call by one of the staff."""
    token = world.stack.token("staff", by, ttl_seconds=3600)
    return world.call(f"programmes.{method}", token=token, **arguments)


def members(world: World, number: int) -> list[str]:
    """New members, admitted some at a time."""
    ids: list[str] = []
    while len(ids) < number:
        ids += world.admit([invent() for _ in range(min(50, number - len(ids)))])
    return ids


def applied(world: World, cohort_id: str, member_ids: Sequence[str]) -> list[str]:
    """The applications of members to a cohort."""
    made = world.calls([world.application(cohort_id, member_id) for member_id in member_ids])
    return [str(each["application_id"]) for each in made]


def matched(world: World, *, applicants: int = 1, places: int = 1) -> Arguments:
    """A cohort of a scheme whose applicants are reviewed, ranked and matched with its post."""
    posts = [{"id": POST, "title": "Invented post", "capacity": places}]
    cohort_id = world.open_cohort(rubric={**reviews.RUBRIC, "reviews": 1}, posts=posts)
    member_ids = members(world, applicants)
    ids = applied(world, cohort_id, member_ids)
    only = {"cohort_id": cohort_id}
    _review(world, cohort_id, applicants)
    staff(world, "shortlist", **only, application_ids=ids)
    weights = [{"name": "review", "weight": 1}]
    staff(world, "rank_final", **only, weights=weights, reject_rest=False)
    closes_at = world.now() + timedelta(minutes=2)
    staff(world, "open_preferences", **only, closes_at=closes_at)
    world.calls(
        [
            Call(
                "programmes.submit_preferences",
                {"application_id": id, "member_id": member_id, "tiers": [[POST]]},
                token=world.member(member_id),
            )
            for id, member_id in zip(ids, member_ids, strict=True)
        ]
    )
    world.pass_time(121)
    match = staff(world, "run_match", **only, method="serial")
    own = {"member_ids": member_ids, "application_ids": ids}
    return {**only, "match_id": match["match_id"], **own}


def _review(world: World, cohort_id: str, applicants: int) -> None:
    only = {"cohort_id": cohort_id}
    reviewer_id = f"reviewer-{cohort_id}"
    staff(world, "add_reviewer", reviewer_id=reviewer_id, capacity=applicants)
    staff(world, "appoint_reviewers", **only, reviewer_ids=[reviewer_id])
    staff(world, "allocate_reviews", **only)
    token = world.stack.token("reviewer", reviewer_id, ttl_seconds=3600)
    found: list[str] = []
    cursor = None
    while True:
        page = staff(world, "find_reviews", **only, cursor=cursor, limit=200)
        found += [each["review_id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    scored = [{"review_id": id, **reviews.as_read()} for id in found]
    world.calls([Call("programmes.score_review", each, token=token) for each in scored])
    staff(world, "close_scoring", **only)
    staff(world, "rank_reviews", **only)


def prepared(world: World, **numbers: int) -> Arguments:
    """A round that is planned."""
    made = matched(world, **numbers)
    only = {name: made[name] for name in ("cohort_id", "match_id")}
    return {**made, **only, "round_id": staff(world, "prepare_round", **only)["round_id"]}


def approved(world: World, **numbers: int) -> Arguments:
    """A round that one person has approved."""
    made = prepared(world, **numbers)
    staff(world, "approve_round", APPROVER, round_id=made["round_id"])
    return made


def released(world: World, **numbers: int) -> Arguments:
    """A round whose offers are made, and the first of them."""
    made = approved(world, **numbers)
    staff(world, "release_round", RELEASER, round_id=made["round_id"], **REASON)
    page = staff(world, "find_offers", cohort_id=made["cohort_id"])
    return {**made, "offer": page["items"][0]}


def recalled(world: World) -> Arguments:
    """A round that one person wants taken back."""
    made = released(world)
    staff(world, "request_reversal", RELEASER, round_id=made["round_id"], **REASON)
    return made


def invitations(world: World, member_ids: Sequence[str], *, places: int) -> list[Arguments]:
    """The invitations of members to a course with so many places."""
    posts = [{"id": POST, "title": "Invented course", "capacity": places}]
    cohort_id = world.open_cohort(world.programme(kind="course"), posts=posts)
    applied(world, cohort_id, member_ids)
    staff(world, "invite_applicants", cohort_id=cohort_id)
    return offers_of(world, cohort_id)


def offers_of(world: World, cohort_id: str) -> list[Arguments]:
    """Every offer of a cohort."""
    found: list[Arguments] = []
    cursor = None
    while True:
        page = staff(world, "find_offers", cohort_id=cohort_id, cursor=cursor, limit=200)
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def invitable(world: World) -> Arguments:
    """A cohort of a course with somebody who waits."""
    cohort_id = world.open_cohort(world.programme(kind="course"))
    applied(world, cohort_id, members(world, 1))
    return {"cohort_id": cohort_id}


def of_round(made: Arguments, **more: Any) -> Arguments:
    return {"round_id": made["round_id"], **more}


def of_offer(made: Arguments, **more: Any) -> Arguments:
    return {**{name: made["offer"][name] for name in ("offer_id", "member_id")}, **more}


def plannable(world: World) -> Arguments:
    made = matched(world)
    return {name: made[name] for name in ("cohort_id", "match_id")}


CALLS: dict[str, Callable[[World], Arguments]] = {
    "prepare_round": plannable,
    "discard_round": lambda world: of_round(prepared(world), **REASON),
    "approve_round": lambda world: of_round(prepared(world)),
    "check_release": lambda world: of_round(prepared(world)),
    "get_round": lambda world: of_round(prepared(world)),
    "find_rounds": lambda world: {"cohort_id": prepared(world)["cohort_id"]},
    "release_round": lambda world: of_round(approved(world), **REASON),
    "request_reversal": lambda world: of_round(released(world), **REASON),
    "reverse_round": lambda world: of_round(recalled(world), **REASON),
    "accept_offer": lambda world: of_offer(released(world), upgrades=True),
    "hold_offer": lambda world: of_offer(
        released(world), until=(datetime.now(UTC) + timedelta(hours=40)).isoformat()
    ),
    "decline_offer": lambda world: of_offer(released(world), **REASON),
    "get_offer": lambda world: of_offer(released(world)),
    "find_offers": lambda world: {"cohort_id": prepared(world)["cohort_id"], "state": "open"},
    "invite_applicants": invitable,
    "change_post_capacity": lambda world: {
        **invitable(world),
        "post_id": POST,
        "capacity": 7,
        **REASON,
    },
}
