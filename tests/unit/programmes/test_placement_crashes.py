"""Placements when calls are cut off, come again, and come at once."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from services.programmes.errors import AlreadyPlaced, HostFull, PlacementsOverlap
from services.programmes.events import PlacementArranged, PlacementDeferred, PlacementEnded
from services.programmes.subscriptions import MemberMerged
from shared.errors import FacultyError
from tests.unit.interleaving import SwitchingDatabase, at_once, chooser
from tests.unit.programmes.fellowship import ENDS, STARTS, accepted, days, leave, placed, scheme
from tests.unit.programmes.world import World, cut_at_every_write


def prepared() -> World:
    world = World()
    cohort_id = scheme(world, places=1)
    world.application_id = accepted(world, cohort_id)  # type: ignore[attr-defined]
    return world


def settled(world: World) -> None:
    """Let the clock settle whatever was left."""
    world.pass_time(hours=1)
    world.let_the_clock("tick")


def test_an_arrangement_that_is_cut_off_is_completed() -> None:
    """At whichever write: then there is one placement on one stay, and all of it is told once."""

    def arrange(world: World) -> None:
        placed(world, world.application_id, message="m1")  # type: ignore[attr-defined]

    worlds = cut_at_every_write(arrange, prepared)
    assert len(worlds) >= 6
    for world in worlds:
        settled(world)
        (placement,) = world.pages("find_placements")
        assert days(world, placement) == [(STARTS, ENDS, True)]
        assert world.application(placement.application_id).status == "placed"
        assert len(world.events(PlacementArranged)) == 1


@pytest.mark.parametrize("writes", range(6))
def test_what_an_abandoned_call_held_is_freed(writes: int) -> None:
    """An hour later, and never what a placement stands on; another call completes it."""
    world = prepared()
    with world.cut_off(writes):
        placed(world, world.application_id)  # type: ignore[attr-defined]
    before = world.pages("find_placements")
    settled(world)
    if before:
        assert days(world, before[0]) == [(STARTS, ENDS, True)]
    else:
        (host,) = world.repository("hosts").find({}).items
        assert host.stays == ()
        placement = placed(world, world.application_id)  # type: ignore[attr-defined]
        assert days(world, placement) == [(STARTS, ENDS, True)]


def test_a_deferral_that_is_cut_off_is_completed() -> None:
    """At whichever write; then it stands on the new days alone."""

    def prepare() -> World:
        world = prepared()
        world.placement = placed(world, world.application_id)  # type: ignore[attr-defined]
        return world

    def defer(world: World) -> None:
        world.call(
            "defer_placement",
            message="m1",
            placement_id=world.placement.placement_id,  # type: ignore[attr-defined]
            starts_on="2028-03-01",
            reason="Invented.",
        )

    for world in cut_at_every_write(defer, prepare):
        settled(world)
        placement = world.placement  # type: ignore[attr-defined]
        assert days(world, placement) == [(date(2028, 3, 1), date(2029, 2, 28), True)]
        assert len(world.events(PlacementDeferred)) == 1


def test_a_change_that_is_delivered_late_again_holds_nothing() -> None:
    """What was changed since stays, and the days it would have taken are free in an hour."""
    world = prepared()
    placement = placed(world, world.application_id)  # type: ignore[attr-defined]
    change = {"placement_id": placement.placement_id, "reason": "Invented."}
    for message, ends_on in (("m1", "2028-09-30"), ("m2", "2028-10-31"), ("m1", "2028-09-30")):
        world.call("change_placement", message=message, **change, ends_on=ends_on)
    settled(world)
    assert days(world, placement) == [(STARTS, date(2028, 10, 31), True)]


@pytest.mark.parametrize("begun", [True, False])
def test_leaving_that_is_cut_off_is_completed(begun: bool) -> None:
    """At whichever write, also by the clock alone where the placement had ended already."""

    def prepare() -> World:
        world = prepared()
        placement = placed(world, world.application_id)  # type: ignore[attr-defined]
        if begun:
            world.go_to(date(2027, 10, 1))
            world.let_the_clock("tick")
        world.placement = placement  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        leave(world, world.placement, world.today.isoformat(), message="m1")  # type: ignore[attr-defined]

    for world in cut_at_every_write(act, prepare):
        settled(world)
        placement = world.placement  # type: ignore[attr-defined]
        kept = [(STARTS, date(2027, 10, 1), True)] if begun else []
        assert days(world, placement) == kept
        assert world.application(placement.application_id).status == "left_early"
        assert len(world.events(PlacementEnded)) == 1


def switched(seed: int) -> Any:
    return chooser(random.Random(seed).choices((0, 1), k=100))


@pytest.mark.parametrize("seed", range(40))
def test_two_at_once_do_not_both_get_the_last_place(seed: int) -> None:
    """In whatever order the store sees their calls, one is placed and one is refused."""
    database: Any = SwitchingDatabase()
    world = World(database=database)
    host_id = world.host(capacity=1)
    cohorts = [scheme(world, places=1, host_id=host_id) for _ in range(2)]
    applications = [accepted(world, each) for each in cohorts]
    other = world.another()
    outcomes = at_once(
        [
            lambda: placed(world, applications[0]),
            lambda: placed(other, applications[1]),
        ],
        switched(seed),
    )
    (refused,) = (each for each in outcomes if isinstance(each, FacultyError))
    assert isinstance(refused, HostFull)
    (placement,) = world.pages("find_placements")
    assert days(world, placement) == [(STARTS, ENDS, True)]


@pytest.mark.parametrize("seed", range(40))
def test_one_person_is_not_placed_twice_at_once_under_two_ids(seed: int) -> None:
    """Two calls at once for two records of one person never both succeed."""
    database: Any = SwitchingDatabase()
    world = World(database=database)
    merged, kept = world.member(), world.member()
    applications = [accepted(world, scheme(world), id) for id in (merged, kept)]
    world.tell(MemberMerged(merged, kept))
    other = world.another()
    outcomes = at_once(
        [
            lambda: placed(world, applications[0]),
            lambda: placed(other, applications[1]),
        ],
        switched(seed),
    )
    refused = [each for each in outcomes if isinstance(each, PlacementsOverlap)]
    assert len(refused) in (1, 2)
    assert len(world.pages("find_placements")) == 2 - len(refused)


@pytest.mark.parametrize("seed", range(30))
def test_one_application_is_not_placed_twice_at_once(seed: int) -> None:
    """One call places it, and the other holds nothing any more when it is refused."""
    database: Any = SwitchingDatabase()
    world = World(database=database)
    application_id, other = accepted(world, scheme(world)), world.another()
    outcomes = at_once(
        [lambda: placed(world, application_id), lambda: placed(other, application_id)],
        switched(seed),
    )
    refused = [each for each in outcomes if isinstance(each, FacultyError)]
    assert [type(each) for each in refused] == [AlreadyPlaced]
    (placement,) = world.pages("find_placements")
    assert days(world, placement) == [(STARTS, ENDS, True)]


@pytest.mark.parametrize("seed", range(30))
def test_a_deferral_and_an_early_end_at_once(seed: int) -> None:
    """Whichever comes first, nothing is held in the end but what the placement stands on."""
    database: Any = SwitchingDatabase()
    world = World(database=database)
    placement, other = placed(world, accepted(world, scheme(world))), world.another()
    defer = {"starts_on": "2028-03-01", "reason": "Invented."}
    outcomes = at_once(
        [
            lambda: world.call("defer_placement", placement_id=placement.placement_id, **defer),
            lambda: leave(other, placement, "2026-12-03"),
        ],
        switched(seed),
    )
    deferred, left = (not isinstance(each, FacultyError) for each in outcomes)
    assert left
    assert len(world.events(PlacementDeferred)) == int(deferred)
    assert days(world, placement) == []


def test_a_placement_that_was_found_due_may_have_been_deferred() -> None:
    """Between finding and changing it; it is looked at again."""
    world = prepared()
    placement = placed(world, world.application_id)  # type: ignore[attr-defined]
    world.repository("placements").change(
        placement.placement_id, lambda found: found.start(world.clock())
    )
    assert world.call("get_placement", placement_id=placement.placement_id).placement == placement
