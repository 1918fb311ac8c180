"""Rounds of offers: two people release them, what is free goes on, two people take them back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.programmes.errors import (
    LaterRound,
    NothingToOffer,
    OtherOfferAccepted,
    ReleaseBlocked,
    RoundUnderWay,
    SecondPersonNeeded,
    WrongRoundState,
    WrongWay,
)
from services.programmes.events import (
    OfferMade,
    OfferUpgraded,
    RoundProposed,
    RoundReleased,
)
from services.programmes.handlers import planning
from services.programmes.subscriptions import MemberMerged, StandingChanged
from shared.errors import Invalid
from shared.testing import FakeClock, error_of
from shared.testing.behaviour.things import at_once
from tests.unit.programmes.offers import (
    BusyDatabase,
    match,
    prefer,
    ready,
    release_again,
    require_sound,
    scene,
)
from tests.unit.programmes.world import World, cut_at_every_write


def test_the_first_round_is_what_the_match_says() -> None:
    """With a reason for each line; nothing is offered yet."""
    here = scene()
    prepared = here.prepare()
    assert [(line.post_id, line.rank, line.choice) for line in prepared.lines] == [
        ("city", 1, 1),
        ("valley", 2, 2),
    ]
    assert prepared.lines[1].why == "Choice 2 of 2, selection rank 2 of 4."
    assert (prepared.state, prepared.number) == ("prepared", 1)
    assert prepared.findings is None, "nobody has looked yet"
    assert here.offers() == []
    (proposed,) = here.world.events(RoundProposed)
    assert proposed.member_ids == tuple(here.members[:2])


def test_a_round_is_released_by_another_person() -> None:
    """Neither by who approved it nor by who prepared it; then every line is an offer."""
    here = scene()
    round_id = here.approved()
    for person in ("approver", "planner"):
        with pytest.raises(SecondPersonNeeded) as error:
            here.world.call("release_round", by=person, round_id=round_id, reason="So.")
        assert error.value.details["by"] == ["approver", "planner"]
    released = here.world.call("release_round", by="releaser", round_id=round_id)
    assert (released.state, released.offers, released.findings) == ("released", 2, ())
    assert here.posts() == {0: "city", 1: "valley"}
    assert [here.status(place) for place in range(4)] == ["offered", "offered", "ranked", "ranked"]
    (told,) = here.world.events(RoundReleased)
    assert (told.number, told.offers) == (1, 2)
    require_sound(here.world)


def test_who_prepared_a_round_may_approve_it() -> None:
    """And then another releases it."""
    here = scene()
    prepared = here.prepare()
    here.measure(prepared.round_id)
    here.world.call("approve_round", by="planner", round_id=prepared.round_id)
    here.world.call("release_round", by="other", round_id=prepared.round_id)
    assert here.posts() == {0: "city", 1: "valley"}


def test_a_round_is_approved_before_it_is_released() -> None:
    """And released once."""
    here = scene()
    round_id = here.prepare().round_id
    with pytest.raises(WrongRoundState) as early:
        here.world.call("release_round", by="releaser", round_id=round_id, reason="So.")
    assert early.value.details["state"] == "prepared"
    here.world.call("approve_round", by="approver", round_id=round_id)
    here.world.call("release_round", by="releaser", round_id=round_id, reason="So.")
    with pytest.raises(WrongRoundState):
        here.world.call("release_round", by="releaser", round_id=round_id, reason="So.")
    assert len(here.world.events(OfferMade)) == 2


def test_one_round_is_under_way_at_a_time() -> None:
    """Until it is released or discarded."""
    here = scene()
    first = here.prepare()
    with pytest.raises(RoundUnderWay) as error:
        here.prepare()
    assert error.value.details["round_id"] == first.round_id
    here.world.call("discard_round", round_id=first.round_id, reason="Prepared too early.")
    assert here.prepare().number == 2
    with pytest.raises(WrongRoundState):
        here.world.call("approve_round", round_id=first.round_id)


def test_the_first_round_needs_a_match_and_later_ones_have_none() -> None:
    """Of the same cohort."""
    here = scene()
    with pytest.raises(Invalid) as error:
        here.prepare(match_id=None)
    assert list(error.value.fields) == ["match_id"]
    here.release()
    with pytest.raises(LaterRound, match=r"^.*Round 1 stands.* reverse_round\.$") as later:
        here.prepare(match_id=here.match_id)
    assert later.value.details["round_id"] == here.rounds()[0].round_id


def test_courses_have_no_rounds() -> None:
    """The way is the workflow's."""
    world = World()
    cohort_id = world.cohort(world.programme(kind="course"))
    with pytest.raises(WrongWay):
        world.call("prepare_round", cohort_id=cohort_id, match_id="any")


