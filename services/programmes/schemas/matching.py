"""Reads of preferences and matches, and their answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.commands.matching import ApplicantTier, Id, PostTier
from services.programmes.domain.cohort import MAX_POSTS
from services.programmes.domain.match import Match
from services.programmes.domain.matching import Certificate, Method, Reason
from services.programmes.domain.parts import MAX_PARTS, Part
from services.programmes.domain.preferences import HostRanking, Preferences
from services.programmes.schemas.pages import LATEST, MOST_EARLIER, PAGE_LIMIT
from shared.events import integer, items, text

PREVIEWED = 5_000


@dataclass(frozen=True, kw_only=True)
class GetPreferences:
    """Ask for the preferences of an application."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class GetHostRanking:
    """Ask which applicants the host of a post would take."""

    cohort_id: str = text(64)
    post_id: str = text(60)
    number: int | None = integer(1, MOST_EARLIER, default=None, description=LATEST)


@dataclass(frozen=True, kw_only=True)
class PreviewApplicant:
    """An applicant of a match that is only tried; posts in one tier are alike."""

    id: str = text(64)
    preferences: tuple[PostTier, ...] = items(MAX_POSTS)


@dataclass(frozen=True, kw_only=True)
class PreviewPost:
    """A post of a match that is only tried; without priorities it takes applicants by order."""

    id: str = text(60)
    capacity: int = integer(0, 10_000, default=1)
    priorities: tuple[ApplicantTier, ...] | None = items(PREVIEWED, default=None)


@dataclass(frozen=True, kw_only=True)
class PreviewMatch:
    """Try a method on applicants and posts that are given; nothing is looked up or kept."""

    applicants: tuple[PreviewApplicant, ...] = items(PREVIEWED, min_length=1)
    posts: tuple[PreviewPost, ...] = items(MAX_POSTS, min_length=1)
    order: tuple[Id, ...] | None = items(
        PREVIEWED, default=None, description="The best first; by default as applicants stand."
    )
    method: Method


@dataclass(frozen=True, kw_only=True)
class GetMatch:
    """Ask for a match."""

    match_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindMatches:
    """Ask for the matches of a cohort in the order in which they were run."""

    cohort_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class FindAssignments:
    """Ask for who gets what by a match, in the order of selection."""

    match_id: str = text(64)
    cursor: str | None = text(64, default=None)
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetMatchResult:
    """Ask what came of an applicant's preferences and why; members once it was released."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class PostCapacity:
    """Another number of places of a post."""

    post_id: str = text(60)
    places: int = integer(0, 10_000)


@dataclass(frozen=True, kw_only=True)
class ReplayMatch:
    """Ask what a match would have given otherwise; nothing is kept, and the match stays."""

    match_id: str = text(64)
    method: Method | None = None
    weights: tuple[Part, ...] = items(
        MAX_PARTS, default=(), description="Of the parts of the final ranking; empty: as they were."
    )
    capacities: tuple[PostCapacity, ...] = items(MAX_POSTS, default=())


@dataclass(frozen=True)
class PreferencesView:
    """Which posts an applicant would take."""

    application_id: str
    cohort_id: str
    tiers: tuple[tuple[str, ...], ...]
    submitted_at: datetime

    @classmethod
    def of(cls, preferences: Preferences) -> Self:
        return cls(
            preferences.id, preferences.cohort_id, preferences.tiers, preferences.submitted_at
        )


@dataclass(frozen=True)
class HostRankingView:
    """Which applicants the host of a post would take."""

    cohort_id: str
    post_id: str
    tiers: tuple[tuple[str, ...], ...]
    number: int

    @classmethod
    def of(cls, ranking: HostRanking) -> Self:
        return cls(ranking.cohort_id, ranking.post_id, ranking.tiers, ranking.number)


@dataclass(frozen=True)
class PreferencesWindow:
    """Until when preferences are taken."""

    cohort_id: str
    closes_at: datetime


@dataclass(frozen=True)
class AssignmentView:
    """What an applicant gets, if anything, and why; nothing in it is about anybody else."""

    application_id: str
    post_id: str | None
    reason: Reason


@dataclass(frozen=True)
class Preview:
    """What a method gives, with the proof."""

    assignments: tuple[AssignmentView, ...]
    certificate: Certificate


@dataclass(frozen=True)
class MatchView:
    """A match in numbers; ``match_id`` is null where it was only tried."""

    match_id: str | None
    cohort_id: str
    method: Method
    run_at: datetime
    digest: str
    certificate: Certificate
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, match: Match, left_out: tuple[str, ...], *, kept: bool = True) -> Self:
        return cls(
            match.id if kept else None,
            match.cohort_id,
            match.method,
            match.run_at,
            match.digest,
            match.certificate,
            left_out,
        )


@dataclass(frozen=True)
class MatchSummary:
    """A match in a list."""

    match_id: str
    method: Method
    run_at: datetime
    matched: int


@dataclass(frozen=True)
class MatchPage:
    """Some matches; ``next_cursor`` is null on the last page."""

    items: tuple[MatchSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class AssignmentPage:
    """Some assignments; ``next_cursor`` is null on the last page."""

    items: tuple[AssignmentView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Moved:
    """An applicant whom the replay gives something else."""

    application_id: str
    was: str | None
    now: str | None


@dataclass(frozen=True)
class ReplayView:
    """What would have been otherwise: ``moved`` are the first of ``number`` applicants."""

    match_id: str
    method: Method
    number: int
    moved: tuple[Moved, ...]
    matched: int
    certificate: Certificate
