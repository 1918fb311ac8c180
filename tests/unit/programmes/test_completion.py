"""Completing a programme, and so joining its alumni; and taking that back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.programmes.errors import (
    AlreadyCompleted,
    OnHold,
    ReportsMissing,
    WrongPlacementState,
    WrongStage,
)
from services.programmes.events import (
    AlumniJoined,
    AlumniRemoved,
    PlacementEnded,
    PlacementReopened,
)
from services.programmes.subscriptions import MemberMerged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.builders import PROGRAMME
from tests.unit.programmes.fellowship import (
    ENDS,
    accepted,
    complete,
    completed,
    fellow,
    placed,
    reported,
    scheme,
)
from tests.unit.programmes.world import World, cut_at_every_write

DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def ready(world: World, **changes: Any) -> Any:
    """A placement whose last day it is, with all its reports."""
    placement = fellow(world, scheme(world, **changes))
    reported(world, placement)
    world.go_to(placement.ends_on)
    return placement


def test_who_completes_joins_the_alumni(world: World) -> None:
    """Application and placement end as completed; the event names programme, cohort and day."""
    placement = ready(world)
    view = complete(world, placement)
    assert (view.status, view.completed_on) == ("completed", ENDS)
    assert world.events(AlumniJoined) == [
        AlumniJoined(
            member_id=placement.member_id,
            programme_id=placement.programme_id,
            cohort_id=placement.cohort_id,
            title="Chief Sustainability Officer's Clinical Fellow Scheme",
            completed_on=ENDS,
            turn=1,
        )
    ]
    (ended,) = world.events(PlacementEnded)
    assert (ended.reason, ended.ended_on) == ("completed", ENDS)
    (alumnus,) = world.pages("find_alumni", cohort_id=placement.cohort_id)
    assert (alumnus.member_id, alumnus.completed_on) == (placement.member_id, ENDS)


def test_completing_again_changes_nothing(world: World) -> None:
    """The same day is fine, by the same call or another; another day is refused."""
    placement = ready(world)
    world.go_to(ENDS + DAY)
    for message in ("m", "m", None):
        complete(world, placement, ENDS, message=message)
    with pytest.raises(AlreadyCompleted) as refused:
        complete(world, placement, ENDS + DAY)
    assert refused.value.details["completed_on"] == "2028-08-31"
    assert len(world.events(AlumniJoined)) == len(world.events(PlacementEnded)) == 1


def test_who_was_not_placed_cannot_complete_a_scheme(world: World) -> None:
    """Having accepted is not enough where there are placements."""
    application_id = accepted(world, scheme(world))
    with pytest.raises(WrongStage) as refused:
        complete(world, world.application(application_id), date(2026, 12, 3))
    assert refused.value.details["status"] == "accepted"


def test_a_course_is_completed_without_a_placement(world: World) -> None:
    """Who accepted a place has completed it when staff say so."""
    programme_id = world.programme(kind="course")
    application_id = world.submitted(world.cohort(programme_id))
    with pytest.raises(WrongStage):
        complete(world, world.application(application_id), date(2026, 12, 3))
    world.bring(application_id, "accepted")
    complete(world, world.application(application_id), date(2026, 12, 3))
    (alumnus,) = world.pages("find_alumni", programme_id=programme_id)
    assert alumnus.completed_on == date(2026, 12, 3)


def test_who_did_not_apply_cannot_complete(world: World) -> None:
    """A member of another cohort is not found in this one, nor is a cohort there is not."""
    placement, stranger = ready(world), world.member()
    for cohort_id, member_id in (
        (placement.cohort_id, stranger),
        ("nowhere", placement.member_id),
    ):
        with pytest.raises(NotFound):
            world.call(
                "complete_programme", cohort_id=cohort_id, member_id=member_id, completed_on=ENDS
            )


def test_the_day_is_neither_before_the_application_nor_to_come(world: World) -> None:
    """Applied and completed on the third at the earliest, and not tomorrow."""
    application_id = world.submitted(world.cohort(world.programme(kind="course")))
    world.bring(application_id, "accepted")
    for day in (date(2026, 12, 2), date(2026, 12, 4)):
        with pytest.raises(Invalid) as refused:
            complete(world, world.application(application_id), day)
        assert list(refused.value.fields) == ["completed_on"]


def test_a_placement_has_ended_or_ends_that_day(world: World) -> None:
    """Before its last day nobody has completed, nor who is paused."""
    placement = ready(world)
    with pytest.raises(Invalid) as refused:
        complete(world, placement, ENDS - DAY)
    assert list(refused.value.fields) == ["completed_on"]
    placements = world.repository("placements")
    placements.change(placement.placement_id, lambda each: each.pause(world.clock()))
    with pytest.raises(OnHold):
        complete(world, placement)
    assert world.events(AlumniJoined) == []


def test_one_that_has_not_begun_is_not_completed(world: World) -> None:
    """Though its last day has passed while the clock stood still."""
    placement = placed(world, accepted(world, scheme(world)))
    world.go_to(ENDS)
    with pytest.raises(WrongPlacementState):
        complete(world, placement)


def test_required_reports_are_signed_off_or_it_is_said_why_not(world: World) -> None:
    """The refusal names those that are missing, and the reason is on record."""
    placement = fellow(world, scheme(world))
    reported(world, placement, "start")
    world.call(
        "submit_report",
        placement_id=placement.placement_id,
        member_id=placement.member_id,
        kind="mid",
        text="Invented.",
    )
    world.go_to(ENDS)
    with pytest.raises(ReportsMissing) as refused:
        complete(world, placement)
    assert refused.value.details["missing"] == ["mid", "final"]
    complete(world, placement, reason="Invented reason.")
    entry = world.repository("applications").trail(placement.application_id)[-1]
    assert entry.reason == "Invented reason."
    complete(world, placement)


def test_who_left_early_does_not_complete(world: World) -> None:
    """Whichever comes first is what counts."""
    other = placed(world, accepted(world, scheme(world)))
    placement = ready(world)
    world.call(
        "end_placement_early",
        placement_id=placement.placement_id,
        ended_on=ENDS,
        reason_code="other",
    )
    with pytest.raises(WrongStage):
        complete(world, placement)
    complete(world, other, reason="Invented.")
    with pytest.raises(WrongPlacementState):
        world.call(
            "end_placement_early",
            placement_id=other.placement_id,
            ended_on=ENDS,
            reason_code="other",
        )


def test_completion_follows_a_merge(world: World) -> None:
    """Whoever stands for a member has completed what was applied for under the other id."""
    merged, kept = world.member(), world.member()
    placement = fellow(world, scheme(world), merged)
    reported(world, placement)
    world.tell(MemberMerged(merged, kept))
    world.go_to(ENDS)
    world.call(
        "complete_programme",
        cohort_id=placement.cohort_id,
        member_id=kept,
        completed_on=ENDS,
    )
    (alumnus,) = world.pages("find_alumni", member_id=kept)
    assert (alumnus.member_id, alumnus.stands_for) == (merged, kept)
    assert world.events(AlumniJoined)[0].member_id == merged


def test_a_completion_by_mistake_is_taken_back(world: World) -> None:
    """Application and placement are where they were; afterwards it is completed on another day."""
    placement = completed(world, scheme(world))
    own = {"cohort_id": placement.cohort_id, "member_id": placement.member_id}
    for _ in range(2):
        view = world.call("withdraw_completion", **own, reason="Invented.")
    assert (view.status, view.completed_on) == ("placed", None)
    found = world.call("get_placement", placement_id=placement.placement_id).placement
    assert (found.state, found.ended_on, found.end_reason) == ("under_way", None, None)
    assert world.pages("find_alumni") == []
    (removed,) = world.events(AlumniRemoved)
    assert (removed.member_id, removed.turn) == (placement.member_id, 1)
    assert len(world.events(PlacementReopened)) == 1
    world.go_to(ENDS + DAY)
    complete(world, placement, ENDS + DAY)
    (alumnus,) = world.pages("find_alumni")
    assert alumnus.completed_on == ENDS + DAY
    joined = [(each.completed_on, each.turn) for each in world.events(AlumniJoined)]
    assert joined == [(ENDS, 1), (ENDS + DAY, 2)]


def test_what_was_never_completed_is_not_taken_back(world: World) -> None:
    """There is nobody among the alumni to remove."""
    placement = fellow(world, scheme(world))
    own = {"cohort_id": placement.cohort_id, "member_id": placement.member_id}
    with pytest.raises(NotFound):
        world.call("withdraw_completion", **own, reason="Invented.")


def with_placement(*, done: bool) -> World:
    world = World()
    world.placement = ready(world)  # type: ignore[attr-defined]
    if done:
        complete(world, world.placement)  # type: ignore[attr-defined]
    return world


@pytest.mark.parametrize("message", ["m1", None])
def test_a_completion_that_is_cut_off_is_completed(message: str | None) -> None:
    """At whichever write, by the same call or by another one for the same day."""

    def act(world: World) -> None:
        complete(world, world.placement, message=message)  # type: ignore[attr-defined]

    worlds = cut_at_every_write(act, lambda: with_placement(done=False))
    assert len(worlds) == 4
    for world in worlds:
        (alumnus,) = world.pages("find_alumni")
        application = world.application(alumnus.application_id)
        assert (application.status, alumnus.completed_on) == ("completed", ENDS)
        assert len(world.events(AlumniJoined)) == len(world.events(PlacementEnded)) == 1


def test_a_completion_that_was_cut_off_can_be_taken_back() -> None:
    """Wherever it ended: the application is where it was, and nobody is among the alumni."""
    for writes in range(1, 4):
        world = with_placement(done=False)
        placement = world.placement  # type: ignore[attr-defined]
        with world.cut_off(writes):
            complete(world, placement, message="m1")
        own = {"cohort_id": placement.cohort_id, "member_id": placement.member_id}
        view = world.call("withdraw_completion", **own, reason="Invented.")
        assert (view.status, view.completed_on) == ("placed", None)
        assert world.pages("find_alumni") == []


@pytest.mark.parametrize("message", ["m1", None])
def test_taking_back_that_is_cut_off_is_completed(message: str | None) -> None:
    """At whichever write, by the same call or by another one."""

    def act(world: World) -> None:
        world.call(
            "withdraw_completion",
            message=message,
            cohort_id=world.placement.cohort_id,  # type: ignore[attr-defined]
            member_id=world.placement.member_id,  # type: ignore[attr-defined]
            reason="Invented.",
        )

    worlds = cut_at_every_write(act, lambda: with_placement(done=True))
    assert len(worlds) == 4
    for world in worlds:
        (placement,) = world.pages("find_placements")
        assert (placement.state, world.pages("find_alumni")) == ("under_way", [])
        assert world.application(placement.application_id).status == "placed"
        assert len(world.events(AlumniRemoved)) == 1


def test_the_programme_s_name_is_the_title(world: World) -> None:
    """As it is called when somebody completes it."""
    placement = completed(world, scheme(world))
    assert world.events(AlumniJoined)[0].title == PROGRAMME["name"]
    assert placement.end_reason == "completed"
