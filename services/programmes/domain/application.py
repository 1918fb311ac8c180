"""An application: one member's answers to one cohort's questions, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.programmes.domain.cohort import Cohort
from services.programmes.domain.programme import Programme
from services.programmes.domain.standing import Standing
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.events import ApplicationShortlisted, ApplicationSubmitted
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
        """Put on the shortlist; one that is on it already stays as it is."""
        if self.status is ApplicationStatus.SHORTLISTED:
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
