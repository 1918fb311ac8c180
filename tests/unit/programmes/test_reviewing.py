"""What a reviewer can do with what they were given, and with nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.programmes.errors import AnswersChanged, NotReadable, ScoringHasClosed
from shared import telemetry
from shared.errors import ChangedMeanwhile, Invalid, NotFound
from tests.unit.programmes.panels import MIDDLE, Panelled
from tests.unit.programmes.world import cut_at_every_write

SCORES = {"leadership": 4, "motivation": 2}


@pytest.fixture
def world() -> Panelled:
    world = Panelled.of()
    world.allocate()
    return world


def test_a_reviewer_finds_their_own_and_nobody_elses(world: Panelled) -> None:
    """Of all cohorts or one; scored or open."""
    for reviewer_id in world.reviewers:
        found = world.pages("find_my_reviews", by=reviewer_id, limit=1)
        mine = [each.id for each in world.live() if each.reviewer_id == reviewer_id]
        assert [each.review_id for each in found] == sorted(mine)
        assert {each.state for each in found} == {"open"}
    assert world.pages("find_my_reviews", by="reviewer-0", cohort_id="another") == []
    assert world.pages("find_my_reviews", by="somebody") == []


def test_somebody_elses_review_does_not_exist(world: Panelled) -> None:
    """For whatever is asked of it."""
    review = world.live()[0]
    stranger = next(id for id in world.reviewers if id != review.reviewer_id)
    calls = {
        "get_review": {},
        "score_review": {"edition": 1, "scores": SCORES},
        "abstain": {"reason": "No."},
        "declare_conflict": {"reason": "No."},
    }
    for method, arguments in calls.items():
        for review_id in (review.id, "nothing"):
            with pytest.raises(NotFound) as refused:
                world.call(method, by=stranger, review_id=review_id, **arguments)
            assert refused.value.details == {"id": review_id}
            assert refused.value.message == "There is no such review."


def test_a_reviewer_reads_what_is_shown_to_reviewers() -> None:
    """In the form's order, with the rubric; dates and what is kept back stay out."""
    world = Panelled.of(0)
    world.longlisted(example="A ward.", referee="Dr Planted", band="8", born="1985-03-12")
    world.allocate()
    review = world.live()[0]
    read = world.call("get_review", by=review.reviewer_id, review_id=review.id)
    assert [(each.question_id, each.answer) for each in read.answers] == [
        ("motivation", "To lead."),
        ("example", "A ward."),
        ("band", "8"),
    ]
    assert [each.id for each in read.criteria] == ["leadership", "motivation"]
    assert (read.lowest, read.highest, read.scores, read.comment) == (0, 5, {}, "")


def test_nothing_is_shown_of_somebody_whose_name_is_not_known_yet() -> None:
    """It could not be taken out."""
    world = Panelled.of(0)
    member_id = world.member()
    world.longlisted(member_id)
    world.repository("people").erase(member_id)
    world.allocate()
    review = world.live()[0]
    with pytest.raises(NotReadable) as refused:
        world.call("get_review", by=review.reviewer_id, review_id=review.id)
    assert refused.value.details == {"review_id": review.id}


def test_scores_are_kept_and_may_be_changed(world: Panelled) -> None:
    """The last ones count, and the trail has those before."""
    review = world.live()[0]
    first = world.call(
        "score_review",
        by=review.reviewer_id,
        review_id=review.id,
        edition=1,
        scores={"leadership": 1, "motivation": 1},
        comment=" Weak. ",
    )
    assert (first.state, first.comment) == ("scored", "Weak.")
    asked = {"by": review.reviewer_id, "review_id": review.id}
    world.call("score_review", **asked, edition=1, scores=SCORES)
    read = world.call("get_review", by=review.reviewer_id, review_id=review.id)
    assert (read.scores, read.comment, read.state) == (SCORES, "", "scored")
    assert len(world.trails()[f"reviews:{review.id}"]) == 3


@pytest.mark.parametrize(
    ("scores", "fields"),
    [
        ({"leadership": 6, "motivation": 1}, {"scores.leadership"}),
        ({"leadership": 5}, {"scores.motivation"}),
        ({"leadership": 1, "motivation": 1, "zeal": 1}, {"scores.zeal"}),
        ({"leadership": -1, "motivation": 1}, {"scores.leadership"}),
    ],
)
def test_every_criterion_is_scored_on_the_scale(
    world: Panelled, scores: dict[str, int], fields: set[str]
) -> None:
    """Each fault is named and nothing is kept."""
    review = world.live()[0]
    with pytest.raises(Invalid) as refused:
        world.score(review, scores=scores)
    assert set(refused.value.fields) == fields
    assert world.repository("reviews").get(review.id).state == "open"


def test_scores_can_be_tied_to_what_was_read(world: Panelled) -> None:
    """Where it changed since, nothing is overwritten."""
    review = world.live()[0]
    world.score(review, version=1)
    with pytest.raises(ChangedMeanwhile):
        world.score(review, version=1)


