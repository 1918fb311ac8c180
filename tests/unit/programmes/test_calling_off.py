"""Cohorts that were opened by mistake, and what must not be opened at all."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from services.programmes.errors import CohortCalledOff, CohortHasApplications
from services.programmes.events import (
    ApplicationWithdrawn,
    CohortClosed,
    CohortOpened,
    CohortWithdrawn,
)
from shared.errors import FacultyError, Invalid, NotFound
from shared.testing import error_of
from tests.unit.interleaving import SwitchingDatabase, at_once, chooser
from tests.unit.programmes.builders import ANSWERS, NOW
from tests.unit.programmes.world import World, cut_at_every_write

REASON = "Invented: opened with the wrong dates."


def call_off(world: World, cohort_id: str, **more: Any) -> Any:
    return world.call("withdraw_cohort", cohort_id=cohort_id, reason=REASON, **more)


def drafted(world: World, cohort_id: str, member_id: str | None = None) -> str:
    made = world.call(
        "start_application", cohort_id=cohort_id, member_id=member_id or world.member()
    )
    return str(made.application_id)


def test_a_round_to_which_nobody_applied_is_called_off(world: World) -> None:
    """It is told once, and the trail says why; called off again, nothing happens."""
    programme_id = world.programme()
    cohort_id = world.cohort(programme_id)
    assert call_off(world, cohort_id).withdrawn_at == NOW
    world.clock.advance(hours=1)
    assert call_off(world, cohort_id).withdrawn_at == NOW
    assert world.events(CohortWithdrawn) == [CohortWithdrawn(cohort_id, programme_id, NOW)]
    assert world.trails()[f"cohorts:{cohort_id}"][-1].reason == REASON
    assert world.call("get_cohort", cohort_id=cohort_id).withdrawn_at == NOW


def test_what_was_drafted_ends_and_its_writers_are_told(world: World) -> None:
    """Also of one that is suspended; a draft for another round goes on."""
    cohort_id, other = world.cohort(), world.cohort()
    mine, theirs = drafted(world, cohort_id), drafted(world, other)
    call_off(world, cohort_id)
    assert [each.application_id for each in world.events(ApplicationWithdrawn)] == [mine]
    assert [world.application(id).status for id in (mine, theirs)] == ["withdrawn", "draft"]


def test_a_round_to_which_somebody_applied_is_not_called_off(world: World) -> None:
    """The refusal says how far they are; once each is taken out, it can be."""
    cohort_id = world.cohort()
    application_id, _ = world.submitted(cohort_id), drafted(world, cohort_id)
    error = error_of(lambda: call_off(world, cohort_id))
    assert isinstance(error, CohortHasApplications)
    assert error.details == {"cohort_id": cohort_id, "by_status": {"submitted": 1}}
    assert world.events(CohortWithdrawn) == []
    world.call("withdraw_application", application_id=application_id, reason=REASON)
    assert call_off(world, cohort_id).withdrawn_at == NOW


def test_a_round_that_does_not_take_place_takes_nothing(world: World) -> None:
    """Neither drafts nor files, nor a later end, and nobody is told that its window has closed."""
    cohort_id, member_id = world.cohort(), world.member()
    application_id = drafted(world, cohort_id, member_id)
    call_off(world, cohort_id)
    later = "2027-01-05T17:00:00Z"
    calls: dict[str, dict[str, Any]] = {
        "start_application": {"member_id": world.member()},
        "submit_application": {"member_id": world.member(), "answers": ANSWERS},
        "extend_cohort": {"closes_at": later, "reason": REASON},
        "open_preferences": {"closes_at": later},
    }
    for method, arguments in calls.items():
        error = error_of(lambda m=method, a=arguments: world.call(m, cohort_id=cohort_id, **a))  # type: ignore[misc]
        assert isinstance(error, CohortCalledOff)
        assert error.details == {"cohort_id": cohort_id, "withdrawn_at": NOW.isoformat()}
    again = error_of(
        lambda: world.call(
            "submit_application", cohort_id=cohort_id, member_id=member_id, answers=ANSWERS
        )
    )
    assert (again.code, again.details["application_id"]) == ("duplicate", application_id)
    world.pass_time(days=60)
    assert world.events(CohortClosed) == []


def test_there_is_no_other_round_to_call_off(world: World) -> None:
    """One that is not there is not found."""
    assert isinstance(error_of(lambda: call_off(world, "nowhere")), NotFound)


def test_calling_off_is_completed_wherever_it_was_cut_off() -> None:
    """Then every draft has ended, and all of it is told once."""

    def prepare() -> World:
        world = World()
        world.cohort_id = world.cohort()  # type: ignore[attr-defined]
        for _ in range(2):
            drafted(world, world.cohort_id)  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        call_off(world, world.cohort_id, message="m1")  # type: ignore[attr-defined]

    for world in cut_at_every_write(act, prepare):
        assert len(world.events(CohortWithdrawn)) == 1
        assert len(world.events(ApplicationWithdrawn)) == 2


@pytest.mark.parametrize("seed", range(40))
def test_nobody_applies_to_a_round_that_is_called_off_at_that_moment(seed: int) -> None:
    """In whatever order the store sees it: either it stands, or no application does."""
    database: Any = SwitchingDatabase()
    world = World(database=database)
    cohort_id, member_id = world.cohort(), world.member()
    other = world.another()

    def apply() -> Any:
        return other.call(
            "submit_application", cohort_id=cohort_id, member_id=member_id, answers=ANSWERS
        )

    choices = chooser(random.Random(seed).choices((0, 1), k=100))
    outcomes = at_once([lambda: call_off(world, cohort_id), apply], choices)
    refused = [each for each in outcomes if isinstance(each, FacultyError)]
    assert {type(each) for each in refused} <= {CohortCalledOff, CohortHasApplications}
    stands = world.call("get_cohort", cohort_id=cohort_id).withdrawn_at is None
    there = [each.status for each in world.pages("find_applications", cohort_id=cohort_id)]
    assert there in ([["submitted"]] if stands else [[], ["withdrawn"]])


@pytest.mark.parametrize(
    ("closes_at", "opened"),
    [(datetime(2026, 12, 3, 12, 0, 0, 1000, tzinfo=UTC), True), (NOW, False)],
)
def test_a_window_that_is_over_is_not_opened(
    world: World, closes_at: datetime, opened: bool
) -> None:
    """To the instant, at which a window is closed; the refusal says what time it is."""
    if opened:
        assert world.cohort(closes_at=closes_at)
        return
    error = error_of(lambda: world.cohort(closes_at=closes_at))
    assert isinstance(error, Invalid)
    assert error.fields == {"closes_at": [f"Must be in the future; it is {NOW.isoformat()}."]}
    assert world.events(CohortOpened) == []


def test_posts_at_a_host_are_no_more_than_it_takes(world: World) -> None:
    """All of a cohort are for the same time: together they would stay unfilled, or overfill it."""
    small, large = world.host("Small Trust", capacity=3), world.host(capacity=9)

    def posts(*capacities: int) -> list[dict[str, Any]]:
        at_small = [
            world.post(f"s{n}", capacity=each, host_id=small) for n, each in enumerate(capacities)
        ]
        return [world.post("large", capacity=9, host_id=large), *at_small, world.post("none")]

    assert world.cohort(posts=posts(1, 2))
    for wrong in ((4,), (2, 2)):
        error = error_of(lambda wrong=wrong: world.cohort(posts=posts(*wrong)))
        assert isinstance(error, Invalid)
        reason = "Small Trust takes 3 at a time; the cohort's posts there would be for 4."
        assert error.fields == {f"posts.{n}.capacity": [reason] for n in range(1, len(wrong) + 1)}


def test_a_post_does_not_outgrow_its_host(world: World) -> None:
    """Nor is it given places that could not be filled; one at no host may grow."""
    host_id = world.host("Small Trust", capacity=3)
    posts = [world.post("at_host", capacity=2, host_id=host_id), world.post("free")]
    cohort_id = world.cohort(posts=posts)

    def resize(post_id: str, capacity: int) -> Any:
        return world.call(
            "change_post_capacity",
            cohort_id=cohort_id,
            post_id=post_id,
            capacity=capacity,
            reason=REASON,
        )

    error = error_of(lambda: resize("at_host", 4))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["capacity"]
    assert resize("at_host", 3).capacity == 3
    assert resize("free", 40).capacity == 40
