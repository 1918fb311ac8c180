"""Shortlisting, by ids and by the ranking after review, and reading applications."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.programmes.errors import (
    NoReserveLeft,
    NotInCohort,
    NotRankedByReview,
    RankingStale,
    ScoringStillOpen,
    ShortlistFull,
    WrongStage,
)
from services.programmes.events import (
    ApplicationNotSelected,
    ApplicationReserved,
    ApplicationShortlisted,
)
from shared.errors import Invalid, NotFound
from tests.unit.programmes.builders import NOW
from tests.unit.programmes.contest import Contest
from tests.unit.programmes.world import World, cut_at_every_write


class Entries(World):
    """A world with a cohort and some submitted applications."""

    cohort_id: str
    ids: list[str]

    @classmethod
    def of(cls, number: int) -> Entries:
        world = cls()
        world.cohort_id = world.cohort()
        world.ids = [world.submitted(world.cohort_id) for _ in range(number)]
        return world

    def shortlist(self, *ids: str, **arguments: object) -> object:
        return self.call(
            "shortlist", cohort_id=self.cohort_id, application_ids=list(ids), **arguments
        )


def told(world: World) -> list[str]:
    """The ids of applications announced as shortlisted, in order."""
    return [each.application_id for each in world.events(ApplicationShortlisted)]


def test_each_application_is_shortlisted_and_announced() -> None:
    """Every application named is put on the list with one event; others are left alone."""
    world = Entries.of(3)
    first, second, third = world.ids
    view = world.shortlist(third, first, reason="Invented.")
    assert (view.shortlisted, view.unchanged) == ((third, first), ())
    assert told(world) == [third, first]
    found = world.call("get_application", application_id=first)
    assert (found.status, found.shortlisted_at) == ("shortlisted", NOW)
    assert world.call("get_application", application_id=second).status == "submitted"


def test_nothing_is_written_when_an_application_is_not_in_the_cohort() -> None:
    """Ids that are unknown or belong to another cohort are all named, and nothing is done."""
    world = Entries.of(2)
    elsewhere = world.submitted(world.cohort())
    with pytest.raises(NotInCohort) as refusal:
        world.shortlist(world.ids[0], "unknown", elsewhere, world.ids[1])
    assert refusal.value.details == {"application_ids": ["unknown", elsewhere]}
    assert told(world) == []


def test_nothing_is_written_when_an_application_cannot_come_there() -> None:
    """Who has withdrawn, before or after, is named, and nothing is done."""
    world = Entries.of(3)
    first, second, third = world.ids
    world.bring(second, "withdrawn")
    world.bring(third, "shortlisted")
    world.bring(third, "withdrawn")
    with pytest.raises(WrongStage) as refusal:
        world.shortlist(first, second, third)
    assert refusal.value.details["application_ids"] == [second, third]
    assert told(world) == [third]


def test_shortlisting_again_changes_nothing() -> None:
    """What is on the list already keeps its time and is not announced again."""
    world = Entries.of(2)
    first, second = world.ids
    world.shortlist(first)
    world.clock.advance(hours=1)
    view = world.shortlist(first, second, second)
    assert (view.shortlisted, view.unchanged) == ((second,), (first,))
    assert told(world) == [first, second]
    assert world.application(first).shortlisted_at == NOW
    assert world.application(second).shortlisted_at == NOW + timedelta(hours=1)


def test_a_call_that_broke_off_is_completed_by_the_same_call() -> None:
    """Cut off after any write, the same call does the rest, and nothing twice."""

    def act(world: Entries) -> None:
        world.shortlist(*world.ids, message="m")

    for world in cut_at_every_write(act, lambda: Entries.of(3)):
        assert sorted(told(world)) == sorted(world.ids)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"application_ids": []}, "application_ids"),
        ({}, "take"),
        ({"application_ids": ["a"], "take": 1}, "take"),
        ({"application_ids": ["a"], "reserves": 1}, "reserves"),
        ({"application_ids": ["a"], "reject_rest": True}, "reject_rest"),
        ({"take": 0}, "take"),
    ],
)
def test_a_shortlist_names_somebody(arguments: dict[str, object], field: str) -> None:
    """Either ids, or how many to take from the ranking."""
    world = Entries.of(1)
    with pytest.raises(Invalid) as refusal:
        world.call("shortlist", cohort_id=world.cohort_id, **arguments)
    assert list(refusal.value.fields) == [field]


def test_a_shortlist_needs_its_cohort_and_its_ranking() -> None:
    """A cohort that is not there has no shortlist, and one that is not ranked none by rank."""
    world = Entries.of(1)
    with pytest.raises(NotFound):
        world.call("shortlist", cohort_id="nowhere", application_ids=["any"])
    with pytest.raises(NotRankedByReview):
        world.call("shortlist", cohort_id=world.cohort_id, take=1)


def test_the_best_are_taken_and_the_next_are_reserves() -> None:
    """In the order of the ranking; who is below the pass mark is named and stays."""
    world = Contest.reviewed([3, 5, 1, 4, 3])
    _, fifth, low, fourth, _ = world.applications
    view = world.shortlist(take=2, reserves=2)
    assert view.shortlisted == (fifth, fourth)
    assert set(view.reserves) == {world.applications[0], world.applications[4]}
    assert view.below_pass_mark == (low,)
    assert world.status() == ["reserve", "shortlisted", "longlisted", "shortlisted", "reserve"]
    assert len(world.events(ApplicationReserved)) == 2
    order = [each.application_id for each in world.pages("get_ranking", cohort_id=world.cohort_id)]
    assert [*view.shortlisted, *view.reserves] == order[:4]


def test_the_rest_go_no_further_when_it_is_said() -> None:
    """Neither chosen nor a reserve; who is paused, or on the list already, stays."""
    world = Contest.reviewed([5, 4, 3, 3, 2, 1])
    best, second, third, fourth, fifth, last = world.applications
    world.suspend(fifth)
    world.shortlist(application_ids=[last])
    given = {"take": 1, "reserves": 1, "reject_rest": True}
    dry = world.shortlist(**given, dry_run=True)
    assert set(dry.rejected) == {third, fourth}
    assert world.events(ApplicationNotSelected) == []
    view = world.shortlist(**given)
    assert (view.shortlisted, view.reserves, view.rejected) == ((best,), (second,), dry.rejected)
    assert view.paused == (fifth,)
    assert world.status() == [
        "shortlisted",
        "reserve",
        "unsuccessful",
        "unsuccessful",
        "longlisted",
        "shortlisted",
    ]
    assert world.shortlist(**given).rejected == ()
    assert len(world.events(ApplicationNotSelected)) == 2


def test_rejecting_the_rest_is_completed_by_the_same_call() -> None:
    """Wherever it was cut off, the same are chosen and the same go no further, told of once."""

    def act(world: Contest) -> None:
        world.shortlist(take=1, reserves=1, reject_rest=True, message="m")

    for world in cut_at_every_write(act, lambda: Contest.reviewed([5, 4, 3])):
        assert world.status() == ["shortlisted", "reserve", "unsuccessful"]
        assert len(world.events(ApplicationNotSelected)) == 1


def test_a_ranking_whose_scores_have_changed_makes_no_short_list() -> None:
    """Nor while they may still change; ranked anew it does, and who dropped out changes nothing."""
    world = Contest.reviewed([5, 4, 3])
    first, second, third = world.applications
    world.bring(third, "withdrawn")
    world.shortlist(take=1, dry_run=True)
    world.call("reopen_scoring", cohort_id=world.cohort_id, reason="A mistake.")
    with pytest.raises(ScoringStillOpen):
        world.shortlist(take=1)
    for review in world.live(second):
        world.score(review, 5)
    for review in world.live(first):
        world.score(review, 4)
    world.close()
    with pytest.raises(RankingStale) as refusal:
        world.shortlist(take=1)
    assert set(refusal.value.details["application_ids"]) == {first, second}
    world.rank()
    assert world.shortlist(take=1).shortlisted == (second,)


def test_who_is_paused_or_has_withdrawn_is_passed_over() -> None:
    """The next takes their place; the paused are named."""
    world = Contest.reviewed([5, 4, 3])
    best, second, third = world.applications
    world.suspend(best)
    world.drop_out(second)
    view = world.shortlist(take=1)
    assert (view.shortlisted, view.paused) == ((third,), (best,))


def test_a_dry_run_shows_who_and_writes_nothing() -> None:
    """And the call itself does the same."""
    world = Contest.reviewed([5, 4, 3])
    before = world.database.writes
    dry = world.shortlist(take=1, reserves=1, dry_run=True)
    assert world.database.writes == before
    made = world.shortlist(take=1, reserves=1)
    assert (dry.shortlisted, dry.reserves) == (made.shortlisted, made.reserves)


def test_taking_again_counts_who_is_on_the_list() -> None:
    """The same number again changes nothing; a greater one takes the reserves first."""
    world = Contest.reviewed([5, 4, 3])
    best, second, third = world.applications
    world.shortlist(take=1, reserves=1)
    again = world.shortlist(take=1, reserves=1)
    assert (again.shortlisted, again.unchanged, again.reserves) == ((), (best,), (second,))
    more = world.shortlist(take=2, reserves=1)
    assert (more.shortlisted, more.unchanged, more.reserves) == ((second,), (best,), (third,))
    assert world.status() == ["shortlisted", "shortlisted", "reserve"]


def test_taking_that_broke_off_is_completed_by_the_same_call() -> None:
    """Cut off after any write, everybody is where they belong, told of once."""

    def act(world: Contest) -> None:
        world.shortlist(take=2, reserves=1, message="m")

    for world in cut_at_every_write(act, lambda: Contest.reviewed([5, 4, 3])):
        assert world.status() == ["shortlisted", "shortlisted", "reserve"]
        assert len(told(world)) == 2
        state = world.call("get_shortlist", cohort_id=world.cohort_id)
        assert (state.take, state.running) == (2, 2)
        assert state.reserves == world.applications[2:]


def test_a_reserve_comes_on_the_list_when_somebody_drops_out() -> None:
    """In their order, and nobody while the list is full."""
    world = Contest.reviewed([5, 5, 4, 3])
    _, _, first, second = world.applications
    world.shortlist(take=2, reserves=2)
    with pytest.raises(ShortlistFull):
        world.call("promote_reserve", cohort_id=world.cohort_id)
    world.drop_out(world.applications[0])
    view = world.call("promote_reserve", cohort_id=world.cohort_id)
    assert (view.application_id, view.left) == (first, 1)
    with pytest.raises(ShortlistFull):
        world.call("promote_reserve", cohort_id=world.cohort_id)
    world.drop_out(world.applications[1])
    assert world.call("promote_reserve", cohort_id=world.cohort_id).application_id == second
    world.drop_out(first)
    with pytest.raises(NoReserveLeft):
        world.call("promote_reserve", cohort_id=world.cohort_id)
    state = world.call("get_shortlist", cohort_id=world.cohort_id)
    assert (state.promoted, state.reserves) == ((first, second), ())


def test_reserves_keep_their_order_and_the_paused_wait() -> None:
    """Another ranking after that does not change it; who is paused is passed over."""
    world = Contest.reviewed([5, 4, 3])
    best, first, second = world.applications
    world.shortlist(take=1, reserves=2)
    world.suspend(first)
    world.drop_out(best)
    assert world.call("promote_reserve", cohort_id=world.cohort_id).application_id == second
    assert world.application(first).status == "reserve"


def test_a_promotion_that_broke_off_promotes_one() -> None:
    """The same call again brings the same reserve; another call first completes what was begun."""

    def prepare() -> Contest:
        world = Contest.reviewed([5, 4, 3])
        world.shortlist(take=1, reserves=2)
        world.drop_out(world.applications[0])
        return world

    def act(world: Contest) -> None:
        world.call("promote_reserve", cohort_id=world.cohort_id, message="m")

    for world in cut_at_every_write(act, prepare):
        assert world.status() == ["withdrawn", "shortlisted", "reserve"]
    world = prepare()
    with world.cut_off(1):
        act(world)
    assert world.was_cut
    with pytest.raises(ShortlistFull):
        world.call("promote_reserve", cohort_id=world.cohort_id)
    assert world.status() == ["withdrawn", "shortlisted", "reserve"]


def test_a_member_reads_only_their_own_application() -> None:
    """To a member somebody else's application does not exist; staff name no member."""
    world = Entries.of(1)
    [id] = world.ids
    mine = world.call("get_application", application_id=id)
    own = world.call("get_application", application_id=id, member_id=mine.member_id)
    assert own.application_id == id
    with pytest.raises(NotFound) as theirs:
        world.call("get_application", application_id=id, member_id="somebody-else")
    with pytest.raises(NotFound) as nobodys:
        world.call("get_application", application_id="nowhere", member_id="somebody-else")
    assert theirs.value.code == nobodys.value.code


def test_a_cohorts_applications_come_page_by_page() -> None:
    """Following the cursor gives each application of the cohort once, and no other's."""
    world = Entries.of(5)
    other = world.cohort()
    world.submitted(other)
    found = world.pages("find_applications", cohort_id=world.cohort_id, limit=2)
    assert sorted(each.application_id for each in found) == sorted(world.ids)
    with pytest.raises(NotFound):
        world.call("find_applications", cohort_id="nowhere", limit=2)
