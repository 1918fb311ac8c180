"""Instances of matching for the tests, and naive checks of what a matching should be.

Nothing here shares code with what it checks: wishes are looked up in lists, pair by pair.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st

from services.programmes.domain.matching import Instance, Tiers

# The example of the National Resident Matching Program, as it was published.
PUBLISHED = Instance(
    preferences={
        "anderson": (("city",),),
        "chen": (("city",), ("mercy",)),
        "ford": (("city",), ("general",), ("mercy",)),
        "davis": (("mercy",), ("city",), ("general",)),
        "eastman": (("city",), ("mercy",), ("general",)),
    },
    capacities={"mercy": 2, "city": 2, "general": 2},
    priorities={
        "mercy": (("chen",), ("ford",)),
        "city": (("eastman",), ("anderson",), ("chen",), ("davis",), ("ford",)),
        "general": (("eastman",), ("anderson",), ("ford",), ("davis",)),
    },
    order=("anderson", "chen", "davis", "eastman", "ford"),
)
PUBLISHED_RESULT = {
    "eastman": "city",
    "anderson": "city",
    "chen": "mercy",
    "ford": "general",
    "davis": "general",
}


def random_instance(
    chance: random.Random, applicants: int, posts: int, *, ties: bool = True
) -> Instance:
    """Wishes at random: partial lists, ties if wanted, hosts that rank and others that do not."""
    people = [f"a{n}" for n in range(applicants)]
    places = [f"p{n}" for n in range(posts)]

    def tiers(ids: list[str], most: int) -> Tiers:
        chosen = chance.sample(ids, chance.randint(0, min(most, len(ids))))
        found: list[list[str]] = []
        for id in chosen:
            if ties and found and chance.random() < 0.35:
                found[-1].append(id)
            else:
                found.append([id])
        return tuple(map(tuple, found))

    order = list(people)
    chance.shuffle(order)
    return Instance(
        preferences={id: tiers(places, posts) for id in people},
        capacities={post: chance.choice((0, 1, 1, 2, 3)) for post in places},
        priorities={post: tiers(people, applicants) for post in places if chance.random() < 0.7},
        order=tuple(order),
    )


@st.composite
def instances(
    draw: st.DrawFn, applicants: int = 5, posts: int = 4, *, ties: bool = True
) -> Instance:
    """Small instances that shrink."""
    seed = draw(st.integers(0, 2**32))
    shape = draw(st.tuples(st.integers(1, applicants), st.integers(1, posts)))
    return random_instance(random.Random(seed), *shape, ties=ties)


def _place(tiers: Tiers, id: str) -> int | None:
    for place in range(len(tiers)):
        if id in tiers[place]:
            return place
    return None


def _liking(instance: Instance, post: str, id: str) -> int | None:
    """How a post likes somebody, less being better; None for not at all."""
    if post in instance.priorities:
        return _place(instance.priorities[post], id)
    return list(instance.order).index(id)


def possible(instance: Instance, given: Mapping[str, str]) -> bool:
    """Everybody has one post that both rank, and no post has more than it takes."""
    for id, post in given.items():
        if _place(instance.preferences[id], post) is None or _liking(instance, post, id) is None:
            return False
    return all(
        sum(1 for got in given.values() if got == post) <= capacity
        for post, capacity in instance.capacities.items()
    )


def claims(instance: Instance, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every pair that would both rather have each other."""
    for id in instance.preferences:
        for post in instance.capacities:
            wish, liking = _place(instance.preferences[id], post), _liking(instance, post, id)
            if wish is None or liking is None or not instance.capacities[post]:
                continue
            has = given.get(id)
            if has is not None and _place(instance.preferences[id], has) <= wish:  # type: ignore[operator]
                continue
            holders = [other for other, got in given.items() if got == post]
            likings = [_liking(instance, post, other) for other in holders]
            room = len(holders) < instance.capacities[post]
            if room or any(other is None or liking < other for other in likings):
                yield id, post


def every_matching(instance: Instance) -> Iterator[dict[str, str]]:
    """All that are possible; for tiny instances."""
    people = list(instance.preferences)
    choices = [
        [None, *(post for tier in instance.preferences[id] for post in tier)] for id in people
    ]
    for posts in product(*choices):
        given = {id: post for id, post in zip(people, posts, strict=True) if post is not None}
        if possible(instance, given):
            yield given


def stable_matchings(instance: Instance) -> list[dict[str, str]]:
    """All of them, by trying every matching."""
    return [given for given in every_matching(instance) if not any(claims(instance, given))]


def wish_for(instance: Instance, id: str, post: str | None) -> int:
    """How an applicant likes what they got, less being better."""
    place = None if post is None else _place(instance.preferences[id], post)
    return len(instance.preferences[id]) if place is None else place
