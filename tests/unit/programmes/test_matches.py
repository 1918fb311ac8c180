"""Preferences of applicants, and matches run on them, kept, explained and replayed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.programmes.domain.matching import Method
from services.programmes.domain.ranking import Ranked, Ranking, RankingStage
from services.programmes.errors import (
    NotInCohort,
    NotReadyToMatch,
    NotReleased,
    NotToBeMatched,
    PreferencesClosed,
)
from services.programmes.events import MatchMade, PreferencesOpened
from services.programmes.subscriptions import MemberMerged, MemberUnmerged, StandingChanged
from shared.errors import Invalid, NotFound
from shared.testing import error_of
from tests.unit.programmes.offers import close_preferences, prefer, rank
from tests.unit.programmes.wishes import PUBLISHED, PUBLISHED_RESULT
from tests.unit.programmes.world import World, cut_at_every_write

NAMES = ("anderson", "chen", "davis", "eastman", "ford")
POSTS = ("mercy", "city", "general")
UNTIL = "2027-03-15T17:00:00+00:00"


class Round:
    """A cohort of which everybody is ranked, in the order of their names."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cohort_id = world.cohort(posts=[world.post(id, capacity=2) for id in POSTS])
        self.ids = {name: world.submitted(self.cohort_id) for name in NAMES}
        self.open()
        for id in self.ids.values():
            world.bring(id, "ranked")
        self.rank(*NAMES)

    def open(self) -> None:
        self.world.call("open_preferences", cohort_id=self.cohort_id, closes_at=UNTIL)

    def rank(self, *names: str) -> None:
        entries = tuple(
            Ranked(self.ids[name], place, 10_000, "score")
            for place, name in enumerate(names, start=1)
        )
        key = Ranking.key(self.cohort_id, RankingStage.FINAL)
        made = Ranking(key, self.cohort_id, RankingStage.FINAL, "seed", self.world.clock(), entries)
        self.world.repository("rankings").keep(made)

    def prefer(self, name: str, *tiers: str | tuple[str, ...], **options: Any) -> Any:
        told = [[tier] if isinstance(tier, str) else list(tier) for tier in tiers]
        return self.world.call(
            "submit_preferences", application_id=self.ids[name], tiers=told, **options
        )

    def as_published(self) -> None:
        for name, tiers in PUBLISHED.preferences.items():
            self.prefer(name, *tiers)
        for post, tiers in PUBLISHED.priorities.items():
            self.world.call(
                "rank_applicants",
                cohort_id=self.cohort_id,
                post_id=post,
                tiers=[[self.ids[name] for name in tier] for tier in tiers],
            )

    def run(self, method: str = "deferred_acceptance", **options: Any) -> Any:
        if not options.get("dry_run"):
            close_preferences(self.world, self.cohort_id)
        return self.world.call("run_match", cohort_id=self.cohort_id, method=method, **options)

    def given(self, match_id: str) -> dict[str, str]:
        names = {id: name for name, id in self.ids.items()}
        items = self.world.pages("find_assignments", match_id=match_id, limit=2)
        assert [each.application_id for each in items] == list(self.ids.values())
        return {names[e.application_id]: e.post_id for e in items if e.post_id is not None}


@pytest.fixture
def round_(world: World) -> Round:
    return Round(world)


def test_the_published_example_through_the_service(round_: Round) -> None:
    """From preferences and hosts' rankings to assignments with their proof."""
    round_.as_published()
    match = round_.run()
    assert round_.given(match.match_id) == PUBLISHED_RESULT
    assert match.certificate.holds
    assert match.certificate.pairs == 12
    (event,) = round_.world.events(MatchMade)
    assert (event.match_id, event.method) == (match.match_id, "deferred_acceptance")
    assert round_.world.call("get_match", match_id=match.match_id) == match
    (summary,) = round_.world.pages("find_matches", cohort_id=round_.cohort_id)
    assert (summary.match_id, summary.matched) == (match.match_id, 5)


