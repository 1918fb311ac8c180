"""The pool of reviewers, panels of cohorts, and conflicts of interest."""

from __future__ import annotations

from typing import Any

import pytest

from services.programmes.errors import (
    MemberNotKnown,
    NotReviewed,
    ReviewerNotActive,
    ScoringHasClosed,
)
from services.programmes.subscriptions import MemberMerged
from shared.errors import Duplicate, Invalid, NotFound
from tests.unit.programmes.panels import Panelled
from tests.unit.programmes.world import World, cut_at_every_write

REVIEWER: dict[str, Any] = {
    "reviewer_id": "reviewer-x",
    "name": " Planted Name ",
    "professions": ["doctor", "doctor", "nurse"],
    "capacity": 12,
}


def test_a_reviewer_is_kept_with_what_was_said_of_them() -> None:
    """Texts are tidied, repetitions left out."""
    world = World()
    world.call("add_reviewer", **REVIEWER)
    (kept,) = world.pages("find_reviewers")
    assert (kept.reviewer_id, kept.name, kept.capacity) == ("reviewer-x", "Planted Name", 12)
    assert kept.professions == ("doctor", "nurse")
    assert kept.retired_at is None


def test_nobody_is_taken_into_the_pool_twice() -> None:
    """Only the same call again gives the reviewer that was kept."""
    world = World()
    first = world.call("add_reviewer", message="m1", **REVIEWER)
    assert world.call("add_reviewer", message="m1", **REVIEWER) == first
    with pytest.raises(Duplicate):
        world.call("add_reviewer", **REVIEWER)


def test_a_blank_name_is_refused() -> None:
    """A name may be missing, but not be nothing."""
    with pytest.raises(Invalid) as refused:
        World().call("add_reviewer", **{**REVIEWER, "name": " "})
    assert set(refused.value.fields) == {"name"}


def test_a_retired_reviewer_comes_back_when_something_is_said_of_them() -> None:
    """The reason for retiring stands in the trail."""
    world = World()
    world.call("add_reviewer", **REVIEWER)
    retired = world.call("retire_reviewer", reviewer_id="reviewer-x", reason="Moved away.")
    assert retired.retired_at == world.clock()
    assert world.trails()["reviewers:reviewer-x"][-1].reason == "Moved away."
    back = world.call("revise_reviewer", **{**REVIEWER, "capacity": 3})
    assert (back.retired_at, back.capacity) == (None, 3)


def test_who_is_not_in_the_pool_cannot_be_revised_or_retired() -> None:
    """They are not found."""
    with pytest.raises(NotFound):
        World().call("revise_reviewer", **REVIEWER)
    with pytest.raises(NotFound):
        World().call("retire_reviewer", reviewer_id="nobody", reason="Left.")


def test_a_panel_is_chosen_and_chosen_anew_with_the_same_seed() -> None:
    """Nobody draws again until the lot suits them."""
    world = Panelled.of()
    first = world.call("get_panel", cohort_id=world.cohort_id)
    second = world.appoint("reviewer-3", "reviewer-0", "reviewer-3")
    assert second.reviewer_ids == ("reviewer-3", "reviewer-0")
    assert second.seed == first.seed
    assert len(first.seed) == 32


def test_panels_have_active_reviewers_only() -> None:
    """Unknown and retired ones are named, and nothing is written."""
    world = Panelled.of(reviewers=2)
    world.call("retire_reviewer", reviewer_id="reviewer-1", reason="Left.")
    with pytest.raises(ReviewerNotActive) as refused:
        world.appoint("reviewer-0", "reviewer-1", "nobody")
    assert refused.value.details == {"reviewer_ids": ["reviewer-1", "nobody"]}
    panel = world.call("get_panel", cohort_id=world.cohort_id)
    assert panel.reviewer_ids == ("reviewer-0", "reviewer-1")


@pytest.mark.parametrize(
    ("kind", "changes"), [("event", {}), ("national_scheme", {"rubric": None})]
)
def test_a_cohort_needs_a_rubric_and_a_stage_to_be_reviewed(
    kind: str, changes: dict[str, Any]
) -> None:
    """Without either there is no panel."""
    world = Panelled()
    world.reviewer("reviewer-0")
    world.cohort_id = world.cohort(world.programme(kind=kind), **changes)
    with pytest.raises(NotReviewed):
        world.appoint("reviewer-0")
    with pytest.raises(NotReviewed):
        world.call("get_review_report", cohort_id=world.cohort_id)


def test_the_panel_of_a_closed_scoring_stays() -> None:
    """Who scored is settled with the scores."""
    world = Panelled.of(applications=0)
    world.close()
    with pytest.raises(ScoringHasClosed):
        world.appoint("reviewer-0")


def conflict(world: Panelled, application_id: str, reviewer_id: str, **more: Any) -> Any:
    member_id = world.application(application_id).member_id
    arguments = {"reviewer_id": reviewer_id, "member_id": member_id, "reason": "They are married."}
    return world.call("record_conflict", **arguments, **more)


