"""Later rounds: places that have become free go on, by the rule of the match.

Whoever holds an offer, or has accepted one, and asked for a better one keeps what they have unless
a post they prefer comes to them: at that post they come before all others. So nobody loses anything
by asking, and what they leave goes on in the same round. Those without an offer come in selection
order, or as the post itself ranks them. What an applicant did not rank they are never given.

Source: offers with upgrades as Oriel makes them, as described in public sources.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.programmes.domain.matching import Instance, Method, Tiers, solve
from services.programmes.domain.offer_round import Line


@dataclass(frozen=True)
class Interim:
    """Where a cohort is between rounds: ``waiting`` have no offer, ``moving`` a post they have."""

    instance: Instance
    waiting: frozenset[str]
    moving: Mapping[str, str]
    free: Mapping[str, int]


def digest_of(instance: Instance) -> str:
    """Tells whether the ranking, the preferences or how posts rank have changed.

    SHA-256 of the JSON of ``[order, preferences, priorities]`` with sorted keys.
    """
    said = [list(instance.order), dict(instance.preferences), dict(instance.priorities)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def residual(interim: Interim, method: Method) -> Instance:
    """What is left to be matched, by deferred acceptance whatever the method.

    Where posts do not rank for themselves that is the serial way, but for those who come first at
    the post they have.
    """
    whole = interim.instance
    wanted = {id: whole.preferences.get(id, ()) for id in interim.waiting}
    for id, post in interim.moving.items():
        wanted[id] = (*better(whole.preferences.get(id, ()), post), (post,))
    left = Counter(interim.free) + Counter(interim.moving.values())
    order = tuple(id for id in whole.order if id in wanted)
    ranked = whole.priorities if method is Method.DEFERRED_ACCEPTANCE else {}
    return Instance(
        preferences=wanted,
        capacities={post: left[post] for post in whole.capacities},
        priorities={
            post: _with_first(holders, ranked.get(post), order)
            for post in whole.capacities
            if (holders := _holders(interim, post)) or post in ranked
        },
        order=order,
    )


def recycle(interim: Interim, method: Method) -> dict[str, str]:
    """The post of each applicant who has one after the round."""
    return solve(residual(interim, method), Method.DEFERRED_ACCEPTANCE)


def _holders(interim: Interim, post: str) -> frozenset[str]:
    return frozenset(id for id, held in interim.moving.items() if held == post)


def _with_first(holders: frozenset[str], ranked: Tiers | None, order: Sequence[str]) -> Tiers:
    tiers = tuple((id,) for id in order) if ranked is None else ranked
    known = frozenset(order)
    others = (tuple(id for id in tier if id in known - holders) for tier in tiers)
    return (*((id,) for id in order if id in holders), *filter(None, others))


def better(tiers: Tiers, than: str) -> Tiers:
    """The tiers before that of a post; all of them where it is in none."""
    place = next((n for n, tier in enumerate(tiers) if than in tier), len(tiers))
    return tiers[:place]


def short(lines: Iterable[Line], left: Mapping[str, int]) -> list[Line]:
    """Those that need a free place, which are the last where others leave fewer than are wanted.

    ``left`` says how many places of a post are left by those who move away.
    """
    by_post: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_post[line.post_id].append(line)
    return [line for post, wanting in by_post.items() for line in wanting[left.get(post, 0) :]]
