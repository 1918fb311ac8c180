"""Who is given which application: everybody served who can be, nobody in conflict, loads alike."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

from hypothesis import assume, given
from hypothesis import strategies as st

from services.programmes.domain.allocation import Allocation, Gaps, Shortage, allocate

REVIEWERS = ("x", "y", "z")


@st.composite
def gaps(draw: st.DrawFn) -> Gaps:
    """Something small enough to try every way."""
    applications = "abcd"[: draw(st.integers(1, 4))]
    reviewers = REVIEWERS[: draw(st.integers(1, 3))]
    pairs = list(product(applications, reviewers))
    return Gaps(
        wanted={each: draw(st.integers(0, 2)) for each in applications},
        capacity={each: draw(st.integers(1, 4)) for each in reviewers},
        loads={each: draw(st.integers(0, 2)) for each in reviewers},
        barred=frozenset(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=5))),
        seed=draw(st.text("ab", max_size=3)),
    )


def loads_of(problem: Gaps, pairs: tuple[tuple[str, str], ...]) -> Counter[str]:
    given_to = Counter(reviewer for _, reviewer in pairs)
    return Counter({r: problem.loads.get(r, 0) + given_to[r] for r in problem.capacity})


def allowed(problem: Gaps, pairs: tuple[tuple[str, str], ...]) -> bool:
    """Whether no rule is broken."""
    served = Counter(application for application, _ in pairs)
    loads, given_to = loads_of(problem, pairs), {reviewer for _, reviewer in pairs}
    return (
        len({*pairs}) == len(pairs)
        and not {*pairs} & problem.barred
        and all(served[id] <= number for id, number in problem.wanted.items())
        and {*served} <= {*problem.wanted}
        and all(loads[id] <= problem.capacity[id] for id in given_to)
    )


def every_way(problem: Gaps) -> list[tuple[tuple[str, str], ...]]:
    """All allowed ways that serve as many as possible."""
    pairs = [
        pair
        for pair in product(problem.wanted, problem.capacity)
        if pair not in problem.barred and problem.wanted[pair[0]]
    ]
    for size in range(len(pairs), -1, -1):
        found = [way for way in combinations(pairs, size) if allowed(problem, way)]
        if found:
            return found
    return [()]


@given(gaps())
def test_as_many_as_possible_are_served_and_no_rule_is_broken(problem: Gaps) -> None:
    """No other way serves more, and what is short is named with how much."""
    allocation = allocate(problem)
    assert allowed(problem, allocation.pairs)
    assert len(allocation.pairs) == len(every_way(problem)[0])
    served = Counter(application for application, _ in allocation.pairs)
    missing = {id: n - served[id] for id, n in problem.wanted.items() if n > served[id]}
    assert {each.application_id: each.missing for each in allocation.short} == missing


@given(gaps())
def test_loads_are_as_even_as_conflicts_and_capacities_allow(problem: Gaps) -> None:
    """No other way that serves as many has a lower highest load."""
    loads = loads_of(problem, allocate(problem).pairs)
    ways = [loads_of(problem, way) for way in every_way(problem)]
    assert max(loads.values()) == min(max(way.values()) for way in ways)


@given(gaps())
def test_nobody_has_fewer_than_conflicts_and_capacities_force(problem: Gaps) -> None:
    """Where everybody can take something, no other way has a higher lowest load."""
    even = Gaps(problem.wanted, dict.fromkeys(problem.capacity, 9), {}, problem.barred, "s")
    asked = [id for id, number in even.wanted.items() if number]
    assume(all(any((a, r) not in even.barred for a in asked) for r in even.capacity))
    loads = loads_of(even, allocate(even).pairs)
    ways = [loads_of(even, way) for way in every_way(even)]
    assert min(loads.values()) == max(min(way.values()) for way in ways)


@given(gaps())
def test_the_seed_alone_decides_what_is_left_open(problem: Gaps) -> None:
    """The same again, in whichever order applications and reviewers are named, is the same."""
    turned = Gaps(
        dict(reversed(problem.wanted.items())),
        dict(reversed(problem.capacity.items())),
        problem.loads,
        problem.barred,
        problem.seed,
    )
    assert allocate(problem) == allocate(turned)


def test_another_seed_gives_another_allocation() -> None:
    """Who reviews whom cannot be told from the order of ids."""
    ways = {allocate(whole(seed=str(number))).pairs for number in range(5)}
    assert len(ways) == 5


def whole(applications: int = 30, reviewers: int = 7, number: int = 2, seed: str = "s") -> Gaps:
    return Gaps(
        {f"a{n}": number for n in range(applications)},
        {f"r{n}": 1_000 for n in range(reviewers)},
        {},
        frozenset(),
        seed,
    )


def test_loads_differ_by_at_most_one_where_there_is_no_conflict() -> None:
    """Sixty reviews among seven are eight or nine each."""
    problem = whole()
    loads = loads_of(problem, allocate(problem).pairs)
    assert sorted(loads.values()) == [8, 8, 8, 9, 9, 9, 9]


def test_those_who_have_less_are_given_more() -> None:
    """What reviewers have already counts."""
    problem = Gaps({"a": 1, "b": 1, "c": 1}, dict.fromkeys("xy", 9), {"x": 3}, frozenset(), "s")
    assert {reviewer for _, reviewer in allocate(problem).pairs} == {"y"}


def test_it_is_said_why_an_application_is_short() -> None:
    """Either nobody is left who may, or nobody who can take more."""
    wanted, conflicts = {"a": 2, "b": 2, "c": 2}, frozenset({("a", "x")})
    short = allocate(Gaps(wanted, {"x": 1, "y": 1}, {}, conflicts, "s")).short
    reasons = {each.application_id: each.reason for each in short}
    assert reasons.pop("a") is Shortage.TOO_FEW_REVIEWERS
    assert {*reasons.values()} == {Shortage.NO_CAPACITY}


def test_without_reviewers_or_applications_there_is_nothing_to_give() -> None:
    """Neither is an error."""
    assert allocate(Gaps({}, {"x": 1}, {}, frozenset(), "s")) == Allocation((), ())
    (short,) = allocate(Gaps({"a": 2}, {}, {}, frozenset(), "s")).short
    assert (short.missing, short.reason) == (2, Shortage.TOO_FEW_REVIEWERS)
