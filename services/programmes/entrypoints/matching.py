"""Preferences, and matches of applicants with posts."""

from typing import Any

from services.programmes import errors
from services.programmes.commands import matching as commands
from services.programmes.schemas import matching as schemas
from shared.errors import Invalid, NotFound
from shared.rpc import rpc


class Matching:
    """Preferences, and matches of applicants with posts."""

    app: Any

    @rpc(
        commands.OpenPreferences,
        returns=schemas.PreferencesWindow,
        scope="programmes:write",
        errors=(Invalid, NotFound, errors.CohortCalledOff),
        writes=True,
    )
    def open_preferences(self, command: commands.OpenPreferences) -> schemas.PreferencesWindow:
        """Let applicants say which posts they would take."""
        return self.app.open_preferences(command)

    @rpc(
        commands.SubmitPreferences,
        returns=schemas.PreferencesView,
        scope="programmes:write",
        own="member_id",
        sensitive=("tiers",),
        errors=(Invalid, NotFound, errors.PreferencesClosed, errors.NotToBeMatched),
        writes=True,
    )
    def submit_preferences(self, command: commands.SubmitPreferences) -> schemas.PreferencesView:
        """Say which posts an applicant would take."""
        return self.app.submit_preferences(command)

    @rpc(
        schemas.GetPreferences,
        returns=schemas.PreferencesView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound,),
        writes=False,
    )
    def get_preferences(self, request: schemas.GetPreferences) -> schemas.PreferencesView:
        """Which posts an applicant would take."""
        return self.app.get_preferences(request)

    @rpc(
        commands.RankApplicants,
        returns=schemas.HostRankingView,
        scope="programmes:write",
        sensitive=("tiers",),
        errors=(Invalid, NotFound, errors.NotInCohort),
        writes=True,
    )
    def rank_applicants(self, command: commands.RankApplicants) -> schemas.HostRankingView:
        """Say which applicants the host of a post would take."""
        return self.app.rank_applicants(command)

    @rpc(
        schemas.GetHostRanking,
        returns=schemas.HostRankingView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_host_ranking(self, request: schemas.GetHostRanking) -> schemas.HostRankingView:
        """Which applicants the host of a post would take."""
        return self.app.get_host_ranking(request)

    @rpc(
        commands.RunMatch,
        returns=schemas.MatchView,
        scope="programmes:write",
        errors=(Invalid, NotFound, errors.NotReadyToMatch, errors.MatchUnsound),
        writes=True,
    )
    def run_match(self, command: commands.RunMatch) -> schemas.MatchView:
        """Match the ranked applicants of a cohort with its posts."""
        return self.app.run_match(command)

    @rpc(
        schemas.PreviewMatch,
        returns=schemas.Preview,
        scope="programmes:read",
        errors=(Invalid,),
        writes=False,
    )
    def preview_match(self, request: schemas.PreviewMatch) -> schemas.Preview:
        """Try a method on applicants and posts that are given."""
        return self.app.preview_match(request)

    @rpc(
        schemas.GetMatch,
        returns=schemas.MatchView,
        scope="programmes:read",
        errors=(NotFound,),
        writes=False,
    )
    def get_match(self, request: schemas.GetMatch) -> schemas.MatchView:
        """A match in numbers, with its proof."""
        return self.app.get_match(request)

    @rpc(
        schemas.FindMatches,
        returns=schemas.MatchPage,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_matches(self, request: schemas.FindMatches) -> schemas.MatchPage:
        """The matches of a cohort."""
        return self.app.find_matches(request)

    @rpc(
        schemas.FindAssignments,
        returns=schemas.AssignmentPage,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def find_assignments(self, request: schemas.FindAssignments) -> schemas.AssignmentPage:
        """Who gets what by a match, and why."""
        return self.app.find_assignments(request)

    @rpc(
        schemas.GetMatchResult,
        returns=schemas.AssignmentView,
        scope="programmes:read",
        own="member_id",
        errors=(NotFound, errors.NotReleased),
        writes=False,
    )
    def get_match_result(self, request: schemas.GetMatchResult) -> schemas.AssignmentView:
        """What came of an applicant's preferences, and why."""
        return self.app.get_match_result(request)

    @rpc(
        schemas.ReplayMatch,
        returns=schemas.ReplayView,
        scope="programmes:read",
        errors=(Invalid, NotFound),
        writes=False,
    )
    def replay_match(self, request: schemas.ReplayMatch) -> schemas.ReplayView:
        """What a match would have given otherwise."""
        return self.app.replay_match(request)
