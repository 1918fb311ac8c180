"""Applications are ranked by their reviews, the same whenever it is done."""

from __future__ import annotations

import pytest

from services.programmes.domain.ranking import Ranking, RankingStage, Scored, rank
from services.programmes.domain.rubric import Rubric
from services.programmes.errors import ScoringStillOpen
from services.programmes.subscriptions import MemberMerged
from shared.errors import Invalid, NotFound
from tests.unit.programmes.panels import HIGH, LOW, Panelled
from tests.unit.programmes.world import cut_at_every_write


def ranked(world: Panelled) -> list[str]:
    return [each.application_id for each in world.pages("get_ranking", cohort_id=world.cohort_id)]


def scored(*points: int) -> Panelled:
    """So many applications, each with these points from everybody."""
    world = Panelled.of(len(points), 2)
    world.allocate()
    for application_id, number in zip(world.applications, points, strict=True):
        for review in world.live(application_id):
            world.score(review, number)
    return world


def pause(world: Panelled, application_id: str) -> None:
    world.repository("applications").change(
        application_id, lambda found: found.pause(world.clock())
    )


def test_the_best_come_first_and_equals_by_the_declared_rules() -> None:
    """Each place says what set it apart from the next."""
    world = scored(2, 4, 4, 3)
    world.close()
    made = world.rank()
    assert (made.ranked, made.changed, made.paused, made.unscored) == (4, True, (), ())
    first, second, third, last = made.best
    assert {first.application_id, second.application_id} == {*world.applications[1:3]}
    assert (third.application_id, last.application_id) == (
        world.applications[3],
        world.applications[0],
    )
    assert [each.score for each in made.best] == [40_000, 40_000, 30_000, 20_000]
    assert [each.decided_by for each in made.best] == ["lot", "score", "score", "score"]


def test_means_are_weighted_and_of_all_reviews() -> None:
    """Leadership counts twice; thirds are exact."""
    world = scored(3)
    for review, leadership in zip(world.live(), (5, 4), strict=True):
        world.score(review, scores={"leadership": leadership, "motivation": 0})
    world.close()
    assert world.rank().best[0].score == 30_000


def test_a_ranking_comes_again_from_what_is_recorded() -> None:
    """The stored scores and the seed beside the ranking are enough."""
    world = scored(2, 4, 4, 3)
    world.close()
    world.rank()
    kept = world.repository("rankings").get(Ranking.key(world.cohort_id, RankingStage.REVIEW))
    rubric: Rubric = world.repository("cohorts").get(world.cohort_id).rubric
    again = []
    for id in world.applications:
        reviews = world.live(id)
        means = {
            each.id: rubric.weighted_mean({**dict.fromkeys(r.scores, r.scores[each.id])})
            for each in rubric.criteria
            for r in reviews[:1]
        }
        submitted_at = world.application(id).submitted_at
        again.append(Scored(id, rubric.weighted_mean(means), means, submitted_at))
    assert rank(again, rubric.tie_breaks, kept.seed) == kept.entries


def test_a_dry_run_says_how_it_would_be_and_keeps_nothing() -> None:
    """Then it is just so."""
    world = scored(2, 4)
    world.close()
    dry = world.rank(dry_run=True)
    with pytest.raises(NotFound):
        world.call("get_ranking", cohort_id=world.cohort_id)
    assert world.rank().best == dry.best


def test_paused_ones_keep_their_reviews_but_are_not_ranked() -> None:
    """They are named, and ranked once they go on."""
    world = scored(2, 4)
    pause(world, world.applications[1])
    world.close()
    assert world.rank().paused == (world.applications[1],)
    assert ranked(world) == [world.applications[0]]
    assert len(world.live(world.applications[1])) == 2
    world.repository("applications").change(
        world.applications[1], lambda found: found.resume(world.clock())
    )
    world.rank()
    assert ranked(world) == [world.applications[1], world.applications[0]]


