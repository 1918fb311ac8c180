"""Reads of cohorts and hosts, and their answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.programmes.domain.cohort import Cohort, Post
from services.programmes.domain.host import Host
from services.programmes.domain.parts import Part
from services.programmes.domain.question import Question
from services.programmes.domain.rubric import Rubric
from services.programmes.domain.terms import Nation
from services.programmes.schemas.pages import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetCohort:
    """Ask for one cohort."""

    cohort_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindCohorts:
    """Ask for cohorts, of one programme or of all, in the order in which they were opened."""

    programme_id: str | None = text(64, default=None)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetHost:
    """Ask for one host."""

    host_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindHosts:
    """Ask for hosts in the order in which they were registered."""

    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class CohortView:
    """A cohort with its form; ``opens`` and ``closes`` are by the clock of its time zone."""

    cohort_id: str
    programme_id: str
    title: str
    nation: Nation
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    opens: str
    closes: str
    starts_on: date
    months: int
    places: int
    posts: tuple[Post, ...]
    questions: tuple[Question, ...]
    rubric: Rubric | None
    interview_rubric: Rubric | None
    weights: tuple[Part, ...]
    workflow: str
    preferences_until: datetime | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, cohort: Cohort) -> Self:
        return cls(
            cohort_id=cohort.id,
            programme_id=cohort.programme_id,
            title=cohort.title,
            nation=cohort.nation,
            time_zone=cohort.time_zone,
            opens_at=cohort.opens_at,
            closes_at=cohort.closes_at,
            opens=cohort.opens_at.astimezone(cohort.zone).isoformat(),
            closes=cohort.closes_at.astimezone(cohort.zone).isoformat(),
            starts_on=cohort.starts_on,
            months=cohort.months,
            places=cohort.places,
            posts=cohort.posts,
            questions=cohort.questions,
            rubric=cohort.rubric,
            interview_rubric=cohort.interview_rubric,
            weights=cohort.weights,
            workflow=cohort.workflow,
            preferences_until=cohort.preferences_until,
            withdrawn_at=cohort.withdrawn_at,
        )


@dataclass(frozen=True)
class CohortPage:
    """Some cohorts; ``next_cursor`` is null on the last page."""

    items: tuple[CohortView, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class HostView:
    """An organisation that takes fellows."""

    host_id: str
    name: str
    nation: Nation
    capacity: int

    @classmethod
    def of(cls, host: Host) -> Self:
        return cls(host.id, host.name, host.nation, host.capacity)


@dataclass(frozen=True)
class HostPage:
    """Some hosts; ``next_cursor`` is null on the last page."""

    items: tuple[HostView, ...]
    next_cursor: str | None
