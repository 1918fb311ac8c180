"""The member, from application to admission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.domain.application import Application
from services.membership.domain.checks import RegistrationCheck, check_registration
from services.membership.domain.grades import GradePolicies
from services.membership.domain.people import email_key
from services.membership.domain.register import RegisterEntry
from services.membership.domain.standing import Standing, standing
from services.membership.domain.terms import (
    ApplicationState,
    CareerStage,
    Nation,
    Outcome,
    RegistrationState,
)
from services.membership.errors import AlreadyAdmitted, NotVerified
from services.membership.events import (
    ApplicationReceived,
    ContactChanged,
    MemberAdmitted,
    RegistrationRefused,
    RegistrationVerified,
)
from shared.events import Aggregate


@dataclass
class Member(Aggregate):
    """One person known to the body, whether applicant or member.

    ``registration`` repeats the outcome of the last check so that it can be searched; ``pseudonym``
    is random and is told to nobody but the member.
    """

    id: str
    given_name: str
    family_name: str
    email: str
    email_key: str
    date_of_birth: date
    profession: str
    nation: Nation
    career_stage: CareerStage
    regulator: str
    registration_number: str
    registration_key: str
    pseudonym: str
    received_on: date
    registration: RegistrationState = RegistrationState.UNCHECKED
    application: ApplicationState = ApplicationState.RECEIVED
    checks: tuple[RegistrationCheck, ...] = ()
    admitted_on: date | None = None
    grade: str | None = None
    grade_policy: str | None = None

    @classmethod
    def apply(cls, id: str, pseudonym: str, application: Application, today: date) -> Member:
        """Receive an application."""
        member = cls(
            id=id,
            given_name=application.given_name,
            family_name=application.family_name,
            email=application.email,
            email_key=email_key(application.email),
            date_of_birth=application.date_of_birth,
            profession=application.profession,
            nation=application.nation,
            career_stage=application.career_stage,
            regulator=application.registration.regulator,
            registration_number=application.registration.number,
            registration_key=application.registration.key,
            pseudonym=pseudonym,
            received_on=today,
        )
        member.record(
            ContactChanged(
                member_id=id,
                given_name=member.given_name,
                family_name=member.family_name,
                email=member.email,
            )
        )
        member.record(
            ApplicationReceived(
                member_id=id,
                profession=member.profession,
                nation=member.nation,
                career_stage=member.career_stage,
                regulator=member.regulator,
                received_on=today,
            )
        )
        return member

    @property
    def last_check(self) -> RegistrationCheck | None:
        return self.checks[-1] if self.checks else None

    @property
    def admitted(self) -> bool:
        return self.application is ApplicationState.ADMITTED

    @property
    def standing(self) -> Standing:
        return standing(self)

    def verify(self, entry: RegisterEntry | None, today: date) -> None:
        """Check the registration against what the register says; may be done again at any time."""
        check = check_registration(self.regulator, self.given_name, self.family_name, entry, today)
        self.checks = (*self.checks, check)
        self.registration = RegistrationState(check.outcome)
        if check.outcome is Outcome.VERIFIED:
            self.record(
                RegistrationVerified(
                    member_id=self.id,
                    regulator=self.regulator,
                    register_status=str(check.register_status),
                    checked_on=today,
                )
            )
        else:
            self.record(
                RegistrationRefused(
                    member_id=self.id,
                    regulator=self.regulator,
                    reason=str(check.reason),
                    checked_on=today,
                )
            )

    def admit(self, policies: GradePolicies, today: date) -> None:
        """Make a verified applicant a member, in the grade of the policy in force."""
        if self.admitted:
            raise AlreadyAdmitted("The member was admitted before.", member_id=self.id)
        if self.registration is not RegistrationState.VERIFIED:
            raise NotVerified(
                "The registration has not been verified.",
                member_id=self.id,
                reason=self.standing.reason,
            )
        policy = policies.on(today)
        self.grade = policy.grade(self.profession, self.career_stage)
        self.grade_policy = policy.version
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
