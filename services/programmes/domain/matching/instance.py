"""What a matching is made from: who wants what, how much there is, and who comes first.

>>> Instance({"a": (("city",),)}, {"city": 1}, {}, ("a",)).faults()
{}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.programmes.domain.terms import Faults

Tiers = tuple[tuple[str, ...], ...]


class Method(StrEnum):
    """How places are given."""

    SERIAL = "serial"
    DEFERRED_ACCEPTANCE = "deferred_acceptance"


@dataclass(frozen=True)
class Instance:
    """Applicants, posts and their wishes, in tiers: those in one tier are liked alike.

    ``preferences`` are the posts that each applicant would take, the best first, and
    ``priorities`` the applicants that a post would take where its host ranks; a post that is not
    there takes everybody by ``order``, which has every applicant once, the best first.
    """

    preferences: Mapping[str, Tiers]
    capacities: Mapping[str, int]
    priorities: Mapping[str, Tiers]
    order: tuple[str, ...]

    def faults(self) -> Faults:
        """What does not fit together, by field."""
        faults: Faults = {}
        known = set(self.order)
        if len(known) != len(self.order):
            faults["order"] = ["Somebody is there more than once."]
        elif known != set(self.preferences):
            faults["order"] = ["Must have each applicant once."]
        if any(capacity < 0 for capacity in self.capacities.values()):
            faults["capacities"] = ["Must not be negative."]
        for id, tiers in self.preferences.items():
            if reason := _fault(tiers, self.capacities, "post"):
                faults[f"preferences.{id}"] = [reason]
        for post, tiers in self.priorities.items():
            if post not in self.capacities:
                faults[f"priorities.{post}"] = ["No such post."]
            elif reason := _fault(tiers, known, "applicant"):
                faults[f"priorities.{post}"] = [reason]
        return faults

    def digest(self, given: Mapping[str, str]) -> str:
        """SHA-256 over these wishes and what was given, by which anybody can recognise them.

        Of the canonical JSON of ``[preferences, capacities, priorities, order, given]``: keys
        sorted, no white space, UTF-8.
        """
        whole = [self.preferences, self.capacities, self.priorities, self.order, given]
        text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def choice_of(tiers: Tiers, post: str | None) -> int | None:
    """In which tier a post is, 1 being the first; none for one that was not ranked."""
    return next((place for place, tier in enumerate(tiers, start=1) if post in tier), None)


def places_in(tiers: Iterable[Sequence[str]]) -> dict[str, int]:
    """In which tier each is, 0 being the best."""
    return {id: place for place, tier in enumerate(tiers) for id in tier}


def _fault(tiers: Tiers, known: Iterable[str], what: str) -> str | None:
    named = [id for tier in tiers for id in tier]
    if len(set(named)) != len(named):
        return f"A {what} is there more than once."
    if not all(tiers):
        return "A tier is empty."
    if unknown := set(named).difference(known):
        return f"No such {what}: {', '.join(sorted(unknown))}."
    return None
