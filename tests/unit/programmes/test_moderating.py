"""Where reviewers differ, the panel agrees; scoring is closed when nothing is missing."""

from __future__ import annotations

from typing import Any

import pytest

from services.programmes.errors import (
    InterestConflicts,
    NotAnOutlier,
    NotIndependent,
    NotScored,
    ReviewerNotActive,
    ScoringHasClosed,
    ScoringIncomplete,
)
from services.programmes.events import ScoringClosed
from shared.errors import Invalid, NotFound
from tests.unit.programmes.panels import HIGH, LOW, MIDDLE, Panelled
from tests.unit.programmes.world import cut_at_every_write

AGREED = {"leadership": 4, "motivation": 3}


@pytest.fixture
def world() -> Panelled:
    """Of four applications the first has reviews that are far apart, all others agree."""
    world = Panelled.of()
    world.allocate()
    world.score_all()
    disagree(world, world.applications[0])
    return world


def disagree(world: Panelled, application_id: str) -> None:
    for review, points in zip(world.live(application_id), (LOW, HIGH), strict=True):
        world.score(review, points)


def moderate(world: Panelled, application_id: str, *moderators: str, **changes: Any) -> Any:
    arguments = {"scores": AGREED, "moderators": list(moderators), "reason": "Talked it over."}
    return world.call("moderate", application_id=application_id, **{**arguments, **changes})


def reviewers_of(world: Panelled, application_id: str) -> list[str]:
    return [each.reviewer_id for each in world.live(application_id)]


def outsider(world: Panelled, application_id: str) -> str:
    return next(id for id in world.reviewers if id not in reviewers_of(world, application_id))


def test_reviews_that_differ_by_more_than_the_gap_are_found(world: Panelled) -> None:
    """Those that differ by as much as it are not."""
    near = world.applications[1]
    for review, points in zip(world.live(near), (LOW, LOW + 2), strict=True):
        world.score(review, points)
    (found,) = world.pages("find_outliers", cohort_id=world.cohort_id)
    assert found.application_id == world.applications[0]
    assert (found.lowest, found.highest, found.gap) == (10_000, 50_000, 40_000)
    assert not found.moderated


def test_outliers_come_in_pages(world: Panelled) -> None:
    """Each once."""
    for application_id in world.applications:
        disagree(world, application_id)
    found = world.pages("find_outliers", cohort_id=world.cohort_id, limit=1)
    assert [each.application_id for each in found] == sorted(world.applications)


def test_what_the_panel_agreed_stands_in_place_of_the_mean(world: Panelled) -> None:
    """With the reason and who agreed; the trail has what was agreed before."""
    first = world.applications[0]
    moderate(world, first, outsider(world, first), *reviewers_of(world, first))
    kept = moderate(world, first, outsider(world, first), scores={"leadership": 5, "motivation": 2})
    assert (kept.moderators, kept.reason) == ((outsider(world, first),), "Talked it over.")
    (found,) = world.pages("find_outliers", cohort_id=world.cohort_id)
    assert found.moderated
    world.close()
    world.rank()
    best, *others = world.call("get_ranking", cohort_id=world.cohort_id).items
    assert (best.application_id, best.score, best.agreed) == (first, 40_000, True)
    assert not any(each.agreed for each in others)
    assert len(world.trails()[f"moderations:{first}"]) == 2


def test_nobody_moderates_alone_what_they_reviewed(world: Panelled) -> None:
    """Nor two who did; somebody who did not is always among them."""
    first = world.applications[0]
    one, other = reviewers_of(world, first)
    with pytest.raises(NotIndependent):
        moderate(world, first, one)
    with pytest.raises(NotIndependent):
        moderate(world, first, one, other)
    moderate(world, first, one, outsider(world, first))
    moderate(world, first, outsider(world, first))


def test_what_is_no_outlier_is_not_moderated(world: Panelled) -> None:
    """The mean of reviews that agree stands, whatever somebody would rather see."""
    near = world.applications[1]
    for review, points in zip(world.live(near), (LOW, LOW + 2), strict=True):
        world.score(review, points)
    with pytest.raises(NotAnOutlier) as refused:
        moderate(world, near, outsider(world, near))
    assert refused.value.details == {
        "application_id": near,
        "gap": 20_000,
        "moderation_gap": 20_000,
    }
    assert world.repository("moderations").first({"_id": near}) is None


def test_who_must_not_judge_does_not_moderate(world: Panelled) -> None:
    """Nor who is no reviewer, or no longer."""
    first = world.applications[0]
    partial = outsider(world, first)
    member_id = world.application(first).member_id
    world.call("record_conflict", reviewer_id=partial, member_id=member_id, reason="Married.")
    with pytest.raises(InterestConflicts) as refused:
        moderate(world, first, partial, *reviewers_of(world, first))
    assert refused.value.details == {"reviewer_ids": [partial]}
    with pytest.raises(ReviewerNotActive):
        moderate(world, first, "nobody")


def test_only_what_was_reviewed_is_moderated(world: Panelled) -> None:
    """And every criterion is scored on the scale."""
    with pytest.raises(NotFound):
        moderate(world, "nothing", "reviewer-0")
    with pytest.raises(Invalid) as refused:
        moderate(world, world.applications[0], "reviewer-0", "reviewer-1", scores={"zeal": 1})
    assert "scores.zeal" in refused.value.fields
    later = world.longlisted()
    with pytest.raises(NotScored):
        moderate(world, later, "reviewer-0")
    world.close(reason="Time is up.")
    with pytest.raises(ScoringHasClosed):
        moderate(world, world.applications[0], "reviewer-0", "reviewer-1")


