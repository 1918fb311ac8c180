"""Matching: stable, best for applicants, explained without a word about rivals."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.programmes.domain.matching import (
    Instance,
    Method,
    Obstacle,
    Outcome,
    blocking_pairs,
    certify,
    infeasible,
    reason,
    solve,
)
from shared.events import dump
from tests.unit.programmes.wishes import (
    PUBLISHED,
    PUBLISHED_RESULT,
    claims,
    instances,
    possible,
    random_instance,
    stable_matchings,
    wish_for,
)

DA, SERIAL = Method.DEFERRED_ACCEPTANCE, Method.SERIAL


def test_the_published_example() -> None:
    """City takes Eastman and Anderson, Mercy Chen, General Ford and Davis."""
    found = solve(PUBLISHED, DA)
    assert found == PUBLISHED_RESULT
    assert certify(PUBLISHED, found, DA).holds


@pytest.mark.parametrize("seed", range(500))
def test_no_pair_would_rather_have_each_other(seed: int) -> None:
    """Five hundred instances with ties and partial lists, checked by other code."""
    chance = random.Random(seed)
    instance = random_instance(chance, chance.randint(1, 30), chance.randint(1, 12))
    found = solve(instance, DA)
    assert possible(instance, found)
    assert list(claims(instance, found)) == []
    certificate = certify(instance, found, DA)
    assert (certificate.blocking, certificate.infeasible) == (0, ())


@given(instances())
def test_the_proof_finds_what_the_naive_check_finds(instance: Instance) -> None:
    """In any matching that is possible, also in bad ones."""
    chance = random.Random(len(instance.order))
    given_some = {id: post for id, post in solve(instance, DA).items() if chance.random() < 0.5}
    assert set(blocking_pairs(instance, given_some, DA)) == set(claims(instance, given_some))


@settings(max_examples=60, deadline=None)
@given(instances(4, 3, ties=False))
def test_it_is_the_best_for_every_applicant(instance: Instance) -> None:
    """Among all stable matchings, found by trying every one (strict wishes)."""
    strict = _strict(instance)
    found = solve(strict, DA)
    stable = stable_matchings(strict)
    assert found in stable
    for id in strict.order:
        best = min(wish_for(strict, id, other.get(id)) for other in stable)
        assert wish_for(strict, id, found.get(id)) == best


def _strict(instance: Instance) -> Instance:
    priorities = {
        post: tuple((id,) for tier in tiers for id in tier)
        for post, tiers in instance.priorities.items()
    }
    return replace(instance, priorities=priorities)


@settings(max_examples=60, deadline=None)
@given(instances(4, 3, ties=False), st.data())
def test_nobody_does_better_by_saying_something_else(
    instance: Instance, data: st.DataObject
) -> None:
    """Deferred acceptance is strategy-proof for applicants with strict wishes."""
    strict = _strict(instance)
    id = data.draw(st.sampled_from(strict.order))
    posts = sorted(strict.capacities)
    said = data.draw(st.lists(st.sampled_from(posts), unique=True))
    lie = {**strict.preferences, id: tuple((post,) for post in said)}
    honest = solve(strict, DA).get(id)
    lying = solve(replace(strict, preferences=lie), DA).get(id)
    assert wish_for(strict, id, honest) <= wish_for(strict, id, lying)


@given(instances(8, 5))
def test_where_no_host_ranks_both_ways_are_one(instance: Instance) -> None:
    """Posts that take everybody by the order of selection make a serial dictatorship."""
    same = replace(instance, priorities={})
    assert solve(same, DA) == solve(same, SERIAL)


@given(instances(8, 5))
def test_in_the_serial_way_nobody_envies_somebody_ranked_below(instance: Instance) -> None:
    """In order each has the best of what was open, and no host's ranking counts."""
    found = solve(instance, SERIAL)
    left = dict(instance.capacities)
    for id in instance.order:
        open_tiers = [
            place
            for place, tier in enumerate(instance.preferences[id])
            if any(left[post] for post in tier)
        ]
        assert wish_for(instance, id, found.get(id)) == (
            open_tiers[0] if open_tiers else len(instance.preferences[id])
        )
        if id in found:
            left[found[id]] -= 1
    assert certify(instance, found, SERIAL).holds
    assert list(claims(replace(instance, priorities={}), found)) == []


@given(instances(8, 5), st.randoms(use_true_random=False))
def test_in_which_order_wishes_are_written_down_does_not_matter(
    instance: Instance, chance: random.Random
) -> None:
    """Only the order of selection and the tiers do."""

    def shuffled(mapping: dict[str, object]) -> dict[str, object]:
        pairs = list(mapping.items())
        chance.shuffle(pairs)
        return dict(pairs)

    other = Instance(
        shuffled(dict(instance.preferences)),  # type: ignore[arg-type]
        shuffled(dict(instance.capacities)),  # type: ignore[arg-type]
        shuffled(dict(instance.priorities)),  # type: ignore[arg-type]
        instance.order,
    )
    for method in Method:
        assert solve(other, method) == solve(instance, method)
        found = solve(instance, method)
        assert other.digest(found) == instance.digest(found)


