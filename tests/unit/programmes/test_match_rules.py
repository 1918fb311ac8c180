"""What a match goes by and who is told of it: rankings, replays, releases, people's rights."""

from __future__ import annotations

import json
import random
from typing import Any

import bson
import pytest

from services.programmes.domain.match import Inputs
from services.programmes.domain.matching import Instance, Obstacle, Outcome
from services.programmes.domain.ranking import Ranked, Ranking, RankingStage
from services.programmes.errors import MatchUnsound, NotReleased, NotToBeMatched
from services.programmes.events import (
    ErasureAcknowledged,
    ExportContributed,
    PreferencesOpened,
)
from services.programmes.reference import load_workflows
from services.programmes.subscriptions import ExportRequested, MemberErased
from shared.errors import Invalid, NotFound
from shared.events import dump, to_document
from shared.telemetry import fresh_id
from shared.testing import error_of
from tests.unit.programmes.contest import Contest
from tests.unit.programmes.offers import Scene, close_preferences, match, prefer, ranked
from tests.unit.programmes.world import World

MIB = 2**20
STORE_HOLDS = 16 * MIB
BOTH = {"city": 1, "hill": 1}


def result(scene: Scene, place: int, **arguments: Any) -> Any:
    member_id = scene.members[place]
    asked = {"application_id": scene.ids[place], "member_id": member_id, **arguments}
    return scene.world.call("get_match_result", by=member_id, **asked)


# By which ranking


def review_ranking(world: World, cohort_id: str, ids: list[str]) -> None:
    entries = tuple(Ranked(id, place, 0, "lot") for place, id in enumerate(ids, start=1))
    key = Ranking.key(cohort_id, RankingStage.REVIEW)
    world.repository("rankings").add(
        Ranking(key, cohort_id, RankingStage.REVIEW, "seed", world.clock(), entries)
    )


def without_interviews(world: World) -> str:
    """The id of a version of a workflow in which ranks follow the short list at once."""
    whole = dump(load_workflows()["national_scheme@1"].workflow)
    steps = [each for each in whole["steps"] if each["status"] != "interviewed"]
    for step in steps:
        step["next"] = ["ranked" if to == "interviewed" else to for to in step["next"]]
    world.call(
        "publish_workflow",
        name="invented",
        number=1,
        workflow={**whole, "steps": steps},
        source="Invented.",
    )
    return "invented@1"


def test_where_there_are_interviews_the_ranking_by_review_will_not_do(world: World) -> None:
    """They would count for nothing: the final ranking has to be made first."""
    cohort_id = world.cohort(world.programme(kind="national_scheme"))
    review_ranking(world, cohort_id, [world.submitted(cohort_id)])
    error = error_of(lambda: world.call("run_match", cohort_id=cohort_id, method="serial"))
    assert isinstance(error, NotFound)


def test_where_there_are_no_interviews_it_will(world: World) -> None:
    """It is the last that there is."""
    workflow = without_interviews(world)
    posts = [world.post("city")]
    programme_id = world.programme(kind="national_scheme")
    cohort_id = world.cohort(programme_id, posts=posts, workflow=workflow)
    id = world.submitted(cohort_id)
    world.bring(id, "ranked")
    review_ranking(world, cohort_id, [id])
    prefer(world, cohort_id, id, ["city"])
    close_preferences(world, cohort_id)
    run = world.call("run_match", cohort_id=cohort_id, method="serial")
    assert run.certificate.matched == 1


# What is told, and when


def test_a_member_is_told_their_result_once_the_round_was_released(world: World) -> None:
    """Not while it is prepared, and no more once it was taken back; never somebody else's."""
    scene = ranked(world, BOTH, [["city"], ["city", "hill"]])
    round_id = scene.approved()
    assert isinstance(error_of(lambda: result(scene, 1)), NotReleased)
    world.call("release_round", by="releaser", round_id=round_id, reason="As agreed.")
    mine = result(scene, 1)
    assert (mine.post_id, mine.reason.outcome) == ("hill", Outcome.LATER_CHOICE)
    assert [(each.post_id, each.why) for each in mine.reason.missed] == [("city", Obstacle.FILLED)]
    other = error_of(lambda: result(scene, 1, member_id=scene.members[0]))
    assert isinstance(other, NotFound)
    scene.reverse(round_id)
    assert isinstance(error_of(lambda: result(scene, 1)), NotReleased)


