"""The use cases of programmes: load, ask the domain to do one thing, save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from services.programmes import commands, schemas
from services.programmes.domain.application import Application, application_key
from services.programmes.domain.certificate import Certificate, tidy_code
from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from services.programmes.domain.rights import Answer
from services.programmes.domain.session import Attendance, Session
from services.programmes.domain.standing import Facet, Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import MemberNotKnown, NotInCohort
from services.programmes.repository import page_of
from services.programmes.subscriptions import (
    ApplicationReceived,
    ExportRequested,
    MemberAdmitted,
    MemberErased,
    MemberImported,
    MemberMerged,
    MembershipEvent,
    MemberUnmerged,
    RegistrationRefused,
    RegistrationVerified,
    StandingChanged,
)
from shared.errors import Duplicate, Invalid, NotFound
from shared.events import Clock, Meta, new_id
from shared.export import contribution

if TYPE_CHECKING:
    from services.programmes.repository import (
        Answers,
        Applications,
        Attendances,
        Certificates,
        Cohorts,
        Holdings,
        Programmes,
        Sessions,
        Standings,
    )


def create_programme(
    command: commands.CreateProgramme, *, programmes: Programmes
) -> schemas.ProgrammeView:
    """Create a programme; being complete, it is published at once."""
    programme = Programme.publish(
        new_id(),
        name=command.name,
        kind=command.kind,
        nations=command.nations,
        professions=command.professions,
        description=command.description,
        sustainability_outcome=command.sustainability_outcome,
    )
    return schemas.ProgrammeView.of(programmes.add(programme))


def open_cohort(
    command: commands.OpenCohort, *, programmes: Programmes, cohorts: Cohorts
) -> schemas.CohortView:
    """Set a round of applications of a programme."""
    programme = programmes.get(command.programme_id)
    cohort = Cohort.open(
        new_id(),
        programme_id=programme.id,
        title=command.title,
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        posts=command.posts,
        questions=command.questions,
    )
    return schemas.CohortView.of(cohorts.add(cohort))


def submit_application(
    command: commands.SubmitApplication,
    *,
    programmes: Programmes,
    cohorts: Cohorts,
    applications: Applications,
    standings: Standings,
    clock: Clock,
) -> schemas.ApplicationView:
    """Apply to a cohort.

    A request that is delivered again after it was kept gives the application that was kept, even
    when the cohort has closed since.
    """
    application_id = new_id()
    cohort = cohorts.get(command.cohort_id)
    earlier = _applied(cohort, command.member_id, applications, standings)
    if earlier is not None:
        return schemas.ApplicationView.of(_same_or_duplicate(earlier, application_id))
    application = Application.submit(
        application_id,
        programme=programmes.get(cohort.programme_id),
        cohort=cohort,
        standing=Standing.of(command.member_id, standings.get(command.member_id)),
        answers=command.answers,
        now=clock(),
    )
    return schemas.ApplicationView.of(applications.add(application))


def _applied(
    cohort: Cohort, member_id: str, applications: Applications, standings: Standings
) -> Application | None:
    """The application of a member to a cohort, also by those who were merged into them."""
    for id in standings.ids_of(member_id):
        found = applications.first({"application_key": application_key(cohort.id, id)})
        if found is not None:
            return found
    return None


def _same_or_duplicate(earlier: Application, application_id: str) -> Application:
    if earlier.id != application_id:
        raise Duplicate(
            "This member has already applied to this cohort.",
            field="application_key",
            application_id=earlier.id,
        )
    return earlier


def shortlist(
    command: commands.Shortlist, *, cohorts: Cohorts, applications: Applications, clock: Clock
) -> schemas.ShortlistView:
    """Put applications on the shortlist.

    Every id is looked up before anything is written. Then each application is written on its own,
    so a crash may leave some done and some not: calling again with the same ids does the rest.
    """
    cohort = cohorts.get(command.cohort_id)
    found = _all_of(cohort, command.application_ids, applications)
    waiting = [each.id for each in found if each.status is ApplicationStatus.SUBMITTED]
    now = clock()
    for application_id in waiting:
        applications.change(application_id, lambda application: application.shortlist(now))
    return schemas.ShortlistView(
        cohort_id=cohort.id,
        shortlisted=tuple(waiting),
        unchanged=tuple(each.id for each in found if each.id not in waiting),
    )


def _all_of(
    cohort: Cohort, application_ids: Iterable[str], applications: Applications
) -> list[Application]:
    ids = list(dict.fromkeys(application_ids))
    here = applications.scan({"_id": {"$in": ids}, "cohort_id": cohort.id})
    found = {application.id: application for application in here}
    if missing := [id for id in ids if id not in found]:
        raise NotInCohort(application_ids=missing)
    return [found[id] for id in ids]


def get_programme(
    request: schemas.GetProgramme, *, programmes: Programmes
) -> schemas.ProgrammeView:
    """One programme."""
    return schemas.ProgrammeView.of(programmes.get(request.programme_id))


def get_cohort(request: schemas.GetCohort, *, cohorts: Cohorts) -> schemas.CohortView:
    """One cohort with its questions."""
    return schemas.CohortView.of(cohorts.get(request.cohort_id))


def get_application(
    request: schemas.GetApplication, *, applications: Applications, standings: Standings
) -> schemas.ApplicationView:
    """One application; to a member, somebody else's does not exist.

    Those of others who were merged into a member are theirs.
    """
    application = applications.get(request.application_id)
    owners = (application.member_id, standings.followed(application.member_id))
    if request.member_id is not None and request.member_id not in owners:
        raise NotFound(id=request.application_id)
    return schemas.ApplicationView.of(application)


def find_applications(
    request: schemas.FindApplications,
    *,
    cohorts: Cohorts,
    applications: Applications,
    standings: Standings,
) -> schemas.ApplicationPage:
    """Applications without their answers; of a member also those of who was merged into them."""
    if request.cohort_id is None and request.member_id is None:
        reason = "This or member_id is needed."
        raise Invalid("Whose applications?", fields={"cohort_id": [reason]})
    criteria = {}
    if request.cohort_id is not None:
        criteria["cohort_id"] = cohorts.get(request.cohort_id).id
    if request.member_id is None:
        page = applications.find(criteria, cursor=request.cursor, limit=request.limit)
    else:
        ids = standings.ids_of(request.member_id)
        page = page_of(applications, ids, criteria, request.cursor, request.limit)
    return schemas.ApplicationPage(
        items=tuple(schemas.ApplicationSummary.of(found) for found in page.items),
        next_cursor=page.next_cursor,
    )


def get_member_standing(
    request: schemas.GetMemberStanding, *, standings: Standings
) -> schemas.StandingView:
    """What membership's events have told of a member; one never heard of is "not_known"."""
    member_id = standings.followed(request.member_id)
    standing = Standing.of(member_id, standings.get(member_id))
    return schemas.StandingView.of(request.member_id, standing)


