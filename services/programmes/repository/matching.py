"""Preferences, rankings of hosts, and matches with what they were run on."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from pymongo import ReplaceOne

from services.programmes.domain.match import Inputs, Match, MatchResult
from services.programmes.domain.matching import Tiers
from services.programmes.domain.preferences import HostRanking, Preferences
from services.programmes.repository.applications import Applications
from services.programmes.repository.earlier import Replaced
from shared.events import to_document
from shared.repository import Index, Repository, batches, store_errors


class PreferenceLists(Repository[Preferences]):
    """Preferences by application."""

    collection = "preferences"
    aggregate = Preferences
    audited = True
    absence = "The applicant has named no posts; submit_preferences comes first."
    indexes = (Index(("cohort_id", "id")), Index(("member_id", "id")))

    def of(self, cohort_id: str, application_ids: Collection[str]) -> dict[str, Tiers]:
        """The tiers of these applicants; of who gave none there are none."""
        known = {each.id: each.tiers for each in self.scan({"cohort_id": cohort_id})}
        return {id: known.get(id, ()) for id in application_ids}


class HostRankings(Replaced[HostRanking]):
    """Which applicants the hosts of posts would take."""

    collection = "host_rankings"
    aggregate = HostRanking
    audited = True
    untracked = frozenset({"tiers"})
    absence = "The host of this post has ranked nobody; rank_applicants comes first."
    indexes = (Index(("cohort_id", "id")),)

    def of(self, cohort_id: str) -> dict[str, Tiers]:
        """The tiers of the posts whose hosts rank."""
        return {each.post_id: each.tiers for each in self.scan({"cohort_id": cohort_id})}


class MatchInputs(Repository[Inputs]):
    """What matches were run on; large, and never changed."""

    collection = "match_inputs"
    aggregate = Inputs


class MatchResults(Repository[MatchResult]):
    """What came of everybody's wishes by each match, so that each can be read alone."""

    collection = "match_results"
    aggregate = MatchResult
    indexes = (Index(("member_id", "id")),)

    def keep(self, results: Iterable[MatchResult]) -> None:
        """Keep all of a match; done again it keeps those that are not there yet."""
        for batch in batches(list(results)):
            wanted = {"_id": {"$in": [each.id for each in batch]}}
            with store_errors():
                there = {each["_id"] for each in self.documents.find(wanted, {"_id": 1})}
                puts = [self._put(each) for each in batch if each.id not in there]
                if puts:
                    self.documents.bulk_write(puts, ordered=False)

    def _put(self, result: MatchResult) -> ReplaceOne[dict[str, Any]]:
        book = {"version": 1, "inbox": [], "outbox": [], "outbox_sent": 0}
        return ReplaceOne({"_id": result.id}, {**self._state(result), **book}, upsert=True)

    def of(self, match_id: str, application_id: str) -> MatchResult | None:
        """That of an application, if it was in the ranking."""
        return self.first({"_id": MatchResult.key(match_id, application_id)})


class Matches(Repository[Match]):
    """Matches of cohorts."""

    collection = "matches"
    aggregate = Match
    audited = True
    untracked = frozenset({"assignments"})
    indexes = (Index(("cohort_id", "id")),)


def results_of(
    applications: Applications,
    results: MatchResults,
    released: Callable[[str], str | None],
    member_id: str,
) -> Iterator[dict[str, Any]]:
    """What came of a member's wishes by the matches that they were told of."""
    for application in applications.scan({"member_id": member_id}):
        match_id = released(application.cohort_id)
        found = results.of(match_id, application.id) if match_id else None
        if found is not None:
            data = {"application_id": application.id, "post_id": found.post_id}
            why = to_document(found.reason)
            yield {"record": "MatchResult", "id": found.id, "data": {**data, "reason": why}}
