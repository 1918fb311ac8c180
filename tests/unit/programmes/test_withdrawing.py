"""Withdrawals that broke off, and turns that must wait: the clock does what is left to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.programmes.domain.offer import Offer
from services.programmes.repository.keys import count_due
from shared.errors import Conflict, FacultyError, Unavailable
from tests.unit.programmes.offers import Scene, ranked, require_sound, scene
from tests.unit.programmes.world import World


def accepted() -> Scene:
    """Two who want the one place there is, which the first has accepted."""
    here = scene({"city": 1}, [["city"], ["city"]])
    here.release()
    here.answer(0, "accept")
    return here


def free(here: Scene) -> dict[str, int]:
    found: dict[str, int] = here.world.repository("places").free(here.cohort_id)
    return found


def require_given_back(here: Scene) -> None:
    """The place is free and goes on, and nothing is left to be done."""
    assert (here.status(0), here.offer(0).state, free(here)) == (
        "withdrawn",
        "declined",
        {"city": 1},
    )
    assert here.world.application(here.ids[0]).releasing_at is None
    require_sound(here.world)
    assert [line.application_id for line in here.prepare().lines] == here.ids[1:]


@pytest.mark.parametrize("error", [Conflict, Unavailable])
def test_what_could_not_be_given_back_is_given_back_by_the_clock(
    error: type[FacultyError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The member is told that it failed, and need not try again."""
    here = accepted()
    with monkeypatch.context() as patched:
        patched.setattr(here.world.repository("offers"), "change", lambda *_: refuse(error))
        with pytest.raises(error):
            here.withdraw(0)
    assert (here.status(0), free(here)) == ("withdrawn", {})
    here.world.pass_time(minutes=2)
    require_given_back(here)


def refuse(error: type[FacultyError]) -> None:
    raise error("Busy.")


def test_a_withdrawal_is_completed_by_the_clock_wherever_it_was_cut_off() -> None:
    """Though nobody calls again."""
    cut = 1
    while True:
        here = accepted()
        with here.world.cut_off(cut):
            here.withdraw(0)
        was_cut = here.world.was_cut
        here.world.pass_time(minutes=3)
        require_given_back(here)
        if not was_cut:
            return
        cut += 1


def test_a_suspension_does_not_keep_what_was_given_back() -> None:
    """Whoever is suspended can still go, and the clock does not wait for its end."""
    here = accepted()
    here.suspend(0)
    with here.world.cut_off(1):
        here.withdraw(0)
    here.world.pass_time(minutes=2)
    require_given_back(here)


# Turns


def due(world: World, collection: str) -> int:
    """How much of a collection the clock would look at, in any time to come."""
    return count_due(world.repository(collection), world.clock() + timedelta(days=3650))


def test_what_rests_with_a_suspension_comes_up_at_no_tick() -> None:
    """An offer that was taken back, of which nobody can be told yet, waits for its end."""
    here = accepted()
    here.suspend(0)
    here.reverse(here.rounds()[0].round_id)
    assert (here.offer(0).state, here.status(0)) == ("reversed", "accepted")
    assert due(here.world, "offers") == 0
    here.reinstate(0)
    assert here.status(0) == "ranked"
    assert due(here.world, "offers") == 0
    require_sound(here.world)


def test_an_offer_that_was_being_made_rests_and_goes_on() -> None:
    """It has a turn again as soon as its clock goes on."""
    here = scene({"city": 1}, [["city"]])
    round_id = here.approved()
    with here.world.cut_off(4):  # the offer is there, and the application does not know
        here.world.call("release_round", by="releaser", round_id=round_id)
    assert (len(here.offers()), here.status(0)) == (1, "ranked")
    here.suspend(0)
    here.world.pass_time(minutes=20)
    assert (here.offer(0).paused, here.status(0)) == (True, "ranked")
    assert due(here.world, "offers") == 0
    here.reinstate(0)
    assert (here.offer(0).paused, here.status(0)) == (False, "offered")
    assert due(here.world, "offers") == 1


def test_a_suspension_that_ends_while_it_is_noticed_is_noticed_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else nobody would go on with the offer any more."""
    here = scene({"city": 1}, [["city"]])
    round_id = here.approved()
    with here.world.cut_off(4):
        here.world.call("release_round", by="releaser", round_id=round_id)
    here.suspend(0)
    pause, ended = Offer.pause, []

    def late(offer: Offer, *arguments: Any) -> None:
        if not ended:
            ended.append(True)
            here.reinstate(0)
        pause(offer, *arguments)

    monkeypatch.setattr(Offer, "pause", late)
    here.world.pass_time(minutes=20)
    assert (here.offer(0).paused, here.status(0)) == (False, "offered")
    assert due(here.world, "offers") == 1


def test_a_correction_that_a_suspension_stops_comes_up_at_no_tick(world: World) -> None:
    """Its time is over in the meantime; it stands once the suspension has ended."""
    here = ranked(world, {"city": 1}, [["city"]])
    until = world.clock() + timedelta(days=3)
    own = {"application_id": here.ids[0], "until": until, "reason": "A date is missing."}
    world.call("return_application", **own)
    kept = due(world, "applications")
    here.suspend(0)
    assert due(world, "applications") == kept - 1
    world.pass_time(days=4)
    assert here.status(0) == "returned"
    here.reinstate(0)
    world.pass_time(minutes=1)
    assert here.status(0) == "ranked"
