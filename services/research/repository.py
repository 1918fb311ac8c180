"""What research keeps, each in a collection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from pymongo.errors import DuplicateKeyError

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
    """Who, by pseudonym, reached which stage of which cohort; each such fact is kept once."""

    collection = "facts"
    indexes = (Index(("cohort_id", "stage")),)

    def record(self, pseudonym: str, cohort_id: str, stage: str, reached_on: date) -> None:
        """Keep a fact; one that is kept already stays as it is."""
        fact = {
            "_id": f"{cohort_id}:{stage}:{pseudonym}",
            "pseudonym": pseudonym,
            "cohort_id": cohort_id,
            "stage": stage,
            "reached_on": reached_on.isoformat(),
        }
        with store_errors():
            try:
                self.documents.insert_one(fact)
            except DuplicateKeyError:
                return

    def journeys(self, cohort_id: str) -> dict[str, frozenset[str]]:
        """The stages that each person reached in a cohort, by pseudonym."""
        reached: dict[str, set[str]] = {}
        with store_errors():
            for fact in self.documents.find({"cohort_id": cohort_id}, {"pseudonym": 1, "stage": 1}):
                reached.setdefault(fact["pseudonym"], set()).add(fact["stage"])
        return {pseudonym: frozenset(stages) for pseudonym, stages in reached.items()}

    def counts(self, cohort_id: str) -> dict[str, int]:
        """How many people reached each stage of a cohort."""
        with store_errors():
            found = self.documents.find({"cohort_id": cohort_id}, {"stage": 1})
            return dict(sorted(Counter(fact["stage"] for fact in found).items()))


class Releases(Repository[ReleaseHistory]):
    """The histories of released tables, by cohort and characteristic."""

    collection = "releases"
    aggregate = ReleaseHistory


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