def test_a_conflict_is_kept_once_and_found_by_either() -> None:
    """The first reason stays."""
    world = Panelled.of()
    first = conflict(world, world.applications[0], "reviewer-0")
    again = conflict(world, world.applications[0], "reviewer-0")
    assert again == first
    assert not first.declared
    found = world.pages("find_conflicts", reviewer_id="reviewer-0")
    assert found == world.pages("find_conflicts", member_id=first.member_id) == [first]
    assert world.pages("find_conflicts", reviewer_id="reviewer-1") == []


def test_a_conflict_is_of_a_reviewer_and_a_member_that_there_are() -> None:
    """Both are looked up first."""
    world = Panelled.of()
    with pytest.raises(NotFound):
        conflict(world, world.applications[0], "nobody")
    with pytest.raises(MemberNotKnown):
        world.call("record_conflict", reviewer_id="reviewer-0", member_id="who", reason="They.")


def test_reviews_in_conflict_do_not_count_and_go_to_others() -> None:
    """Those that were scored, too; the next allocation fills the gap."""
    world = Panelled.of()
    world.allocate()
    world.score_all()
    review = world.live()[0]
    conflict(world, review.application_id, review.reviewer_id)
    assert len(world.live(review.application_id)) == 1
    world.allocate()
    reviewers = {each.reviewer_id for each in world.live(review.application_id)}
    assert len(reviewers) == 2
    assert review.reviewer_id not in reviewers


def lift(world: Panelled, recorded: Any, **more: Any) -> Any:
    pair = {"reviewer_id": recorded.reviewer_id, "member_id": recorded.member_id}
    return world.call("lift_conflict", **{**pair, "reason": "A namesake.", **more})


def test_a_conflict_that_was_none_is_lifted_and_stays_to_be_read() -> None:
    """Who lifted it and why is in its trail; the next allocation may give the review again."""
    world = Panelled.of(applications=1, reviewers=2)
    world.allocate()
    recorded = conflict(world, world.applications[0], "reviewer-0")
    assert world.allocate().short_number == 1
    (lifted,) = lift(world, recorded, by="secretary").conflicts
    assert lifted.lifted_at == world.clock()
    world.clock.advance(hours=1)
    assert lift(world, recorded).conflicts == (lifted,)
    assert world.pages("find_conflicts") == [lifted]
    recording, lifting = world.trails()[f"interests:{recorded.conflict_id}"]
    assert (recording.reason, lifting.reason) == ("They are married.", "A namesake.")
    assert lifting.by == "secretary"
    assert {each.reviewer_id for each in world.live()} == {"reviewer-1"}
    assert world.allocate().short_number == 0
    assert {each.reviewer_id for each in world.live()} == {"reviewer-0", "reviewer-1"}


def test_lifting_a_conflict_can_be_cut_off_anywhere() -> None:
    """Done again, the conflict is lifted and the review can be given anew."""

    def prepare() -> Panelled:
        world = Panelled.of(applications=1, reviewers=2)
        world.allocate()
        conflict(world, world.applications[0], "reviewer-0")
        return world

    def act(world: Panelled) -> None:
        lift(world, world.pages("find_conflicts")[0], message="m1")

    for world in cut_at_every_write(act, prepare):
        assert world.pages("find_conflicts")[0].lifted_at is not None
        assert world.allocate().short_number == 0


def test_a_conflict_that_was_lifted_is_recorded_again() -> None:
    """With its new reason, in force as before."""
    world = Panelled.of(applications=1, reviewers=2)
    recorded = conflict(world, world.applications[0], "reviewer-0")
    lift(world, recorded)
    world.allocate()
    assert {each.reviewer_id for each in world.live()} == {"reviewer-0", "reviewer-1"}
    again = conflict(world, world.applications[0], "reviewer-0")
    assert (again.conflict_id, again.lifted_at) == (recorded.conflict_id, None)
    assert {each.reviewer_id for each in world.live()} == {"reviewer-1"}


def test_only_a_conflict_that_was_recorded_is_lifted() -> None:
    """Of any id of the member; of nobody else."""
    world = Panelled.of(applications=2, reviewers=2)
    recorded = conflict(world, world.applications[0], "reviewer-0")
    other = world.application(world.applications[1]).member_id
    with pytest.raises(NotFound):
        lift(world, recorded, member_id=other)
    with pytest.raises(NotFound):
        lift(world, recorded, reviewer_id="reviewer-1")
    kept = world.member()
    world.tell(MemberMerged(recorded.member_id, kept))
    (lifted,) = lift(world, recorded, member_id=kept).conflicts
    assert lifted.member_id == recorded.member_id


def test_recording_a_conflict_can_be_cut_off_anywhere() -> None:
    """Done again, the conflict is there once and the review counts no more."""

    def prepare() -> Panelled:
        world = Panelled.of(applications=1, reviewers=2)
        world.allocate()
        return world

    def act(world: Panelled) -> None:
        conflict(world, world.applications[0], "reviewer-0", message="m1")

    for world in cut_at_every_write(act, prepare):
        assert len(world.pages("find_conflicts")) == 1
        assert [each.reviewer_id for each in world.live()] == ["reviewer-1"]
