"""Reviews are given, gaps are filled, and what there is stays."""

from __future__ import annotations

from collections import Counter

import pytest

from services.programmes.errors import ScoringHasClosed
from services.programmes.subscriptions import MemberMerged
from shared.errors import NotFound
from tests.unit.programmes.panels import Panelled
from tests.unit.programmes.world import cut_at_every_write


def given_to(world: Panelled) -> set[tuple[str, str]]:
    return {(each.application_id, each.reviewer_id) for each in world.live()}


def pause(world: Panelled, application_id: str) -> None:
    world.repository("applications").change(
        application_id, lambda found: found.pause(world.clock())
    )


def test_every_application_gets_different_reviewers_and_all_have_alike() -> None:
    """Two each of ten applications among four reviewers."""
    world = Panelled.of(10)
    answer = world.allocate()
    assert (answer.given, answer.kept, answer.short_number) == (20, 0, 0)
    assert len(given_to(world)) == 20
    assert set(Counter(a for a, _ in given_to(world)).values()) == {2}
    assert answer.loads == dict(Counter(r for _, r in given_to(world)))
    assert set(answer.loads.values()) == {5}


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    """The seed is recorded, so what is said is what will be done."""
    world = Panelled.of()
    writes = world.database.writes
    dry = world.allocate(dry_run=True)
    assert world.database.writes == writes
    wet = world.allocate()
    assert (wet.loads, wet.given) == (dry.loads, dry.given)


def test_a_second_call_keeps_everything() -> None:
    """Nothing is left to do."""
    world = Panelled.of()
    world.allocate()
    before, writes = given_to(world), world.database.writes
    again = world.allocate()
    assert (again.given, again.kept, again.released) == (0, 8, 0)
    assert (given_to(world), world.database.writes) == (before, writes)


def test_those_that_come_later_are_added() -> None:
    """The loads stay alike."""
    world = Panelled.of()
    world.allocate()
    before = given_to(world)
    for _ in range(4):
        world.longlisted()
    answer = world.allocate()
    assert given_to(world) > before
    assert set(answer.loads.values()) == {4}


def test_only_applications_that_wait_for_reviews_are_given() -> None:
    """A scheme with a longlist reviews what is on it; one paused waits."""
    world = Panelled.of(2)
    submitted = world.submitted(world.cohort_id, answers={"motivation": "To lead."})
    pause(world, world.applications[0])
    world.allocate()
    assert {a for a, _ in given_to(world)} == {world.applications[1]}
    assert submitted not in {each.application_id for each in world.all_reviews()}


def test_where_shortlisting_follows_at_once_submitted_ones_are_reviewed() -> None:
    """The workflow decides."""
    world = Panelled.of(0, kind="regional_scheme")
    application_id = world.submitted(world.cohort_id, answers={"motivation": "To lead."})
    world.allocate()
    assert {a for a, _ in given_to(world)} == {application_id}


def test_what_was_withdrawn_is_taken_back_unless_it_was_scored() -> None:
    """A reviewer's work done still counts towards their load."""
    world = Panelled.of(4, 4)
    world.allocate()
    gone = world.applications[0]
    scored, _ = world.live(gone)
    world.score(scored)
    world.bring(gone, "withdrawn")
    answer = world.allocate()
    assert answer.released == 1
    assert [each.id for each in world.live(gone)] == [scored.id]


def test_what_is_paused_keeps_its_reviews() -> None:
    """And its reviewer may go on without being told."""
    world = Panelled.of()
    world.allocate()
    before = given_to(world)
    pause(world, world.applications[0])
    assert world.allocate().released == 0
    assert given_to(world) == before
    world.score(world.live(world.applications[0])[0])


def test_open_reviews_of_who_retires_go_to_others() -> None:
    """Those that were scored stay."""
    world = Panelled.of(4, 4)
    world.allocate()
    mine = [each for each in world.live() if each.reviewer_id == "reviewer-0"]
    world.score(mine[0])
    world.call("retire_reviewer", reviewer_id="reviewer-0", reason="Ill.")
    answer = world.allocate()
    assert answer.released == len(mine) - 1
    left = [each.id for each in world.live() if each.reviewer_id == "reviewer-0"]
    assert left == [mine[0].id]
    assert len(world.live()) == 8


def test_a_panel_that_was_chosen_by_mistake_does_no_harm() -> None:
    """Reviews that were taken back can be given again to the same reviewer."""
    world = Panelled.of(2, 3)
    world.appoint("reviewer-0", "reviewer-1")
    world.allocate()
    world.appoint("reviewer-2")
    assert world.allocate().short_number == 2
    world.appoint("reviewer-0", "reviewer-1")
    answer = world.allocate()
    assert answer.short_number == 0
    assert {r for _, r in given_to(world)} == {"reviewer-0", "reviewer-1"}