def test_the_published_example_given_as_it_stands(world: World) -> None:
    """Nothing of it has to be in the store."""
    answer = world.call(
        "preview_match",
        applicants=[
            {"id": id, "preferences": [list(tier) for tier in tiers]}
            for id, tiers in PUBLISHED.preferences.items()
        ],
        posts=[
            {
                "id": post,
                "capacity": capacity,
                "priorities": [list(tier) for tier in PUBLISHED.priorities[post]],
            }
            for post, capacity in PUBLISHED.capacities.items()
        ],
        method="deferred_acceptance",
    )
    assert {each.application_id: each.post_id for each in answer.assignments} == PUBLISHED_RESULT
    assert answer.certificate.holds
    assert world.events() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applicants": [{"id": "a", "preferences": [["x"]]}] * 2}, "applicants.1.id"),
        ({"posts": [{"id": "p", "capacity": 1}] * 2}, "posts.1.id"),
        ({"applicants": [{"id": "a", "preferences": [["x"]]}]}, "preferences.a"),
        ({"order": ["b"]}, "order"),
        ({"method": "roulette"}, "method"),
        ({"applicants": []}, "applicants"),
        ({"posts": [{"id": "p", "capacity": -1}]}, "posts.0.capacity"),
    ],
)
def test_a_preview_of_rubbish_is_refused_by_field(
    world: World, changes: dict[str, Any], field: str
) -> None:
    """Whatever does not fit together is named."""
    sound = {
        "applicants": [{"id": "a", "preferences": [["p"]]}],
        "posts": [{"id": "p", "capacity": 1}],
        "method": "serial",
    }
    error = error_of(lambda: world.call("preview_match", **{**sound, **changes}))
    assert isinstance(error, Invalid)
    assert list(error.fields) == [field]


def test_a_dry_run_keeps_nothing(round_: Round) -> None:
    """It says what the run would, without an id."""
    round_.as_published()
    tried = round_.run(dry_run=True)
    assert tried.match_id is None
    assert tried.certificate == round_.run().certificate
    assert len(round_.world.pages("find_matches", cohort_id=round_.cohort_id)) == 1


def test_a_match_is_kept_once_preferences_are_closed(world: World) -> None:
    """Not before they were opened, nor while they are, nor where nobody has any: it says so."""
    posts = [world.post("city")]
    cohort_id = world.cohort(posts=posts)
    id = world.submitted(cohort_id)
    world.bring(id, "ranked")
    rank(world, cohort_id, [id])
    asked = {"cohort_id": cohort_id, "method": "serial"}

    def refused(state: str, call: str) -> None:
        error = error_of(lambda: world.call("run_match", **asked))
        assert isinstance(error, NotReadyToMatch)
        assert error.details["state"] == state
        assert call in str(error)

    refused("not_opened", "open_preferences")
    world.call("open_preferences", cohort_id=cohort_id, closes_at=UNTIL)
    refused("open", UNTIL)
    assert world.call("run_match", dry_run=True, **asked).match_id is None
    world.clock.now = datetime.fromisoformat(UNTIL)
    refused("empty", "open_preferences")
    assert world.pages("find_matches", cohort_id=cohort_id) == []
    prefer(world, cohort_id, id, ["city"])
    assert world.call("run_match", message="m1", **asked).certificate.matched == 1
    later = datetime.fromisoformat(UNTIL) + timedelta(days=1)
    world.call("open_preferences", cohort_id=cohort_id, closes_at=later)
    assert world.call("run_match", message="m1", **asked).certificate.matched == 1


def test_one_application_of_a_person_takes_part(round_: Round) -> None:
    """That submitted last, unless another one has an offer; until they are taken apart again."""
    for name in NAMES:
        round_.prefer(name, "city")
    world, ids = round_.world, round_.ids
    members = {name: world.application(id).member_id for name, id in ids.items()}
    world.tell(MemberMerged(members["anderson"], members["ford"]))
    world.tell(MemberMerged(members["ford"], members["davis"]))
    match = round_.run("serial")
    assert match.left_out == (ids["anderson"], ids["davis"])
    assert round_.given(match.match_id) == {"chen": "city", "eastman": "city"}
    world.bring(ids["anderson"], "accepted")
    assert round_.run("serial").left_out == tuple(ids[n] for n in ("anderson", "davis", "ford"))
    world.tell(MemberUnmerged(members["anderson"]))
    assert round_.run("serial").left_out == (ids["anderson"], ids["davis"])
    world.bring(ids["ford"], "withdrawn")
    assert round_.run("serial").left_out == (ids["anderson"], ids["ford"])


