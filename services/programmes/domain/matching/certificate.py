"""The proof that goes with a matching: it is possible, and nobody has a claim to something better.

It is checked pair by pair from the wishes alone, with nothing of what made the matching. For
deferred acceptance a *blocking pair* is an applicant and a post that would both rather have each
other: the applicant likes the post better than what they got, and the post has a place left or
likes them better than somebody it got. Alike is not better (weak stability). For the serial way
posts like applicants by the order of selection, so that such a pair is *justified envy*, or a place
left empty that somebody wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.programmes.domain.matching.instance import Instance, Method, places_in

VERSION = "1"
_SHOWN = 20


@dataclass(frozen=True)
class Certificate:
    """What was checked; ``pairs`` were looked at, and ``blocking`` of them have a claim.

    ``digest`` is the SHA-256 of wishes and matching (see ``Instance.digest``).
    """

    method: Method
    version: str
    digest: str
    applicants: int
    posts: int
    matched: int
    pairs: int
    blocking: int
    infeasible: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the matching may be kept."""
        return not self.blocking and not self.infeasible


def certify(instance: Instance, given: Mapping[str, str], method: Method) -> Certificate:
    """Look at every pair of an applicant and a post that they rank."""
    return Certificate(
        method=Method(method),
        version=VERSION,
        digest=instance.digest(given),
        applicants=len(instance.order),
        posts=len(instance.capacities),
        matched=len(given),
        pairs=sum(len(tier) for tiers in instance.preferences.values() for tier in tiers),
        blocking=len(blocking_pairs(instance, given, method)),
        infeasible=tuple(infeasible(instance, given, method)[:_SHOWN]),
    )


def infeasible(instance: Instance, given: Mapping[str, str], method: Method) -> list[str]:
    """What cannot be: applicants with a post that does not fit, and posts that are over-full."""
    numbers = dict.fromkeys(instance.capacities, 0)
    wrong = []
    for id, post in given.items():
        ranked = any(post in tier for tier in instance.preferences.get(id, ()))
        numbers[post] = numbers.get(post, 0) + 1
        if not ranked or not _accepts(instance, post, id, method):
            wrong.append(id)
    return wrong + [post for post, n in numbers.items() if n > instance.capacities.get(post, 0)]


def blocking_pairs(
    instance: Instance, given: Mapping[str, str], method: Method
) -> list[tuple[str, str]]:
    """The pairs of applicant and post that have a claim to each other."""
    order = {id: place for place, id in enumerate(instance.order)}
    likes = {
        post: places_in(instance.priorities[post])
        if post in instance.priorities and method == Method.DEFERRED_ACCEPTANCE
        else order
        for post in instance.capacities
    }
    worst: dict[str, int] = {}
    numbers = dict.fromkeys(instance.capacities, 0)
    for id, post in given.items():
        if post in numbers:
            numbers[post] += 1
            worst[post] = max(worst.get(post, -1), likes[post].get(id, len(order)))
    found = []
    for id, tiers in instance.preferences.items():
        for tier in tiers:
            if given.get(id) in tier:
                break
            for post in tier:
                place, places = likes[post].get(id), instance.capacities[post]
                if place is None or not places:
                    continue
                if numbers[post] < places or place < worst[post]:
                    found.append((id, post))
    return found


def _accepts(instance: Instance, post: str, id: str, method: Method) -> bool:
    if method == Method.SERIAL or post not in instance.priorities:
        return post in instance.capacities
    return any(id in tier for tier in instance.priorities[post])
