"""Until when what is known of a person is kept once it is no longer needed.

>>> later_by_months(date(2026, 8, 31), 6)
datetime.date(2027, 3, 1)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from services.membership.domain.announcements import Settled
from services.membership.domain.calendar import ONE_DAY, corresponding_date
from services.membership.domain.policies.retention import Retention
from services.membership.domain.policies.versions import Versions
from services.membership.domain.standing import Record, covers
from services.membership.domain.terms import Status

_UNSUCCESSFUL = (
    Status.DECLINED,
    Status.REGISTRATION_REFUSED,
    Status.WITHDRAWN,
    Status.REMOVED,
    Status.DECEASED,
)


class Cause(StrEnum):
    """Why a person is erased."""

    REQUEST = "request"
    MEMBERSHIP_ENDED = "membership_ended"
    APPLICATION_UNSUCCESSFUL = "application_unsuccessful"


@dataclass(frozen=True)
class Keeping:
    """The day from which a person is to be erased, and why; None while there is no such day.

    ``policy`` is the version of the policy that says so.
    """

    policy: str
    due_on: date | None = None
    cause: Cause | None = None

    def due(self, day: date) -> bool:
        """Whether the time has come."""
        return self.due_on is not None and self.due_on <= day


class Kept(Record, Protocol):
    """A record with what was last told of it."""

    settled: Settled | None


def keeping(record: Kept, versions: Versions[Retention], today: date) -> Keeping:
    """What the policy in force says of a record that is settled.

    A membership has ended with its last day of cover, or before that by an ending on record. An
    application has come to nothing since the day on which its status became so; one that is not
    decided yet is kept.
    """
    version, settled = versions.on(today), record.settled
    policy = version.policy
    assert settled is not None, "a record is settled first"
    if settled.status in (Status.MERGED, Status.ERASED, Status.SUSPENDED):
        return Keeping(version.version)
    if record.admitted_on is not None:
        ended = _ended(record, record.admitted_on, today)
        due_on = None if ended is None else later_by_months(ended, policy.member_months)
        return _keeping(version.version, due_on, Cause.MEMBERSHIP_ENDED)
    if settled.status not in _UNSUCCESSFUL:
        return Keeping(version.version)
    due_on = later_by_months(settled.since, policy.applicant_months)
    return _keeping(version.version, due_on, Cause.APPLICATION_UNSUCCESSFUL)


def _keeping(policy: str, due_on: date | None, cause: Cause) -> Keeping:
    return Keeping(policy) if due_on is None else Keeping(policy, due_on, cause)


def _ended(record: Kept, admitted_on: date, today: date) -> date | None:
    """The last day of a membership as far as is known; None when there is none."""
    endings = [max(e.on, e.recorded_on) for e in record.endings if e.reversed_on is None]
    if endings:
        return min(endings)
    spans = covers(record, today)
    return spans[-1].last if spans else admitted_on


def later_by_months(day: date, months: int) -> date | None:
    """The first day more than so many months later; None beyond the end of the calendar."""
    try:
        return corresponding_date(day, months) + ONE_DAY
    except (ValueError, OverflowError):
        return None
