"""Preferences of applicants, and which applicants hosts would take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.programmes.commands import matching as commands
from services.programmes.domain.preferences import (
    HostRanking,
    Preferences,
    checked,
    require_open,
    require_ranking,
)
from services.programmes.handlers.desk import Desk
from services.programmes.schemas import matching as schemas
from shared.errors import Invalid

if TYPE_CHECKING:
    from services.programmes.repository.matching import HostRankings, PreferenceLists


def open_preferences(command: commands.OpenPreferences, *, desk: Desk) -> schemas.PreferencesWindow:
    """Say until when applicants may say which posts they would take; it may be said again."""
    now = desk.clock()
    cohort = desk.cohorts.change(
        command.cohort_id, lambda found: found.open_preferences(command.closes_at, now)
    )
    assert cohort.preferences_until is not None
    return schemas.PreferencesWindow(cohort.id, cohort.preferences_until)


def submit_preferences(
    command: commands.SubmitPreferences, *, desk: Desk, preferences: PreferenceLists
) -> schemas.PreferencesView:
    """Keep an applicant's preferences in place of earlier ones."""
    application, now = desk.own(command.application_id, command.member_id), desk.clock()
    cohort = desk.cohorts.get(application.cohort_id)
    require_open(cohort.preferences_until, now)
    require_ranking(application.id, application.status, paused=application.paused_at is not None)
    tiers = checked(command.tiers, {post.id for post in cohort.posts}, "post")
    new = Preferences(application.id, cohort.id, application.member_id, tiers, now)
    kept = preferences.put(new, lambda found: found.submit(tiers, now))
    return schemas.PreferencesView.of(kept)


def get_preferences(
    request: schemas.GetPreferences, *, desk: Desk, preferences: PreferenceLists
) -> schemas.PreferencesView:
    """An applicant's preferences; to a member, somebody else's do not exist."""
    application = desk.own(request.application_id, request.member_id)
    return schemas.PreferencesView.of(preferences.get(application.id))


def rank_applicants(
    command: commands.RankApplicants, *, desk: Desk, host_rankings: HostRankings
) -> schemas.HostRankingView:
    """Keep which applicants the host of a post would take, in place of what it said before."""
    cohort = desk.cohorts.get(command.cohort_id)
    if cohort.post(command.post_id) is None:
        raise Invalid("No such post.", fields={"post_id": ["The cohort has no such post."]})
    named = {id for tier in command.tiers for id in tier}
    known = {each.id for each in desk.all_of(cohort.id, sorted(named))}
    tiers = checked(command.tiers, known, "applicant")
    key = HostRanking.key(cohort.id, command.post_id)
    new = HostRanking(key, cohort.id, command.post_id, tiers)
    kept = host_rankings.put(new, lambda found: found.replace(tiers))
    return schemas.HostRankingView.of(kept)


def get_host_ranking(
    request: schemas.GetHostRanking, *, host_rankings: HostRankings
) -> schemas.HostRankingView:
    """Which applicants the host of a post would take."""
    key = HostRanking.key(request.cohort_id, request.post_id)
    return schemas.HostRankingView.of(host_rankings.numbered(key, request.number))
