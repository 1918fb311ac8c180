"""Members' leadership record: self-assessments, what programmes tell of learning, and the whole."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from services.membership.commands import passport as commands
from services.membership.domain.assessment import SelfAssessment
from services.membership.domain.leadership import evidence_of, leadership_record
from services.membership.domain.member import Member
from services.membership.domain.passport import (
    AttendedSession,
    CompletedProgramme,
    IssuedCertificate,
    Passport,
    Retraction,
    Revocation,
    Withdrawal,
)
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.postnominals import post_nominals
from services.membership.domain.printing import print_passport
from services.membership.domain.terms import EntitlementKind
from services.membership.handlers.desk import Desk
from services.membership.schemas import passport as schemas
from services.membership.subscriptions import (
    AlumniEvent,
    AlumniJoined,
    AlumniRemoved,
    AttendanceRetracted,
    CertificateIssued,
    CertificateRevoked,
    LearningEvent,
    SessionAttended,
)
from shared.errors import NotFound
from shared.events import new_id
from shared.telemetry import apart

if TYPE_CHECKING:
    from services.membership.repository import Fellowships, Passports, SelfAssessments


def self_assess(
    command: commands.SelfAssess, *, desk: Desk, assessments: SelfAssessments
) -> schemas.SelfAssessmentView:
    """Keep what a member says of themselves."""
    made = SelfAssessment.make(
        new_id(),
        desk.actionable(command.member_id),
        command.ratings,
        desk.policies.book(),
        desk.today(),
    )
    return schemas.SelfAssessmentView.of(assessments.add(made))


def get_self_assessments(
    request: schemas.GetSelfAssessments, *, desk: Desk, assessments: SelfAssessments
) -> schemas.SelfAssessmentPage:
    """A member's self-assessments, oldest first."""
    member = desk.members.get(request.member_id)
    page = assessments.find({"member_id": member.id}, cursor=request.cursor, limit=request.limit)
    items = tuple(map(schemas.SelfAssessmentView.of, page.items))
    return schemas.SelfAssessmentPage(items, page.next_cursor)


def get_leadership_passport(
    request: schemas.GetLeadershipPassport,
    *,
    desk: Desk,
    assessments: SelfAssessments,
    fellowships: Fellowships,
    passports: Passports,
) -> schemas.LeadershipPassportView:
    """All that is known of a member's leadership, by domain of the standards.

    What is kept of records that were merged into the member's is part of it.
    """
    member, book, today = desk.member(request.member_id), desk.policies.book(), desk.today()
    ids = (member.id, *desk.members.merged_into(member.id))
    applications = (each for id in ids for each in fellowships.scan({"member_id": id}))
    shown = (evidence for application in applications for evidence in evidence_of(application))
    made = [each for id in ids for each in assessments.scan({"member_id": id})]
    made.sort(key=lambda assessment: assessment.id)  # by when they were made
    passport = Passport.together(member.id, map(passports.of, ids))
    record = leadership_record(book.standards, today, shown, made, passport)
    name, letters = f"{member.given_name} {member.family_name}", post_nominals(member, book, today)
    awards = tuple(award for award in member.awards if award.held_on(today))
    text = print_passport(name, letters, awards, record, today)
    return schemas.LeadershipPassportView.of(member, name, letters, awards, record, today, text)


def follow_learning(event: LearningEvent, *, desk: Desk, passports: Passports) -> None:
    """Note what a programme tells of a member's learning; alumni are covered for a time.

    A member not known here raises NotFound: the event may be early, so it is tried again. Nothing
    is noted any more of somebody who was erased, even if that was in the same moment. Whoever a
    merged member was merged into is covered too, and stays so when they are taken apart: it was
    acted upon. The cover of who turns out to be no alumnus ends.
    """
    member = desk.members.get(event.member_id)
    if member.erased_on is not None:
        return
    passport = passports.write(member.id, lambda passport: _note(passport, event))
    if desk.members.get(member.id).erased_on is not None:
        with apart():
            passports.change(member.id, lambda passport: passport.forget(), forget=True)
    elif isinstance(event, AlumniEvent) and _newest(event, passport):
        for id in dict.fromkeys((member.id, desk.surviving(member.id).id)):
            desk.change(
                id,
                lambda found, book, today: _cover(found, event, book, today),
                even_merged=True,
            )


def _newest(event: AlumniEvent, passport: Passport) -> bool:
    """Whether nothing later is known of the same completion."""
    if isinstance(event, AlumniRemoved):
        return passport.latest_turn(event.cohort_id) <= event.turn
    return any((c.cohort_id, c.turn) == (event.cohort_id, event.turn) for c in passport.completed)


def _cover(member: Member, event: AlumniEvent, book: PolicyBook, today: date) -> None:
    """By the terms in force on the day of completion, however late the event comes."""
    if isinstance(event, AlumniRemoved):
        # Until then it was acted upon; where it has run out by itself, there is nothing to end.
        with suppress(NotFound):
            member.end_entitlement(EntitlementKind.ALUMNI, event.cohort_id, event.removed_on, today)
        return
    completed_on = event.completed_on
    last_day = book.terms.on(completed_on).policy.alumni_until(completed_on)
    if last_day is not None:
        member.entitle(EntitlementKind.ALUMNI, event.cohort_id, completed_on, last_day, today)


def _note(passport: Passport, event: LearningEvent) -> None:
    match event:
        case SessionAttended():
            passport.attend(
                AttendedSession(
                    event.session_id,
                    event.programme_id,
                    event.title,
                    event.held_on,
                    event.minutes,
                    event.domains,
                    event.turn,
                )
            )
        case AttendanceRetracted():
            passport.retract(Retraction(event.session_id, event.turn))
        case CertificateIssued():
            passport.certify(
                IssuedCertificate(
                    event.certificate_id,
                    event.programme_id,
                    event.title,
                    event.domains,
                    event.issued_on,
                )
            )
        case CertificateRevoked():
            passport.revoke(Revocation(event.certificate_id, event.revoked_on))
        case AlumniJoined():
            passport.complete(
                CompletedProgramme(
                    event.programme_id,
                    event.cohort_id,
                    event.title,
                    event.completed_on,
                    event.turn,
                )
            )
        case AlumniRemoved():
            passport.withdraw(Withdrawal(event.cohort_id, event.turn, event.removed_on))
