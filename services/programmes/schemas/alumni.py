"""Reads of alumni, what they do later and the talent pool, and their answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.programmes.domain.alumni import Alumnus
from services.programmes.domain.outcome import Outcome, Tally
from services.programmes.domain.talent import Talent, TalentSearch, Wording
from services.programmes.domain.terms import SNAKE_CASE, Nation
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class FindAlumni:
    """Ask for the alumni of a programme, of a cohort, one member's completions, or all."""

    programme_id: str | None = text(64, default=None)
    cohort_id: str | None = text(64, default=None)
    member_id: str | None = text(64, default=None)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class AlumnusView:
    """Who completed what; ``stands_for`` is whom the member was merged into, or the member."""

    member_id: str
    stands_for: str
    cohort_id: str
    programme_id: str
    application_id: str
    completed_on: date

    @classmethod
    def of(cls, alumnus: Alumnus, stands_for: str) -> Self:
        return cls(
            member_id=alumnus.member_id,
            stands_for=stands_for,
            cohort_id=alumnus.cohort_id,
            programme_id=alumnus.programme_id,
            application_id=alumnus.application_id,
            completed_on=alumnus.completed_on,
        )


@dataclass(frozen=True)
class AlumniPage:
    """Some alumni; ``next_cursor`` is null on the last page."""

    items: tuple[AlumnusView, ...]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class FindOutcomes:
    """Ask where a member was after completing programmes, by programme and day."""

    member_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class OutcomeView:
    """Where an alumnus was on a day."""

    member_id: str
    cohort_id: str
    programme_id: str
    recorded_on: date
    role_level: str
    sector: str
    source: str

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        return cls(
            member_id=outcome.member_id,
            cohort_id=outcome.cohort_id,
            programme_id=outcome.programme_id,
            recorded_on=outcome.recorded_on,
            role_level=outcome.role_level,
            sector=outcome.sector,
            source=outcome.source,
        )


@dataclass(frozen=True)
class OutcomePage:
    """Some outcomes; ``next_cursor`` is null on the last page."""

    items: tuple[OutcomeView, ...]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class CountOutcomes:
    """Ask where the alumni of a programme are, in numbers."""

    programme_id: str = text(64)


@dataclass(frozen=True)
class OutcomeTally:
    """How many alumni there are by the latest that is known of each; for staff, not published."""

    programme_id: str
    known: int
    role_levels: dict[str, int]
    sectors: dict[str, int]

    @classmethod
    def of(cls, programme_id: str, tally: Tally) -> Self:
        return cls(programme_id, tally.known, tally.role_levels, tally.sectors)


@dataclass(frozen=True, kw_only=True)
class GetTalent:
    """Ask what a member agreed to, with the wording that is shown now."""

    member_id: str = text(64)


@dataclass(frozen=True)
class WordingView:
    """What is agreed to, and what one may be interested in, by code."""

    version: str
    text: str
    interests: tuple[str, ...]

    @classmethod
    def of(cls, wording: Wording, interests: tuple[str, ...]) -> Self:
        return cls(wording.version, wording.text, interests)


@dataclass(frozen=True)
class TalentView:
    """What a member agreed to be found by; out of the pool there is nothing."""

    member_id: str
    in_pool: bool
    interests: tuple[str, ...]
    nations: tuple[Nation, ...]
    available_from: date | None
    wording_version: str | None
    joined_on: date | None
    wording: WordingView

    @classmethod
    def of(cls, member_id: str, talent: Talent, wording: WordingView) -> Self:
        return cls(
            member_id=member_id,
            in_pool=talent.in_pool,
            interests=talent.interests,
            nations=talent.nations,
            available_from=talent.available_from,
            wording_version=talent.wording_version,
            joined_on=talent.joined_on,
            wording=wording,
        )


@dataclass(frozen=True, kw_only=True)
class SearchTalentPool:
    """Look for alumni who agreed to be found; every search is kept on record."""

    interest: str | None = text(60, default=None, pattern=SNAKE_CASE)
    nation: Nation | None = None
    profession: str | None = text(60, default=None, pattern=SNAKE_CASE)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class FoundTalent:
    """Somebody who was found; no nation named is all four."""

    member_id: str
    interests: tuple[str, ...]
    nations: tuple[Nation, ...]
    available_from: date
    profession: str | None

    @classmethod
    def of(cls, talent: Talent, member_id: str, profession: str | None) -> Self:
        assert talent.available_from is not None
        return cls(member_id, talent.interests, talent.nations, talent.available_from, profession)


@dataclass(frozen=True)
class TalentPage:
    """Some who were found, which may be none; ``next_cursor`` is null on the last page."""

    items: tuple[FoundTalent, ...]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class FindTalentSearches:
    """Ask who searched the talent pool, in the order in which it was done."""

    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class TalentSearchView:
    """Who looked for what, and how many were found."""

    searched_by: str
    searched_at: datetime
    found: int
    interest: str | None
    nation: Nation | None
    profession: str | None

    @classmethod
    def of(cls, search: TalentSearch) -> Self:
        return cls(
            searched_by=search.searched_by,
            searched_at=search.searched_at,
            found=search.found,
            interest=search.interest,
            nation=search.nation,
            profession=search.profession,
        )


@dataclass(frozen=True)
class TalentSearchPage:
    """Some searches; ``next_cursor`` is null on the last page."""

    items: tuple[TalentSearchView, ...]
    next_cursor: str | None
