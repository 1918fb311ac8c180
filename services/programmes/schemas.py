"""Read requests and every response."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.domain.application import Application
from services.programmes.domain.cohort import Cohort, Question
from services.programmes.domain.programme import Programme
from services.programmes.domain.standing import Lack, Standing
from services.programmes.domain.terms import ApplicationStatus, Nation, ProgrammeKind
from shared.events import integer, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class GetProgramme:
    """Ask for one programme."""

    programme_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetCohort:
    """Ask for one cohort."""

    cohort_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetApplication:
    """Ask for one application; with ``member_id``, only if it is that member's."""

    application_id: str = text(64)
    member_id: str | None = text(64, default=None, description="Members must give their own.")


@dataclass(frozen=True, kw_only=True)
class FindApplications:
    """Ask for a cohort's applications in the order in which they came."""

    cohort_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetMemberStanding:
    """Ask what is known here of a member's standing."""

    member_id: str = text(64)


@dataclass(frozen=True)
class ProgrammeView:
    """A published programme; an empty list of nations or professions means all of them."""

    programme_id: str
    name: str
    kind: ProgrammeKind
    nations: tuple[Nation, ...]
    professions: tuple[str, ...]
    description: str
    sustainability_outcome: str

    @classmethod
    def of(cls, programme: Programme) -> Self:
        return cls(
            programme_id=programme.id,
            name=programme.name,
            kind=programme.kind,
            nations=programme.eligibility.nations,
            professions=programme.eligibility.professions,
            description=programme.description,
            sustainability_outcome=programme.sustainability_outcome,
        )


@dataclass(frozen=True)
class CohortView:
    """A cohort with its form."""

    cohort_id: str
    programme_id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    posts: int
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, cohort: Cohort) -> Self:
        return cls(
            cohort_id=cohort.id,
            programme_id=cohort.programme_id,
            title=cohort.title,
            opens_at=cohort.opens_at,
            closes_at=cohort.closes_at,
            posts=cohort.posts,
            questions=cohort.questions,
        )


@dataclass(frozen=True)
class ApplicationSummary:
    """An application without its answers."""

    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    status: ApplicationStatus
    submitted_at: datetime
    shortlisted_at: datetime | None

    @classmethod
    def of(cls, application: Application) -> Self:
        return cls(
            application_id=application.id,
            cohort_id=application.cohort_id,
            programme_id=application.programme_id,
            member_id=application.member_id,
            status=application.status,
            submitted_at=application.submitted_at,
            shortlisted_at=application.shortlisted_at,
        )


@dataclass(frozen=True)
class ApplicationView:
    """An application with its answers by question id; a question left out has none."""

    application_id: str
    cohort_id: str
    programme_id: str
    member_id: str
    status: ApplicationStatus
    submitted_at: datetime
    shortlisted_at: datetime | None
    answers: dict[str, str]

    @classmethod
    def of(cls, application: Application) -> Self:
        return cls(
            application_id=application.id,
            cohort_id=application.cohort_id,
            programme_id=application.programme_id,
            member_id=application.member_id,
            status=application.status,
            submitted_at=application.submitted_at,
            shortlisted_at=application.shortlisted_at,
            answers=application.answers,
        )


@dataclass(frozen=True)
class ApplicationPage:
    """Some applications; ``next_cursor`` asks for those after them and is empty at the end."""

    items: tuple[ApplicationSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class ShortlistView:
    """The applications now on the shortlist, and those that were on it before this call."""

    cohort_id: str
    shortlisted: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class StandingView:
    """A member as programmes knows one; ``reason`` says why one is not current."""

    member_id: str
    current: bool
    reason: Lack | None
    profession: str | None
    nation: str | None

    @classmethod
    def of(cls, standing: Standing) -> Self:
        return cls(
            member_id=standing.member_id,
            current=standing.current,
            reason=standing.lack,
            profession=standing.profession,
            nation=standing.nation,
        )
