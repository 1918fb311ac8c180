"""Placements that are paused by a suspension, and those that are left early."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.programmes.errors import WrongPlacementState
from services.programmes.events import (
    PlacementEnded,
    PlacementPaused,
    PlacementResumed,
    PlacementStarted,
)
from shared.errors import Invalid
from tests.unit.programmes.fellowship import (
    ENDS,
    STARTS,
    accepted,
    days,
    fellow,
    leave,
    placed,
    scheme,
    suspend,
)
from tests.unit.programmes.world import World


@pytest.fixture
def world() -> World:
    return World()


def test_a_suspension_pauses_a_placement(world: World) -> None:
    """The days are counted, the last day stays, and repetition counts nothing twice."""
    placement = fellow(world, scheme(world))
    world.go_to(date(2028, 1, 10))
    for _ in range(2):
        suspend(world, placement, True)
    world.go_to(date(2028, 2, 1))
    for _ in range(2):
        suspend(world, placement, False)
    world.go_to(date(2028, 3, 1))
    suspend(world, placement, True)
    suspend(world, placement, False)
    found = world.call("get_placement", placement_id=placement.placement_id).placement
    assert (found.days_paused, found.ends_on, found.paused_on) == (22, ENDS, None)
    assert [each.paused_on for each in world.events(PlacementPaused)] == [
        date(2028, 1, 10),
        date(2028, 3, 1),
    ]
    assert [each.days_paused for each in world.events(PlacementResumed)] == [22, 22]


def test_who_is_suspended_does_not_start(world: World) -> None:
    """It begins on the day the suspension is over."""
    placement = placed(world, accepted(world, scheme(world)))
    suspend(world, placement, True)
    world.go_to(date(2027, 9, 15))
    world.let_the_clock("tick")
    assert world.events(PlacementStarted) == []
    suspend(world, placement, False)
    world.let_the_clock("tick")
    (told,) = world.events(PlacementStarted)
    assert told.started_on == date(2027, 9, 15)
    found = world.call("get_placement", placement_id=placement.placement_id).placement
    assert found.days_paused == 14


def test_who_leaves_early_frees_the_rest_of_the_days(world: World) -> None:
    """The event says that it was left early, and neither why nor what was noted."""
    placement = fellow(world, scheme(world, places=1))
    world.go_to(date(2028, 1, 31))
    view = leave(world, placement, "2028-01-31")
    assert (view.placement.state, view.placement.end_reason) == ("ended", "left_early")
    assert days(world, placement) == [(STARTS, date(2028, 1, 31), True)]
    (told,) = world.events(PlacementEnded)
    assert (told.reason, told.ended_on) == ("left_early", date(2028, 1, 31))
    assert world.application(placement.application_id).status == "left_early"
    assert leave(world, placement, "2028-01-31") == view
    with pytest.raises(WrongPlacementState):
        leave(world, placement, "2028-01-30")


def test_who_never_started_leaves_no_days(world: World) -> None:
    """The post can be had by somebody else for all of them."""
    cohort_id = scheme(world, places=1)
    placement = placed(world, accepted(world, cohort_id))
    leave(world, placement, "2026-12-03")
    assert days(world, placement) == []
    placed(world, accepted(world, cohort_id))
    world.go_to(STARTS)
    world.let_the_clock("tick")
    assert len(world.events(PlacementStarted)) == 1


@pytest.mark.parametrize(
    ("on", "changes", "field"),
    [
        ("2028-01-31", {"reason_code": "no_such_reason"}, "reason_code"),
        ("2028-02-01", {}, "ended_on"),
        ("2027-08-31", {}, "ended_on"),
    ],
)
def test_leaving_has_a_reason_and_a_day(world: World, on: str, changes: Any, field: str) -> None:
    """A code there is, and one of its days that is not to come."""
    placement = fellow(world, scheme(world))
    world.go_to(date(2028, 1, 31))
    with pytest.raises(Invalid) as refused:
        leave(world, placement, on, **changes)
    assert list(refused.value.fields) == [field]
    assert days(world, placement) == [(STARTS, ENDS, True)]


def test_a_paused_placement_can_be_left(world: World) -> None:
    """A suspension may be why; the days of the pause are counted until then."""
    placement = fellow(world, scheme(world))
    world.repository("applications").change(
        placement.application_id, lambda each: each.pause(world.clock())
    )
    suspend(world, placement, True)
    world.go_to(date(2027, 9, 10))
    view = leave(world, placement, "2027-09-10", reason_code="registration")
    assert (view.placement.days_paused, view.placement.paused_on) == (10, None)