def test_who_cannot_be_offered_anything_is_skipped_with_the_reason() -> None:
    """Suspended, lapsed, or withdrawn."""
    here = scene({"city": 4}, [["city"]] * 4)
    members = here.members
    here.suspend(0)
    here.world.tell(StandingChanged(members[1], "lapsed"))
    here.world.bring(here.ids[2], "withdrawn")
    prepared = here.prepare()
    assert {each.application_id: each.reason for each in prepared.skipped} == {
        here.ids[0]: "paused",
        here.ids[1]: "lapsed",
        here.ids[2]: "withdrawn",
    }
    assert [line.application_id for line in prepared.lines] == here.ids[3:]


def test_what_has_happened_since_is_seen_when_a_round_is_released() -> None:
    """Nothing is made for who has withdrawn or is suspended, and the view says so."""
    here = scene({"city": 3}, [["city"]] * 3)
    round_id = here.approved()
    here.world.bring(here.ids[0], "withdrawn")
    here.suspend(1)
    released = here.world.call("release_round", by="releaser", round_id=round_id, reason="Known.")
    assert {each.application_id: each.reason for each in released.dropped} == {
        here.ids[0]: "withdrawn",
        here.ids[1]: "paused",
    }
    assert here.posts() == {2: "city"}
    assert here.world.repository("places").free(here.cohort_id) == {"city": 2}


def test_what_was_declined_goes_on_in_selection_order() -> None:
    """To whoever without a final answer comes first and ranks it."""
    here = scene()
    here.release()
    here.answer(0, "decline")
    second = here.release()
    assert [(line.application_id, line.post_id) for line in second.lines] == [(here.ids[2], "city")]
    assert here.posts() == {1: "valley", 2: "city"}
    assert here.status(0) == "declined"
    require_sound(here.world)


def test_who_asked_for_upgrades_moves_first_and_what_they_leave_goes_on() -> None:
    """In the same round, without being asked again."""
    here = scene()
    here.release()
    here.answer(0, "decline")
    here.answer(1, "accept", upgrades=True)
    here.release()
    assert here.posts() == {1: "city", 3: "valley"}
    assert here.status(1) == "accepted"
    (upgraded,) = here.world.events(OfferUpgraded)
    before = here.world.call("get_offer", offer_id=upgraded.replaced_offer_id)
    assert (before.state, before.replaced_by) == ("superseded", upgraded.offer_id)
    assert here.offer(1).upgrades
    require_sound(here.world)


def test_who_did_not_ask_for_upgrades_keeps_what_they_have() -> None:
    """Accepted or held alike."""
    here = scene()
    here.release()
    here.answer(0, "decline")
    here.answer(1, "hold", until=here.world.clock() + timedelta(hours=72))
    here.release()
    assert here.posts() == {1: "valley", 2: "city"}


def test_a_held_offer_is_upgraded_to_a_held_one() -> None:
    """To be answered by the same instant."""
    here = scene()
    here.release()
    until = here.world.clock() + timedelta(hours=72)
    here.answer(1, "hold", until=until, upgrades=True)
    here.answer(0, "decline")
    here.release()
    better = here.offer(1)
    assert (better.post_id, better.state, better.answer_by) == ("city", "held", until)
    assert here.status(1) == "held"
    require_sound(here.world)


