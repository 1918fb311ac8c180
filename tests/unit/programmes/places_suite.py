"""What the places of posts must do on every store: inherit it, and give ``database``."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.programmes.repository.places import Places
from shared.testing.behaviour.things import at_once


def cohort(id: str = "cohort", **capacities: int) -> Any:
    """As much of a cohort as places look at."""
    posts = tuple(SimpleNamespace(id=id, capacity=number) for id, number in capacities.items())
    return SimpleNamespace(id=id, posts=posts)


class PlacesBehaviour:
    """Places on a store of its own."""

    @pytest.fixture
    def places(self, database: Any) -> Places:
        places = Places(database)
        places.prepare()
        return places

    def test_as_many_claims_win_as_there_are_places(self, places: Places) -> None:
        """However many come at once, for one post as for another."""
        places.prepare_posts(cohort(city=20, valley=1))
        won = at_once(
            lambda id=f"offer-{number}": places.claim("cohort", "city", id)  # type: ignore[misc]
            for number in range(60)
        )
        assert won.count(True) == 20
        assert won.count(False) == 40
        assert places.free("cohort") == {"valley": 1}

    def test_an_offer_never_holds_two_places(self, places: Places) -> None:
        """Claimed many times at once it has one, and the claim of another post says no."""
        places.prepare_posts(cohort(city=5, valley=5))
        won = at_once(lambda: places.claim("cohort", "city", "offer") for _ in range(8))
        assert won == [True] * 8
        assert not places.claim("cohort", "valley", "offer")
        assert places.free("cohort") == {"city": 4, "valley": 5}

    def test_a_place_given_back_is_for_others(self, places: Places) -> None:
        """Given back many times at once it is one place; who has none gives nothing back."""
        places.prepare_posts(cohort(city=1))
        assert places.claim("cohort", "city", "one")
        assert not places.claim("cohort", "city", "other")
        at_once(lambda: places.release("one") for _ in range(8))
        places.release("other")
        assert places.free("cohort") == {"city": 1}
        assert places.claim("cohort", "city", "other")
        places.release("one")
        assert places.holds("other")

    def test_an_offer_is_claimed_a_place_or_refused_one(self, places: Places) -> None:
        """For good, and one of the two, whoever comes first of those at work at once."""
        places.prepare_posts(cohort(city=12))
        offers = [f"offer-{number}" for number in range(12)]
        results = at_once(
            [
                *(lambda id=id: places.claim("cohort", "city", id) for id in offers),  # type: ignore[misc]
                *(lambda id=id: places.refuse("cohort", id) for id in offers),  # type: ignore[misc]
            ]
        )
        for id, claimed, refused in zip(offers, results[:12], results[12:], strict=True):
            assert (claimed, refused) in ((True, False), (False, True))
            assert places.holds(id) == claimed
            assert places.claim("cohort", "city", id) == claimed
            assert places.refuse("cohort", id) == refused
        held = frozenset(id for id in offers if places.holds(id))
        assert places.holders("cohort") == held
        assert places.free("cohort").get("city", 0) == 12 - len(held)

    def test_who_was_refused_a_place_has_none_to_give_back(self, places: Places) -> None:
        """Nor does it count among those that there are."""
        places.prepare_posts(cohort(city=1))
        places.refuse("cohort", "offer")
        places.release("offer")
        assert places.free("cohort") == {"city": 1}
        assert places.fit("cohort", "city", 2) == 2
        assert not places.claim("cohort", "city", "offer")

    def test_a_place_that_is_passed_on_is_never_free(self, places: Places) -> None:
        """One gets it of those to whom it is passed, and nobody else; who has one gets no other."""
        places.prepare_posts(cohort(city=2))
        places.claim("cohort", "city", "old")
        places.claim("cohort", "city", "other")
        won = at_once(
            [
                *(lambda n=n: places.claim("cohort", "city", f"new-{n}") for n in range(8)),  # type: ignore[misc]
                *(lambda n=n: places.pass_on("old", f"heir-{n}") for n in range(8)),  # type: ignore[misc]
            ]
        )
        assert won[:8] == [False] * 8
        (heir,) = places.holders("cohort") - {"other"}
        assert heir.startswith("heir-")
        places.pass_on("other", heir)
        assert places.holders("cohort") == {heir, "other"}

    def test_places_are_prepared_once(self, places: Places) -> None:
        """By many at once, and again when some are held."""
        at_once(lambda: places.prepare_posts(cohort(city=7)) for _ in range(8))
        assert places.free("cohort") == {"city": 7}
        places.claim("cohort", "city", "offer")
        places.prepare_posts(cohort(city=7))
        assert places.free("cohort") == {"city": 6}

    def test_held_places_are_not_taken_away(self, places: Places) -> None:
        """As many go as are free; those that come back are the same ones."""
        places.prepare_posts(cohort(city=4))
        for offer_id in ("one", "two"):
            places.claim("cohort", "city", offer_id)
        assert places.fit("cohort", "city", 1) == 2
        assert places.holds("one")
        assert not places.claim("cohort", "city", "three")
        assert places.fit("cohort", "city", 5) == 5
        assert places.free("cohort") == {"city": 3}

    def test_places_taken_away_and_claimed_at_once_are_one_or_the_other(
        self, places: Places
    ) -> None:
        """What is held and what is gone come to what there was."""
        places.prepare_posts(cohort(city=10))
        results = at_once(
            [
                *(
                    lambda id=f"offer-{number}": places.claim("cohort", "city", id)  # type: ignore[misc]
                    for number in range(10)
                ),
                lambda: places.fit("cohort", "city", 3),
            ]
        )
        held = results[:-1].count(True)
        assert results[-1] == max(3, held)
        assert places.free("cohort").get("city", 0) == max(3, held) - held

    def test_posts_of_other_cohorts_are_others(self, places: Places) -> None:
        """Also when they have the same name."""
        places.prepare_posts(cohort("one", city=1))
        places.prepare_posts(cohort("other", city=1))
        assert places.claim("one", "city", "offer")
        assert places.free("other") == {"city": 1}
