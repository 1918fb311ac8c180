"""The places of posts, each a document of its own, so that none is ever given twice.

places.prepare_posts(cohort)
if not places.claim(cohort.id, "city_hospital", offer_id):
    raise PostFull(post_id="city_hospital")

A place is claimed by one write that finds a free one and takes it, so however many claim at once,
as many get one as there are. An offer holds one place at most, whatever is repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.programmes.domain.cohort import Cohort
from shared.repository import Index, Store, store_errors

_HELD, _FREE, _GONE = 0, 1, 2


def post_key(cohort_id: str, post_id: str) -> str:
    """Names a post of a cohort."""
    return f"{cohort_id}:{post_id}"


class Places(Store):
    """Places by post; ``free`` is 1 for a free one, 0 for one that is held, 2 for one taken away
    or that never was: an offer has that so that it never has another.

    ``holder`` is the offer that has it, or while nobody has it, a text of the place's own: the
    store can keep values apart, but cannot take one out of a document.
    """

    collection = "places"
    indexes = (Index("holder", unique=True), Index(("post", "free")), Index("cohort_id"))

    def prepare_posts(self, cohort: Cohort) -> None:
        """Make the places of every post that were never made; safe to repeat.

        Those that were taken away since stay away, also where the cohort was read before that.
        """
        for post in cohort.posts:
            key = post_key(cohort.id, post.id)
            with store_errors():
                made = {each["_id"] for each in self.documents.find({"post": key})}
            for number in range(1, post.capacity + 1):
                if _place_id(key, number) not in made:
                    self._add(cohort.id, key, number)

    def claim(self, cohort_id: str, post_id: str, offer_id: str) -> bool:
        """Whether the offer has a place of the post now, taken before or by this."""
        key = post_key(cohort_id, post_id)
        taken = {"$set": {"holder": offer_id, "free": _HELD}}
        with store_errors():
            held = self.documents.find_one({"holder": offer_id})
            if held is not None:
                return bool(held["post"] == key)
            try:
                found = self.documents.update_one({"post": key, "free": _FREE}, taken)
            except DuplicateKeyError:  # claimed for the same offer at the same time, or refused
                return self.holds(offer_id)
        return bool(found.matched_count)

    def refuse(self, cohort_id: str, offer_id: str) -> bool:
        """Whether the offer has no place and gets none any more, whoever claims one for it."""
        none = {
            "_id": f"none:{offer_id}",
            "cohort_id": cohort_id,
            "post": post_key(cohort_id, ""),
            "free": _GONE,
            "holder": offer_id,
        }
        with store_errors():
            try:
                self.documents.insert_one(none)
            except DuplicateKeyError:  # refused before, or it has one
                return not self.holds(offer_id)
        return True

    def pass_on(self, offer_id: str, to: str) -> None:
        """Let an offer have the place of another, if it has none; others cannot have it between."""
        held = {"holder": offer_id, "free": _HELD}
        with store_errors(), suppress(DuplicateKeyError):
            self.documents.update_one(held, {"$set": {"holder": to}})

    def release(self, offer_id: str) -> None:
        """Let others have the place of an offer, if it has one."""
        with store_errors():
            held = self.documents.find_one({"holder": offer_id, "free": _HELD})
            if held is not None:
                freed = {"$set": {"holder": _nobody(held["_id"]), "free": _FREE}}
                self.documents.update_one({"_id": held["_id"], "holder": offer_id}, freed)

    def holds(self, offer_id: str) -> bool:
        """Whether an offer has a place."""
        with store_errors():
            return self.documents.find_one({"holder": offer_id, "free": _HELD}) is not None

    def holders(self, cohort_id: str) -> frozenset[str]:
        """The offers that have a place."""
        with store_errors():
            found = self.documents.find({"cohort_id": cohort_id, "free": _HELD})
            return frozenset(each["holder"] for each in found)

    def any_free(self, cohort_id: str, post_id: str) -> bool:
        """Whether a post has a free place at this moment."""
        wanted = {"post": post_key(cohort_id, post_id), "free": _FREE}
        with store_errors():
            return self.documents.find_one(wanted) is not None

    def free(self, cohort_id: str) -> dict[str, int]:
        """How many places are free, by post."""
        with store_errors():
            found = self.documents.find({"cohort_id": cohort_id, "free": _FREE})
            return dict(Counter(_post_of(each) for each in found))

    def held(self, cohort_id: str, post_id: str) -> int:
        """How many places of a post are held."""
        wanted = {"post": post_key(cohort_id, post_id), "free": _HELD}
        with store_errors():
            return sum(1 for _ in self.documents.find(wanted))

    def fit(self, cohort_id: str, post_id: str, capacity: int) -> int:
        """Let a post have so many places, or as many as are held; how many it has then.

        Places are named one by one, so that who does the same at the same time does it once.
        """
        key = post_key(cohort_id, post_id)
        while True:
            with store_errors():
                found = {each["_id"]: each["free"] for each in self.documents.find({"post": key})}
            there = [id for id, free in found.items() if free != _GONE]
            free = sorted(id for id, free in found.items() if free == _FREE)
            surplus = len(there) - capacity
            if surplus == 0 or (surplus > 0 and not free):
                return len(there)
            for id in free[-surplus:] if surplus > 0 else ():
                self._turn(id, _FREE, _GONE)
            gone = sorted(set(found) - set(there))[: max(0, -surplus)]
            for id in gone:
                self._turn(id, _GONE, _FREE)
            for number in range(len(found) + 1, len(found) + 1 - surplus - len(gone)):
                self._add(cohort_id, key, number)

    def _add(self, cohort_id: str, key: str, number: int) -> None:
        id = _place_id(key, number)
        place = {"_id": id, "cohort_id": cohort_id, "post": key, "free": _FREE}
        with store_errors(), suppress(DuplicateKeyError):  # another has added it meanwhile
            self.documents.insert_one({**place, "holder": _nobody(id)})

    def _turn(self, id: str, before: int, after: int) -> None:
        with store_errors():
            self.documents.update_one({"_id": id, "free": before}, {"$set": {"free": after}})


def _place_id(key: str, number: int) -> str:
    return f"{key}:{number}"


def _nobody(id: str) -> str:
    return f"nobody:{id}"


def _post_of(place: Mapping[str, Any]) -> str:
    return str(place["post"]).removeprefix(f"{place['cohort_id']}:")
