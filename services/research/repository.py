"""What research keeps, each in a collection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.research.domain.disclosure import proposed_in
from services.research.domain.fairness import CohortFairness
from services.research.domain.releases import ReleaseHistory
from services.research.domain.responses import EqualityResponse
from services.research.domain.rights import Answer
from shared.projection import Projection
from shared.repository import Index, Repository, Store, store_errors

ASKED_AT_ONCE = 500


class EqualityResponses(Repository[EqualityResponse]):
    """Equality answers by pseudonym."""

    collection = "equality_responses"
    aggregate = EqualityResponse

    def answers(self, pseudonyms: Iterable[str], characteristic: str) -> dict[str, str]:
        """The codes given for one characteristic, by pseudonym; for counting only."""
        found: dict[str, str] = {}
        for some in _batches(pseudonyms):
            with store_errors():
                # The whole mapping, as the embedded store names a part of it by its dotted path.
                for document in self.documents.find({"_id": {"$in": some}}, {"answers": 1}):
                    code = document.get("answers", {}).get(characteristic)
                    if code is not None:
                        found[document["_id"]] = code
        return found


class Facts(Store):
    """Who, by pseudonym, reached which stage of which cohort; each has one fact, told last.

    Whom a round would make offers to is kept as a stage, too.
    """

    collection = "facts"
    indexes = (Index(("cohort_id", "stage")),)

    def record(
        self, pseudonym: str, cohort_id: str, stage: str, reached_on: date | None, sequence: int
    ) -> None:
        """Keep when somebody reached a stage, or with None that they did not after all.

        What is kept stays, unless it was told before by the ``sequence`` of the pseudonym.
        """
        id = f"{cohort_id}:{stage}:{pseudonym}"
        told = {"reached_on": reached_on and reached_on.isoformat(), "sequence": sequence}
        fact = {"_id": id, "pseudonym": pseudonym, "cohort_id": cohort_id, "stage": stage, **told}
        with store_errors():
            try:
                self.documents.insert_one(fact)
            except DuplicateKeyError:
                self._renew(id, told)

    def _renew(self, id: str, told: dict[str, Any]) -> None:
        while True:
            kept = self.documents.find_one({"_id": id})
            if kept is None or kept.get("sequence", 0) >= told["sequence"]:
                return
            guard = {name: kept[name] for name in ("_id", "sequence") if name in kept}
            if self.documents.update_one(guard, {"$set": told}).matched_count:
                return

    def journeys(self, cohort_id: str) -> dict[str, frozenset[str]]:
        """The stages that each person reached in a cohort, by pseudonym."""
        reached: dict[str, set[str]] = {}
        with store_errors():
            for fact in self._reached(cohort_id):
                reached.setdefault(fact["pseudonym"], set()).add(fact["stage"])
        return {pseudonym: frozenset(stages) for pseudonym, stages in reached.items()}

    def counts(self, cohort_id: str) -> dict[str, int]:
        """How many people reached each stage of a cohort; of proposals nothing is said."""
        with store_errors():
            counted = Counter(fact["stage"] for fact in self._reached(cohort_id))
        return {stage: counted[stage] for stage in sorted(counted) if proposed_in(stage) is None}

    def _reached(self, cohort_id: str) -> Iterator[dict[str, Any]]:
        wanted = {"pseudonym": 1, "stage": 1, "reached_on": 1}
        found = self.documents.find({"cohort_id": cohort_id}, wanted)
        return (fact for fact in found if fact["reached_on"] is not None)

    def proposed(self, cohort_id: str) -> dict[str, frozenset[str]]:
        """Who was to be made an offer, by round."""
        people: dict[str, set[str]] = {}
        for pseudonym, stages in self.journeys(cohort_id).items():
            for round_id in filter(None, map(proposed_in, stages)):
                people.setdefault(round_id, set()).add(pseudonym)
        return {round_id: frozenset(found) for round_id, found in people.items()}


class Releases(Repository[ReleaseHistory]):
    """The histories of released tables, by cohort and characteristic."""

    collection = "releases"
    aggregate = ReleaseHistory


class Fairness(Repository[CohortFairness]):
    """What became of the proposals of rounds, by cohort."""

    collection = "fairness"
    aggregate = CohortFairness


class Answers(Repository[Answer]):
    """Which requests of members about their data were answered, and when."""

    collection = "rights_answers"
    aggregate = Answer


class Cohorts(Projection):
    """What programmes' events tell of cohorts, by cohort id."""

    collection = "cohorts"


def _batches(pseudonyms: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(pseudonyms)
    while some := list(islice(rest, ASKED_AT_ONCE)):
        yield some
