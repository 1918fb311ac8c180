"""``python -m benchmarks.matching``: 5,000 applicants and 500 posts, in both ways of matching.

Each line is one size of wishes; times are medians of rounds run in turn on this machine, and the
ratio compares deferred acceptance with the serial way on the same wishes. The proof is timed beside
them, and the library ``matching`` on the same wishes with every tie broken for it, once each. Then,
how large the document is in which wishes are kept, and how long the rest of a service waits while a
match runs in a thread of its own and, beside it, where it ran in the service's.
"""

from __future__ import annotations

import random
import statistics
import sys
import threading
import time
from collections.abc import Callable

import bson
import click
import eventlet
from matching import games
from rich import box
from rich.console import Console
from rich.table import Table

from services.programmes.domain.match import Inputs, solution
from services.programmes.domain.matching import Instance, Method, Tiers, certify, solve
from shared.events import to_document
from shared.offload import offload
from shared.telemetry import fresh_id

APPLICANTS, POSTS, ROUNDS, SEED = 5_000, 500, 5, 2026
LENGTHS = (5, 20, 100)
_DEEP, _STACK = 10**7, 1024**3


def wishes(applicants: int, posts: int, length: int, every: int = 2) -> Instance:
    """Wishes at random, some tiers of two; every second host, or so, ranks all who would come."""
    chance = random.Random(SEED)
    people, places = [f"a{n}" for n in range(applicants)], [f"p{n}" for n in range(posts)]
    preferences = {id: _tiers(chance, chance.sample(places, length)) for id in people}
    wanted: dict[str, list[str]] = {post: [] for post in places}
    for id, tiers in preferences.items():
        for tier in tiers:
            for post in tier:
                wanted[post].append(id)
    ranking = {
        post: _tiers(chance, chance.sample(ids, len(ids)))
        for post, ids in list(wanted.items())[::every]
    }
    order = tuple(chance.sample(people, len(people)))
    return Instance(preferences, dict.fromkeys(places, 4), ranking, order)


def _tiers(chance: random.Random, ids: list[str]) -> Tiers:
    tiers: list[tuple[str, ...]] = []
    while ids:
        size = 2 if chance.random() < 0.2 else 1
        tiers.append(tuple(ids[:size]))
        ids = ids[size:]
    return tuple(tiers)


@click.command()
@click.option("--applicants", type=click.IntRange(10), default=APPLICANTS, show_default=True)
@click.option("--posts", type=click.IntRange(1), default=POSTS, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
def main(applicants: int, posts: int, rounds: int) -> None:
    """Match many applicants with many posts."""
    console = Console(width=max(100, Console().width), highlight=False)
    shown = Table(title=f"{applicants:,} applicants, {posts:,} posts", box=box.MARKDOWN)
    names = ("Choices", "Serial s", "Deferred s", "Ratio", "Proof s", "Matched", "Library ratio")
    for name in names:
        shown.add_column(name, justify="right")
    for length in [each for each in LENGTHS if each <= posts]:
        shown.add_row(*_row(wishes(applicants, posts, length), length, rounds))
    console.print(shown)
    console.print(_size(wishes(applicants, posts, min(10, posts), every=1)))
    console.print(_waiting(wishes(applicants, posts, min(20, posts))))


def _row(instance: Instance, length: int, rounds: int) -> tuple[str, ...]:
    deferred = Method.DEFERRED_ACCEPTANCE
    given = solve(instance, deferred)
    times: dict[str, list[float]] = {"serial": [], "deferred": [], "proof": []}
    for _ in range(rounds):
        times["serial"].append(_seconds(lambda: solve(instance, Method.SERIAL)))
        times["deferred"].append(_seconds(lambda: solve(instance, deferred)))
        times["proof"].append(_seconds(lambda: certify(instance, given, deferred)))
    middle = {name: statistics.median(found) for name, found in times.items()}
    return (
        f"{length}",
        f"{middle['serial']:.3f}",
        f"{middle['deferred']:.3f}",
        f"{middle['deferred'] / middle['serial']:.1f}",
        f"{middle['proof']:.3f}",
        f"{len(given):,}",
        _library(instance, middle["deferred"]),
    )


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _size(instance: Instance) -> str:
    """How much of the 16 MiB of a document the wishes of a match take, with ids as they are."""
    people = {id: fresh_id() for id in instance.order}
    posts = {id: f"a_post_with_a_longer_name_{id}" for id in instance.capacities}
    named = Instance(
        {people[id]: _renamed(tiers, posts) for id, tiers in instance.preferences.items()},
        {posts[id]: places for id, places in instance.capacities.items()},
        {posts[id]: _renamed(tiers, people) for id, tiers in instance.priorities.items()},
        tuple(people[id] for id in instance.order),
    )
    kept = Inputs.freeze(fresh_id(), fresh_id(), named, (), ranking_id=fresh_id(), basis_id=None)
    size = len(bson.encode(to_document(kept))) / 2**20
    return f"The wishes of a match with ten choices each, all hosts ranking, take {size:.1f} MiB."


def _renamed(tiers: Tiers, names: dict[str, str]) -> Tiers:
    return tuple(tuple(names[id] for id in tier) for tier in tiers)


def _waiting(instance: Instance) -> str:
    """The longest that a green thread waited for its turn, here and beside."""
    method = Method.DEFERRED_ACCEPTANCE
    here = _longest_gap(lambda: solution(instance, method))
    beside = _longest_gap(lambda: offload(solution, instance, method))
    return (
        f"While a match runs, others wait at most {here:.2f} s in the same thread, "
        f"{beside:.3f} s where it runs beside: {here / beside:.0f} times less."
    )


def _longest_gap(action: Callable[[], object]) -> float:
    gaps: list[float] = []
    done = False

    def tick() -> None:
        last = time.perf_counter()
        while not done:
            eventlet.sleep(0.001)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    ticking = eventlet.spawn(tick)
    eventlet.sleep(0.05)
    action()
    done = True
    ticking.wait()
    return max(gaps)


def _library(instance: Instance, ours: float) -> str:
    """How much longer the library takes on the same wishes, with every tie broken for it."""
    strict = {id: [p for tier in tiers for p in tier] for id, tiers in instance.preferences.items()}
    wanted: dict[str, list[str]] = {post: [] for post in instance.capacities}
    for id in instance.order:
        for post in strict[id]:
            wanted[post].append(id)
    for post, tiers in instance.priorities.items():
        wanted[post] = [id for tier in tiers for id in tier]
    taken: list[float] = []

    def run() -> None:
        game = games.HospitalResident.create_from_dictionaries(
            strict, wanted, dict(instance.capacities)
        )
        game.solve(optimal="resident")

    # It copies the whole game by recursion, deeper than Python goes by default.
    sys.setrecursionlimit(_DEEP)
    before = threading.stack_size(_STACK)
    worker = threading.Thread(target=lambda: taken.append(_seconds(run)))
    worker.start()
    worker.join()
    threading.stack_size(before)
    return f"{taken[0] / ours:.1f}" if taken else "failed"


if __name__ == "__main__":
    main()