def test_an_application_that_was_handed_in_anew_is_scored_anew(world: Panelled) -> None:
    """Scores of what it said before do not count, and its reviewer finds it open."""
    application_id = world.applications[0]
    for review in world.live(application_id):
        world.score(review)
    world.bring(application_id, "returned")
    assert world.call("find_my_reviews", by=review.reviewer_id).items != ()
    world.clock.now += timedelta(hours=1)
    member_id = world.application(application_id).member_id
    world.submitted(world.cohort_id, member_id, answers={"motivation": "Better."})
    world.bring(application_id, "longlisted")
    mine = world.pages("find_my_reviews", by=review.reviewer_id)
    assert {each.state for each in mine if each.review_id == review.id} == {"open"}
    report = world.call("get_review_report", cohort_id=world.cohort_id)
    assert report.reviews_missing == 8
    world.score(review)
    report = world.call("get_review_report", cohort_id=world.cohort_id)
    assert report.reviews_missing == 7


def test_what_was_read_before_a_correction_is_not_scored(world: Panelled) -> None:
    """The refusal says which edition there is; read again, it can be scored."""
    application_id = world.applications[0]
    review = world.live(application_id)[0]
    asked = {"by": review.reviewer_id, "review_id": review.id}
    read = world.call("get_review", **asked)
    hand_in_anew(world, application_id)
    with pytest.raises(AnswersChanged) as refused:
        world.call("score_review", **asked, edition=read.edition, scores=SCORES)
    assert refused.value.details == {"review_id": review.id, "edition": 2}
    again = world.call("get_review", **asked)
    assert (read.edition, again.edition, again.state) == (1, 2, "open")
    world.call("score_review", **asked, edition=again.edition, scores=SCORES)
    assert world.call("get_review", **asked).state == "scored"


def test_a_score_that_meets_a_correction_is_of_what_was_read(world: Panelled) -> None:
    """Handed in anew just as it is kept, the application is open for its reviewer again."""
    application_id = world.applications[0]
    review = world.live(application_id)[0]
    reviews = world.repository("reviews")
    change = reviews.change

    def late(*arguments: Any, **more: Any) -> Any:
        monkeyed.undo()
        with telemetry.apart():
            hand_in_anew(world, application_id)
        return change(*arguments, **more)

    monkeyed = pytest.MonkeyPatch()
    monkeyed.setattr(reviews, "change", late)
    world.score(review)
    kept = world.repository("reviews").get(review.id)
    assert (kept.scores, kept.edition) == ({"leadership": MIDDLE, "motivation": MIDDLE}, 1)
    mine = world.pages("find_my_reviews", by=review.reviewer_id)
    assert {each.state for each in mine if each.review_id == review.id} == {"open"}


def hand_in_anew(world: Panelled, application_id: str) -> None:
    world.bring(application_id, "returned")
    member_id = world.application(application_id).member_id
    world.submitted(world.cohort_id, member_id, answers={"motivation": "Better."})
    world.bring(application_id, "longlisted")


@pytest.mark.parametrize("status", ["withdrawn", "unsuccessful", "returned"])
def test_what_does_not_wait_for_reviews_is_read_by_nobody(world: Panelled, status: str) -> None:
    """Nor found, nor scored."""
    application_id = world.applications[0]
    review = world.live(application_id)[0]
    world.bring(application_id, status)
    found = world.pages("find_my_reviews", by=review.reviewer_id)
    assert review.id not in {each.review_id for each in found}
    with pytest.raises(NotFound):
        world.call("get_review", by=review.reviewer_id, review_id=review.id)
    with pytest.raises(NotFound):
        world.score(review)


def test_who_retired_reads_nothing(world: Panelled) -> None:
    """From then on, not only from the next allocation."""
    review = world.live()[0]
    world.call("retire_reviewer", reviewer_id=review.reviewer_id, reason="Left.")
    assert world.pages("find_my_reviews", by=review.reviewer_id) == []
    with pytest.raises(NotFound):
        world.call("get_review", by=review.reviewer_id, review_id=review.id)


def test_once_scoring_is_closed_nothing_is_read_or_changed(world: Panelled) -> None:
    """Reviewers have no need of answers any more."""
    world.score_all()
    world.close()
    review = world.live()[0]
    assert world.pages("find_my_reviews", by=review.reviewer_id) == []
    for method, more in (
        ("get_review", {}),
        ("score_review", {"edition": 1, "scores": SCORES}),
        ("abstain", {"reason": "No."}),
        ("declare_conflict", {"reason": "No."}),
    ):
        with pytest.raises(ScoringHasClosed):
            world.call(method, by=review.reviewer_id, review_id=review.id, **more)


