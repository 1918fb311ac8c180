"""What is proved of a matching, beside the plainest way of looking, and the rules for ties."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.programmes.domain.matching import (
    Certificate,
    Instance,
    Method,
    Obstacle,
    Outcome,
    blocking_pairs,
    certify,
    reason,
    solve,
)
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
METHODS = pytest.mark.parametrize("method", list(Method))


def as_the_method_sees_it(instance: Instance, method: Method) -> Instance:
    """By the serial way posts go by the order of selection, whatever hosts say."""
    return replace(instance, priorities={}) if method is SERIAL else instance


@st.composite
def matchings(draw: st.DrawFn) -> tuple[Instance, dict[str, str]]:
    """An instance with a matching that may be anything, also what cannot be."""
    instance = draw(instances())
    posts = st.sampled_from((*instance.capacities, "moon"))
    return instance, draw(st.dictionaries(st.sampled_from(instance.order), posts))


@METHODS
@settings(max_examples=400, deadline=None)
@given(matchings())
def test_the_proof_finds_just_what_is_wrong(
    method: Method, found: tuple[Instance, dict[str, str]]
) -> None:
    """Whatever was given, it holds where the plainest way of looking finds nothing, only there."""
    instance, given_to = found
    seen = as_the_method_sees_it(instance, method)
    certificate = certify(instance, given_to, method)
    assert (certificate.infeasible == ()) == possible(seen, given_to)
    if possible(seen, given_to):
        assert set(blocking_pairs(instance, given_to, method)) == set(claims(seen, given_to))
    sound = possible(seen, given_to) and not any(claims(seen, given_to))
    assert certificate.holds == sound


@METHODS
def test_what_a_method_gives_is_proved(method: Method) -> None:
    """Of 500 instances each; every pair of an applicant and a post they rank was looked at."""
    chance = random.Random(7)
    for _ in range(500):
        instance = random_instance(chance, chance.randint(1, 12), chance.randint(1, 5))
        given_to = solve(instance, method)
        ranked = [p for tiers in instance.preferences.values() for tier in tiers for p in tier]
        assert certify(instance, given_to, method) == Certificate(
            method=method,
            version="1",
            digest=instance.digest(given_to),
            applicants=len(instance.order),
            posts=len(instance.capacities),
            matched=len(given_to),
            pairs=len(ranked),
            blocking=0,
            infeasible=(),
        )


@METHODS
def test_tampering_is_found(method: Method) -> None:
    """Who changed posts, lost one, or was crowded in: no proof, but where it is as good."""
    chance, found = random.Random(3), Counter[str]()
    for _ in range(300):
        instance = random_instance(chance, 6, 4, ties=False)
        given_to = solve(instance, method)
        if len(given_to) < 2:
            continue
        one, other = chance.sample(sorted(given_to), 2)
        tampered = {
            "changed": {**given_to, one: given_to[other], other: given_to[one]},
            "taken": {id: post for id, post in given_to.items() if id != one},
            "crowded": {**given_to, **dict.fromkeys(instance.order, given_to[one])},
        }
        seen = as_the_method_sees_it(instance, method)
        for name, wrong in tampered.items():
            holds = certify(instance, wrong, method).holds
            assert holds == (possible(seen, wrong) and not any(claims(seen, wrong)))
            found[name] += not holds
    assert min(found[name] for name in ("changed", "taken", "crowded")) > 50


def test_what_nobody_has_heard_of_is_not_possible() -> None:
    """An applicant or a post that is in no list, or one that the host would not have."""
    for wrong in ({"nobody": "city"}, {"ford": "moon"}, {"davis": "mercy"}):
        certificate = certify(PUBLISHED, wrong, DA)
        assert not certificate.holds
        assert certificate.infeasible


def test_a_method_may_be_given_as_text() -> None:
    """As it comes from a document, it means the same; another is refused."""
    plain: Any = "deferred_acceptance"
    assert solve(PUBLISHED, plain) == PUBLISHED_RESULT
    assert certify(PUBLISHED, PUBLISHED_RESULT, plain) == certify(PUBLISHED, PUBLISHED_RESULT, DA)
    assert blocking_pairs(PUBLISHED, PUBLISHED_RESULT, plain) == []
    expected = reason(PUBLISHED, PUBLISHED_RESULT, DA, "davis")
    assert reason(PUBLISHED, PUBLISHED_RESULT, plain, "davis") == expected
    lottery: Any = "lottery"
    with pytest.raises(ValueError, match="lottery"):
        solve(PUBLISHED, lottery)


def test_anybody_can_compute_the_digest() -> None:
    """From the canonical JSON of the wishes and what was given."""
    whole = [
        {id: [list(tier) for tier in tiers] for id, tiers in PUBLISHED.preferences.items()},
        dict(PUBLISHED.capacities),
        {post: [list(tier) for tier in tiers] for post, tiers in PUBLISHED.priorities.items()},
        list(PUBLISHED.order),
        PUBLISHED_RESULT,
    ]
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert certify(PUBLISHED, PUBLISHED_RESULT, DA).digest == digest


def test_the_digest_changes_with_whatever_changes() -> None:
    """A wish, a place, the order, how a host ranks, or a result."""
    fewer = {id: post for id, post in PUBLISHED_RESULT.items() if id != "chen"}
    less = {**PUBLISHED.preferences, "chen": (("city",),)}
    others = [
        (replace(PUBLISHED, preferences=less), PUBLISHED_RESULT),
        (replace(PUBLISHED, capacities={**PUBLISHED.capacities, "city": 3}), PUBLISHED_RESULT),
        (replace(PUBLISHED, order=PUBLISHED.order[::-1]), PUBLISHED_RESULT),
        (replace(PUBLISHED, priorities={}), PUBLISHED_RESULT),
        (PUBLISHED, fewer),
        (PUBLISHED, PUBLISHED_RESULT),
    ]
    assert len({instance.digest(got) for instance, got in others}) == len(others)


# Ties, and what follows from the rules for them


def unravelled(instance: Instance) -> Instance:
    """The same with ties broken as declared: as named, and by the order of selection."""
    return replace(
        instance,
        preferences={
            id: tuple((post,) for tier in tiers for post in tier)
            for id, tiers in instance.preferences.items()
        },
        priorities={
            post: tuple((id,) for tier in tiers for id in sorted(tier, key=instance.order.index))
            for post, tiers in instance.priorities.items()
        },
    )


@settings(max_examples=100, deadline=None)
@given(instances(4, 3))
def test_with_ties_it_is_the_best_for_every_applicant_too(instance: Instance) -> None:
    """Among all matchings that are stable with ties broken as declared."""
    strict, found = unravelled(instance), solve(instance, DA)
    stable = stable_matchings(strict)
    assert found in stable
    for id in strict.order:
        best = min(wish_for(strict, id, other.get(id)) for other in stable)
        assert wish_for(strict, id, found.get(id)) == best


@METHODS
@settings(max_examples=60, deadline=None)
@given(instances(4, 3, ties=False), st.data())
def test_no_other_list_gives_anybody_a_better_post(
    method: Method, instance: Instance, data: st.DataObject
) -> None:
    """Every list that one applicant could hand in instead of what they want is tried."""
    liar = data.draw(st.sampled_from(instance.order))
    honest = wish_for(instance, liar, solve(instance, method).get(liar))
    for length in range(len(instance.capacities) + 1):
        for lie in permutations(instance.capacities, length):
            told = {**instance.preferences, liar: tuple((post,) for post in lie)}
            got = solve(replace(instance, preferences=told), method).get(liar)
            assert honest <= wish_for(instance, liar, got)


@METHODS
@given(instances(8, 5), st.randoms(use_true_random=False))
def test_names_do_not_matter(method: Method, instance: Instance, chance: random.Random) -> None:
    """Applicants under other names, in the same places, get the same, for the same reasons."""
    others = chance.sample(instance.order, len(instance.order))
    names = dict(zip(instance.order, others, strict=True))
    renamed = Instance(
        {names[id]: tiers for id, tiers in instance.preferences.items()},
        instance.capacities,
        {
            post: tuple(tuple(names[id] for id in tier) for tier in tiers)
            for post, tiers in instance.priorities.items()
        },
        tuple(names[id] for id in instance.order),
    )
    before, after = solve(instance, method), solve(renamed, method)
    assert after == {names[id]: post for id, post in before.items()}
    for id in instance.order:
        told = reason(instance, before, method, id)
        assert reason(renamed, after, method, names[id]) == told


@METHODS
@given(instances(8, 5), st.randoms(use_true_random=False))
def test_how_a_host_writes_down_those_it_likes_alike_does_not_matter(
    method: Method, instance: Instance, chance: random.Random
) -> None:
    """The order of selection decides between them."""
    mixed = {
        post: tuple(tuple(chance.sample(tier, len(tier))) for tier in tiers)
        for post, tiers in instance.priorities.items()
    }
    assert solve(replace(instance, priorities=mixed), method) == solve(instance, method)


@METHODS
def test_of_posts_that_are_liked_alike_the_one_named_first_comes_first(method: Method) -> None:
    """Which is the declared rule, whatever the order of the posts is."""
    instance = Instance({"a": (("lake", "city"),)}, {"city": 1, "lake": 1}, {}, ("a",))
    assert solve(instance, method) == {"a": "lake"}


# Reasons


def test_a_post_without_places_was_filled_by_nobody() -> None:
    """The reason says that there were none."""
    instance = Instance({"a": (("city",), ("lake",))}, {"city": 0, "lake": 0}, {}, ("a",))
    found = reason(instance, {}, SERIAL, "a")
    assert found.outcome is Outcome.NO_CHOICE_LEFT
    assert {each.why for each in found.missed} == {Obstacle.NO_PLACES}


@METHODS
def test_a_reason_is_the_same_however_a_post_was_filled(method: Method) -> None:
    """By one rival or another, by a first or a last choice, by few or by many."""
    said = set()
    for rivals in (["b"], ["c"], ["c", "d", "e"]):
        for wish in ((("city",),), (("lake",), ("city",))):
            preferences = {"a": (("city",),), **dict.fromkeys(rivals, wish)}
            instance = Instance(preferences, {"city": 1, "lake": 0}, {}, (*rivals, "a"))
            said.add(reason(instance, solve(instance, method), method, "a"))
    assert len(said) == 1


@METHODS
@given(instances(8, 5))
def test_every_better_choice_has_its_reason_and_no_other(
    method: Method, instance: Instance
) -> None:
    """Those in a tier before the one that was given, or all where none was; no other number."""
    given_to = solve(instance, method)
    for id, tiers in instance.preferences.items():
        found = reason(instance, given_to, method, id)
        assert (found.choice is None) == (id not in given_to)
        assert found.choice is None or given_to[id] in tiers[found.choice - 1]
        better = tiers if found.choice is None else tiers[: found.choice - 1]
        wanted = [(post, n) for n, tier in enumerate(better, start=1) for post in tier]
        assert [(each.post_id, each.choice) for each in found.missed] == wanted
        assert found.choices == len(tiers)
