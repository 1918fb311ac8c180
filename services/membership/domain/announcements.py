"""Telling every change of status once, however late and by however many instances it is noticed.

A member keeps the status that was last told and the day up to which it was looked at. Settling
walks the days since then on which it could have changed, and records an event for each change,
dated by the day it happened. Both are saved in one write, so nothing is told twice or skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.policies.versions import Versions
from services.membership.domain.standing import (
    Record,
    Standing,
    next_change,
    standing,
    turning_points,
)
from services.membership.domain.terms import Status
from services.membership.events import (
    MemberDeceased,
    MemberEnteredGrace,
    MemberLapsed,
    MemberReinstated,
    MemberRemoved,
    MemberSuspended,
    MemberWithdrawn,
    RenewalDue,
    StandingChanged,
)

_LIVE = (Status.CURRENT, Status.DUE, Status.GRACE)
# Nothing is told any more of the awards of these.
_OVER = (Status.MERGED, Status.ERASED, Status.DECEASED)
_RESTED = (
    Status.SUSPENDED,
    Status.WITHDRAWN,
    Status.REMOVED,
    Status.LAPSED,
    Status.DECEASED,
)


@dataclass(frozen=True)
class Settled:
    """What was told last: the status since a day, and when it changes by itself, if it does.

    ``told`` names the notices given about the cover that ends on ``told_of``.
    """

    status: Status
    reason: str
    since: date
    looked_on: date
    next_on: date | None
    policy: str
    covered_to: date | None = None
    told_of: date | None = None
    told: tuple[str, ...] = ()


class Announcer(Record, Protocol):
    """A record that can tell."""

    id: str
    settled: Settled | None
    grade: str | None

    def record(self, happened: Any) -> None: ...
    @property
    def award_days(self) -> Iterator[date]: ...
    def settle_awards(self, day: date, *, live: bool) -> None: ...


def settle(member: Announcer, versions: Versions[Statuses], today: date) -> None:
    """Look at every day up to today on which the status could have changed."""
    settled = member.settled
    if settled is None:
        now = standing(member, versions.on(today).policy, today)
        settled = Settled(now.status, now.reason, today, today, None, "")
    else:
        today = max(today, settled.looked_on)
        turning = {*turning_points(member, versions, settled.looked_on), *member.award_days}
        days = {day for day in turning if settled.looked_on < day <= today}
        for day in sorted(days | {today}):
            policy = versions.on(day).policy
            now = standing(member, policy, day)
            if (now.status, now.reason) != (settled.status, settled.reason):
                settled = _turn(member, settled, now, policy, day)
            if now.status not in _OVER:
                member.settle_awards(day, live=now.status in _LIVE)
    coming = next_change(member, versions, today)
    ahead = [day for day in member.award_days if day > today] + ([coming[0]] if coming else [])
    member.settled = replace(
        settled,
        looked_on=today,
        next_on=min(ahead, default=None),
        policy=versions.on(today).version,
        covered_to=now.covered_to,
    )


def _turn(
    member: Announcer, settled: Settled, now: Standing, policy: Statuses, day: date
) -> Settled:
    before = settled.status
    if now.covered_to != settled.told_of:
        settled = replace(settled, told_of=now.covered_to, told=())
    if now.status is before:
        return replace(settled, reason=now.reason)
    if member.admitted_on is not None and member.admitted_on <= day:
        # MemberAdmitted says that an applicant now is a member, and so may do what members do.
        if before is not Status.APPLICANT or now.status not in _LIVE:
            member.record(
                StandingChanged(
                    member_id=member.id, status=now.status, reason=now.reason, since=day
                )
            )
        for notice in _notices(member, before, now, policy, day):
            name = type(notice).__name__
            if name not in settled.told:
                member.record(notice)
            if name in _ONCE and name not in settled.told:
                settled = replace(settled, told=(*settled.told, name))
    return replace(settled, status=now.status, reason=now.reason, since=day)


# Told once for each last day of cover, even if a suspension lies between.
_ONCE = ("RenewalDue", "MemberEnteredGrace", "MemberLapsed")


def _notices(
    member: Announcer, before: Status, now: Standing, policy: Statuses, day: date
) -> Iterator[Any]:
    """The events of a change, beside the one that tells the standing."""
    id, grade, last = member.id, member.grade or "", now.covered_to
    if before in _RESTED and now.status in _LIVE:
        yield MemberReinstated(member_id=id, was=before, status=now.status, reinstated_on=day)
    match now.status:
        case Status.DUE if last:
            yield RenewalDue(member_id=id, grade=grade, due_on=last)
        case Status.GRACE if last:
            ends = policy.lapses_on(last)
            yield MemberEnteredGrace(member_id=id, grade=grade, ended_on=last, lapses_on=ends)
        case Status.LAPSED:
            yield MemberLapsed(member_id=id, grade=grade, lapsed_on=day)
        case Status.SUSPENDED:
            yield MemberSuspended(member_id=id, reason=now.reason, suspended_on=day)
        case Status.REMOVED:
            yield MemberRemoved(member_id=id, reason=now.reason, removed_on=day)
        case Status.WITHDRAWN:
            yield MemberWithdrawn(member_id=id, withdrawn_on=day)
        case Status.DECEASED:
            yield MemberDeceased(member_id=id, recorded_on=day)
