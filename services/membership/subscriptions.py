"""What membership reads of other services' events: only the fields it uses."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.events import reads


@reads("programmes", "application.submitted")
@dataclass(frozen=True)
class ApplicationSubmitted:
    """A member applied to a cohort."""

    application_id: str
    cohort_id: str
    member_id: str
    submitted_at: datetime

    @property
    def stage(self) -> str:
        return "submitted"

    @property
    def reached_on(self) -> date:
        return self.submitted_at.date()


@reads("programmes", "application.shortlisted")
@dataclass(frozen=True)
class ApplicationShortlisted:
    """A member's application was shortlisted."""

    application_id: str
    cohort_id: str
    member_id: str
    shortlisted_at: datetime

    @property
    def stage(self) -> str:
        return "shortlisted"

    @property
    def reached_on(self) -> date:
        return self.shortlisted_at.date()