def test_a_result_names_nobody_else(world: World) -> None:
    """Neither an application nor a member, nor how somebody is called."""
    scene = ranked(world, BOTH, [["city"], ["city", "hill"], ["hill", "city"]])
    scene.release()
    for place in range(3):
        told = json.dumps(dump(result(scene, place)))
        others = [each for n, each in enumerate(scene.ids) if n != place]
        assert not [each for each in (*others, *scene.members) if each in told]
        assert "Invented" not in told


def test_who_took_no_part_is_told_that(world: World) -> None:
    """And not that they had ranked nothing, for they had."""
    scene = ranked(world, BOTH, [["city"], ["city"]])
    world.bring(scene.ids[0], "withdrawn")
    match_id = world.call("run_match", cohort_id=scene.cohort_id, method="serial").match_id
    items = world.pages("find_assignments", match_id=match_id)
    assert [each.reason.outcome for each in items] == [
        Outcome.TOOK_NO_PART,
        Outcome.FIRST_CHOICE,
    ]
    assert items[0].reason.missed == ()


def test_a_match_that_is_not_proved_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with the program that made it."""
    scene = ranked(world, BOTH, [["city"], ["city", "hill"]])
    monkeypatch.setattr(
        "services.programmes.domain.match.solve", lambda instance, method: {scene.ids[1]: "city"}
    )
    error = error_of(lambda: world.call("run_match", cohort_id=scene.cohort_id, method="serial"))
    assert isinstance(error, MatchUnsound)
    assert error.details["blocking"] == 1
    (kept,) = world.pages("find_matches", cohort_id=scene.cohort_id)
    assert kept.match_id == scene.match_id
    assert isinstance(
        error_of(
            lambda: world.call(
                "run_match", cohort_id=scene.cohort_id, method="serial", dry_run=True
            )
        ),
        MatchUnsound,
    )


def test_the_same_call_again_is_the_same_match(world: World) -> None:
    """Whatever applicants and hosts have said meanwhile."""
    scene = ranked(world, BOTH, [["city"], ["city", "hill"]])
    asked = {"cohort_id": scene.cohort_id, "method": "serial", "message": "m1"}
    first = world.call("run_match", **asked)
    prefer(world, scene.cohort_id, scene.ids[0], ["hill"])
    world.call("rank_applicants", cohort_id=scene.cohort_id, post_id="city", tiers=[[scene.ids[1]]])
    again = world.call("run_match", **asked)
    assert again == first
    assert len(world.pages("find_matches", cohort_id=scene.cohort_id)) == 2


def test_a_call_that_was_cut_off_goes_on_with_the_wishes_as_they_were(world: World) -> None:
    """Once they are on record, nothing that is said later changes the match."""
    scene = ranked(world, BOTH, [["city"], ["city", "hill"]])
    asked = {"cohort_id": scene.cohort_id, "method": "serial", "message": "m1"}
    with world.cut_off(1):
        world.call("run_match", **asked)
    assert world.was_cut
    prefer(world, scene.cohort_id, scene.ids[0], ["hill"])
    match = world.call("run_match", **asked)
    items = world.pages("find_assignments", match_id=match.match_id)
    assert [each.post_id for each in items] == ["city", "hill"]
    assert world.call("replay_match", match_id=match.match_id).number == 0
    assert world.call("get_match", match_id=match.match_id) == match


# Until when


def test_preferences_may_be_taken_for_longer_and_never_for_shorter(world: World) -> None:
    """Also anew once it was over; whoever looks at the cohort sees until when."""
    cohort_id = world.cohort()
    assert world.call("get_cohort", cohort_id=cohort_id).preferences_until is None

    def open_until(closes_at: str) -> Any:
        return world.call("open_preferences", cohort_id=cohort_id, closes_at=closes_at)

    open_until("2027-03-10T17:00:00Z")
    for sooner in ("2027-03-10T16:59:59.999Z", "2027-01-01T00:00:00Z"):
        error = error_of(lambda sooner=sooner: open_until(sooner))
        assert isinstance(error, Invalid)
        assert list(error.fields) == ["closes_at"]
    later = open_until("2027-03-11T17:00:00Z").closes_at
    assert world.call("get_cohort", cohort_id=cohort_id).preferences_until == later
    world.clock.now = later
    again = open_until("2027-03-20T17:00:00Z").closes_at
    assert open_until("2027-03-20T17:00:00Z").closes_at == again
    assert [each.closes_at for each in world.events(PreferencesOpened)][1:] == [later, again]


# Who takes part


def pause(world: World, application_id: str) -> None:
    world.repository("applications").change(
        application_id, lambda found: found.pause(world.clock())
    )


def test_who_is_paused_takes_no_part(world: World) -> None:
    """Neither in a match nor in a replay of it, and cannot say what they want meanwhile."""
    scene = ranked(world, BOTH, [["city"], ["city"]])
    pause(world, scene.ids[0])
    match = world.call("run_match", cohort_id=scene.cohort_id, method="serial")
    assert match.left_out == (scene.ids[0],)
    replay = world.call("replay_match", match_id=match.match_id, method="deferred_acceptance")
    assert (replay.number, replay.matched) == (0, 1)
    world.call("open_preferences", cohort_id=scene.cohort_id, closes_at="2027-03-01T00:00:00Z")
    wish = {"application_id": scene.ids[0], "tiers": [["hill"]]}
    error = error_of(lambda: world.call("submit_preferences", **wish))
    assert isinstance(error, NotToBeMatched)
    assert error.details["paused"] is True


# What if


class Trial(Contest):
    """A contest whose final ranking is by review and interview, matched with two posts."""

    @classmethod
    def of_two(cls) -> Trial:
        """The first is the better by review, the second in the interview, which counts more."""
        world = cls.at_interviews([5, 3, 3])
        assert isinstance(world, Trial)
        world.interview(dict(zip(world.applications, (3, 5, 3), strict=True)))
        world.finish(("review", 1), ("interview", 3))
        for id in world.applications:
            prefer(world, world.cohort_id, id, ["post"])
        world.repository("cohorts").change(world.cohort_id, lambda found: found.resize("post", 1))
        return world

    def matched(self) -> str:
        return match(self, self.cohort_id)


def weighed(review: int, interview: int) -> list[dict[str, Any]]:
    return [{"name": "review", "weight": review}, {"name": "interview", "weight": interview}]


def test_other_weights_give_another_order() -> None:
    """Had the reviews counted more, the first would have the only place."""
    world = Trial.of_two()
    match_id = world.matched()
    (first, second, _) = world.applications
    same = world.call("replay_match", match_id=match_id, weights=weighed(1, 3))
    assert same.number == 0
    other = world.call("replay_match", match_id=match_id, weights=weighed(3, 1))
    assert {(each.application_id, each.was, each.now) for each in other.moved} == {
        (first, None, "post"),
        (second, "post", None),
    }
    assert other.certificate.holds
    assert world.call("replay_match", match_id=match_id).number == 0


def test_who_would_no_longer_be_ranked_is_counted_too() -> None:
    """By the interview alone the first, and by the reviews the second, would be below the mark."""
    world = Contest.at_interviews([5, 1])
    world.interview(dict(zip(world.applications, (1, 5), strict=True)))
    world.finish(("review", 1), ("interview", 1))
    for id in world.applications:
        prefer(world, world.cohort_id, id, ["post"])
    match_id = match(world, world.cohort_id)
    assert world.call("get_match", match_id=match_id).certificate.matched == 2
    for part, lost in (("interview", 0), ("review", 1)):
        view = world.call("replay_match", match_id=match_id, weights=[{"name": part, "weight": 1}])
        assert [(each.application_id, each.now) for each in view.moved] == [
            (world.applications[lost], None)
        ]
        assert view.number == 1


def test_a_part_that_the_ranking_does_not_have_cannot_be_weighed() -> None:
    """The field says so."""
    world = Trial.of_two()
    match_id = world.matched()
    weights = [{"name": "sheet:other", "weight": 1}]
    error = error_of(lambda: world.call("replay_match", match_id=match_id, weights=weights))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["weights"]


# Rights


def test_members_are_given_their_preferences_and_they_are_forgotten(world: World) -> None:
    """With the trail of what they were; that there were some stays on record."""
    scene = ranked(world, BOTH, [["city", "hill"]])
    own, id = scene.members[0], scene.ids[0]
    world.call("open_preferences", cohort_id=scene.cohort_id, closes_at="2027-03-01T00:00:00Z")
    world.call("submit_preferences", application_id=id, member_id=own, tiers=[["hill"]])
    world.tell(ExportRequested("request", own))
    told = "".join(each.data for each in world.events(ExportContributed))
    (record,) = (r for r in json.loads(told)["records"] if r["record"] == "Preferences")
    assert record["data"]["tiers"] == [["hill"]]
    world.tell(MemberErased("request-2", own))
    (done,) = world.events(ErasureAcknowledged)
    assert done.erased["preferences"] == 1
    assert "matches_by_application" in done.kept
    assert world.repository("preferences").get(id).tiers == ()
    assert "hill" not in json.dumps(world.document("preferences", id), default=str)


def test_a_result_is_disclosed_once_it_is_told_and_forgotten(world: World) -> None:
    """Who was erased keeps what they got as a fact, and nothing of what they wished for."""
    scene = ranked(world, BOTH, [["hill"], ["hill", "city"]])
    own, id = scene.members[1], scene.ids[1]

    def disclosed(request_id: str) -> list[Any]:
        world.tell(ExportRequested(request_id, own))
        parts = [e for e in world.events(ExportContributed) if e.request_id == request_id]
        records = json.loads("".join(each.data for each in parts))["records"]
        return [each for each in records if each["record"] == "MatchResult"]

    assert disclosed("early") == []
    scene.release()
    (record,) = disclosed("later")
    assert (record["data"]["application_id"], record["data"]["post_id"]) == (id, "city")
    assert [each["post_id"] for each in record["data"]["reason"]["missed"]] == ["hill"]
    world.tell(MemberErased("request", own))
    kept = world.document("match_results", f"{scene.match_id}:{id}")
    assert kept is not None
    assert (kept["post_id"], "hill" in json.dumps(kept, default=str)) == ("city", False)
    assert result(scene, 0, member_id=None).post_id == "hill"


def test_a_match_that_is_run_again_brings_back_nothing_that_was_forgotten(world: World) -> None:
    """The call finds what came of it and leaves it."""
    scene = ranked(world, BOTH, [["hill"], ["hill", "city"]])
    asked = {"cohort_id": scene.cohort_id, "method": "serial", "message": "m1"}
    match_id = world.call("run_match", **asked).match_id
    key = f"{match_id}:{scene.ids[1]}"
    world.tell(MemberErased("request", scene.members[1]))
    forgotten = world.document("match_results", key)
    world.call("run_match", **asked)
    assert world.document("match_results", key) == forgotten


# Size


def test_a_large_match_fits_into_a_document() -> None:
    """5,000 applicants with ten choices each, and every post ranks all who want it."""
    chance = random.Random(5)
    posts = [f"a_post_with_a_longer_name_{n:03}" for n in range(500)]
    ids = [fresh_id() for _ in range(5_000)]
    wishes = {id: tuple((post,) for post in chance.sample(posts, 10)) for id in ids}
    wanted: dict[str, list[tuple[str, ...]]] = {post: [] for post in posts}
    for id, tiers in wishes.items():
        for (post,) in tiers:
            wanted[post].append((id,))
    rankings = {post: tuple(tiers) for post, tiers in wanted.items()}
    instance = Instance(wishes, dict.fromkeys(posts, 10), rankings, tuple(ids))
    frozen = Inputs.freeze(
        fresh_id(), fresh_id(), instance, tuple(ids), ranking_id="r", basis_id="b"
    )
    assert len(bson.encode(to_document(frozen))) < STORE_HOLDS / 2