@pytest.mark.parametrize(
    ("method", "state"), [("abstain", "abstained"), ("declare_conflict", "conflicted")]
)
def test_what_a_reviewer_leaves_goes_to_somebody_else(
    world: Panelled, method: str, state: str
) -> None:
    """At once, for good, and they are not told to whom."""
    review = world.live()[0]
    ended = world.call(method, by=review.reviewer_id, review_id=review.id, reason="I know them.")
    assert (ended.review_id, ended.state) == (review.id, state)
    reviewers = {each.reviewer_id for each in world.live(review.application_id)}
    assert len(reviewers) == 2
    assert review.reviewer_id not in reviewers
    with pytest.raises(NotFound):
        world.call("get_review", by=review.reviewer_id, review_id=review.id)
    world.allocate()
    assert review.reviewer_id not in {
        each.reviewer_id for each in world.live(review.application_id)
    }


def test_a_declared_conflict_holds_in_other_cohorts(world: Panelled) -> None:
    """It is with the person."""
    review = world.live()[0]
    world.call(
        "declare_conflict", by=review.reviewer_id, review_id=review.id, reason="I know them."
    )
    (known,) = world.pages("find_conflicts")
    assert (known.declared, known.reason) == (True, "I know them.")
    assert known.member_id == world.application(review.application_id).member_id
    other = Panelled.of(0, 0)
    other.app, other.database = world.app, world.database
    other.cohort_id = world.cohort(title="2028/29")
    other.appoint(*world.reviewers)
    other.longlisted(known.member_id)
    other.allocate()
    assert review.reviewer_id not in {each.reviewer_id for each in other.live()}


def test_with_nobody_left_the_gap_stays_until_somebody_comes(world: Panelled) -> None:
    """Leaving is possible all the same."""
    world = Panelled.of(1, 2)
    world.allocate()
    review = world.live()[0]
    world.call("abstain", by=review.reviewer_id, review_id=review.id, reason="Too busy.")
    assert len(world.live()) == 1
    world.reviewer("reviewer-9")
    world.appoint(*world.reviewers)
    assert world.allocate().given == 1


def test_what_is_left_goes_to_who_has_least() -> None:
    """Over the whole cohort, and to nobody who has enough or is in conflict."""
    world = Panelled.of(6, 3, capacity=2, reviews=1)
    world.allocate()
    world.appoint(*world.reviewers, world.reviewer("busy", 6))
    late = world.longlisted()
    world.allocate()
    assert [each.reviewer_id for each in world.live(late)] == ["busy"]
    review = next(each for each in world.live() if each.reviewer_id == "reviewer-0")
    member_id = world.application(review.application_id).member_id
    for id in ("idle", "partial"):
        world.reviewer(id, 6)
    world.appoint(*world.reviewers)
    world.call("record_conflict", reviewer_id="partial", member_id=member_id, reason="A cousin.")
    world.call("abstain", by="reviewer-0", review_id=review.id, reason="Too busy.")
    assert [each.reviewer_id for each in world.live(review.application_id)] == ["idle"]


def test_reviews_of_what_is_withdrawn_are_taken_back_at_once(world: Panelled) -> None:
    """Their reviewers have room for others; what was scored stays."""
    world = Panelled.of(2, 2, capacity=2)
    world.allocate()
    gone, stays = world.applications
    scored, opened = world.live(gone)
    world.score(scored)
    loads = world.repository("reviews").loads
    assert loads(world.cohort_id) == {"reviewer-0": 2, "reviewer-1": 2}
    for _ in range(2):
        world.call("withdraw_application", application_id=gone)
    assert [each.id for each in world.live(gone)] == [scored.id]
    assert loads(world.cohort_id) == {scored.reviewer_id: 2, opened.reviewer_id: 1}
    assert loads(world.cohort()) == {}
    assert len(world.live(stays)) == 2


@pytest.mark.parametrize("method", ["abstain", "declare_conflict"])
def test_leaving_can_be_cut_off_anywhere(method: str) -> None:
    """Done again, somebody else has it."""

    def prepare() -> Panelled:
        world = Panelled.of(1, 3)
        world.appoint("reviewer-0", "reviewer-1")
        world.allocate()
        world.appoint(*world.reviewers)
        return world

    def act(world: Panelled) -> None:
        review = next(r for r in world.all_reviews() if r.reviewer_id == "reviewer-0")
        world.call(method, by="reviewer-0", message="m1", review_id=review.id, reason="I know.")

    for world in cut_at_every_write(act, prepare):
        assert {each.reviewer_id for each in world.live()} == {"reviewer-1", "reviewer-2"}
        assert len(world.pages("find_conflicts")) == (method == "declare_conflict")


def test_the_order_of_a_list_says_nothing_of_the_order_of_submission() -> None:
    """Among several rounds it is another one, and never told by the ids of reviews."""
    places = []
    for _ in range(6):
        world = Panelled.of(8, 2)
        world.allocate()
        found = world.pages("find_my_reviews", by="reviewer-0")
        of = {each.id: each.application_id for each in world.live()}
        places.append([world.applications.index(of[each.review_id]) for each in found])
    assert len({tuple(each) for each in places}) == 6
