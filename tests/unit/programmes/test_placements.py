"""Placements: arranged, deferred, changed, begun, paused and left early."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.programmes.errors import (
    AlreadyPlaced,
    HostFull,
    NothingAccepted,
    OnHold,
    PlacementsOverlap,
    PostFull,
    WrongPlacementState,
    WrongStage,
)
from services.programmes.events import (
    PlacementArranged,
    PlacementChanged,
    PlacementDeferred,
    PlacementStarted,
)
from services.programmes.subscriptions import MemberMerged, MemberUnmerged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.fellowship import ENDS, STARTS, accepted, days, host_of, placed, scheme
from tests.unit.programmes.world import World

DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def test_who_accepted_a_post_is_placed_as_the_cohort_has_it(world: World) -> None:
    """Post, host, days and extent come from the cohort; the application is placed; all is told."""
    host_id = world.host()
    post = world.post("city", capacity=1, host_id=host_id, wte_percent=80)
    cohort_id = world.cohort(posts=[post])
    application_id = accepted(world, cohort_id)
    placement = placed(world, application_id)
    assert (placement.starts_on, placement.ends_on) == (STARTS, ENDS)
    assert (placement.post_id, placement.host_id, placement.wte_percent) == ("city", host_id, 80)
    assert (placement.state, placement.started_on) == ("arranged", None)
    application = world.application(application_id)
    assert application.status == "placed"
    assert world.events(PlacementArranged) == [
        PlacementArranged(
            placement_id=placement.placement_id,
            application_id=application_id,
            cohort_id=cohort_id,
            member_id=application.member_id,
            post_id="city",
            programme_id=application.programme_id,
            host_id=host_id,
            starts_on=STARTS,
            ends_on=ENDS,
            wte_percent=80,
        )
    ]
    assert days(world, placement) == [(STARTS, ENDS, True)]
    found = world.pages("find_placements", host_id=host_id, state="arranged")
    assert [each.placement_id for each in found] == [placement.placement_id]
    assert world.pages("find_placements", host_id=host_id, state="ended") == []


def test_a_placement_may_have_days_and_extent_of_its_own(world: World) -> None:
    """Without an end it is as long as the cohort's, also from the end of a short month."""
    cohort_id = scheme(world)
    first = placed(world, accepted(world, cohort_id), starts_on="2028-02-29", wte_percent=60)
    assert (first.ends_on, first.wte_percent) == (date(2029, 2, 28), 60)
    second = placed(world, accepted(world, cohort_id), starts_on="2027-10-01", ends_on="2027-10-01")
    assert second.starts_on == second.ends_on


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"starts_on": "2026-12-02"}, "starts_on"),
        ({"ends_on": "2027-08-31"}, "ends_on"),
        ({"ends_on": "2033-09-01"}, "ends_on"),
        ({"post_id": "elsewhere"}, "post_id"),
        ({"wte_percent": 0}, "wte_percent"),
        ({"wte_percent": 101}, "wte_percent"),
    ],
)
def test_what_cannot_be_is_refused_by_field(world: World, given: Any, field: str) -> None:
    """Nothing is booked and the application stays where it was."""
    cohort_id = scheme(world)
    application_id = accepted(world, cohort_id)
    with pytest.raises(Invalid) as refused:
        placed(world, application_id, **given)
    assert list(refused.value.fields) == [field]
    assert world.application(application_id).status == "accepted"
    assert host_of(world, cohort_id).stays == ()


def test_nobody_is_placed_without_an_accepted_offer(world: World) -> None:
    """Neither by an application at that status alone, nor at another one, nor on hold."""
    cohort_id = scheme(world)
    application_id = world.submitted(cohort_id)
    world.bring(application_id, "accepted")
    with pytest.raises(NothingAccepted):
        placed(world, application_id)
    withdrawn = accepted(world, cohort_id)
    world.bring(withdrawn, "withdrawn")
    with pytest.raises(WrongStage):
        placed(world, withdrawn)
    held = accepted(world, cohort_id)
    world.repository("applications").change(held, lambda each: each.pause(world.clock()))
    with pytest.raises(OnHold):
        placed(world, held)
    assert host_of(world, cohort_id).stays == ()
    with pytest.raises(NotFound):
        placed(world, "nowhere")


