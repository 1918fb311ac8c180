"""The member, from application to the end of membership and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.announcements import Settled, settle
from services.membership.domain.application import Application
from services.membership.domain.calendar import ONE_DAY
from services.membership.domain.merging import Mergeable
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.grades import Grade
from services.membership.domain.quoting import Quote, quote_change, quote_term
from services.membership.domain.registrant import HeldRegistration
from services.membership.domain.retention import keeping
from services.membership.domain.standing import Standing, covers, latest_cover, standing
from services.membership.domain.subscriber import Subscriber
from services.membership.domain.terms import ApplicationState, CareerStage, EndingKind, Status
from services.membership.errors import (
    AlreadyAdmitted,
    NotAMember,
    NotAnApplicant,
    NotReinstatable,
    NotRenewable,
    NotVerified,
    UnderReview,
)
from services.membership.events import (
    ApplicationDeclined,
    ApplicationReceived,
    ApplicationReopened,
    CareerStageChanged,
    MemberAdmitted,
    MemberGradeChanged,
    MemberRenewed,
)
from shared.errors import Invalid

LIVE = (Status.CURRENT, Status.DUE, Status.GRACE)
_GONE = (Status.DECLINED, Status.WITHDRAWN, Status.MERGED, Status.ERASED, Status.DECEASED)


@dataclass
class Member(Mergeable):
    """One person known to the body, whether applicant or member.

    ``settled`` is the status that was last told, and until when it stays if nothing happens.
    """

    settled: Settled | None = None

    @classmethod
    def apply(
        cls,
        id: str,
        pseudonym: str,
        application: Application,
        book: PolicyBook,
        today: date,
    ) -> Member:
        """Receive an application."""
        held = application.registration
        member = cls(
            id=id,
            given_name=application.given_name,
            family_name=application.family_name,
            email=application.email,
            date_of_birth=application.date_of_birth,
            profession=application.profession,
            nation=application.nation,
            career_stage=application.career_stage,
            pseudonym=pseudonym,
            received_on=today,
            registration_required=application.registration_required,
            pilot=application.pilot,
            registrations=()
            if held is None
            else (HeldRegistration(held.regulator, held.number, held.key, today),),
        )
        member.reach_stage(application.career_stage, today)
        member.tell_contact()
        member.record(
            ApplicationReceived(
                member_id=id,
                profession=member.profession,
                nation=member.nation,
                career_stage=member.career_stage,
                regulator=held.regulator if held else None,
                received_on=today,
            )
        )
        member.settle(book, today)
        return member

    @property
    def admitted(self) -> bool:
        return self.application is ApplicationState.ADMITTED

    def standing_on(self, book: PolicyBook, day: date) -> Standing:
        """The standing by the policy in force on a day."""
        return standing(self, book.statuses.on(day).policy, day)

    def settle(self, book: PolicyBook, today: date) -> None:
        """Tell every change of status up to today that was not told yet, each once."""
        settle(self, book.statuses, today)
        self.keeping = keeping(self, book.retention, today)

    def admit(
        self,
        book: PolicyBook,
        today: date,
        *,
        grade: str | None = None,
        reductions: tuple[str, ...] = (),
    ) -> None:
        """Make a verified applicant a member, in the grade of the policy in force."""
        if self.admitted:
            raise AlreadyAdmitted("The member was admitted before.", member_id=self.id)
        now = self.standing_on(book, today)
        if self.under_review:
            raise UnderReview("A declared sanction waits for the committee.", member_id=self.id)
        if now.status in (Status.AWAITING_VERIFICATION, Status.REGISTRATION_REFUSED):
            raise NotVerified(
                "The registration has not been verified.", member_id=self.id, reason=now.reason
            )
        if now.status is not Status.APPLICANT:
            raise NotAnApplicant(member_id=self.id, status=now.status.value)
        self._take_grade(book, grade, today)
        assert self.grade is not None
        if self.registration_required and not self.verified:
            raise NotVerified(
                "This grade needs a verified registration.",
                member_id=self.id,
                reason="registration_not_checked",
            )
        self.application = ApplicationState.ADMITTED
        self.admitted_on = today
        self.record(
            MemberAdmitted(
                member_id=self.id,
                grade=self.grade,
                profession=self.profession,
                nation=self.nation,
                career_stage=self.career_stage,
                admitted_on=today,
            )
        )
        if not any(cover.includes(today) for cover in covers(self, today)):
            terms = book.terms.on(today).policy
            quote = quote_term(book, self.grade, today, reductions=reductions)
            in_advance = terms.payment_before_admission
            self.begin_term(quote, in_advance=in_advance, what="admission", today=today)

    def _take_grade(self, book: PolicyBook, code: str | None, today: date) -> None:
        grade = _grade(self, book, code, today)
        self.grade, self.grade_policy = grade.code, book.grades.on(today).version
        self.require_registration(grade.needs_registration, today)

    def decline(self, today: date) -> None:
        """Turn an application down; the reason stands in the trail."""
        if self.admitted or self.application is ApplicationState.DECLINED:
            raise NotAnApplicant(member_id=self.id, status=self.application.value)
        self._decline("declined", today)

    def reopen(self, today: date) -> None:
        """Take up an application again that came to nothing; a registration counts as it did.

        Raises NotAnApplicant for who was admitted, has died, or is an applicant as it is.
        """
        ended = (EndingKind.DECLINED, EndingKind.WITHDRAWN)
        over = any(e.stands(kind, today) for e in self.endings for kind in ended)
        dead = any(e.stands(EndingKind.DECEASED, today) for e in self.endings)
        if self.admitted or dead or not over:
            raise NotAnApplicant(member_id=self.id, status=self.application.value)
        self._reverse(ended, today)
        self.application = ApplicationState.RECEIVED
        self.record(ApplicationReopened(member_id=self.id, reopened_on=today))

    def _decline(self, reason: str, today: date) -> None:
        self.application = ApplicationState.DECLINED
        self._end(EndingKind.DECLINED, reason, today, today)
        self.record(ApplicationDeclined(member_id=self.id, reason=reason, declined_on=today))

    def _remove(self, reason: str, today: date) -> None:
        """Of an applicant only the application can come to nothing."""
        if self.admitted:
            super()._remove(reason, today)
        else:
            self._decline(reason, today)

    def require_live(self, book: PolicyBook, today: date) -> Standing:
        """The standing of a member who may do what members do; raises NotRenewable otherwise."""
        now = self.standing_on(book, today)
        if now.status not in LIVE:
            raise NotRenewable(member_id=self.id, status=now.status.value, reason=now.reason)
        return now

    def quote_renewal(
        self, book: PolicyBook, today: date, reductions: tuple[str, ...] = ()
    ) -> Quote:
        """What the next term costs, or one from today where grace is over; raises NotRenewable."""
        self._require_admitted()
        assert self.grade is not None
        cover = latest_cover(self, today)
        if cover is not None and cover.last is None:
            raise NotRenewable("Cover has no end.", member_id=self.id, reason="covered_without_end")
        lapsed = self.standing_on(book, today).status is Status.LAPSED
        starts_on = today if lapsed else self.next_start(today)
        fellow = self.fellow_on(starts_on)
        return quote_term(book, self.grade, starts_on, fellow=fellow, reductions=reductions)

    def quote_admission(
        self, book: PolicyBook, today: date, grade: str | None, reductions: tuple[str, ...] = ()
    ) -> Quote:
        """What admission costs, in the grade that the policy or the caller gives."""
        if self.admitted:
            raise AlreadyAdmitted("The member was admitted before.", member_id=self.id)
        code = _grade(self, book, grade, today).code
        return quote_term(book, code, today, reductions=reductions)

    def quote_grade(self, book: PolicyBook, grade: str, today: date) -> Quote:
        """What a change of grade costs, or gives back."""
        self._require_admitted()
        assert self.grade is not None
        code = _grade(self, book, grade, today).code
        cover = self.standing_on(book, today).covered_to
        return quote_change(book, self.grade, code, today, cover, fellow=self.fellow_on(today))

    def renew(self, book: PolicyBook, today: date, reductions: tuple[str, ...] = ()) -> None:
        """Add a term that continues where cover ends; once for each term."""
        self.require_live(book, today)
        if any(term.starts_on > today for term in self.terms):
            raise NotRenewable(
                "The next term has been added already.", member_id=self.id, reason="renewed_before"
            )
        quote = self.quote_renewal(book, today, reductions)
        in_advance = book.terms.on(today).policy.payment_before_renewal
        self.begin_term(quote, in_advance=in_advance, what="renewal", today=today)
        self.record(
            MemberRenewed(
                member_id=self.id,
                grade=quote.grade,
                starts_on=quote.starts_on,
                ends_on=quote.ends_on,
            )
        )

    def withdraw(self, book: PolicyBook, on: date, today: date) -> None:
        """Leave, from a day on that is not in the past."""
        if on < today:
            raise Invalid("Too late.", fields={"on": ["Must not be in the past."]})
        now = self.standing_on(book, today)
        if now.status in _GONE:
            raise NotAMember(member_id=self.id, status=now.status.value)
        self._end(EndingKind.WITHDRAWN, "withdrawn", on, today)

    def record_death(self, died_on: date, today: date) -> None:
        """Put a death on record; it counts from today on."""
        if died_on > today:
            raise Invalid("Not yet.", fields={"died_on": ["Must not be in the future."]})
        self._end(EndingKind.DECEASED, "deceased", died_on, today)

    def reinstate(self, book: PolicyBook, today: date, reductions: tuple[str, ...] = ()) -> None:
        """Take back what ended or paused a membership; where cover ran out begin a term today.

        A withdrawal announced for a later day is taken back too. What follows from a regulator's
        register can only be taken back by the register.
        """
        was = self.standing_on(book, today)
        self._require_admitted()
        announced = any(each.on > today and each.reversed_on is None for each in self.endings)
        live = was.status in LIVE and not announced
        if live or was.status in (Status.MERGED, Status.ERASED):
            raise NotReinstatable(member_id=self.id, status=was.status.value)
        self._reverse((EndingKind.WITHDRAWN, EndingKind.REMOVED, EndingKind.DECEASED), today)
        self.suspensions = tuple(
            replace(each, until_on=today - ONE_DAY) if each.stands(today) else each
            for each in self.suspensions
        )
        now = self.standing_on(book, today)
        if now.status is Status.LAPSED:
            assert self.grade is not None
            fellow = self.fellow_on(today)
            quote = quote_term(book, self.grade, today, fellow=fellow, reductions=reductions)
            in_advance = book.terms.on(today).policy.payment_before_renewal
            self.begin_term(quote, in_advance=in_advance, what="reinstatement", today=today)
            now = self.standing_on(book, today)
        if now.status not in LIVE:
            raise NotReinstatable(member_id=self.id, status=now.status.value, reason=now.reason)

    def change_grade(self, book: PolicyBook, grade: str, today: date) -> Quote | None:
        """Move to another grade, charging or crediting the difference; None when it is the same."""
        self._require_admitted()
        quote, before = self.quote_grade(book, grade, today), self.grade
        assert before is not None
        if grade == before:
            return None
        self._take_grade(book, grade, today)
        if self.terms:
            self.charge(quote, "change of grade", today)
        self.record(MemberGradeChanged(member_id=self.id, was=before, now=grade, changed_on=today))
        return quote

    def change_career_stage(self, book: PolicyBook, career_stage: CareerStage, today: date) -> None:
        """Reach another stage; a member in the grade of the old stage goes to that of the new."""
        if career_stage is self.career_stage:
            return
        grades = book.grades.on(today).policy
        by_policy = grades.grade(self.profession, self.career_stage, self.nation)
        follows = by_policy is not None and by_policy.code == self.grade
        was = self.career_stage
        self.reach_stage(career_stage, today)
        self.record(
            CareerStageChanged(member_id=self.id, was=was, now=career_stage, changed_on=today)
        )
        new = grades.grade(self.profession, career_stage, self.nation)
        if self.admitted and follows and new is not None:
            self.change_grade(book, new.code, today)

    def _require_admitted(self) -> None:
        if not self.admitted:
            raise NotAMember(member_id=self.id, status=self.application.value)


def _grade(member: Subscriber, book: PolicyBook, code: str | None, today: date) -> Grade:
    """The grade asked for, else that of the policy; raises Invalid naming ``grade``, or Refused."""
    grades = book.grades.on(today).policy
    if code is None:
        return grades.require(member.profession, member.career_stage, member.nation)
    found = grades.find(code)
    if found is None:
        reason = f"Must be one of: {', '.join(sorted(grades.codes))}."
        raise Invalid("There is no such grade.", fields={"grade": [reason]})
    return found
