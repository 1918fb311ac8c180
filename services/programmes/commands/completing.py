"""What may be asked about completion."""

from dataclasses import dataclass
from datetime import date

from shared.events import text


@dataclass(frozen=True, kw_only=True)
class CompleteProgramme:
    """Record that a member completed a programme with a cohort, and so is one of its alumni."""

    cohort_id: str = text(64)
    member_id: str = text(64)
    completed_on: date
    reason: str | None = text(
        500, default=None, description="Why reports that are missing are not waited for."
    )


@dataclass(frozen=True, kw_only=True)
class WithdrawCompletion:
    """Take back that a member completed a programme, because that was a mistake."""

    cohort_id: str = text(64)
    member_id: str = text(64)
    reason: str = text(500)
