"""Read models: the newest of each facet, whoever writes when."""

from __future__ import annotations

from functools import partial
from typing import Any

from shared.projection import Projection
from shared.testing.behaviour.things import Suite, at_once


class Sightings(Projection):
    """A projection."""

    collection = "sightings"


class Projections(Suite):
    """Facets of things."""

    def test_a_projection_keeps_the_newest_of_each_facet(self, database: Any) -> None:
        """In whatever order and however often values arrive."""
        sightings = Sightings(database)
        sightings.prepare()
        assert sightings.get("one") is None
        assert sightings.put("one", "place", 2, {"name": "Cardiff"})
        assert not sightings.put("one", "place", 1, {"name": "Leeds"})
        assert not sightings.put("one", "place", 2, {"name": "Leeds"})
        assert sightings.put("one", "time", 1, {"hour": 9})
        assert sightings.get("one") == {"place": {"name": "Cardiff"}, "time": {"hour": 9}}

    def test_facets_put_at_once_are_all_kept(self, database: Any) -> None:
        """Each thread has a facet of its own on the same document."""
        sightings = Sightings(database)
        results = at_once(
            lambda number=number: sightings.put("one", str(number), 1, {"n": number})  # type: ignore[misc]
            for number in range(4)
        )
        assert results == [True] * 4
        assert sightings.get("one") == {str(number): {"n": number} for number in range(4)}

    def test_an_erased_projection_stays_empty(self, database: Any) -> None:
        """Whatever is told late, again, or at the same time; also where nothing was known yet."""
        sightings = Sightings(database)
        sightings.put("one", "place", 1, {"name": "Cardiff"})
        puts = [
            partial(sightings.put, "one", facet, 2, {"name": "Leeds"})
            for facet in ("place", "time")
        ]
        *_, erased = at_once([*puts, partial(sightings.erase, "one")])
        assert erased is None
        sightings.erase("two")
        for id in ("one", "two"):
            assert sightings.erased(id)
            assert not sightings.put(id, "place", 9, {"name": "York"})
            assert sightings.get(id) == {}
        assert not sightings.erased("three")