def test_two_who_would_rather_have_each_other_s_post_change_places() -> None:
    """Though no place is free meanwhile."""
    here = scene({"city": 1, "valley": 1}, [["city"], ["valley"]])
    here.release()
    for place, wish in enumerate([["valley", "city"], ["city", "valley"]]):
        here.answer(place, "accept", upgrades=True)
        prefer(here.world, here.cohort_id, here.ids[place], wish)
    here.release()
    assert here.posts() == {0: "valley", 1: "city"}
    assert [here.status(place) for place in range(2)] == ["accepted", "accepted"]
    require_sound(here.world)


def test_a_post_whose_host_ranks_goes_on_by_the_host_s_order() -> None:
    """To whom the host ranks next, not to whoever is next in the order of selection."""
    here = scene({"city": 1}, [["city"]] * 4)
    tiers = [[here.ids[2]], [here.ids[3]], [here.ids[0]]]
    here.world.call("rank_applicants", cohort_id=here.cohort_id, post_id="city", tiers=tiers)
    here.match_id = match(here.world, here.cohort_id, "deferred_acceptance")
    here.release()
    assert here.posts() == {2: "city"}
    here.answer(2, "decline")
    here.release(reason="")
    assert here.posts() == {3: "city"}
    here.answer(3, "decline")
    here.release(reason="")
    assert here.posts() == {0: "city"}
    here.answer(0, "decline")
    assert nothing(here) == ("not_wanted", 1)


