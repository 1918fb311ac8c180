"""Rounds that two people take back: everything, once, whatever happens meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from services.programmes.errors import (
    LaterRound,
    PlacementsBegun,
    RoundReversed,
    SecondPersonNeeded,
    WrongRoundState,
)
from services.programmes.events import (
    OfferRestored,
    OfferReversed,
)
from services.programmes.events import RoundReversed as RoundReversedEvent
from shared.testing.behaviour.things import at_once
from shared.testing.fakes import error_of
from tests.unit.programmes.offers import (
    POSTS,
    BusyDatabase,
    ranked,
    ready,
    release_again,
    require_sound,
    scene,
)
from tests.unit.programmes.world import World, cut_at_every_write


def test_reversing_takes_two_people_and_takes_everything_back() -> None:
    """Also what was accepted or declined; everybody is ranked again."""
    here = scene()
    round_id = here.release().round_id
    here.answer(0, "accept")
    here.answer(1, "decline")
    why = {"round_id": round_id, "reason": "The ranks were taken for scores."}
    with pytest.raises(WrongRoundState):
        here.world.call("reverse_round", by="agreer", **why)
    here.world.call("request_reversal", by="asker", **why)
    with pytest.raises(SecondPersonNeeded):
        here.world.call("reverse_round", by="asker", **why)
    assert here.status(0) == "accepted"
    view = here.world.call("reverse_round", by="agreer", **why)
    assert (view.state, view.spared) == ("reversed", ())
    assert here.posts() == {}
    assert [here.status(place) for place in range(4)] == ["ranked"] * 4
    assert here.world.repository("places").free(here.cohort_id) == POSTS
    assert len(here.world.events(OfferReversed)) == 2
    assert len(here.world.events(RoundReversedEvent)) == 1
    error = error_of(lambda: here.answer(0, "accept"))
    assert error.code == "programmes.offer_reversed"
    with pytest.raises(RoundReversed):
        here.world.call("request_reversal", by="asker", **why)
    assert here.prepare().number == 2
    require_sound(here.world)


def test_reversing_an_upgrade_gives_back_what_there_was() -> None:
    """Who had accepted something before has it again; who was offered it meanwhile has not."""
    here = scene()
    here.release()
    here.answer(0, "decline")
    here.answer(1, "accept", upgrades=True)
    second = here.release().round_id
    assert here.posts() == {1: "city", 3: "valley"}
    here.reverse(second)
    assert here.posts() == {1: "valley"}
    assert [here.status(place) for place in range(4)] == [
        "declined",
        "accepted",
        "ranked",
        "ranked",
    ]
    assert len(here.world.events(OfferRestored)) == 1
    require_sound(here.world)
    here.release()
    assert here.posts() == {1: "city", 3: "valley"}
    require_sound(here.world)


def test_the_latest_round_is_taken_back_first() -> None:
    """Others build on those before them."""
    here = scene()
    first = here.release().round_id
    here.answer(0, "decline")
    second = here.release().round_id
    with pytest.raises(LaterRound, match=r"Round 2 builds on it.*reverse_round") as error:
        here.world.call("request_reversal", round_id=first, reason="Wrong.")
    assert error.value.details["round_id"] == second
    here.reverse(second)
    here.reverse(first)
    assert here.posts() == {}
    require_sound(here.world)


def test_nothing_is_taken_back_once_placements_have_begun() -> None:
    """Neither asked for nor done."""
    here = scene()
    round_id = here.release().round_id
    here.answer(0, "accept")
    here.world.call("request_reversal", by="asker", round_id=round_id, reason="Wrong.")
    here.place(0)
    with pytest.raises(PlacementsBegun) as error:
        here.world.call("reverse_round", by="agreer", round_id=round_id, reason="Wrong.")
    assert error.value.details["application_ids"] == [here.ids[0]]
    error = error_of(lambda: here.answer(0, "decline"))
    assert isinstance(error, PlacementsBegun)
    assert here.posts() == {0: "city", 1: "valley"}


@pytest.mark.parametrize("upgrades", [False, True])
def test_a_reversal_is_completed_wherever_it_was_cut_off(upgrades: bool) -> None:
    """By the same call again, or by the clock."""

    def prepare() -> Any:
        world = ready(upgrades=upgrades)
        release_again(world)
        world.call("request_reversal", by="asker", round_id=world.round_id, reason="Wrong.")
        return world

    def act(world: Any) -> None:
        arguments = {"round_id": world.round_id, "reason": "Wrong."}
        world.call("reverse_round", by="agreer", message="reverse", **arguments)

    def require(world: Any) -> None:
        assert world.here.posts() == ({1: "valley"} if upgrades else {})
        assert world.call("get_round", round_id=world.round_id).state == "reversed"
        require_sound(world)

    for world in cut_at_every_write(act, prepare):
        require(world)
    cut, world = 1, prepare()
    while True:
        with world.cut_off(cut):
            act(world)
        world.pass_time(minutes=30)
        require(world)
        if not world.was_cut:
            return
        cut, world = cut + 1, prepare()


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_answer_while_a_round_is_taken_back_wins_or_loses_whole(answer: str) -> None:
    """Whichever comes first, in the end everything is taken back and nothing is left over."""
    world = World(database=BusyDatabase())
    here = ranked(world, {"city": 12}, [["city"]] * 12)
    round_id = here.release().round_id
    why = {"round_id": round_id, "reason": "Wrong."}
    world.call("request_reversal", by="asker", **why)
    offers = here.offers()

    def give(offer: Any) -> Any:
        own = {"offer_id": offer.offer_id, "member_id": offer.member_id}
        return world.call(f"{answer}_offer", by=offer.member_id, **own)

    results = at_once(
        [
            *(lambda each=offer: give(each) for offer in offers),  # type: ignore[misc]
            lambda: world.call("reverse_round", by="agreer", **why),
        ]
    )
    for result in results[:-1]:
        code = getattr(result, "code", None)
        assert code in (None, "programmes.offer_reversed", "conflict")
    assert here.posts() == {}
    assert {here.status(place) for place in range(12)} == {"ranked"}
    assert world.repository("places").free(here.cohort_id) == {"city": 12}
    require_sound(world)
