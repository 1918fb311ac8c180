"""Releases of rounds between whose writes something else happens that they count on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from services.programmes.errors import ReleaseBlocked
from services.programmes.subscriptions import MemberMerged
from shared.errors import FacultyError
from tests.unit.programmes.offers import (
    InterruptedDatabase,
    interrupted,
    ranked,
    ready,
    release_again,
    require_sound,
)
from tests.unit.programmes.world import World


def of_two_places(database: InterruptedDatabase) -> Any:
    """A round that would give both places of the city."""
    here = ranked(World(database=database), {"city": 2, "valley": 1}, [["city"]] * 2 + [["valley"]])
    here.world.here, here.world.round_id = here, here.approved()  # type: ignore[attr-defined]
    return here.world


def upgrading(database: InterruptedDatabase) -> Any:
    """A round in which somebody moves to the city, and somebody else to what they leave."""
    return ready(upgrades=True, database=database)


def shrink(world: Any, capacity: int = 1) -> None:
    """Let the host withdraw a place, if it still can."""
    own = {"cohort_id": world.here.cohort_id, "post_id": "city", "reason": "The host cannot."}
    with suppress(FacultyError):
        world.call("change_post_capacity", capacity=capacity, **own)


def take_a_place(world: Any) -> None:
    """As one does that had looked before the release began."""
    free = world.repository("places").free(world.here.cohort_id).get("city", 0)
    held = world.repository("places").held(world.here.cohort_id, "city")
    world.repository("places").fit(world.here.cohort_id, "city", held + max(0, free - 1))


def require_released(world: Any) -> Any:
    """The round is over, sound, and everybody has an offer or is told why not."""
    found = world.call("get_round", round_id=world.round_id)
    assert found.state == "released"
    assert len(found.lines) == found.offers + len(found.dropped)
    require_sound(world)
    return found


@pytest.mark.parametrize(
    ("prepare", "meanwhile"),
    [(of_two_places, shrink), (of_two_places, take_a_place), (upgrading, take_a_place)],
)
def test_a_release_ends_whatever_becomes_of_a_place(prepare: Any, meanwhile: Any) -> None:
    """Nobody has an offer without a place, and who moves to none has what they had."""
    numbers = set()
    for world in interrupted(prepare, release_again, meanwhile):
        found = require_released(world)
        assert {each.reason for each in found.dropped} <= {"no_place"}
        numbers.add(found.offers)
        if prepare is upgrading:
            assert world.here.posts() in ({1: "city", 3: "valley"}, {1: "valley"})
    assert len(numbers) == 2, "sometimes the place was there"


def test_a_capacity_changed_as_a_round_is_released_is_what_the_cohort_says() -> None:
    """Whichever comes first: the place is taken away and the gate says so, or it is held."""

    def release(world: Any) -> None:
        with suppress(ReleaseBlocked):
            release_again(world)

    for world in interrupted(of_two_places, shrink, release):
        (city, _) = world.call("get_cohort", cohort_id=world.here.cohort_id).posts
        places, cohort_id = world.repository("places"), world.here.cohort_id
        held, free = places.held(cohort_id, "city"), places.free(cohort_id).get("city", 0)
        assert city.capacity == held + free
        released = world.call("get_round", round_id=world.round_id).state == "released"
        assert (city.capacity, held) == ((2, 2) if released else (1, 0))
        require_sound(world)


def test_a_person_who_is_merged_while_a_round_is_released_has_one_offer() -> None:
    """Or has both, where it was decided already who is offered something."""

    def prepare(database: InterruptedDatabase) -> Any:
        posts = {"city": 1, "valley": 1}
        here = ranked(World(database=database), posts, [["city"], ["valley"], ["valley"]])
        here.world.here, here.world.round_id = here, here.approved()  # type: ignore[attr-defined]
        return here.world

    def merge(world: Any) -> None:
        world.tell(MemberMerged(world.here.members[1], world.here.members[0]))

    early, *late = interrupted(prepare, release_again, merge)
    found = require_released(early)
    assert {each.application_id: each.reason for each in found.dropped} == {
        early.here.ids[0]: "other_application"
    }
    assert early.here.posts() == {1: "valley"}
    for world in late:
        require_released(world)
        assert world.here.posts() == {0: "city", 1: "valley"}