def test_another_review_calls_for_another_moderation(world: Panelled) -> None:
    """What was agreed on others does not stand for it."""
    first = world.applications[0]
    moderate(world, first, outsider(world, first))
    left = world.live(first)[0]
    world.call("abstain", by=left.reviewer_id, review_id=left.id, reason="After all.")
    fresh = next(each for each in world.live(first) if each.state == "open")
    world.score(fresh, LOW if left.scores["leadership"] == LOW else HIGH)
    (found,) = world.pages("find_outliers", cohort_id=world.cohort_id)
    assert not found.moderated


def test_scoring_is_not_closed_while_something_is_missing(world: Panelled) -> None:
    """What is missing is named; those paused are not waited for."""
    unserved, paused = world.longlisted(), world.longlisted()
    world.repository("applications").change(paused, lambda found: found.pause(world.clock()))
    with pytest.raises(ScoringIncomplete) as refused:
        world.close()
    assert refused.value.details == {
        "reviews": [unserved],
        "reviews_number": 1,
        "moderations": [world.applications[0]],
        "moderations_number": 1,
    }
    with pytest.raises(ScoringIncomplete):
        world.close(reason="  ")
    assert world.call("get_panel", cohort_id=world.cohort_id).closed_at is None


def test_scoring_is_closed_all_the_same_for_a_reason(world: Panelled) -> None:
    """It stands in the trail, and the event does not have it."""
    closed = world.close(reason="The interviews begin.")
    assert closed.closed_at == world.clock()
    (event,) = world.events(ScoringClosed)
    assert (event.cohort_id, event.closed_at) == (world.cohort_id, world.clock())
    assert world.trails()[f"panels:{world.cohort_id}"][-1].reason == "The interviews begin."
    world.clock.advance(hours=1)
    assert world.close() == closed
    assert len(world.events(ScoringClosed)) == 1


def test_scoring_can_be_reopened(world: Panelled) -> None:
    """Then scores change again, and it is closed and told anew."""
    world.close(reason="Time is up.")
    opened = world.call("reopen_scoring", cohort_id=world.cohort_id, reason="A mistake.")
    assert opened.closed_at is None
    world.score(world.live(world.applications[0])[0], HIGH)
    world.close()
    assert len(world.events(ScoringClosed)) == 2


def test_the_report_says_how_each_reviewer_scores() -> None:
    """Beside all reviews, and beside those who reviewed the same."""
    world = Panelled.of(4, 2)
    world.allocate()
    for review in world.live():
        world.score(review, HIGH if review.reviewer_id == "reviewer-0" else MIDDLE)
    report = world.call("get_review_report", cohort_id=world.cohort_id)
    assert (report.applications, report.reviews_missing, report.mean) == (4, 0, 40_000)
    lenient, severe = report.reviewers
    assert (lenient.mean, lenient.against_cohort, lenient.against_peers) == (50_000, 10_000, 20_000)
    assert (severe.mean, severe.against_cohort, severe.against_peers) == (30_000, -10_000, -20_000)


def test_the_report_tells_an_empty_hand_from_a_full_one() -> None:
    """Without a score there is no mean."""
    world = Panelled.of(2, 3)
    world.allocate()
    world.score(world.live()[0])
    report = world.call("get_review_report", cohort_id=world.cohort_id)
    assert report.reviews_missing == 3
    assert sum(each.open for each in report.reviewers) == 3
    for each in report.reviewers:
        assert (each.mean is None) == (each.scored == 0)
        assert each.against_peers is None


def test_staff_read_reviews_with_comments(world: Panelled) -> None:
    """Of a cohort, an application or a reviewer."""
    review = world.live()[0]
    world.score(review, comment="Planted comment.")
    asked = {"cohort_id": world.cohort_id}
    assert len(world.pages("find_reviews", **asked, limit=3)) == 8
    mine = world.pages("find_reviews", **asked, reviewer_id=review.reviewer_id)
    assert {each.reviewer_id for each in mine} == {review.reviewer_id}
    left = world.live()[-1]
    world.call("abstain", by=left.reviewer_id, review_id=left.id, reason="No time.")
    (ended,) = world.pages("find_reviews", **asked, state="abstained")
    assert ended.review_id == left.id
    assert len(world.pages("find_reviews", **asked, state="scored")) == 7
    both = world.pages("find_reviews", **asked, application_id=review.application_id)
    assert len(both) == 2
    assert "Planted comment." in {each.comment for each in both}


def test_moderating_can_be_cut_off_anywhere() -> None:
    """It is one write."""

    def prepare() -> Panelled:
        world = Panelled.of(1, 3)
        world.allocate()
        disagree(world, world.applications[0])
        return world

    def act(world: Panelled) -> None:
        moderate(world, world.applications[0], "reviewer-0", "reviewer-1", "reviewer-2")
        world.close(message="m2")

    for world in cut_at_every_write(act, prepare):
        assert world.call("get_panel", cohort_id=world.cohort_id).closed_at is not None
        assert len(world.events(ScoringClosed)) == 1