def test_an_application_is_placed_once(world: World) -> None:
    """The same call again gives the same placement, another one is told which there is."""
    application_id = accepted(world, scheme(world))
    first = placed(world, application_id, message="m1")
    assert placed(world, application_id, message="m1") == first
    with pytest.raises(AlreadyPlaced) as refused:
        placed(world, application_id)
    assert refused.value.details["placement_id"] == first.placement_id
    assert len(world.events(PlacementArranged)) == 1


def test_a_host_is_never_above_its_capacity(world: World) -> None:
    """Though posts of several cohorts are at one host; who comes later finds the day it is full."""
    host_id = world.host(capacity=1)
    first, second = (scheme(world, places=1, host_id=host_id) for _ in range(2))
    placed(world, accepted(world, first))
    with pytest.raises(HostFull) as refused:
        placed(world, accepted(world, second), starts_on="2027-03-01")
    assert refused.value.details["day"] == "2027-09-01"
    after = placed(world, accepted(world, second), starts_on="2028-09-01")
    assert len(host_of(world, first).stays) == 2
    assert days(world, after) == [(date(2028, 9, 1), date(2029, 8, 31), True)]


def test_a_post_is_never_above_its_places(world: World) -> None:
    """Though the host would take more."""
    cohort_id = scheme(world, places=1)
    placed(world, accepted(world, cohort_id))
    late = accepted(world, cohort_id)
    with pytest.raises(PostFull):
        placed(world, late)
    calendar = world.repository("fellows").get(world.application(late).member_id)
    assert calendar.stays == ()


def test_nobody_is_in_two_places_at_once(world: World) -> None:
    """However little of a week either takes; the refusal says where they are."""
    member_id = world.member()
    first = placed(world, accepted(world, scheme(world), member_id), wte_percent=20)
    other = scheme(world)
    application_id = accepted(world, other, member_id)
    with pytest.raises(PlacementsOverlap) as refused:
        placed(world, application_id, starts_on="2028-08-31", wte_percent=20)
    assert refused.value.details["application_id"] == first.application_id
    assert host_of(world, other).stays == ()
    assert placed(world, application_id, starts_on="2028-09-01").starts_on == ENDS + DAY


def test_nobody_is_in_two_places_under_two_ids(world: World) -> None:
    """While records are merged all count as one person's; taken apart, each has its own days."""
    merged, kept = world.member(), world.member()
    mine = accepted(world, scheme(world), kept)
    placed(world, accepted(world, scheme(world), merged))
    world.tell(MemberMerged(merged, kept))
    with pytest.raises(PlacementsOverlap):
        placed(world, mine)
    world.tell(MemberUnmerged(merged))
    assert placed(world, mine).starts_on == STARTS


def test_a_post_at_no_host_has_the_days_in_the_calendar_alone(world: World) -> None:
    """Nobody's capacity is asked for."""
    cohort_id = world.cohort(posts=[world.post("city")])
    placement = placed(world, accepted(world, cohort_id))
    assert placement.host_id is None
    assert world.call("get_placement", placement_id=placement.placement_id).placement == placement
    assert len(world.repository("fellows").get(placement.member_id).stays) == 1


def test_a_deferred_placement_frees_its_days(world: World) -> None:
    """It lasts as long as before, somebody else can have the days, and it is told."""
    cohort_id = scheme(world, places=1)
    placement = placed(world, accepted(world, cohort_id))
    view = world.call(
        "defer_placement",
        placement_id=placement.placement_id,
        starts_on="2028-09-01",
        reason="Invented reason.",
    )
    assert (view.placement.starts_on, view.placement.ends_on) == (ENDS + DAY, date(2029, 8, 31))
    assert days(world, placement) == [(ENDS + DAY, date(2029, 8, 31), True)]
    placed(world, accepted(world, cohort_id))
    (told,) = world.events(PlacementDeferred)
    assert (told.starts_on, told.ends_on) == (ENDS + DAY, date(2029, 8, 31))
    entry = world.repository("placements").trail(placement.placement_id)[-1]
    assert (entry.by, entry.action, entry.reason) == (
        "staff",
        "defer_placement",
        "Invented reason.",
    )


