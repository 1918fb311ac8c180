"""Read requests and every response."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.programmes.domain.application import Application
from services.programmes.domain.certificate import Certificate, shown_code
from services.programmes.domain.cohort import Cohort, Question
from services.programmes.domain.programme import Programme
from services.programmes.domain.session import Attendance, Session
from services.programmes.domain.standing import Lack, Standing
from services.programmes.domain.terms import (
    ApplicationStatus,
    Nation,
    ProgrammeKind,
    SessionMode,
)
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
    """Ask for a cohort's applications, a member's, or a member's to a cohort, as they came."""

    cohort_id: str | None = text(64, default=None)
    member_id: str | None = text(64, default=None)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class GetMemberStanding:
    """Ask what is known here of a member's standing."""

    member_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class GetSession:
    """Ask for one session."""

    session_id: str = text(64)


@dataclass(frozen=True, kw_only=True)
class FindAttendance:
    """Ask who attended a session, in the order of their ids."""

    session_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class FindCertificates:
    """Ask for a member's certificates in the order in which they were issued."""

    member_id: str = text(64)
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True, kw_only=True)
class VerifyCertificate:
    """Ask whether a certificate is real, by the code on it; case, spaces and hyphens are free."""

    code: str = text(40)


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
    completed_on: date | None

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
            completed_on=application.completed_on,
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
    completed_on: date | None
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
            completed_on=application.completed_on,
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
    """A member as programmes knows one; ``reason`` says why one is not current.

    Of a member who was merged it is the standing of the one in ``merged_into``.
    """

    member_id: str
    merged_into: str | None
    current: bool
    reason: Lack | None
    profession: str | None
    nation: str | None

    @classmethod
    def of(cls, member_id: str, standing: Standing) -> Self:
        return cls(
            member_id=member_id,
            merged_into=None if standing.member_id == member_id else standing.member_id,
            current=standing.current,
            reason=standing.lack,
            profession=standing.profession,
            nation=standing.nation,
        )


@dataclass(frozen=True)
class SessionView:
    """A session of a programme; ``domains`` are codes of the standards' domains."""

    session_id: str
    programme_id: str
    title: str
    held_on: date
    minutes: int
    mode: SessionMode
    domains: tuple[str, ...]

    @classmethod
    def of(cls, session: Session) -> Self:
        return cls(
            session_id=session.id,
            programme_id=session.programme_id,
            title=session.title,
            held_on=session.held_on,
            minutes=session.minutes,
            mode=session.mode,
            domains=session.domains,
        )


@dataclass(frozen=True)
class AttendanceView:
    """The members now recorded as there, and those that were before this call."""

    session_id: str
    recorded: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class Attendee:
    """A member who attended."""

    member_id: str
    recorded_on: date

    @classmethod
    def of(cls, attendance: Attendance) -> Self:
        return cls(attendance.member_id, attendance.recorded_on)


@dataclass(frozen=True)
class AttendancePage:
    """Some of those who attended; ``next_cursor`` is null on the last page."""

    items: tuple[Attendee, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class CertificateView:
    """A certificate with its code, as it is printed; ``revoked_on`` is null while it is valid."""

    certificate_id: str
    code: str
    member_id: str
    programme_id: str
    title: str
    domains: tuple[str, ...]
    issued_on: date
    valid: bool
    revoked_on: date | None

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        return cls(
            certificate_id=certificate.id,
            code=shown_code(certificate.code),
            member_id=certificate.member_id,
            programme_id=certificate.programme_id,
            title=certificate.title,
            domains=certificate.domains,
            issued_on=certificate.issued_on,
            valid=certificate.valid,
            revoked_on=certificate.revoked_on,
        )


@dataclass(frozen=True)
class CertificatePage:
    """Some certificates; ``next_cursor`` is null on the last page."""

    items: tuple[CertificateView, ...]
    next_cursor: str | None
