"""The reviewers of a cohort, and until when they score.

One seed, drawn when the first reviewers are appointed, decides whatever chance decides: who reviews
what, in which order a reviewer reads, and the lot between equals. So nobody can draw again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.programmes.domain.terms import OUT, ApplicationStatus
from services.programmes.domain.workflow import Workflow
from services.programmes.errors import ScoringHasClosed, ScoringStillOpen
from services.programmes.events import ScoringClosed
from shared.events import Aggregate

MAX_POOL = 500
_AFTER_REVIEW = {
    ApplicationStatus.SHORTLISTED,
    ApplicationStatus.INTERVIEWED,
    ApplicationStatus.RANKED,
}
_UNREAD = OUT | {ApplicationStatus.DRAFT, ApplicationStatus.RETURNED}


def new_seed() -> str:
    """A seed that nobody can guess."""
    return secrets.token_hex(16)


def under_review(workflow: Workflow) -> tuple[ApplicationStatus, ...]:
    """The statuses in which applications are reviewed: from them selection follows at once."""
    before = (ApplicationStatus.SUBMITTED, ApplicationStatus.LONGLISTED)
    return tuple(status for status in before if workflow.after(status) & _AFTER_REVIEW)


def reviewed(workflow: Workflow) -> tuple[ApplicationStatus, ...]:
    """The statuses of those that are reviewed or were, and are still in the running."""
    here = under_review(workflow)
    early = {ApplicationStatus.SUBMITTED, ApplicationStatus.LONGLISTED} - {*here}
    left = {step.status for step in workflow.steps} - _UNREAD - early
    return tuple(status for status in ApplicationStatus if status in left)


@dataclass
class Panel(Aggregate):
    """Who reviews for a cohort, whose id it has; ``closed_at`` is when scoring was closed."""

    id: str
    programme_id: str
    seed: str
    reviewer_ids: tuple[str, ...] = ()
    closed_at: datetime | None = None

    @property
    def lot(self) -> str:
        """The seed of the lot between equals; it gives the panel's own away to nobody."""
        return hashlib.sha256(f"{self.seed}:lot".encode()).hexdigest()

    def appoint(self, reviewer_ids: Iterable[str]) -> None:
        """Let these be the reviewers, and nobody else; raises ScoringHasClosed."""
        self.require_open()
        self.reviewer_ids = tuple(dict.fromkeys(reviewer_ids))

    def require_open(self) -> None:
        """Raises ScoringHasClosed once scoring was closed."""
        if self.closed_at is not None:
            raise ScoringHasClosed(cohort_id=self.id, closed_at=self.closed_at.isoformat())

    def require_closed(self) -> None:
        """Raises ScoringStillOpen before."""
        if self.closed_at is None:
            raise ScoringStillOpen(cohort_id=self.id)

    def close(self, now: datetime) -> None:
        """No score changes any more; closed once, it stays so."""
        if self.closed_at is None:
            self.closed_at = now
            self.record(
                ScoringClosed(cohort_id=self.id, programme_id=self.programme_id, closed_at=now)
            )

    def reopen(self) -> None:
        """Let scores be given and changed again."""
        self.closed_at = None