def test_nobody_reviews_themself() -> None:
    """A reviewer whose id is the applicant's is never given it."""
    world = Panelled.of(0, 2)
    member_id = world.member("reviewer-0")
    world.longlisted(member_id)
    answer = world.allocate()
    assert {r for _, r in given_to(world)} == {"reviewer-1"}
    (short,) = answer.short
    assert (short.missing, short.reason) == (1, "too_few_reviewers")


@pytest.mark.parametrize(("merged", "into"), [("reviewer-0", "twin"), ("twin", "reviewer-0")])
def test_nobody_reviews_themself_after_a_merge(merged: str, into: str) -> None:
    """Whichever record was merged, and also when reviews were given before."""
    world = Panelled.of(0, 3)
    world.member("reviewer-0")
    application_id = world.longlisted(world.member("twin"))
    world.appoint("reviewer-0", "reviewer-1")
    world.allocate()
    review = next(each for each in world.live() if each.reviewer_id == "reviewer-0")
    world.score(review)
    world.appoint(*world.reviewers)
    world.tell(MemberMerged(merged, into))
    with pytest.raises(NotFound):
        world.score(review)
    assert world.call("find_my_reviews", by="reviewer-0").items == ()
    world.allocate()
    assert {each.reviewer_id for each in world.live(application_id)} == {
        "reviewer-1",
        "reviewer-2",
    }


def test_a_recorded_conflict_is_never_given() -> None:
    """Also where it is with another record of the same person."""
    world = Panelled.of(0, 3)
    member_id, twin = world.member(), world.member()
    arguments = {"reviewer_id": "reviewer-0", "member_id": twin, "reason": "Cousins."}
    world.call("record_conflict", **arguments)
    world.tell(MemberMerged(twin, member_id))
    world.longlisted(member_id)
    world.allocate()
    assert {r for _, r in given_to(world)} == {"reviewer-1", "reviewer-2"}


def test_who_cannot_be_served_is_named() -> None:
    """With how much is missing and why."""
    world = Panelled.of(4, 2, capacity=3)
    answer = world.allocate()
    assert answer.given == 6
    assert answer.short_number == len(answer.short)
    assert sum(each.missing for each in answer.short) == 2
    assert {each.reason for each in answer.short} == {"no_capacity"}


def test_a_panel_is_needed_and_scoring_must_be_open() -> None:
    """Without the one it is not found, after the other it is refused."""
    world = Panelled.of(0, 0)
    with pytest.raises(NotFound):
        world.allocate()
    world = Panelled.of(0)
    world.close()
    with pytest.raises(ScoringHasClosed):
        world.allocate()


def test_an_allocation_can_be_cut_off_anywhere() -> None:
    """Done again, every application has its reviews, and no reviewer one too many."""

    def prepare() -> Panelled:
        world = Panelled.of(3, 3)
        world.allocate()
        world.longlisted()
        world.bring(world.applications[0], "withdrawn")
        world.call("retire_reviewer", reviewer_id="reviewer-0", reason="Ill.")
        return world

    def act(world: Panelled) -> None:
        world.allocate(message="m1")

    for world in cut_at_every_write(act, prepare):
        counts = Counter(each.application_id for each in world.live())
        assert counts == dict.fromkeys(world.applications[1:], 2)
        assert {each.reviewer_id for each in world.live()} == {"reviewer-1", "reviewer-2"}


def test_two_at_work_give_no_application_too_many() -> None:
    """What somebody else filled meanwhile is passed over."""
    world = Panelled.of(3, 6)
    other = world.another()
    offload = world.app.allocate_reviews.keywords["review_desk"].offload

    def meanwhile(function, *args):  # type: ignore[no-untyped-def]
        if not world.all_reviews():
            other.call("appoint_reviewers", cohort_id=world.cohort_id, reviewer_ids=["reviewer-5"])
            other.call("allocate_reviews", cohort_id=world.cohort_id)
        return offload(function, *args)

    desk = world.app.allocate_reviews.keywords["review_desk"]
    object.__setattr__(desk, "offload", meanwhile)
    world.allocate()
    counts = Counter(each.application_id for each in world.live())
    assert max(counts.values()) <= 2
    object.__setattr__(desk, "offload", offload)
    world.appoint(*world.reviewers)
    world.allocate()
    assert set(Counter(each.application_id for each in world.live()).values()) == {2}
