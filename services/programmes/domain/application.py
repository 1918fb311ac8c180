"""An application: one member's answers to one cohort's questions, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.errors import AlreadyCompleted, NotSelected
from services.programmes.events import AlumniJoined, ApplicationShortlisted, ApplicationSubmitted
from shared.errors import Invalid
from shared.events import Aggregate


def application_key(cohort_id: str, member_id: str) -> str:
    """What is unique about an application: a member applies to a cohort once."""
    return f"{cohort_id}/{member_id}"


@dataclass
class Application(Aggregate):
    """One member's application to one cohort."""

    id: str
    application_key: str
    cohort_id: str
    programme_id: str
    member_id: str
    answers: dict[str, str]
    submitted_at: datetime
    status: ApplicationStatus = ApplicationStatus.SUBMITTED
    shortlisted_at: datetime | None = None
    completed_on: date | None = None

    @classmethod
    def submit(
        cls,
        id: str,
        *,
        programme: Programme,
        cohort: Cohort,
        standing: Standing,
        answers: Mapping[str, str],
        now: datetime,
    ) -> Self:
        """The submitted application; rules in order: standing, eligibility, window, answers."""
        standing.require_current()
        programme.eligibility.require(standing)
        cohort.require_open(now)
        application = cls(
            id=id,
            application_key=application_key(cohort.id, standing.member_id),
            cohort_id=cohort.id,
            programme_id=programme.id,
            member_id=standing.member_id,
            answers=cohort.checked_answers(answers),
            submitted_at=now,
        )
        application.record(
            ApplicationSubmitted(
                application_id=id,
                cohort_id=application.cohort_id,
                member_id=application.member_id,
                programme_id=application.programme_id,
                submitted_at=now,
            )
        )
        return application

    def shortlist(self, now: datetime) -> None:
        """Put on the shortlist; one that is on it already, or further, stays as it is."""
        if self.status is not ApplicationStatus.SUBMITTED:
            return
        self.status = ApplicationStatus.SHORTLISTED
        self.shortlisted_at = now
        self.record(
            ApplicationShortlisted(
                application_id=self.id,
                cohort_id=self.cohort_id,
                member_id=self.member_id,
                programme_id=self.programme_id,
                shortlisted_at=now,
            )
        )

    def complete(self, programme: Programme, completed_on: date, today: date) -> None:
        """The member has completed the programme and joins its alumni; the same day again is fine.

        Raises NotSelected unless the application was shortlisted, which is as far as applications
        come here before, AlreadyCompleted for another day, and Invalid naming ``completed_on``.
        """
        if self.completed_on == completed_on:
            return
        if self.completed_on is not None:
            before = self.completed_on.isoformat()
            raise AlreadyCompleted(application_id=self.id, completed_on=before)
        if self.status is not ApplicationStatus.SHORTLISTED:
            raise NotSelected(application_id=self.id, status=self.status.value)
        if not self.submitted_at.date() <= completed_on <= today:
            reason = "Must be neither before the application nor in the future."
            raise Invalid("The day cannot be.", fields={"completed_on": [reason]})
        self.status = ApplicationStatus.COMPLETED
        self.completed_on = completed_on
        self.record(
            AlumniJoined(
                member_id=self.member_id,
                programme_id=self.programme_id,
                cohort_id=self.cohort_id,
                title=programme.name,
                completed_on=completed_on,
            )
        )

    def forget(self) -> None:
        """Keep that there was an application and how far it got, without what was written in it."""
        self.answers = {}