def test_a_match_that_was_cut_off_is_completed_by_the_same_call() -> None:
    """At any write, and once only."""

    def prepare() -> World:
        world = World()
        world.round_ = Round(world)  # type: ignore[attr-defined]
        world.round_.as_published()  # type: ignore[attr-defined]
        return world

    def act(world: World) -> None:
        world.round_.run(message="m1")  # type: ignore[attr-defined]

    for world in cut_at_every_write(act, prepare):
        round_: Round = world.round_  # type: ignore[attr-defined]
        (match,) = world.pages("find_matches", cohort_id=round_.cohort_id)
        assert round_.given(match.match_id) == PUBLISHED_RESULT
        assert len(world.events(MatchMade)) == 1
        results = list(world.repository("match_results").scan({}))
        told = {each.application_id: (each.post_id, each.reason) for each in results}
        items = world.pages("find_assignments", match_id=match.match_id)
        assert told == {each.application_id: (each.post_id, each.reason) for each in items}


def test_the_serial_way_goes_by_the_ranking_alone(round_: Round) -> None:
    """What hosts say does not count, and each has the best that was open."""
    round_.as_published()
    round_.rank("ford", "eastman", "davis", "chen", "anderson")
    match = round_.run("serial")
    items = round_.world.pages("find_assignments", match_id=match.match_id)
    given = {e.application_id: e.post_id for e in items}
    expected = {"ford": "city", "eastman": "city", "davis": "mercy", "chen": "mercy"}
    assert given == {id: expected.get(name) for name, id in round_.ids.items()}


def test_who_cannot_be_given_anything_takes_no_part(round_: Round) -> None:
    """Withdrawn, suspended or no longer a member: their places go to others, and it is said."""
    for name in NAMES:
        round_.prefer(name, "city")
    world, ids = round_.world, round_.ids
    world.bring(ids["anderson"], "withdrawn")
    world.tell(StandingChanged(world.application(ids["chen"]).member_id, "suspended"))
    world.tell(StandingChanged(world.application(ids["davis"]).member_id, "lapsed"))
    match = round_.run("serial")
    assert round_.given(match.match_id) == {"eastman": "city", "ford": "city"}
    assert match.left_out == tuple(ids[name] for name in ("anderson", "chen", "davis"))


def test_preferences_are_taken_until_the_second(round_: Round) -> None:
    """They replace what was said before; who said the same again changed nothing."""
    world = round_.world
    view = round_.prefer("ford", "city", ("general", "mercy"))
    assert view.tiers == (("city",), ("general", "mercy"))
    assert world.call("get_preferences", application_id=round_.ids["ford"]) == view
    world.clock.now = world.events(PreferencesOpened)[0].closes_at
    world.clock.advance(milliseconds=-1)
    assert round_.prefer("ford", "mercy").tiers == (("mercy",),)
    world.clock.advance(milliseconds=1)
    error = error_of(lambda: round_.prefer("ford", "city"))
    assert isinstance(error, PreferencesClosed)
    assert error.details["closes_at"] == UNTIL
    assert world.call("get_preferences", application_id=round_.ids["ford"]).tiers == (("mercy",),)


def test_before_they_are_opened_there_are_none(world: World) -> None:
    """And the instant must lie ahead, before the cohort starts."""
    cohort_id = world.cohort()
    application_id = world.submitted(cohort_id)
    world.bring(application_id, "shortlisted")
    error = error_of(
        lambda: world.call("submit_preferences", application_id=application_id, tiers=[])
    )
    assert isinstance(error, PreferencesClosed)
    for wrong in ("2026-12-03T12:00:00Z", "2027-09-01T00:00:00Z"):
        error = error_of(
            lambda wrong=wrong: world.call("open_preferences", cohort_id=cohort_id, closes_at=wrong)
        )
        assert isinstance(error, Invalid)
    assert world.events(PreferencesOpened) == []


@pytest.mark.parametrize(
    ("tiers", "field"),
    [
        ([["city"], ["city"]], "tiers.1.0"),
        ([["city", "nowhere"]], "tiers.0.1"),
        ([["city"], []], "tiers.1"),
    ],
)
def test_preferences_name_posts_of_the_cohort_once(
    round_: Round, tiers: list[list[str]], field: str
) -> None:
    """Else every fault is named."""
    error = error_of(lambda: round_.prefer("ford", *map(tuple, tiers)))
    assert isinstance(error, Invalid)
    assert list(error.fields) == [field]


