"""The two ways of giving places.

``serial``, as Oriel offers: in the order of selection each applicant gets what they like best of
what is still open; nobody gets what they did not rank, and posts do not choose.

``deferred_acceptance``, where hosts rank too: applicants propose, posts keep the best so far (Gale
and Shapley 1962, as the resident matching programmes run it). The outcome is the best that every
applicant can have in any stable matching.

Ties are broken before: of posts that an applicant likes alike the one named first comes first, of
applicants that a host likes alike the one earlier in the order of selection.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from services.programmes.domain.matching.instance import Instance, Method, Tiers


def solve(instance: Instance, method: Method) -> dict[str, str]:
    """The post of each applicant who gets one; the instance must be without faults."""
    if Method(method) is Method.SERIAL:
        return _serial(instance)
    return _deferred_acceptance(instance)


def _serial(instance: Instance) -> dict[str, str]:
    left = dict(instance.capacities)
    given: dict[str, str] = {}
    for id in instance.order:
        post = next((post for post in _choices(instance, id) if left[post]), None)
        if post is not None:
            given[id] = post
            left[post] -= 1
    return given


def _deferred_acceptance(instance: Instance) -> dict[str, str]:
    by_order = {id: place for place, id in enumerate(instance.order)}
    ranks = {post: _ranks(tiers, by_order) for post, tiers in instance.priorities.items()}
    proposals = {id: iter(_choices(instance, id)) for id in instance.order}
    # For each post a heap with the applicant it would let go first on top.
    held: dict[str, list[tuple[int, str]]] = {post: [] for post in instance.capacities}
    free = list(reversed(instance.order))
    while free:
        id = free.pop()
        for post in proposals[id]:
            rank = ranks.get(post, by_order).get(id)
            if rank is None or not instance.capacities[post]:
                continue
            heap = held[post]
            if len(heap) < instance.capacities[post]:
                heapq.heappush(heap, (-rank, id))
                break
            _, let_go = heapq.heappushpop(heap, (-rank, id))
            if let_go != id:
                free.append(let_go)
                break
    return {id: post for post, heap in held.items() for _, id in heap}


def _choices(instance: Instance, id: str) -> list[str]:
    return [post for tier in instance.preferences.get(id, ()) for post in tier]


def _ranks(tiers: Tiers, by_order: Mapping[str, int]) -> dict[str, int]:
    """The places of applicants at a post whose host ranks, each its own."""
    ranked = [id for tier in tiers for id in sorted(tier, key=by_order.__getitem__)]
    return {id: place for place, id in enumerate(ranked)}
