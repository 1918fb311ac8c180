"""What later rounds pass on: nobody loses what they have, and no free place passes anybody over."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.domain.matching import Instance, Method, choice_of
from services.programmes.domain.offer_round import Line
from services.programmes.domain.recycling import (
    Interim,
    better,
    digest_of,
    recycle,
    residual,
    short,
)

POSTS = ("a", "b", "c", "d")


@st.composite
def interim(draw: st.DrawFn) -> Interim:
    """Some who have a post they rank and may get a better one, some who wait, and free places."""
    number = draw(st.integers(1, 8))
    order = tuple(f"applicant-{place}" for place in range(number))
    preferences = {
        id: tuple((post,) for post in draw(st.permutations(POSTS))[: draw(st.integers(1, 4))])
        for id in order
    }
    moving = {id: draw(st.sampled_from(preferences[id]))[0] for id in order if draw(st.booleans())}
    free = {post: draw(st.integers(0, 2)) for post in POSTS}
    instance = Instance(
        preferences=preferences, capacities=dict.fromkeys(POSTS, 9), priorities={}, order=order
    )
    return Interim(instance, frozenset(order) - moving.keys(), moving, free)


@given(interim())
def test_a_plan_is_fair_and_can_be_carried_out(here: Interim) -> None:
    """Nobody loses, nothing unranked is given, places suffice, and nobody is passed over."""
    given_posts = recycle(here, Method.SERIAL)
    preferences = here.instance.preferences
    for id, post in here.moving.items():
        before, after = (
            choice_of(preferences[id], post),
            choice_of(preferences[id], given_posts[id]),
        )
        assert before is not None
        assert after is not None
        assert after <= before
    for id, post in given_posts.items():
        assert choice_of(preferences[id], post) is not None
    taken = Counter(given_posts.values())
    room = Counter(here.free) + Counter(here.moving.values())
    assert all(number <= room[post] for post, number in taken.items())
    _require_nobody_passed_over(here, given_posts, room, taken)


def _require_nobody_passed_over(
    here: Interim, given_posts: Any, room: Counter[str], taken: Counter[str]
) -> None:
    places = {id: place for place, id in enumerate(here.instance.order)}
    for id in here.instance.order:
        tiers = here.instance.preferences[id]
        wanted = better(tiers, given_posts[id]) if id in given_posts else tiers
        for post in (post for tier in wanted for post in tier):
            assert taken[post] == room[post], "a place stays free that somebody would rather have"
            for other, has in given_posts.items():
                kept = here.moving.get(other) == post
                assert has != post or kept or places[other] < places[id]


def test_a_post_that_ranks_for_itself_is_given_by_its_own_order() -> None:
    """But who has it already and moves up comes first there."""
    instance = Instance(
        preferences={"x": (("a",), ("b",)), "y": (("a",),), "z": (("b",),)},
        capacities={"a": 1, "b": 1},
        priorities={"a": (("y",), ("x",)), "b": (("z",), ("x",))},
        order=("x", "y", "z"),
    )
    here = Interim(instance, frozenset({"y", "z"}), {"x": "b"}, {"a": 1, "b": 0})
    assert recycle(here, Method.DEFERRED_ACCEPTANCE) == {"y": "a", "x": "b"}
    assert recycle(here, Method.SERIAL) == {"x": "a", "z": "b"}
    left = residual(here, Method.DEFERRED_ACCEPTANCE)
    assert left.priorities["b"] == (("x",), ("z",))


@pytest.mark.parametrize(
    ("than", "tiers"),
    [("a", ()), ("b", (("a",),)), ("c", (("a",),)), ("d", (("a",), ("b", "c")))],
)
def test_what_is_better_stands_before(than: str, tiers: Any) -> None:
    """Posts in one tier are as good as one another; one that is not ranked is the last."""
    assert better((("a",), ("b", "c")), than) == tiers


def line(id: str, post: str, replaces: str | None = None) -> Line:
    return Line(id, f"member of {id}", post, 1, 1, "", replaces)


def test_those_before_others_have_what_is_left() -> None:
    """The last need free places, at each post for itself; what is too much is left over."""
    lines = [line(id, "a") for id in "xyz"] + [line("v", "b"), line("w", "c")]
    assert short(lines, {"a": 2, "b": 3}) == [lines[2], lines[4]]
    assert short(lines[:2], {}) == lines[:2]
    assert short(lines[:2], {"a": 2}) == []


def test_a_digest_tells_what_has_changed() -> None:
    """Order, preferences and how posts rank; not how many places there are."""
    plain: dict[str, Any] = {
        "preferences": {"x": (("a",),)},
        "capacities": {"a": 1},
        "priorities": {},
        "order": ("x", "y"),
    }
    same = digest_of(Instance(**{**plain, "capacities": {"a": 2}}))
    assert digest_of(Instance(**plain)) == same
    for changed in (
        {"order": ("y", "x")},
        {"preferences": {"x": (("a",), ("b",))}},
        {"priorities": {"a": (("x",),)}},
    ):
        assert digest_of(Instance(**{**plain, **changed})) != same
