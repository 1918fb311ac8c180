"""Why a round of offers would make none, so that it is not prepared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from services.programmes.domain.recycling import Interim
from services.programmes.errors import NothingToOffer


class Nothing(StrEnum):
    """Why there is nothing to offer."""

    NOBODY_MATCHED = "nobody_matched"
    ALL_SKIPPED = "all_skipped"
    NO_PLACES = "no_places"
    NOBODY_WAITS = "nobody_waits"
    NOT_WANTED = "not_wanted"


_SAID = {
    Nothing.NOBODY_MATCHED: (
        "The match gives nobody a post, find_assignments says why; put that right and run_match "
        "again."
    ),
    Nothing.ALL_SKIPPED: (
        "Nobody to whom the match gives a post can be offered it now; run_match again."
    ),
    Nothing.NO_PLACES: "No place is free; there is nothing to pass on until one is given back.",
    Nothing.NOBODY_WAITS: "Nobody who can be offered a place waits for one any more.",
    Nothing.NOT_WANTED: (
        "Nobody who waits has ranked a post with a free place whose host would take them."
    ),
}


def why_not(interim: Interim) -> Nothing:
    """Why nothing was passed on to anybody."""
    if not any(interim.free.values()):
        return Nothing.NO_PLACES
    return Nothing.NOT_WANTED if interim.waiting or interim.moving else Nothing.NOBODY_WAITS


def nothing(why: Nothing, free: Mapping[str, int], skipped: Mapping[str, str]) -> NothingToOffer:
    """The refusal; ``skipped`` are the reasons by application."""
    reasons, places = Counter(skipped.values()), sum(free.values())
    return NothingToOffer(_SAID[why], why=why.value, free=places, skipped=dict(reasons))
