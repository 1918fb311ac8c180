"""Many who book and leave a session at once, on a real store."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.test_places import database as database
from tests.integration.test_places import uri as uri
from tests.unit.programmes.school import School
from tests.unit.programmes.seats_suite import SeatsBehaviour

PEOPLE, PLACES, THREADS = 500, 200, 50


class TestSeatsOnAStore(SeatsBehaviour):
    """Whatever the stack was given."""


def test_five_hundred_book_at_once_and_a_hundred_leave(request: pytest.FixtureRequest) -> None:
    """Nobody meets a conflict; every place is somebody's, and the first who waited moved up.

    The whole service is at work behind every call; only the broker is missing.
    """
    school = School(database=request.getfixturevalue("database"))
    ids = [school.member(f"m{number:03}") for number in range(PEOPLE)]
    there = school.online(PLACES)
    with ThreadPoolExecutor(THREADS) as pool:
        for id in ids[:PLACES]:
            school.book(there, id)
        views = list(pool.map(lambda id: school.book(there, id), ids[PLACES:]))
        assert {view.state.value for view in views} == {"waiting"}
        order = sorted(views, key=lambda view: (view.requested_at, view.member_id))
        list(pool.map(lambda id: school.leave(there, id), ids[:100]))
    found = {
        each.member_id: each.state.value
        for each in school.pages("find_bookings", session_id=there, limit=200)
    }
    assert Counter(found.values()) == {"confirmed": 200, "waiting": 200, "cancelled": 100}
    assert [found[view.member_id] for view in order] == ["confirmed"] * 100 + ["waiting"] * 200
    holders = list(school.repository("seats").taken(f"{there}:online"))
    assert len(holders) == len(set(holders)) == PLACES
