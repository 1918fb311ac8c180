"""An offer by which a placement is arranged is given back by nobody, whoever comes at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from services.programmes.errors import NothingAccepted, PlacementsBegun
from shared.errors import FacultyError
from tests.unit.interleaving import SwitchingDatabase, at_once, chooser
from tests.unit.programmes.offers import Scene, ranked, require_sound
from tests.unit.programmes.world import World

WISHES = [["city"], ["city", "valley"], ["valley"]]
_PACES = ((4, 1), (2, 1), (1, 1), (1, 8), (1, 20))
"""How much faster either call is than the other, so that either comes first in some orders."""


def _accepted(**arguments: Any) -> Scene:
    """The best has declined the city; the second has accepted the valley."""
    database: Any = SwitchingDatabase()
    here = ranked(World(database=database), {"city": 1, "valley": 1}, WISHES)
    here.release()
    here.answer(0, "decline")
    here.answer(1, "accept", **arguments)
    return here


def _arrange_while(here: Scene, other: Callable[[Any], Any], seed: int) -> list[Any]:
    """How arranging the second's placement is refused, and what happens at once; else None."""
    application_id, world, beside = here.ids[1], here.world, here.world.another()
    turns = random.Random(seed).choices((0, 1), weights=_PACES[seed % len(_PACES)], k=400)
    outcomes = at_once(
        [
            lambda: beside.call("arrange_placement", by="staff", application_id=application_id),
            lambda: other(world),
        ],
        chooser(turns),
    )
    world.pass_time(hours=1)
    require_sound(world)
    return [each if isinstance(each, FacultyError) else None for each in outcomes]


def _placed(here: Scene) -> list[tuple[str, str]]:
    found = here.world.repository("placements").scan({})
    return [(each.application_id, each.post_id) for each in found]


@pytest.mark.parametrize("seed", range(40))
def test_either_it_is_arranged_or_declined(seed: int) -> None:
    """Who declines at that moment is either placed or not; the post goes to nobody else as well."""
    here = _accepted()
    offer = here.offer(1)
    own = {"offer_id": offer.offer_id, "member_id": offer.member_id}
    arranged, declined = _arrange_while(
        here, lambda world: world.call("decline_offer", by=offer.member_id, **own), seed
    )
    if isinstance(declined, PlacementsBegun):
        assert arranged is None
        assert _placed(here) == [(here.ids[1], "valley")]
    else:
        assert declined is None
        assert isinstance(arranged, NothingAccepted)
        assert _placed(here) == []
        assert here.status(1) == "declined"


@pytest.mark.parametrize("seed", range(40))
def test_either_it_is_arranged_or_upgraded(seed: int) -> None:
    """Whoever is placed at the moment of a better offer keeps the post they are placed in."""
    here = _accepted(upgrades=True)
    round_id = here.approved()
    arguments = {"round_id": round_id, "reason": "As agreed."}
    arranged, released = _arrange_while(
        here, lambda world: world.call("release_round", by="releaser", **arguments), seed
    )
    assert released is None
    placed = _placed(here)
    if arranged is None:
        assert len(placed) == 1
        assert here.posts()[1] == placed[0][1]
    else:
        assert isinstance(arranged, FacultyError)
        assert (placed, here.posts()[1]) == ([], "city")


@pytest.mark.parametrize("seed", range(40))
def test_either_it_is_arranged_or_withdrawn(seed: int) -> None:
    """Who withdraws at that moment is either placed, or holds nothing any more."""
    here = _accepted()
    arranged, withdrawn = _arrange_while(here, lambda world: here.withdraw(1), seed)
    if arranged is None:
        assert isinstance(withdrawn, FacultyError)
        assert _placed(here) == [(here.ids[1], "valley")]
    else:
        assert withdrawn is None
        assert (_placed(here), here.status(1), here.posts()) == ([], "withdrawn", {})


@pytest.mark.parametrize("seed", range(40))
def test_either_it_is_arranged_or_taken_back(seed: int) -> None:
    """A round that is reversed at that moment spares who is placed."""
    here = _accepted()
    why = {"round_id": here.rounds()[-1].round_id, "reason": "The scores were wrong."}
    here.world.call("request_reversal", by="asker", **why)
    arranged, taken = _arrange_while(
        here, lambda world: world.call("reverse_round", by="agreer", **why), seed
    )
    if arranged is None:
        assert _placed(here) == [(here.ids[1], "valley")]
        assert here.posts() == {1: "valley"}
        view = here.world.call("get_round", round_id=why["round_id"])
        spared = [each.application_id for each in view.spared]
        assert isinstance(taken, PlacementsBegun) or spared == [here.ids[1]]
    else:
        assert taken is None
        assert (_placed(here), here.posts(), here.status(1)) == ([], {}, "ranked")


def test_an_arrangement_that_was_cut_off_binds_the_offer() -> None:
    """Until staff arrange it after all the offer is not declined; the applicant may withdraw."""
    here = _accepted()
    here.world.repository("offers").change(
        here.offer(1).offer_id, lambda found: found.place(here.world.clock())
    )
    with pytest.raises(PlacementsBegun):
        here.answer(1, "decline")
    here.withdraw(1)
    assert (here.status(1), here.posts()) == ("withdrawn", {})
    require_sound(here.world)