def test_a_deferral_needs_room_then(world: World) -> None:
    """Member and host are asked again; its own days are in nobody's way but others'."""
    host_id = world.host(capacity=1)
    first, second = (scheme(world, places=1, host_id=host_id) for _ in range(2))
    placement = placed(world, accepted(world, first))
    placed(world, accepted(world, second), starts_on="2028-09-01")
    defer = {"placement_id": placement.placement_id, "reason": "Invented."}
    with pytest.raises(HostFull):
        world.call("defer_placement", **defer, starts_on="2027-10-01")
    assert days(world, placement) == [(STARTS, ENDS, True)]
    world.call("defer_placement", **defer, starts_on="2027-10-01", ends_on=ENDS)
    assert days(world, placement) == [(date(2027, 10, 1), ENDS, True)]
    with pytest.raises(Invalid):
        world.call("defer_placement", **defer, starts_on="2027-09-30")


def test_time_out_of_programme_is_applied_for_six_months_ahead(world: World) -> None:
    """Those in training are shown until when, and whether that has passed; others are not."""
    trainee = world.member(career_stage="trainee")
    cohort_id = scheme(world)
    view = world.call("arrange_placement", application_id=accepted(world, cohort_id, trainee))
    assert view.out_of_programme.apply_by == date(2027, 3, 1)
    assert not view.out_of_programme.passed
    world.go_to(date(2027, 3, 2))
    view = world.call("get_placement", placement_id=view.placement.placement_id)
    assert view.out_of_programme.passed
    deferred = world.call(
        "defer_placement",
        placement_id=view.placement.placement_id,
        starts_on="2027-12-31",
        reason="Invented.",
    )
    assert deferred.out_of_programme.apply_by == date(2027, 6, 30)
    assert not deferred.out_of_programme.passed


def test_others_need_not_apply_for_time_out(world: World) -> None:
    """Somebody established has no programme of training to leave."""
    view = world.call("arrange_placement", application_id=accepted(world, scheme(world)))
    assert view.out_of_programme is None


def test_days_and_extent_can_be_corrected(world: World) -> None:
    """Before it starts all of them, afterwards not the start; what is the same is not told."""
    placement = placed(world, accepted(world, scheme(world)))
    change = {"placement_id": placement.placement_id, "reason": "Invented."}
    world.call("change_placement", **change)
    world.call("change_placement", **change, starts_on="2027-08-16", ends_on="2028-08-15")
    assert days(world, placement) == [(date(2027, 8, 16), date(2028, 8, 15), True)]
    world.go_to(date(2027, 8, 16))
    world.let_the_clock("tick")
    view = world.call("change_placement", **change, wte_percent=60)
    assert view.placement.wte_percent == 60
    view = world.call("change_placement", **change, ends_on="2028-10-31")
    assert days(world, placement) == [(date(2027, 8, 16), date(2028, 10, 31), True)]
    with pytest.raises(WrongPlacementState) as refused:
        world.call("change_placement", **change, starts_on="2027-08-17")
    assert refused.value.details["state"] == "under_way"
    told = [(each.ends_on, each.wte_percent) for each in world.events(PlacementChanged)]
    assert told == [(date(2028, 8, 15), 100), (date(2028, 8, 15), 60), (date(2028, 10, 31), 60)]


def test_a_placement_begins_on_its_first_day(world: World) -> None:
    """At midnight where it is, though in UTC that is the day before; it is told once."""
    cohort_id = scheme(world)
    placement = placed(world, accepted(world, cohort_id))
    world.clock.now = datetime(2027, 8, 31, 23, tzinfo=UTC)
    world.pass_time(seconds=-1)
    assert world.events(PlacementStarted) == []
    world.pass_time(seconds=1)
    world.let_the_clock("tick")
    (told,) = world.events(PlacementStarted)
    assert (told.started_on, told.host_id) == (STARTS, placement.host_id)
    with pytest.raises(WrongPlacementState):
        world.call(
            "defer_placement",
            placement_id=placement.placement_id,
            starts_on="2027-10-01",
            reason="Invented.",
        )


def test_placements_of_merged_members_are_found(world: World) -> None:
    """Under the id of who stands for them, and to a member somebody else's does not exist."""
    merged, kept = world.member(), world.member()
    placement = placed(world, accepted(world, scheme(world), merged))
    world.tell(MemberMerged(merged, kept))
    assert [each.placement_id for each in world.pages("find_placements", member_id=kept)] == [
        placement.placement_id
    ]
    own = {"placement_id": placement.placement_id}
    assert world.call("get_placement", **own, member_id=kept).placement == placement
    with pytest.raises(NotFound):
        world.call("get_placement", **own, member_id=world.member())
