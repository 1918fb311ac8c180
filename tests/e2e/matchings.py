"""Preferences and matches, each of a cohort of its own.

opened(world)             # a short list whose applicant may say what they want
CALLS["run_match"](world) # arguments of ``programmes.run_match``
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e import offers, selection
from tests.e2e.world import World

Arguments = dict[str, Any]

WISH = {"tiers": [[offers.POST]]}


def closes_at() -> Arguments:
    return {"closes_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}


def opened(world: World) -> Arguments:
    """An applicant on the short list of a cohort that takes preferences."""
    made = selection.shortlisted(world)
    offers.staff(world, "open_preferences", cohort_id=made["cohort_id"], **closes_at())
    return {name: made[name] for name in ("cohort_id", "application_id", "member_id")}


def own(made: Arguments) -> Arguments:
    return {name: made[name] for name in ("application_id", "member_id")}


def preferring(world: World) -> Arguments:
    """The same, with preferences that were handed in."""
    mine = own(opened(world))
    offers.staff(world, "submit_preferences", **mine, **WISH)
    return mine


def host(made: Arguments) -> Arguments:
    return {"cohort_id": made["cohort_id"], "post_id": offers.POST}


def host_ranking(made: Arguments) -> Arguments:
    """What the host of the post says."""
    return {**host(made), "tiers": [[made["application_id"]]]}


def ranked_by_host(world: World) -> Arguments:
    """A post whose host has ranked an applicant."""
    made = opened(world)
    offers.staff(world, "rank_applicants", **host_ranking(made))
    return host(made)


def of_match(world: World) -> Arguments:
    return {"match_id": offers.matched(world)["match_id"]}


def of_cohort(made: Arguments) -> Arguments:
    return {"cohort_id": made["cohort_id"]}


def result(world: World) -> Arguments:
    """An applicant whose round was released."""
    made = offers.released(world)
    return {"application_id": made["application_ids"][0], "member_id": made["member_ids"][0]}


def invented(_: World) -> Arguments:
    """Two applicants for one place."""
    return {
        "applicants": [{"id": id, "preferences": [["city"]]} for id in ("one", "another")],
        "posts": [{"id": "city", "capacity": 1, "priorities": [["another"], ["one"]]}],
        "method": "deferred_acceptance",
    }


CALLS: dict[str, Callable[[World], Arguments]] = {
    "open_preferences": lambda world: {
        **of_cohort(selection.shortlisted(world)),
        **closes_at(),
    },
    "submit_preferences": lambda world: {**own(opened(world)), **WISH},
    "get_preferences": preferring,
    "rank_applicants": lambda world: host_ranking(opened(world)),
    "get_host_ranking": ranked_by_host,
    "run_match": lambda world: {**of_cohort(offers.matched(world)), "method": "serial"},
    "preview_match": invented,
    "get_match": of_match,
    "find_matches": lambda world: of_cohort(offers.matched(world)),
    "find_assignments": of_match,
    "get_match_result": result,
    "replay_match": lambda world: {**of_match(world), "method": "deferred_acceptance"},
}