def record_standing(event: MembershipEvent, meta: Meta, *, standings: Standings) -> None:
    """Keep what an event says of a member, unless something later is known of that facet."""
    for facet, values in _facets_of(event):
        values["sequence"] = meta.sequence
        standings.put(event.member_id, facet, meta.sequence, values)


def _facets_of(event: MembershipEvent) -> Iterator[tuple[Facet, dict[str, Any]]]:
    match event:
        case ApplicationReceived():
            yield Facet.APPLICATION, {"profession": event.profession, "nation": event.nation}
        case RegistrationVerified():
            yield Facet.REGISTRATION, {"refused": False}
        case RegistrationRefused():
            yield Facet.REGISTRATION, {"refused": True}
        case StandingChanged():
            yield Facet.STANDING, {"status": event.status}
        case MemberImported():
            yield Facet.ADMISSION, {"profession": event.profession, "nation": event.nation}
            yield Facet.STANDING, {"status": event.status}
        case MemberMerged():
            yield Facet.MERGE, {"into": event.into_member_id}
        case MemberUnmerged():
            yield Facet.MERGE, {"into": None}
        case MemberAdmitted():
            yield Facet.ADMISSION, {"profession": event.profession, "nation": event.nation}


def record_session(
    command: commands.RecordSession, *, programmes: Programmes, sessions: Sessions
) -> schemas.SessionView:
    """Keep a session of a programme."""
    programme = programmes.get(command.programme_id)
    session = Session.plan(
        new_id(),
        programme_id=programme.id,
        title=command.title,
        held_on=command.held_on,
        minutes=command.minutes,
        mode=command.mode,
        domains=command.domains,
    )
    return schemas.SessionView.of(sessions.add(session))


def record_attendance(
    command: commands.RecordAttendance,
    *,
    sessions: Sessions,
    attendances: Attendances,
    standings: Standings,
    today: Callable[[], date],
) -> schemas.AttendanceView:
    """Record who attended.

    Every member is looked up before anything is written. Then each attendance is written on its
    own, so a crash may leave some done and some not: calling again with the same ids does the rest.
    """
    session, now = sessions.get(command.session_id), today()
    session.require_held(now)
    member_ids = tuple(dict.fromkeys(command.member_ids))
    _require_known(member_ids, standings)
    keys = [Attendance.key(session.id, member_id) for member_id in member_ids]
    before = {found.member_id for found in attendances.scan({"_id": {"$in": keys}})}
    recorded = []
    for member_id in member_ids:
        if member_id not in before and _attend(session, member_id, now, attendances):
            recorded.append(member_id)
    return schemas.AttendanceView(
        session_id=session.id,
        recorded=tuple(recorded),
        unchanged=tuple(each for each in member_ids if each not in recorded),
    )


