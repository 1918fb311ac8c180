"""Cohorts on their way through selection, each with one application of a member of its own.

shortlisted(world)                 # an application on the short list, ranked by review
booked(world)                      # the same with an interview that is to come
CALLS["import_scores"](world)      # arguments of ``programmes.import_scores``
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.errors import Refused
from tests.e2e import reviews
from tests.e2e.offers import RELEASER
from tests.e2e.offers import staff as as_somebody
from tests.e2e.reviews import REASON, staff
from tests.e2e.world import World, invent

Arguments = dict[str, Any]

LONG_REASON = {"reason": "Invented, and long enough to be read by somebody."}
COLUMN = {"kind": "score", "lowest": 0, "highest": 100, "higher_is_better": True}
WEIGHTS = [{"name": "review", "weight": 1}]


def shortlisted(world: World) -> Arguments:
    """An application on the short list."""
    made = reviews.scored(world)
    only = reviews.of_cohort(made)
    staff(world, "close_scoring", **only)
    staff(world, "rank_reviews", **only)
    staff(world, "shortlist", **only, application_ids=[made["application_id"]])
    return made


def reserved(world: World) -> Arguments:
    """A cohort with one reserve and nobody else who is left of its short list."""
    cohort_id = world.open_cohort(rubric={**reviews.RUBRIC, "reviews": 1})
    members = world.admit([invent(), invent()])
    ids = [
        made["application_id"]
        for made in world.calls([world.application(cohort_id, member) for member in members])
    ]
    only, reviewer_id = {"cohort_id": cohort_id}, reviews.reviewer(world)
    staff(world, "appoint_reviewers", **only, reviewer_ids=[reviewer_id])
    staff(world, "allocate_reviews", **only)
    for each in staff(world, "find_reviews", **only)["items"]:
        world.call(
            "programmes.score_review",
            token=world.stack.token("reviewer", reviewer_id),
            review_id=each["review_id"],
            **reviews.as_read(),
        )
    staff(world, "close_scoring", **only)
    staff(world, "rank_reviews", **only)
    best = staff(world, "shortlist", **only, take=1, reserves=1)["shortlisted"]
    staff(world, "reject_applications", **only, application_ids=best, **REASON)
    assert set(best) < set(ids)
    return only


def slot(world: World, starts_at: datetime, *panel: str) -> Arguments:
    """A slot with a panel of its own unless said otherwise."""
    members = list(panel) or [reviews.reviewer(world)]
    return {
        "starts_at": starts_at.isoformat(),
        "minutes": 5,
        "mode": "online",
        "place": "Invented room",
        "panel": members,
    }


def offered(world: World, ahead: timedelta = timedelta(days=30), *panel: str) -> Arguments:
    """An application on the short list, and a slot that is free."""
    made = shortlisted(world)
    new = slot(world, world.now() + ahead, *panel)
    added = staff(world, "add_slots", cohort_id=made["cohort_id"], slots=[new])
    return {**made, **new, "slot_id": added["slot_ids"][0]}


def booked(world: World, ahead: timedelta = timedelta(days=30), *panel: str) -> Arguments:
    """The same, booked."""
    made = offered(world, ahead, *panel)
    wanted = {name: made[name] for name in ("slot_id", "application_id")}
    staff(world, "book_slot", **wanted)
    return made


def begun(world: World, *panel: str) -> Arguments:
    """An interview that has begun."""
    made = booked(world, timedelta(minutes=1), *panel)
    world.pass_time(61)
    return made


def asked(world: World) -> Arguments:
    """An applicant who asked for an adjustment."""
    own = own_of(shortlisted(world))
    staff(world, "request_adjustments", **own, text="Invented need.")
    return own


def sheet(made: Arguments, value: str = "61", **column: Any) -> Arguments:
    """A sheet with a mark of the application."""
    return {
        "name": "judgement",
        "marked_by": "Invented Assessments",
        "instrument": "Invented test",
        "column": {**COLUMN, **column},
        "rows": [{"application_id": made["application_id"], "value": value}],
    }


def imported(world: World) -> Arguments:
    """A sheet that is taken in."""
    made = shortlisted(world)
    only = reviews.of_cohort(made)
    kept = as_somebody(world, "import_scores", RELEASER, **only, sheet=sheet(made))
    return {**only, "sheet_id": kept["sheet_id"]}


def pair(world: World) -> Arguments:
    """A cohort with two applications."""
    cohort_id = world.open_cohort(rubric=reviews.RUBRIC)
    members = world.admit([invent(), invent()])
    made = world.calls([world.application(cohort_id, member) for member in members])
    return {"cohort_id": cohort_id, "ids": [each["application_id"] for each in made]}


def refused(world: World) -> Arguments:
    """A sheet of ranks that was said to hold scores, by somebody else."""
    made = pair(world)
    rows = [{"application_id": id, "value": str(n)} for n, id in enumerate(made["ids"], 1)]
    marks = {**sheet({"application_id": ""}), "rows": rows}
    try:
        as_somebody(world, "import_scores", RELEASER, cohort_id=made["cohort_id"], sheet=marks)
    except Refused as refusal:
        return {"sheet_id": refusal.details["sheet_id"], **LONG_REASON}
    raise AssertionError("ranks were taken for scores")


def held(world: World) -> Arguments:
    """A sheet whose marks are all equal, imported by somebody else."""
    made = pair(world)
    rows = [{"application_id": id, "value": "50"} for id in made["ids"]]
    marks = {**sheet({"application_id": ""}), "rows": rows}
    only = {"cohort_id": made["cohort_id"]}
    kept = as_somebody(world, "import_scores", RELEASER, **only, sheet=marks)
    return {"sheet_id": kept["sheet_id"], **LONG_REASON}


def rankable(world: World) -> Arguments:
    """A cohort that can be ranked."""
    return {**reviews.of_cohort(shortlisted(world)), "weights": WEIGHTS, "reject_rest": True}


def ranked(world: World) -> Arguments:
    """A cohort that is ranked."""
    made = rankable(world)
    staff(world, "rank_final", **made)
    return reviews.of_cohort(made)


def own_of(made: Arguments) -> Arguments:
    return {name: made[name] for name in ("application_id", "member_id")}


def importable(world: World) -> Arguments:
    made = shortlisted(world)
    return {**reviews.of_cohort(made), "sheet": sheet(made)}


def agreement(world: World) -> Arguments:
    """What a panel agrees on that has scored."""
    made = begun(world, reviews.REVIEWER)
    token = world.stack.token("reviewer")
    given = {"slot_id": made["slot_id"], **reviews.scores()}
    world.call("programmes.score_interview", token=token, **given)
    agreed = {"agreed_by": [reviews.REVIEWER], **reviews.scores(4), **REASON}
    return {"application_id": made["application_id"], **agreed}


def only_sheet(made: Arguments) -> Arguments:
    return {"sheet_id": made["sheet_id"]}


CALLS: dict[str, Callable[[World], Arguments]] = {
    "longlist": lambda world: reviews.of_cohort(reviews.cohort(world)),
    "reject_applications": lambda world: {
        **reviews.of_cohort(made := reviews.cohort(world)),
        "application_ids": [made["application_id"]],
        **REASON,
    },
    "promote_reserve": reserved,
    "get_shortlist": lambda world: reviews.of_cohort(reviews.cohort(world)),
    "add_slots": lambda world: {
        **reviews.of_cohort(reviews.cohort(world)),
        "slots": [slot(world, datetime.now(UTC) + timedelta(days=20))],
    },
    "withdraw_slot": lambda world: {"slot_id": offered(world)["slot_id"], **REASON},
    "book_slot": lambda world: {
        name: value
        for name, value in offered(world).items()
        if name in ("slot_id", "application_id", "member_id")
    },
    "cancel_interview": lambda world: own_of(booked(world)),
    "find_slots": lambda world: reviews.of_cohort(offered(world)),
    "find_panel_slots": lambda world: reviews.of_cohort(reviews.cohort(world)),
    "request_adjustments": lambda world: {**own_of(shortlisted(world)), "text": "Invented need."},
    "agree_adjustments": lambda world: {
        "application_id": asked(world)["application_id"],
        "arrangements": "Invented break.",
    },
    "get_adjustments": asked,
    "score_interview": lambda world: {
        "slot_id": begun(world, reviews.REVIEWER)["slot_id"],
        **reviews.scores(),
    },
    "agree_interview_scores": agreement,
    "record_panel_absence": lambda world: {
        "application_id": (made := begun(world))["application_id"],
        "reviewer_id": made["panel"][0],
        **REASON,
    },
    "record_no_show": lambda world: {
        "application_id": begun(world)["application_id"],
        **REASON,
    },
    "get_interview": lambda world: {"application_id": booked(world)["application_id"]},
    "import_scores": importable,
    "confirm_scores": held,
    "override_refusal": refused,
    "discard_scores": lambda world: {**only_sheet(imported(world)), **REASON},
    "get_sheet": lambda world: only_sheet(imported(world)),
    "find_sheets": lambda world: reviews.of_cohort(imported(world)),
    "rank_final": rankable,
    "verify_ranking": lambda world: {**ranked(world), "stage": "final"},
}
