"""Many who book interview slots at once, on a real store."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.errors import Conflict, Refused
from tests.integration.test_places import database as database
from tests.integration.test_places import uri as uri
from tests.unit.programmes.contest import Contest

PEOPLE, SLOTS, THREADS = 24, 8, 12


def contest(database: Any) -> Contest:
    """A contest on this store."""

    class Stored(Contest):
        def __init__(self, **arguments: Any) -> None:
            super().__init__(**{"database": database, **arguments})

    return Stored.at_interviews([3] * PEOPLE)


def book(world: Contest, slot_id: str, application_id: str) -> bool:
    """Whether the applicant has it, once nobody else is in the way."""
    while True:
        try:
            world.book(slot_id, application_id)
        except Conflict:
            continue
        except Refused:
            return False
        return True


def test_of_all_who_book_at_once_each_slot_is_one_applicants(
    request: pytest.FixtureRequest,
) -> None:
    """Everybody tries every slot: each slot ends with one applicant, and nobody has two."""
    world = contest(request.getfixturevalue("database"))
    ids = world.add(*(world.slot(number) for number in range(SLOTS)))
    tries = [(slot_id, id) for slot_id in ids for id in world.applications]
    with ThreadPoolExecutor(THREADS) as pool:
        won = list(pool.map(lambda pair: book(world, *pair), tries))
    assert any(won)
    world.pass_time(minutes=1)
    slots = list(world.repository("interview_slots").scan({"cohort_id": world.cohort_id}))
    holders = [each.application_id for each in slots if each.application_id is not None]
    assert len(holders) == len(set(holders)) >= 1
    assert not any(each.moving for each in slots)