def test_only_who_is_in_the_running_may_prefer(round_: Round) -> None:
    """Not before the shortlist, not while suspended, not after withdrawing."""
    world = round_.world
    early = world.submitted(round_.cohort_id)
    round_.ids["early"] = early
    world.bring(round_.ids["anderson"], "withdrawn")
    world.tell(StandingChanged(world.application(round_.ids["chen"]).member_id, "suspended"))
    for name in ("early", "anderson", "chen"):
        error = error_of(lambda name=name: round_.prefer(name, "city"))
        assert isinstance(error, NotToBeMatched)


def test_somebody_else_s_preferences_do_not_exist(round_: Round) -> None:
    """Neither to write nor to read."""
    round_.prefer("ford", "city")
    other = round_.world.application(round_.ids["chen"]).member_id
    own = round_.world.application(round_.ids["ford"]).member_id
    assert round_.prefer("ford", "mercy", member_id=own).tiers == (("mercy",),)
    for refused in (
        lambda: round_.prefer("ford", "city", member_id=other),
        lambda: round_.world.call(
            "get_preferences", application_id=round_.ids["ford"], member_id=other
        ),
    ):
        assert isinstance(error_of(refused), NotFound)


def test_hosts_rank_applicants_of_the_cohort(round_: Round) -> None:
    """Others are named, and nothing is kept."""
    world = round_.world
    stranger = world.submitted(world.cohort())

    def rank(post: str, *ids: str) -> Any:
        return world.call(
            "rank_applicants",
            cohort_id=round_.cohort_id,
            post_id=post,
            tiers=[[id] for id in ids],
        )

    assert isinstance(error_of(lambda: rank("city", stranger)), NotInCohort)
    error = error_of(lambda: rank("nowhere", round_.ids["ford"]))
    assert isinstance(error, Invalid)
    rank("city", round_.ids["ford"])
    view = rank("city", round_.ids["chen"], round_.ids["ford"])
    asked = {"cohort_id": round_.cohort_id, "post_id": "city"}
    assert world.call("get_host_ranking", **asked) == view


def test_a_result_is_told_to_its_applicant_once_released(round_: Round) -> None:
    """Before that the member is told that it is not."""
    round_.as_published()
    round_.run()
    world, id = round_.world, round_.ids["davis"]
    member_id = world.application(id).member_id
    error = error_of(lambda: world.call("get_match_result", application_id=id, member_id=member_id))
    assert isinstance(error, NotReleased)


def test_a_replay_changes_nothing_and_says_what_would(round_: Round) -> None:
    """Under another method or with other places; under the same, nothing moves."""
    round_.as_published()
    match = round_.run()
    before = round_.given(match.match_id)

    def replay(**changes: Any) -> Any:
        return round_.world.call("replay_match", match_id=match.match_id, **changes)

    assert replay().number == 0
    fewer = replay(capacities=[{"post_id": "city", "places": 1}])
    assert fewer.certificate.holds
    assert {each.application_id for each in fewer.moved} >= {round_.ids["anderson"]}
    assert replay(method="serial").method is Method.SERIAL
    assert round_.given(match.match_id) == before
    for changes, field in (
        ({"capacities": [{"post_id": "nowhere", "places": 1}]}, "capacities.0.post_id"),
        ({"weights": [{"name": "review", "weight": 1}]}, "weights"),
    ):
        error = error_of(lambda changes=changes: replay(**changes))
        assert isinstance(error, Invalid)
        assert list(error.fields) == [field]


def test_later_wishes_do_not_change_what_a_match_was_run_on(round_: Round) -> None:
    """A replay sees what was frozen, not what was said since."""
    round_.as_published()
    match = round_.run()
    round_.open()
    round_.prefer("eastman", "general")
    assert round_.world.call("replay_match", match_id=match.match_id).number == 0


def test_a_cohort_without_a_ranking_has_no_match(world: World) -> None:
    """There is nothing to go by."""
    cohort_id = world.cohort()
    error = error_of(lambda: world.call("run_match", cohort_id=cohort_id, method="serial"))
    assert isinstance(error, NotFound)
