"""Nobody gets a place that there is not, whatever happens at once, on a real store."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern

from deploy.local import External
from deploy.local.ports import Ports
from deploy.local.store import Store
from tests.unit.programmes.offers import accept_all, invited, ranked
from tests.unit.programmes.places_suite import PlacesBehaviour
from tests.unit.programmes.world import World

THREADS = 24


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store alone: the embedded one, or the one that FACULTY_TEST_MONGODB_URI names."""
    external = External.from_environment(os.environ).mongodb_uri
    if external is not None:
        yield external
        return
    root = tmp_path_factory.mktemp("places")
    ports = Ports(root / "state.json")
    ports.reserve(["store"])
    store = Store(root, ports)
    store.start()
    try:
        yield store.uri
    finally:
        store.stop()


@pytest.fixture
def database(uri: str) -> Iterator[Any]:
    """An empty database of its own."""
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        name = f"places_{uuid.uuid4().hex[:12]}"
        yield client.get_database(name, write_concern=WriteConcern("majority"))
        client.drop_database(name)


class TestPlacesOnAStore(PlacesBehaviour):
    """Whatever the stack was given."""


def test_a_post_takes_as_many_as_it_has_places(database: Any) -> None:
    """Of 200 members who accept an invitation at once, 20 have a place and each other is told why.

    The whole service is at work behind every call; only the broker is missing.
    """
    world = World(database=database)
    offers = invited(world, applicants=200, places=20)
    outcomes = Counter(accept_all(world, offers, threads=THREADS))
    assert outcomes == {"accepted": 20, "programmes.post_full": 180}
    kept = Counter(offer.state.value for offer in world.repository("offers").scan({}))
    assert kept == {"accepted": 20, "open": 180}
    statuses = Counter(each.status.value for each in world.repository("applications").scan({}))
    assert statuses == {"accepted": 20, "offered": 180}


def test_500_offers_are_made_in_one_call(database: Any) -> None:
    """Each once, each with a place of its own."""
    here = ranked(
        World(database=database), {"city": 250, "valley": 260}, [["city", "valley"]] * 510
    )
    round_id = here.approved()
    view = here.world.call("release_round", by="releaser", round_id=round_id)
    assert (view.state, view.offers) == ("released", 510)
    offers = Counter(each.post_id for each in here.world.repository("offers").scan({}))
    assert offers == {"city": 250, "valley": 260}
    assert here.world.repository("places").free(here.cohort_id) == {}