def _attend(session: Session, member_id: str, today: date, attendances: Attendances) -> bool:
    try:
        attendances.add(Attendance.at(session, member_id, today))
    except Duplicate:  # recorded by somebody else meanwhile
        return False
    return True


def _require_known(member_ids: Iterable[str], standings: Standings) -> None:
    unknown = [id for id in member_ids if not Standing.of(id, standings.get(id)).known]
    if unknown:
        raise MemberNotKnown(member_ids=unknown)


def issue_certificate(
    command: commands.IssueCertificate,
    *,
    programmes: Programmes,
    certificates: Certificates,
    standings: Standings,
    today: Callable[[], date],
    make_code: Callable[[], str],
) -> schemas.CertificateView:
    """Give a member a certificate; the same one is not given twice unless it was revoked."""
    programme = programmes.get(command.programme_id)
    _require_known([command.member_id], standings)
    certificate = Certificate.issue(
        new_id(),
        code=make_code(),
        member_id=command.member_id,
        programme_id=programme.id,
        title=command.title,
        domains=command.domains,
        issued_on=command.issued_on,
        today=today(),
    )
    try:
        return schemas.CertificateView.of(certificates.add(certificate))
    except Duplicate as error:
        if error.details.get("field") != "standing_key":
            raise
        raise Duplicate(
            "The member has this certificate of this day already.", field="title"
        ) from None


def revoke_certificate(
    command: commands.RevokeCertificate, *, certificates: Certificates, today: Callable[[], date]
) -> schemas.CertificateView:
    """Let a certificate no longer count."""
    now = today()
    revoked = certificates.change(command.certificate_id, lambda found: found.revoke(now))
    return schemas.CertificateView.of(revoked)


def verify_certificate(
    request: schemas.VerifyCertificate, *, certificates: Certificates
) -> schemas.CertificateView:
    """The certificate that has a code; the refusal does not repeat what was typed."""
    certificate = certificates.first({"code": tidy_code(request.code)})
    if certificate is None:
        raise NotFound("No certificate has this code.")
    return schemas.CertificateView.of(certificate)


def complete_programme(
    command: commands.CompleteProgramme,
    *,
    programmes: Programmes,
    cohorts: Cohorts,
    applications: Applications,
    standings: Standings,
    today: Callable[[], date],
) -> schemas.ApplicationSummary:
    """Let a member who was selected for a cohort join its alumni."""
    cohort, now = cohorts.get(command.cohort_id), today()
    programme = programmes.get(cohort.programme_id)
    found = _applied(cohort, command.member_id, applications, standings)
    if found is None:
        raise NotFound("This member did not apply to this cohort.", member_id=command.member_id)
    completed = applications.change(
        found.id, lambda application: application.complete(programme, command.completed_on, now)
    )
    return schemas.ApplicationSummary.of(completed)


def get_session(request: schemas.GetSession, *, sessions: Sessions) -> schemas.SessionView:
    """One session."""
    return schemas.SessionView.of(sessions.get(request.session_id))


def find_attendance(
    request: schemas.FindAttendance, *, sessions: Sessions, attendances: Attendances
) -> schemas.AttendancePage:
    """Who attended a session."""
    session = sessions.get(request.session_id)
    page = attendances.find({"session_id": session.id}, cursor=request.cursor, limit=request.limit)
    return schemas.AttendancePage(tuple(map(schemas.Attendee.of, page.items)), page.next_cursor)


def find_certificates(
    request: schemas.FindCertificates, *, certificates: Certificates, standings: Standings
) -> schemas.CertificatePage:
    """A member's certificates, those that were revoked or given to who was merged into them too."""
    ids = standings.ids_of(request.member_id)
    page = page_of(certificates, ids, {}, request.cursor, request.limit)
    items = tuple(map(schemas.CertificateView.of, page.items))
    return schemas.CertificatePage(items, page.next_cursor)


def contribute(
    event: ExportRequested, *, holdings: Holdings, answers: Answers, today: Callable[[], date]
) -> None:
    """Give membership all that is kept of a member, who asked for it."""
    texts = contribution(holdings.disclosed(event.member_id))
    answers.add(Answer.contribute(event.request_id, event.member_id, texts, today()))


def forget_member(
    event: MemberErased, *, holdings: Holdings, answers: Answers, today: Callable[[], date]
) -> None:
    """Forget a member for good, and tell membership so."""
    erased = holdings.forget(event.member_id)
    answers.add(Answer.acknowledge(event.request_id, event.member_id, erased, today()))