@pytest.mark.parametrize("status", ["withdrawn", "unsuccessful", "returned"])
def test_who_is_out_is_not_ranked(status: str) -> None:
    """Whatever they scored."""
    world = scored(2, 4)
    world.bring(world.applications[1], status)
    world.close()
    world.rank()
    assert ranked(world) == [world.applications[0]]


def test_who_has_gone_on_stays_in_the_ranking() -> None:
    """It can be made again after the shortlist."""
    world = scored(2, 4)
    world.close()
    world.rank()
    world.bring(world.applications[1], "shortlisted")
    assert not world.rank().changed
    assert ranked(world) == [world.applications[1], world.applications[0]]


def test_who_has_no_review_is_named() -> None:
    """Where scoring was closed without them."""
    world = scored(2)
    late = world.longlisted()
    world.close(reason="Time is up.")
    made = world.rank()
    assert (made.ranked, made.unscored) == (1, (late,))


def test_scoring_must_be_closed_first() -> None:
    """No ranking of what still changes."""
    with pytest.raises(ScoringStillOpen):
        scored(2).rank()


def test_a_ranking_that_is_made_again_replaces_the_one_before() -> None:
    """The trail keeps it; the same again changes nothing."""
    world = scored(2, 4)
    world.close()
    world.rank()
    assert not world.rank().changed
    key = f"rankings:{world.cohort_id}:review"
    assert len(world.trails()[key]) == 1
    world.call("reopen_scoring", cohort_id=world.cohort_id, reason="A mistake.")
    for review in world.live():
        world.score(review, HIGH if review.application_id == world.applications[0] else LOW)
    world.close()
    before = ranked(world)
    assert world.rank().changed
    assert ranked(world) == list(reversed(before))
    assert len(world.trails()[key]) == 2


def test_a_ranking_is_read_in_pages() -> None:
    """In order, each place once; a cursor that is none is refused."""
    world = scored(*range(6))
    world.close()
    world.rank()
    found = world.pages("get_ranking", cohort_id=world.cohort_id, limit=2)
    assert [each.rank for each in found] == [1, 2, 3, 4, 5, 6]
    for cursor in ("x", "LTE=", "8J+Yhg=="):
        with pytest.raises(Invalid):
            world.call("get_ranking", cohort_id=world.cohort_id, cursor=cursor)
    with pytest.raises(NotFound):
        world.call("get_ranking", cohort_id=world.cohort_id, stage="final")


def test_a_review_in_conflict_counts_no_more_at_once() -> None:
    """Even where nobody has allocated anew since it came to light."""
    world = scored(2, 4)
    review = world.live(world.applications[0])[0]
    world.score(review, HIGH)
    world.score(world.live(world.applications[0])[1], LOW)
    member_id = world.application(world.applications[0]).member_id
    arguments = {"reviewer_id": review.reviewer_id, "member_id": member_id, "reason": "Married."}
    world.call("record_conflict", **arguments)
    world.close(reason="Time is up.")
    scores = {each.application_id: each.score for each in world.rank().best}
    assert scores[world.applications[0]] == 10_000


def test_a_review_of_oneself_that_comes_to_light_by_a_merge_counts_no_more() -> None:
    """Nor is it in the report or among the outliers."""
    world = scored(2)
    mine, other = world.live()
    world.score(mine, HIGH)
    world.score(other, LOW)
    world.member(mine.reviewer_id)
    world.tell(MemberMerged(world.application(world.applications[0]).member_id, mine.reviewer_id))
    assert world.pages("find_outliers", cohort_id=world.cohort_id) == []
    report = world.call("get_review_report", cohort_id=world.cohort_id)
    assert report.reviews_missing == 1
    world.close(reason="Time is up.")
    assert world.rank().best[0].score == 10_000


def test_ranking_can_be_cut_off_anywhere() -> None:
    """Done again, there is one."""

    def prepare() -> Panelled:
        world = scored(2, 4)
        world.close()
        return world

    def act(world: Panelled) -> None:
        world.rank(message="m1")

    for world in cut_at_every_write(act, prepare):
        assert ranked(world) == [world.applications[1], world.applications[0]]
