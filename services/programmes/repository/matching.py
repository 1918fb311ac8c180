"""Preferences, rankings of hosts, and matches with what they were run on."""

from collections.abc import Collection

from services.programmes.domain.match import Inputs, Match
from services.programmes.domain.matching import Tiers
from services.programmes.domain.preferences import HostRanking, Preferences
from shared.repository import Index, Repository


class PreferenceLists(Repository[Preferences]):
    """Preferences by application."""

    collection = "preferences"
    aggregate = Preferences
    audited = True
    indexes = (Index(("cohort_id", "id")), Index(("member_id", "id")))

    def of(self, cohort_id: str, application_ids: Collection[str]) -> dict[str, Tiers]:
        """The tiers of these applicants; of who gave none there are none."""
        known = {each.id: each.tiers for each in self.scan({"cohort_id": cohort_id})}
        return {id: known.get(id, ()) for id in application_ids}


class HostRankings(Repository[HostRanking]):
    """Which applicants the hosts of posts would take."""

    collection = "host_rankings"
    aggregate = HostRanking
    audited = True
    indexes = (Index(("cohort_id", "id")),)

    def of(self, cohort_id: str) -> dict[str, Tiers]:
        """The tiers of the posts whose hosts rank."""
        return {each.post_id: each.tiers for each in self.scan({"cohort_id": cohort_id})}


class MatchInputs(Repository[Inputs]):
    """What matches were run on; large, and never changed."""

    collection = "match_inputs"
    aggregate = Inputs


class Matches(Repository[Match]):
    """Matches of cohorts."""

    collection = "matches"
    aggregate = Match
    audited = True
    untracked = frozenset({"assignments"})
    indexes = (Index(("cohort_id", "id")),)
