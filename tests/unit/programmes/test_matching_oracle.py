"""Deferred acceptance beside another implementation: the library ``matching``.

It knows neither ties, nor posts that go by the order of selection, nor lists that are not mutual,
so it is given what these amount to.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from matching import games

from services.programmes.domain.matching import Instance, Method, solve
from tests.unit.programmes.wishes import PUBLISHED, PUBLISHED_RESULT, random_instance


def mutual(instance: Instance) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Strict lists of applicants and posts with those alone who would take each other."""
    place = {id: n for n, id in enumerate(instance.order)}
    ranks = {
        post: [id for tier in tiers for id in sorted(tier, key=place.__getitem__)]
        for post, tiers in {
            **dict.fromkeys(instance.capacities, tuple((id,) for id in instance.order)),
            **instance.priorities,
        }.items()
        if instance.capacities[post]
    }
    wanted = {
        id: [p for tier in tiers for p in tier if p in ranks and id in ranks[p]]
        for id, tiers in instance.preferences.items()
    }
    taking = {post: [id for id in ids if post in wanted[id]] for post, ids in ranks.items()}
    return _filled(wanted), _filled(taking)


def _filled(lists: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {id: named for id, named in lists.items() if named}


def by_the_library(instance: Instance) -> dict[str, str]:
    """What it gives to each applicant."""
    applicants, posts = mutual(instance)
    if not applicants:
        return {}
    places = {post: instance.capacities[post] for post in posts}
    game = games.HospitalResident.create_from_dictionaries(applicants, posts, places)
    return {str(a.name): str(post.name) for post, held in game.solve().items() for a in held}


def test_the_library_agrees_on_the_published_example() -> None:
    """City {Eastman, Anderson}, Mercy {Chen}, General {Ford, Davis}."""
    assert by_the_library(PUBLISHED) == PUBLISHED_RESULT


@pytest.mark.parametrize("ties", [False, True])
def test_the_library_gives_the_same(ties: bool) -> None:
    """To everybody, of 250 instances, the ties broken as declared beforehand."""
    chance, matched = random.Random(11), 0
    for _ in range(250):
        instance = random_instance(chance, chance.randint(1, 20), chance.randint(1, 8), ties=ties)
        given = solve(instance, Method.DEFERRED_ACCEPTANCE)
        assert by_the_library(instance) == given
        matched += len(given)
    assert matched > 250
