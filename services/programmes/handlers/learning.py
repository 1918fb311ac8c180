"""Sessions, attendance, certificates and completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from services.programmes import commands, schemas
from services.programmes.domain.certificate import Certificate, tidy_code
from services.programmes.domain.session import Attendance, Session
from services.programmes.domain.standing import Standing
from services.programmes.errors import MemberNotKnown
from services.programmes.handlers.applications import application_of
from services.programmes.repository import page_of
from shared.errors import Duplicate, NotFound
from shared.events import new_id

if TYPE_CHECKING:
    from services.programmes.repository import (
        Applications,
        Attendances,
        Certificates,
        Cohorts,
        Programmes,
        Sessions,
        Standings,
    )


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
    found = application_of(cohort, command.member_id, applications, standings)
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
