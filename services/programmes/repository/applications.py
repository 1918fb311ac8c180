"""Applications, and the files that go with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.programmes.domain.application import Application
from services.programmes.domain.application_rules import ApplicationRules
from services.programmes.domain.terms import ApplicationStatus
from services.programmes.repository.keys import TURN, turn_key
from shared.blobs import Blobs
from shared.errors import NotFound
from shared.outbox import Outbox
from shared.repository import Index, Repository, Store, batches, store_errors

_STAGE = "stage_key"
# Whoever withdraws gives back at once; the clock takes over what was left behind.
_GIVING_BACK = timedelta(minutes=1)
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

    Those have a turn of which something is still to be given back, whose time to be corrected ends,
    or whose content goes.
    """

    collection = "applications"
    aggregate = Application
    audited = True
    # What is written and not handed in is the applicant's alone, and each save would be kept twice.
    untracked = frozenset({TURN, _STAGE, "drafted", "releasing_at"})
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

    def owners(self, ids: Iterable[str]) -> dict[str, str]:
        """Whose each of these applications is, without reading them whole."""
        found: dict[str, str] = {}
        for batch in batches(list(ids)):
            with store_errors():
                documents = self.documents.find({"_id": {"$in": batch}}, {"member_id": 1})
                found |= {each["_id"]: each["member_id"] for each in documents}
        return found

    def _state(self, aggregate: Application) -> dict[str, Any]:
        state = super()._state(aggregate)
        state[_STAGE] = f"{aggregate.cohort_id}|{aggregate.status.value}"
        due_at = self._due_at(aggregate)
        if due_at is not None:
            state[TURN] = turn_key(due_at, aggregate.id)
        return state

    def _due_at(self, application: Application) -> datetime | None:
        if application.releasing_at is not None:
            return application.releasing_at + _GIVING_BACK
        if application.status is ApplicationStatus.RETURNED:
            return application.draft_until if application.paused_at is None else None
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


class Upload(NamedTuple):
    """An attachment of which it is not known whether it was added or taken away whole."""

    attachment_id: str
    application_id: str


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

    def get(self, attachment_id: str, /) -> Upload:
        """What was noted; raises ``NotFound`` where it was struck off."""
        with store_errors():
            found = self.documents.find_one({"_id": attachment_id})
        if found is None:
            raise NotFound("Nothing is noted of such a file.", id=attachment_id)
        return Upload(attachment_id, found["application_id"])
