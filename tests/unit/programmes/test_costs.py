"""What calls ask of the store: for one person no more with many applicants than with few.

Operations and documents must be the same whatever the number of applicants, and documents must not
grow with it either: one that holds a line for every applicant would.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.costs import Cost
from tests.unit.programmes.builders import ANSWERS
from tests.unit.programmes.contest import AT, Contest
from tests.unit.programmes.offers import Scene, ranked
from tests.unit.programmes.panels import Panelled
from tests.unit.programmes.world import World

FEW, MANY = 8, 32
# What is as many characters longer is not so because of others: numbers have more digits.
SLACK = 1.05
Call = Callable[[], object]


def cost_of(world: World, call: Call) -> Cost:
    with world.database.counted() as cost:
        call()
    return cost


def require_same(prepare: Callable[[int], tuple[World, Call]]) -> None:
    few, many = (cost_of(*prepare(number)) for number in (FEW, MANY))
    assert (many.operations, many.documents) == (few.operations, few.documents)
    assert many.size <= few.size * SLACK


# Reviewers


def review_call(method: str, **arguments: Any) -> Callable[[int], tuple[World, Call]]:
    """A call about one review where so many applications are reviewed by six people."""

    def prepare(number: int) -> tuple[World, Call]:
        world = Panelled.of(number, 6, capacity=1_000)
        world.allocate()
        review = world.live()[0]
        asked = {"by": review.reviewer_id, "review_id": review.id, **arguments}
        return world, lambda: world.call(method, **asked)

    return prepare


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get_review", {}),
        ("score_review", {"edition": 1, "scores": {"leadership": 3, "motivation": 3}}),
        ("abstain", {"reason": "No time."}),
        ("declare_conflict", {"reason": "A colleague."}),
    ],
)
def test_a_review_costs_the_same_however_many_there_are(
    method: str, arguments: dict[str, Any]
) -> None:
    """Also one that is given on to somebody else."""
    require_same(review_call(method, **arguments))


def test_reviews_of_a_reviewer_are_read_together() -> None:
    """More of them on a page take no more operations."""

    def find(number: int) -> Cost:
        world = Panelled.of(number, 2, capacity=1_000)
        world.allocate()
        return cost_of(world, lambda: world.call("find_my_reviews", by="reviewer-0", limit=200))

    few, many = find(FEW), find(MANY)
    assert many.operations == few.operations
    more = 3 * (MANY - FEW)  # the review, its application, and the standing of the applicant
    assert many.documents - few.documents == more


def slots(number: int) -> Contest:
    """So many applicants, each with an hour of their own; half of them have booked."""
    world = Contest.at_interviews([3] * number)
    ids = world.add(*(world.slot(hour) for hour in range(number)))
    for slot_id, application_id in zip(ids, world.applications[: number // 2], strict=False):
        world.book(slot_id, application_id)
    return world


@pytest.mark.parametrize("method", ["find_slots", "find_panel_slots"])
def test_slots_are_read_together(method: str) -> None:
    """More of them on a page take no more operations, whoever asks."""

    def find(number: int) -> Cost:
        world = slots(number)
        own: dict[str, Any] = {"by": "reviewer-0"}
        if method == "find_slots":
            own = {"member_id": world.member_of(world.applications[-1])}
        asked = {"cohort_id": world.cohort_id, "limit": 200, **own}
        return cost_of(world, lambda: world.call(method, **asked))

    few, many = find(FEW), find(MANY)
    assert many.operations == few.operations
    # The slot; of those that are booked the application, or the standing of who booked.
    assert many.documents - few.documents == (MANY - FEW) * 3 // 2


def score(number: int) -> tuple[World, Call]:
    world = slots(number)
    slot_id = world.holds(world.applications[0]) or ""
    world.clock.now = AT + timedelta(hours=1)
    return world, lambda: world.mark(slot_id)


# Applicants


def book(number: int) -> tuple[World, Call]:
    world = slots(number)
    free = world.add(world.slot(1_000))[0]
    return world, lambda: world.book(free, world.applications[-1])


def cancel(number: int) -> tuple[World, Call]:
    world = slots(number)
    own = {
        "application_id": world.applications[0],
        "member_id": world.member_of(world.applications[0]),
    }
    return world, lambda: world.call("cancel_interview", **own)


@pytest.mark.parametrize("prepare", [book, cancel, score])
def test_an_interview_costs_the_same_however_many_there_are(
    prepare: Callable[[int], tuple[World, Call]],
) -> None:
    """It is booked, given up and scored."""
    require_same(prepare)


def scene_of(number: int) -> Scene:
    """So many applicants for three places, of which the first round has been released."""
    here = ranked(World(), {"city": 3}, [["city"]] * number)
    here.release()
    return here


def own_call(method: str, *, offer: bool, **arguments: Any) -> Callable[[int], tuple[World, Call]]:
    """A call of the best applicant about their own offer or application."""

    def prepare(number: int) -> tuple[World, Call]:
        here = scene_of(number)
        about = {"offer_id": here.offer(0).offer_id} if offer else {"application_id": here.ids[0]}
        asked = {**about, "member_id": here.members[0], **arguments}
        return here.world, lambda: here.world.call(method, **asked)

    return prepare


@pytest.mark.parametrize(
    ("method", "offer"),
    [
        ("get_application", False),
        ("get_preferences", False),
        ("get_match_result", False),
        ("withdraw_application", False),
        ("get_offer", True),
        ("accept_offer", True),
        ("decline_offer", True),
    ],
)
def test_what_is_one_s_own_costs_the_same_however_many_apply(method: str, offer: bool) -> None:
    """The application, the preferences, the result of the match, the offer and its answers."""
    require_same(own_call(method, offer=offer))


def own_list(method: str) -> Callable[[int], tuple[World, Call]]:
    def prepare(number: int) -> tuple[World, Call]:
        here = scene_of(number)
        member_id = here.members[0]
        return here.world, lambda: here.world.call(method, member_id=member_id)

    return prepare


@pytest.mark.parametrize("method", ["find_offers", "find_applications", "find_placements"])
def test_one_s_own_lists_cost_the_same_however_many_apply(method: str) -> None:
    """They hold nothing of others."""
    require_same(own_list(method))


def applying(number: int) -> tuple[World, Call]:
    world = World()
    cohort_id = world.cohort()
    for _ in range(number):
        world.submitted(cohort_id)
    member_id = world.member()

    def apply() -> None:
        started = world.call("start_application", cohort_id=cohort_id, member_id=member_id)
        own = {"application_id": started.application_id, "member_id": member_id}
        world.call("save_draft", **own, answers=ANSWERS, version=started.version)
        world.call("submit_application", cohort_id=cohort_id, member_id=member_id, answers=ANSWERS)

    return world, apply


def test_applying_costs_the_same_however_many_have_applied() -> None:
    """From the first draft until it is handed in."""
    require_same(applying)


# Staff, over everybody


def match_again(number: int) -> tuple[World, Call]:
    here = scene_of(number)
    return here.world, lambda: here.world.call(
        "run_match", cohort_id=here.cohort_id, method="serial"
    )


def check(number: int) -> tuple[World, Call]:
    here = ranked(World(), {"city": number}, [["city"]] * number)
    round_id = here.approved()
    return here.world, lambda: here.world.call("check_release", round_id=round_id)


def prepare_round(number: int) -> tuple[World, Call]:
    here = ranked(World(), {"city": 3}, [["city"]] * number)
    return here.world, here.prepare


def longlist(number: int) -> tuple[World, Call]:
    world = World()
    cohort_id = world.cohort()
    for _ in range(number):
        world.submitted(cohort_id)
    return world, lambda: world.call("longlist", cohort_id=cohort_id, dry_run=True)


def panelled(method: str, **arguments: Any) -> Callable[[int], tuple[World, Call]]:
    def prepare(number: int) -> tuple[World, Call]:
        world = Contest.reviewed([3] * number)
        if method == "allocate_reviews":
            world.call("reopen_scoring", cohort_id=world.cohort_id, reason="A mistake.")
        asked = {"cohort_id": world.cohort_id, **arguments}
        return world, lambda: world.call(method, **asked)

    return prepare


@pytest.mark.parametrize(
    "prepare",
    [
        match_again,
        check,
        prepare_round,
        longlist,
        panelled("allocate_reviews", dry_run=True),
        panelled("rank_reviews", dry_run=True),
        panelled("verify_ranking", stage="review"),
        panelled("shortlist", take=3, dry_run=True),
        panelled("get_review_report"),
        panelled("find_outliers"),
    ],
)
def test_what_goes_over_everybody_reads_them_together(
    prepare: Callable[[int], tuple[World, Call]],
) -> None:
    """A cohort that fits a page takes no more operations where it is larger."""
    few, many = (cost_of(*prepare(number)) for number in (FEW, MANY))
    assert many.operations == few.operations