@pytest.mark.parametrize(
    "tampered",
    [
        {**PUBLISHED_RESULT, "chen": "city"},
        {**PUBLISHED_RESULT, "davis": "mercy"},
        {**PUBLISHED_RESULT, "anderson": "mercy"},
        {id: post for id, post in PUBLISHED_RESULT.items() if id != "ford"},
        {**PUBLISHED_RESULT, "eastman": "nowhere"},
    ],
)
def test_a_matching_that_was_tampered_with_has_no_proof(tampered: dict[str, str]) -> None:
    """Too many in a post, a host that would not have somebody, a better pair, a post unknown."""
    known = {id: post for id, post in tampered.items() if post in PUBLISHED.capacities}
    if known != tampered:
        assert infeasible(PUBLISHED, tampered, DA) == ["eastman", "nowhere"]
        return
    certificate = certify(PUBLISHED, tampered, DA)
    assert not certificate.holds
    assert certificate.digest != certify(PUBLISHED, PUBLISHED_RESULT, DA).digest


def test_reasons_of_the_published_example() -> None:
    """Each better choice has what stood in its way."""
    found = reason(PUBLISHED, PUBLISHED_RESULT, DA, "davis")
    assert (found.outcome, found.choice, found.choices) == (Outcome.LATER_CHOICE, 3, 3)
    assert [(each.post_id, each.choice, each.why) for each in found.missed] == [
        ("mercy", 1, Obstacle.NOT_RANKED_BY_HOST),
        ("city", 2, Obstacle.FILLED),
    ]
    first = reason(PUBLISHED, PUBLISHED_RESULT, DA, "eastman")
    assert (first.outcome, first.missed) == (Outcome.FIRST_CHOICE, ())


@given(instances(8, 5), st.sampled_from(Method))
def test_a_reason_says_nothing_of_anybody_else(instance: Instance, method: Method) -> None:
    """No other applicant's id is in it, and it names own choices only."""
    found = solve(instance, method)
    for id in instance.order:
        told = json.dumps(dump(reason(instance, found, method, id)))
        assert not any(f'"{other}"' in told for other in instance.order)
        own = {post for tier in instance.preferences[id] for post in tier}
        assert {each.post_id for each in reason(instance, found, method, id).missed} <= own


@given(instances(8, 5), st.sampled_from(Method), st.randoms(use_true_random=False))
def test_whoever_fills_a_post_the_reason_is_the_same(
    instance: Instance, method: Method, chance: random.Random
) -> None:
    """Others may change places with one another: who has what is not in it."""
    found = solve(instance, method)
    id = chance.choice(instance.order)
    others = [other for other in instance.order if other != id]
    moved = dict(zip(others, chance.sample(others, len(others)), strict=True)) | {id: id}
    renamed = {moved[other]: post for other, post in found.items()}
    assert reason(instance, renamed, method, id) == reason(instance, found, method, id)


def test_nothing_ranked_and_nothing_left_are_told_apart() -> None:
    """Who ranked nothing is not told that all was full."""
    instance = Instance({"a": (("p",),), "b": (("p",),), "c": ()}, {"p": 1}, {}, ("a", "b", "c"))
    found = solve(instance, SERIAL)
    outcomes = [reason(instance, found, SERIAL, id).outcome for id in "abc"]
    assert outcomes == [Outcome.FIRST_CHOICE, Outcome.NO_CHOICE_LEFT, Outcome.NOTHING_RANKED]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order": ("a", "a")}, "order"),
        ({"order": ("a",)}, "order"),
        ({"capacities": {"p": -1}}, "capacities"),
        ({"preferences": {"a": (("q",),), "b": ()}}, "preferences.a"),
        ({"preferences": {"a": (("p",), ("p",)), "b": ()}}, "preferences.a"),
        ({"preferences": {"a": ((),), "b": ()}}, "preferences.a"),
        ({"priorities": {"q": ()}}, "priorities.q"),
        ({"priorities": {"p": (("z",),)}}, "priorities.p"),
    ],
)
def test_wishes_that_do_not_fit_together_are_named(changes: dict[str, object], field: str) -> None:
    """Unknown posts and applicants, repetitions, and orders that miss somebody."""
    sound = Instance({"a": (("p",),), "b": ()}, {"p": 1}, {}, ("a", "b"))
    assert sound.faults() == {}
    assert list(replace(sound, **changes).faults()) == [field]  # type: ignore[arg-type]
