"""What a suspension does to applications, in whatever order it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.programmes.domain.application import Application
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.events import (
    ApplicationPaused,
    ApplicationResumed,
    ApplicationWithdrawn,
    PlacementStarted,
)
from services.programmes.subscriptions import (
    CareerStageChanged,
    MemberAdmitted,
    MemberErased,
    MemberMerged,
    MembershipEvent,
    MemberUnmerged,
    RegistrationStatusChanged,
    RegistrationVerified,
    StandingChanged,
)
from tests.unit.programmes.builders import ANSWERS
from tests.unit.programmes.fellowship import accepted, leave, placed, scheme
from tests.unit.programmes.world import World, cut_at_every_write


def paused(world: World, application_id: str) -> bool:
    return bool(world.call("get_application", application_id=application_id).paused)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (
            lambda id: StandingChanged(id, "suspended"),
            lambda id: StandingChanged(id, "current"),
        ),
        (
            lambda id: RegistrationStatusChanged(id, "GMC", "suspended"),
            lambda id: RegistrationStatusChanged(id, "GMC", "registered"),
        ),
        (
            lambda id: RegistrationStatusChanged(id, "GMC", "suspended"),
            lambda id: RegistrationVerified(id, "GMC", "registered"),
        ),
    ],
)
def test_an_application_rests_while_its_member_is_suspended(world: World, begins, ends) -> None:
    """Told once each way, however often it is heard; what is over does not rest."""
    member_id = world.member()
    id = world.submitted(world.cohort(), member_id)
    over = world.submitted(world.cohort(), member_id)
    world.bring(over, "unsuccessful")
    for _ in range(2):
        world.tell(begins(member_id))
    assert paused(world, id)
    assert not paused(world, over)
    assert [each.application_id for each in world.events(ApplicationPaused)] == [id]
    for _ in range(2):
        world.tell(ends(member_id))
    assert not paused(world, id)
    assert [each.application_id for each in world.events(ApplicationResumed)] == [id]


def test_those_merged_into_somebody_rest_with_them(world: World) -> None:
    """And go on when they are taken apart again."""
    merged, kept = world.member(), world.member()
    id = world.submitted(world.cohort(), merged)
    world.tell(StandingChanged(kept, "suspended"))
    assert not paused(world, id)
    world.tell(MemberMerged(merged, kept))
    assert paused(world, id)
    world.tell(MemberUnmerged(merged))
    assert not paused(world, id)


@pytest.mark.parametrize("status", ["deceased", "removed"])
def test_who_is_gone_is_considered_no_more(world: World, status: str) -> None:
    """The trail says which event it was; who lapsed may still renew."""
    member_id, other = world.member(), world.member()
    id, kept = world.submitted(world.cohort(), member_id), world.submitted(world.cohort(), other)
    world.tell(StandingChanged(member_id, status))
    world.tell(StandingChanged(other, "lapsed"))
    assert world.application(id).status is ApplicationStatus.WITHDRAWN
    assert world.application(kept).status is ApplicationStatus.SUBMITTED
    assert "standing.changed" in world.trails()[f"applications:{id}"][-1].reason
    assert len(world.events(ApplicationWithdrawn)) == 1


@pytest.mark.parametrize(
    "gone", [lambda id: StandingChanged(id, "deceased"), lambda id: MemberErased("r-1", id)]
)
def test_what_the_gone_leave_is_given_back_wherever_it_is_cut_off(
    gone: Callable[[str], Any],
) -> None:
    """The event is heard again, and the place is free."""

    def prepare() -> World:
        world = World()
        programme_id = world.programme(kind="course")
        cohort_id = world.cohort(programme_id, posts=[world.post("place", capacity=1)])
        member_id = world.member()
        world.submitted(cohort_id, member_id)
        world.call("invite_applicants", cohort_id=cohort_id)
        (offer,) = world.pages("find_offers", cohort_id=cohort_id)
        world.call("accept_offer", offer_id=offer.offer_id, member_id=member_id)
        world.kept = (cohort_id, member_id)  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        _, member_id = world.kept  # type: ignore[attr-defined]
        world.tell(gone(member_id), 50)

    for world in cut_at_every_write(act, prepare):
        cohort_id, _ = world.kept  # type: ignore[attr-defined]
        assert world.repository("places").free(cohort_id) == {"place": 1}
        (found,) = world.pages("find_applications", cohort_id=cohort_id, limit=5)
        assert found.status == "withdrawn"
        assert len(world.events(ApplicationWithdrawn)) == 1


@pytest.mark.parametrize("status", ["deceased", "removed"])
def test_the_placement_of_who_is_gone_rests_until_staff_end_it(world: World, status: str) -> None:
    """They are listed with the reason, do not begin, and go on if membership takes it back."""
    cohort_id = scheme(world)
    placements = [placed(world, accepted(world, cohort_id)) for _ in range(2)]
    gone = placements[0]
    world.tell(StandingChanged(gone.member_id, status))
    (found,) = world.pages("find_departed_fellows")
    assert (found.placement.placement_id, found.reason.value) == (gone.placement_id, status)
    assert found.placement.paused_on == world.today
    world.go_to(gone.starts_on)
    world.let_the_clock("tick")
    assert [each.placement_id for each in world.events(PlacementStarted)] == [
        placements[1].placement_id
    ]
    world.tell(StandingChanged(gone.member_id, "current"))
    assert world.pages("find_departed_fellows") == []
    world.let_the_clock("tick")
    assert len(world.events(PlacementStarted)) == 2
    world.tell(StandingChanged(gone.member_id, status))
    leave(world, gone, gone.starts_on.isoformat())
    assert world.pages("find_departed_fellows") == []


def test_departed_fellows_are_found_under_whichever_id(world: World) -> None:
    """Page by page, of which some may be empty."""
    cohort_id = scheme(world, places=3)
    placements = [placed(world, accepted(world, cohort_id)) for _ in range(3)]
    kept = world.member()
    world.tell(MemberMerged(placements[1].member_id, kept))
    world.tell(StandingChanged(kept, "deceased"))
    (found,) = world.pages("find_departed_fellows", limit=1)
    assert found.placement.placement_id == placements[1].placement_id


# Two people and what membership tells of them, each by their own sequence.
STORY: list[tuple[int, MembershipEvent]] = [
    (3, RegistrationStatusChanged("m-1", "GMC", "suspended")),
    (4, StandingChanged("m-1", "suspended")),
    (5, RegistrationStatusChanged("m-1", "GMC", "registered")),
    (6, StandingChanged("m-1", "current")),
    (7, CareerStageChanged("m-1", "senior")),
    (3, StandingChanged("m-2", "suspended")),
    (8, MemberMerged("m-1", "m-2")),
    (4, StandingChanged("m-2", "current")),
    (9, MemberUnmerged("m-1")),
    (10, RegistrationStatusChanged("m-1", "GPhC", "suspended")),
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(range(1, len(STORY) + 1)), st.data())
def test_any_order_and_repetition_ends_alike(told: int, data: st.DataObject) -> None:
    """The projection is the same, and what rests is."""

    def world_of(story: list[tuple[int, MembershipEvent]]) -> tuple[list[object], list[bool]]:
        world = World()
        ids = [world.submitted(world.cohort(), world.member(f"m-{n}")) for n in (1, 2)]
        for sequence, event in story:
            world.tell(event, sequence)
        standings = [world.repository("standings").get(f"m-{n}") for n in (1, 2)]
        return standings, [paused(world, id) for id in ids]

    story = STORY[:told]
    repeats = data.draw(st.lists(st.sampled_from(story), max_size=4))
    assert world_of(data.draw(st.permutations(story + repeats))) == world_of(story)


@settings(deadline=None)
@given(st.permutations(["verified", "admitted", "suspended", "application"]))
def test_an_application_kept_as_the_suspension_is_told_rests(order: list[str]) -> None:
    """Whichever comes first, it either rests or was refused."""
    world = World()
    cohort_id, member_id = world.cohort(), "m-1"
    told = {
        "verified": (RegistrationVerified(member_id, "GMC", "registered"), 1),
        "admitted": (MemberAdmitted(member_id, "doctor", "wales", "member", "senior"), 2),
        "suspended": (RegistrationStatusChanged(member_id, "GMC", "suspended"), 3),
    }
    made = ""
    for name in order:
        if name == "application":
            try:
                made = world.submitted(cohort_id, member_id)
            except Exception as refused:
                assert "member_not_current" in getattr(refused, "code", "")
        else:
            world.tell(*told[name])
    if made:
        assert paused(world, made)


@pytest.mark.parametrize("method", ["start_application", "submit_application"])
def test_a_suspension_told_while_it_is_being_kept_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """It did not find the application, so the call itself looks again."""
    cohort_id, member_id = world.cohort(), world.member()
    applications = world.repository("applications")
    add = applications.add

    def add_late(application: Application) -> Application:
        world.tell(RegistrationStatusChanged(member_id, "GMC", "suspended"))
        kept: Application = add(application)
        return kept

    monkeypatch.setattr(applications, "add", add_late)
    answers = {"answers": ANSWERS} if method == "submit_application" else {}
    made = world.call(method, cohort_id=cohort_id, member_id=member_id, **answers)
    assert made.paused
    assert world.application(made.application_id).paused_at == world.clock.now
