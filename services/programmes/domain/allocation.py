"""Who reviews what: different reviewers for every application, none in conflict, loads alike.

The highest load is as low and the lowest as high as conflicts and capacities allow, at once: where
some reviews can be given so that nobody has more than so many, and others so that nobody has fewer,
there is a way that does both (Mendelsohn and Dulmage, Canadian Journal of Mathematics 10, 1958).

    allocation = allocate(
        Gaps(wanted={"a": 2}, capacity={"x": 9, "y": 9}, loads={}, barred=frozenset(), seed="s")
    )
    allocation.pairs  # (("a", "x"), ("a", "y"))
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

Ints = npt.NDArray[np.int32]


class Shortage(StrEnum):
    """Why an application does not get as many reviews as it should."""

    TOO_FEW_REVIEWERS = "too_few_reviewers"
    NO_CAPACITY = "no_capacity"


@dataclass(frozen=True)
class Gaps:
    """What is to be given to whom: how many reviews each application still ``wanted``.

    ``loads`` are those of reviewers already, which count towards their ``capacity``; a pair of
    application and reviewer that is ``barred`` is never made.
    """

    wanted: Mapping[str, int]
    capacity: Mapping[str, int]
    loads: Mapping[str, int]
    barred: frozenset[tuple[str, str]]
    seed: str


@dataclass(frozen=True)
class Short:
    """An application that so many reviews could not be found for."""

    application_id: str
    missing: int
    reason: Shortage


@dataclass(frozen=True)
class Allocation:
    """Pairs of application and reviewer, and what could not be served."""

    pairs: tuple[tuple[str, str], ...]
    short: tuple[Short, ...]


def allocate(gaps: Gaps) -> Allocation:
    """As many of the wanted reviews as there can be, in a way that the seed decides."""
    applications = _shuffled([id for id, number in gaps.wanted.items() if number > 0], gaps.seed)
    reviewers = _shuffled(gaps.capacity, gaps.seed)
    if not applications or not reviewers:
        return Allocation((), tuple(_short(gaps, id, 0) for id in sorted(applications)))
    net = _Net(gaps, applications, reviewers)
    chosen = net.balanced()
    pairs = [(applications[a], reviewers[r]) for a, r in np.argwhere(chosen).tolist()]
    given = dict(zip(applications, chosen.sum(axis=1).tolist(), strict=True))
    lacking = sorted(id for id in applications if given[id] < gaps.wanted[id])
    return Allocation(tuple(pairs), tuple(_short(gaps, id, given[id]) for id in lacking))


def _shuffled(ids: Mapping[str, object] | Sequence[str], seed: str) -> list[str]:
    return sorted(ids, key=lambda id: hashlib.sha256(f"{seed}:{id}".encode()).hexdigest())


def _short(gaps: Gaps, application_id: str, given: int) -> Short:
    able = sum((application_id, reviewer) not in gaps.barred for reviewer in gaps.capacity)
    wanted = gaps.wanted[application_id]
    reason = Shortage.TOO_FEW_REVIEWERS if able < wanted else Shortage.NO_CAPACITY
    return Short(application_id, wanted - given, reason)


class _Net:
    """Applications on one side, reviewers on the other, and who may go with whom."""

    def __init__(self, gaps: Gaps, applications: Sequence[str], reviewers: Sequence[str]) -> None:
        self.wanted = np.array([gaps.wanted[id] for id in applications], dtype=np.int32)
        self.load = np.array([gaps.loads.get(id, 0) for id in reviewers], dtype=np.int32)
        limit = np.array([gaps.capacity[id] for id in reviewers], dtype=np.int32)
        self.allowed = np.ones((len(applications), len(reviewers)), dtype=np.int32)
        place = {id: number for number, id in enumerate(reviewers)}
        row = {id: number for number, id in enumerate(applications)}
        for application, reviewer in gaps.barred:
            if application in row and reviewer in place:
                self.allowed[row[application], place[reviewer]] = 0
        self.room: Ints = np.clip(limit - self.load, 0, self.allowed.sum(axis=0)).astype(np.int32)

    def balanced(self) -> Ints:
        """Which pairs to make, as ones in a table of applications by reviewers."""
        most = self._flow(self.wanted, self.room).flow_value
        loads = range(int((self.load + self.room).max()) + 1)
        highest = _first(
            loads, lambda cap: self._flow(self.wanted, self._up_to(cap)).flow_value == most
        )
        served = self._table(self._flow(self.wanted, self._up_to(highest))).sum(axis=1)
        lowest = _first(loads, lambda floor: not self._can_all_have(self._up_to(floor + 1)))
        return self._table(self._flow(served, self._up_to(highest), self._up_to(lowest)))

    def _up_to(self, load: int) -> Ints:
        """How many more each reviewer takes until they come to a load, or take no more."""
        return np.clip(load - self.load, 0, self.room).astype(np.int32)

    def _can_all_have(self, more: Ints) -> bool:
        return bool(self._flow(self.wanted, more).flow_value == more.sum())

    def _flow(self, wanted: Ints, most: Ints, least: Ints | None = None) -> Any:
        """The greatest flow of reviews from applications to reviewers.

        What a reviewer has beyond the ``least`` goes over one edge that they share, which is only
        as wide as the rest: a flow that serves all that is wanted gives everybody their least.
        """
        least = np.zeros_like(most) if least is None else least
        rows, columns = np.nonzero(self.allowed)
        first, second = 1 + np.arange(len(wanted)), 1 + len(wanted) + np.arange(len(most))
        shared, sink = 1 + len(wanted) + len(most), 2 + len(wanted) + len(most)
        edges = [
            (np.zeros_like(first), first, wanted),
            (first[rows], second[columns], np.ones_like(rows)),
            (second, np.full_like(second, sink), least),
            (second, np.full_like(second, shared), most - least),
            ([shared], [sink], [max(0, int(wanted.sum() - least.sum()))]),
        ]
        tails, heads, widths = (np.concatenate(each) for each in zip(*edges, strict=True))
        graph = coo_array((widths.astype(np.int32), (tails, heads)), shape=(sink + 1, sink + 1))
        return maximum_flow(graph.tocsr(), 0, sink)

    def _table(self, flow: Any) -> Ints:
        rows, columns = self.allowed.shape
        table: Ints = flow.flow[1 : 1 + rows, 1 + rows : 1 + rows + columns].toarray()
        return table


def _first(numbers: range, fits: Callable[[int], bool]) -> int:
    """The lowest of these that fits, where all above one that fits do so too; else the last."""
    return numbers[min(bisect_left(numbers, True, key=fits), len(numbers) - 1)]
