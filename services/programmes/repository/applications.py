"""Applications, and the files that go with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from services.programmes.domain.application import Application
from services.programmes.domain.application_rules import ApplicationRules
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.repository.keys import TURN, turn_key
from shared.blobs import Blobs
from shared.outbox import Outbox, milliseconds
from shared.repository import Index, Repository, Store, store_errors

_STAGE = "stage_key"
_UNSUCCESSFUL = frozenset(
    {
        ApplicationStatus.DECLINED,
        ApplicationStatus.EXPIRED,
        ApplicationStatus.UNSUCCESSFUL,
        ApplicationStatus.WITHDRAWN,
    }
)
_SUCCESSFUL = frozenset(
    {
        ApplicationStatus.ACCEPTED,
        ApplicationStatus.PLACED,
        ApplicationStatus.COMPLETED,
        ApplicationStatus.LEFT_EARLY,
    }
)


class Applications(Repository[Application]):
    """Applications; the unique key lets a member apply to a cohort once.

    Those have a turn whose time to be corrected ends, or whose content goes.
    """

    collection = "applications"
    aggregate = Application
    audited = True
    # What is written and not handed in is the applicant's alone, and each save would be kept twice.
    untracked = frozenset({TURN, _STAGE, "drafted"})
    indexes = (
        Index("application_key", unique=True),
        Index(("cohort_id", "id")),
        Index(("cohort_id", "status", "id")),
        Index(("member_id", "id")),
        Index(_STAGE),
        Index(TURN, unique=True, sparse=True),
    )

    def __init__(self, database: Any, outbox: Outbox, rules: ApplicationRules) -> None:
        super().__init__(database, outbox)
        self._rules = rules

    def counts(self, cohort_id: str) -> Counter[str]:
        """How many applications of a cohort are in each status."""
        found = self.tally(_STAGE, beginning=f"{cohort_id}|")
        return Counter({key.partition("|")[2]: number for key, number in found.items()})

    def _state(self, aggregate: Application) -> dict[str, Any]:
        state = super()._state(aggregate)
        state[_STAGE] = f"{aggregate.cohort_id}|{aggregate.status.value}"
        due_at = self._due_at(aggregate)
        if due_at is not None:
            state[TURN] = turn_key(due_at, aggregate.id)
        return state

    def _due_at(self, application: Application) -> datetime | None:
        if application.status is ApplicationStatus.RETURNED:
            return application.draft_until
        if not application.has_content or application.status in _SUCCESSFUL:
            return None
        if application.submitted_at is None:
            return _later(application.draft_until, self._rules.draft_days)
        if application.status in _UNSUCCESSFUL:
            return _later(application.status_at, self._rules.unsuccessful_days)
        return _later(application.undecided_until, self._rules.unsuccessful_days)


def _later(since: datetime | None, days: int) -> datetime | None:
    return None if since is None else since + timedelta(days=days)


class Files(Blobs):
    """The content of attachments, by attachment id."""

    collection = "files"


class Uploads(Store):
    """Attachments that are being added or taken away, so that a crash leaves no file behind.

    Each is noted before anything else is written, and struck off when file and application agree.
    """

    collection = "uploads"
    indexes = (Index(TURN),)

    def note(self, attachment_id: str, application_id: str, due_at: datetime) -> None:
        """Say that a file may be left behind; whoever comes after the instant looks."""
        noted = {
            "_id": attachment_id,
            "application_id": application_id,
            TURN: turn_key(due_at, attachment_id),
        }
        with store_errors():
            self.documents.replace_one({"_id": attachment_id}, noted, upsert=True)

    def strike_off(self, attachment_id: str) -> None:
        """Say that all is well with a file."""
        with store_errors():
            self.documents.delete_one({"_id": attachment_id})

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Attachment and application of what was noted and not struck off in time."""
        past = {TURN: {"$gte": "", "$lt": f"{milliseconds(now):014}|~"}}
        with store_errors():
            found = list(self.documents.find(past))
        return ((each["_id"], each["application_id"]) for each in found)