def test_a_round_takes_as_many_as_can_be_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best first; the others come with the next one."""
    monkeypatch.setattr(planning, "PROPOSED_AT_MOST", 2)
    here = scene({"city": 3}, [["city"]] * 3)
    assert here.release().offers == 2
    assert here.release().offers == 1
    assert here.posts() == {0: "city", 1: "city", 2: "city"}


def nothing(here: Any, **arguments: Any) -> tuple[str, int]:
    """Why no round can be prepared, and how many places are free."""
    error = error_of(lambda: here.prepare(**arguments))
    assert isinstance(error, NothingToOffer)
    return error.details["why"], error.details["free"]


def test_a_round_that_would_make_no_offer_is_not_prepared() -> None:
    """It says why, and the next round has the next number."""
    here = scene({"city": 1}, [["city"]])
    here.suspend(0)
    assert nothing(here) == ("all_skipped", 1)
    here.reinstate(0)
    here.release()
    assert nothing(here) == ("no_places", 0)
    here.answer(0, "decline")
    assert nothing(here) == ("nobody_waits", 1)
    assert len(here.rounds()) == 1


def test_a_match_that_gives_nobody_anything_makes_no_round() -> None:
    """Hosts have ranked nobody: who is to look where is said."""
    here = scene({"city": 1}, [["city"]])
    here.world.call("rank_applicants", cohort_id=here.cohort_id, post_id="city", tiers=[])
    empty = match(here.world, here.cohort_id, "deferred_acceptance")
    error = error_of(lambda: here.prepare(match_id=empty))
    assert error.details == {"why": "nobody_matched", "free": 1, "skipped": {}}
    assert "find_assignments" in str(error)


def test_who_was_left_out_of_an_empty_round_is_counted() -> None:
    """By the reason, so that it is plain what to wait for."""
    here = scene({"city": 1}, [["city"], ["city"]])
    here.release()
    here.answer(0, "decline")
    here.suspend(1)
    error = error_of(here.prepare)
    assert error.details == {"why": "nobody_waits", "free": 1, "skipped": {"paused": 1}}


def test_a_person_is_offered_one_post() -> None:
    """By the application they submitted last; what the other was to get goes to somebody else."""
    here = scene({"city": 2, "valley": 1}, [["city"], ["valley"], ["city", "valley"], ["valley"]])
    here.world.tell(MemberMerged(here.members[1], here.members[0]))
    prepared = here.prepare()
    assert [line.application_id for line in prepared.lines] == here.ids[1:3]
    (skipped,) = prepared.skipped
    assert (skipped.application_id, skipped.reason) == (here.ids[0], "other_application")
    here.world.call("discard_round", round_id=prepared.round_id, reason="Match again.")
    here.match_id = match(here.world, here.cohort_id)
    here.release(reason="")
    assert here.posts() == {1: "valley", 2: "city"}
    later = error_of(here.prepare).details
    assert later == {"why": "not_wanted", "free": 1, "skipped": {"other_application": 1}}
    require_sound(here.world)


def test_who_turns_out_to_have_two_offers_as_one_person_gets_no_better_one() -> None:
    """Until they have given one of them back."""
    here = scene({"city": 1, "valley": 1, "hill": 1}, [["city"], ["city", "valley"], ["hill"]])
    here.release()
    here.answer(0, "decline")
    here.answer(1, "accept", upgrades=True)
    here.world.tell(MemberMerged(here.members[2], here.members[1]))
    error = error_of(here.prepare)
    assert error.details == {"why": "nobody_waits", "free": 1, "skipped": {"other_application": 1}}
    here.answer(2, "decline")
    here.release(reason="")
    assert here.posts() == {1: "city"}
    require_sound(here.world)


def test_a_person_accepts_one_of_two_offers() -> None:
    """They were merged after both were made; the other is neither accepted nor held meanwhile."""
    here = scene({"city": 1, "valley": 1}, [["city"], ["valley"]])
    here.release()
    here.world.tell(MemberMerged(here.members[1], here.members[0]))
    here.answer(0, "accept")
    with pytest.raises(OtherOfferAccepted) as refused:
        here.answer(1, "accept")
    assert refused.value.details == {"offer_id": here.offer(0).offer_id}
    with pytest.raises(OtherOfferAccepted):
        here.answer(1, "hold", until=here.offer(1).answer_by)
    assert here.posts() == {0: "city", 1: "valley"}
    here.answer(0, "decline")
    here.answer(1, "accept")
    assert here.posts() == {1: "valley"}
    require_sound(here.world)


def dropped(view: Any) -> dict[str, str]:
    """Why what lines of a round came to nothing."""
    return {each.application_id: each.reason for each in view.dropped}


def test_a_line_whose_place_is_gone_is_dropped() -> None:
    """All other offers are made, and the place that comes back goes on in the next round."""
    here = scene()
    round_id, places = here.approved(), here.world.repository("places")
    with here.world.cut_off(2):  # it has begun, and what is carried out is decided
        here.world.call("release_round", by="releaser", round_id=round_id)
    places.fit(here.cohort_id, "city", 0)
    released = here.world.call("release_round", by="releaser", round_id=round_id)
    assert (released.state, released.offers) == ("released", 1)
    assert dropped(released) == {here.ids[0]: "no_place"}
    assert here.posts() == {1: "valley"}
    assert here.status(0) == "ranked"
    places.fit(here.cohort_id, "city", 1)
    here.release()
    assert here.posts() == {0: "city", 1: "valley"}
    require_sound(here.world)


def test_who_cannot_move_keeps_what_they_have() -> None:
    """And whoever would have followed them gets nothing instead."""
    world = ready(upgrades=True)
    with world.cut_off(3):
        release_again(world)
    world.repository("places").fit(world.here.cohort_id, "city", 0)
    world.pass_time(minutes=20)
    released = world.call("get_round", round_id=world.round_id)
    assert dropped(released) == dict.fromkeys((world.here.ids[1], world.here.ids[3]), "no_place")
    assert (world.here.posts(), world.here.status(1)) == ({1: "valley"}, "accepted")
    require_sound(world)


def test_expired_offers_go_on() -> None:
    """After 48 working hours without an answer."""
    here = scene()
    here.release()
    here.answer(1, "accept")
    here.world.pass_time(days=7)
    assert here.status(0) == "expired"
    here.release()
    assert here.posts() == {1: "valley", 2: "city"}
    require_sound(here.world)


def test_nobody_is_offered_what_they_did_not_rank() -> None:
    """Rather does a place stay free."""
    here = scene({"city": 1, "valley": 1}, [["city"], ["city"]])
    here.release()
    assert here.posts() == {0: "city"}
    assert nothing(here) == ("not_wanted", 1)


@pytest.mark.parametrize("upgrades", [False, True])
def test_a_release_is_completed_wherever_it_was_cut_off(upgrades: bool) -> None:
    """By the same call again; every line has one offer, one place, and its status."""
    for world in cut_at_every_write(release_again, lambda: ready(upgrades=upgrades)):
        _require_released(world, upgrades=upgrades)


@pytest.mark.parametrize("upgrades", [False, True])
def test_a_release_is_completed_by_the_clock_wherever_it_was_cut_off(upgrades: bool) -> None:
    """Though nobody calls again."""
    cut = 0
    while True:
        world = ready(upgrades=upgrades)
        with world.cut_off(cut):
            release_again(world)
        cut += 1
        if cut == 1:
            continue  # nothing was begun
        world.pass_time(minutes=30)
        _require_released(world, upgrades=upgrades)
        if not world.was_cut:
            return


def _require_released(world: Any, *, upgrades: bool) -> None:
    assert world.here.posts() == (
        {1: "city", 3: "valley"} if upgrades else {0: "city", 1: "valley"}
    )
    assert len(world.events(OfferMade)) == (3 if upgrades else 2)
    assert world.call("get_round", round_id=world.round_id).state == "released"
    require_sound(world)


@pytest.mark.parametrize("upgrades", [False, True])
@pytest.mark.parametrize("cut", [1, 3, 5, 8])
def test_several_at_work_on_a_release_do_no_harm(cut: int, upgrades: bool) -> None:
    """Two calls and the clock, all of which go on with what was cut off."""
    world = ready(upgrades=upgrades, database=BusyDatabase())
    with world.cut_off(cut):
        release_again(world)
    again = {"by": "releaser", "round_id": world.round_id, "reason": ""}
    later = World(database=world.database, clock=FakeClock(world.clock() + timedelta(minutes=20)))
    at_once(
        [
            lambda: world.call("release_round", **again),
            lambda: later.let_the_clock("tick"),
            lambda: world.call("release_round", **again),
        ]
    )
    _require_released(world, upgrades=upgrades)


def test_no_place_is_taken_away_while_a_round_is_carried_out() -> None:
    """It counts on all that there were; more may be added."""
    here = scene({"city": 2}, [["city"]] * 2)
    round_id = here.approved()
    with here.world.cut_off(2):
        here.world.call("release_round", by="releaser", round_id=round_id)
    own = {"cohort_id": here.cohort_id, "post_id": "city", "reason": "The host says so."}
    with pytest.raises(RoundUnderWay):
        here.world.call("change_post_capacity", capacity=1, **own)
    assert here.world.call("change_post_capacity", capacity=3, **own).capacity == 3
    here.world.pass_time(minutes=20)
    assert here.posts() == {0: "city", 1: "city"}
    require_sound(here.world)


def test_a_round_that_cannot_be_right_is_never_released() -> None:
    """Whatever reason is given."""
    here = scene({"city": 2}, [["city"], ["city"]])
    round_id = here.approved()
    here.world.call(
        "change_post_capacity",
        cohort_id=here.cohort_id,
        post_id="city",
        capacity=1,
        reason="The host cannot.",
    )
    with pytest.raises(ReleaseBlocked) as error:
        here.world.call("release_round", by="releaser", round_id=round_id, reason="All the same.")
    assert error.value.details["findings"] == ["capacity"]
    assert here.offers() == []


def test_who_did_what_stands_in_the_trail() -> None:
    """With the reason."""
    here = scene()
    round_id = here.release(reason="Agreed on 3 June.").round_id
    here.reverse(round_id)
    trail = here.world.repository("offer_rounds").trail(round_id)
    assert [(entry.by, entry.action, entry.reason) for entry in trail][:3] == [
        ("planner", "prepare_round", ""),
        ("approver", "approve_round", ""),
        ("releaser", "release_round", "Agreed on 3 June."),
    ]
    assert ("asker", "request_reversal") in [(entry.by, entry.action) for entry in trail]
    assert (trail[-1].by, trail[-1].reason) == ("agreer", "The scores were wrong.")
