"""Where a person stands on a day, derived from what is recorded: the first rule that matches.

A past day is judged by what was on record that day, so that a payment made late does not change
what was told then; a future day by what is on record now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.membership.domain.calendar import later
from services.membership.domain.checks import RegistrationCheck
from services.membership.domain.facts import Ending, Entitlement, Review, Suspension, Term
from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.policies.versions import Versions
from services.membership.domain.terms import (
    ApplicationState,
    EndingKind,
    Outcome,
    RefusalReason,
    RuleName,
    Status,
)


class Registered(Protocol):
    """A registration with its checks, oldest first."""

    @property
    def added_on(self) -> date: ...
    @property
    def checks(self) -> tuple[RegistrationCheck, ...]: ...


class Dated(Protocol):
    """A fact with the days on which it begins or ceases to count."""

    @property
    def days(self) -> Iterator[date]: ...


class Record(Protocol):
    """What a standing is derived from."""

    @property
    def application(self) -> ApplicationState: ...
    @property
    def admitted_on(self) -> date | None: ...
    def registration_needed(self, day: date) -> bool: ...
    @property
    def registrations(self) -> tuple[Registered, ...]: ...
    @property
    def terms(self) -> tuple[Term, ...]: ...
    @property
    def entitlements(self) -> tuple[Entitlement, ...]: ...
    @property
    def suspensions(self) -> tuple[Suspension, ...]: ...
    @property
    def endings(self) -> tuple[Ending, ...]: ...
    @property
    def merged_on(self) -> date | None: ...
    @property
    def erased_on(self) -> date | None: ...
    @property
    def reviews(self) -> tuple[Review, ...]: ...


@dataclass(frozen=True)
class Standing:
    """A status, the rule it follows from, the reason, and the last day of cover where it counts."""

    status: Status
    rule: RuleName
    reason: str
    covered_to: date | None = None


@dataclass(frozen=True)
class Cover:
    """A stretch of days without a gap; ``last`` is None when it has no end."""

    first: date
    last: date | None

    def includes(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


_STATUSES = {
    RuleName.MERGED: Status.MERGED,
    RuleName.ERASED: Status.ERASED,
    RuleName.DECEASED: Status.DECEASED,
    RuleName.REMOVED: Status.REMOVED,
    RuleName.WITHDRAWN: Status.WITHDRAWN,
    RuleName.DECLINED: Status.DECLINED,
    RuleName.SUSPENDED: Status.SUSPENDED,
    RuleName.NOT_CHECKED: Status.AWAITING_VERIFICATION,
    RuleName.REGISTRATION_REFUSED: Status.REGISTRATION_REFUSED,
    RuleName.NOT_ADMITTED: Status.APPLICANT,
    RuleName.COVERED: Status.CURRENT,
    RuleName.DUE: Status.DUE,
    RuleName.GRACE: Status.GRACE,
    RuleName.LAPSED: Status.LAPSED,
}


def covers(record: Record, day: date) -> list[Cover]:
    """Terms and entitlements on record that day, joined where they touch or overlap."""
    spans = [(t.starts_on, t.ends_on) for t in record.terms if t.recorded_on <= day]
    spans += [(e.from_on, e.until_on) for e in record.entitlements if e.on_record(day)]
    joined: list[Cover] = []
    for first, last in sorted(spans, key=lambda span: (span[0], span[1] or date.max)):
        if last is not None and last < first:
            continue  # ended before it began
        before = joined[-1] if joined else None
        if before and (before.last is None or first <= later(before.last, 1)):
            ends = [before.last, last]
            joined[-1] = Cover(before.first, None if None in ends else max(filter(None, ends)))
        else:
            joined.append(Cover(first, last))
    return joined


def latest_cover(record: Record, day: date) -> Cover | None:
    """The cover of the day, else the last one before it."""
    begun = [cover for cover in covers(record, day) if cover.first <= day]
    return begun[-1] if begun else None


def _on_record(fact_on: date | None, day: date) -> bool:
    return fact_on is not None and fact_on <= day


class _Judge:
    """The rules, each a question about one record on one day: a reason where it matches."""

    def __init__(self, record: Record, policy: Statuses, day: date) -> None:
        self.record, self.policy, self.day = record, policy, day
        self.admitted = _on_record(record.admitted_on, day)
        self.cover = latest_cover(record, day) if self.admitted else None
        self.needed = record.registration_needed(day)
        self.held = [r for r in record.registrations if r.added_on <= day]
        known = ([c for c in r.checks if c.checked_on <= day] for r in self.held)
        self.last_checks = [checks[-1] for checks in known if checks]

    @property
    def last(self) -> date | None:
        return self.cover.last if self.cover else None

    def merged(self) -> str | None:
        return "merged" if _on_record(self.record.merged_on, self.day) else None

    def erased(self) -> str | None:
        return "erased" if _on_record(self.record.erased_on, self.day) else None

    def _ended(self, kind: EndingKind) -> str | None:
        return next((e.reason for e in self.record.endings if e.stands(kind, self.day)), None)

    def deceased(self) -> str | None:
        return self._ended(EndingKind.DECEASED)

    def removed(self) -> str | None:
        return self._ended(EndingKind.REMOVED)

    def withdrawn(self) -> str | None:
        return self._ended(EndingKind.WITHDRAWN)

    def declined(self) -> str | None:
        return self._ended(EndingKind.DECLINED)

    def suspended(self) -> str | None:
        if not self.admitted:
            return None
        if any(check.reason is RefusalReason.SUSPENDED for check in self.last_checks):
            return "registration_suspended"
        standing = (s.reason for s in self.record.suspensions if s.stands(self.day))
        return next(standing, None)

    def not_checked(self) -> str | None:
        """A member who needs no registration may add one without losing anything."""
        wanted = self.needed or (self.held and not self.admitted)
        return "registration_not_checked" if wanted and not self.last_checks else None

    def registration_refused(self) -> str | None:
        """Erased or suspended by one regulator is not made up for by another."""
        barring = (RefusalReason.ERASED, RefusalReason.SUSPENDED)
        barred = next((str(c.reason) for c in self.last_checks if c.reason in barring), None)
        if barred or any(check.outcome is Outcome.VERIFIED for check in self.last_checks):
            return barred
        if not self.needed and self.admitted:
            return None
        needless = () if self.needed else (RefusalReason.RELINQUISHED,)
        refused = (c.reason for c in self.last_checks if c.reason not in needless)
        return next((str(reason) for reason in refused), None)

    def not_admitted(self) -> str | None:
        if self.admitted:
            return None
        if any(review.open_on(self.day) for review in self.record.reviews):
            return "declaration_under_review"
        verified = any(check.outcome is Outcome.VERIFIED for check in self.last_checks)
        return "registration_verified" if verified else "registration_not_required"

    def covered(self) -> str | None:
        if not (self.admitted and self.cover and self.cover.includes(self.day)):
            return None
        if self.last is not None and self.policy.due_from(self.last) <= self.day:
            return None
        return "covered"

    def due(self) -> str | None:
        if not (self.admitted and self.cover and self.last and self.cover.includes(self.day)):
            return None
        return "renewal_due" if self.policy.due_from(self.last) <= self.day else None

    def grace(self) -> str | None:
        if not (self.admitted and self.last and self.last < self.day):
            return None
        return "cover_ended" if self.day < self.policy.lapses_on(self.last) else None

    def lapsed(self) -> str | None:
        if not self.admitted:
            return None
        if self.cover is None:
            return "never_covered"
        over = self.last is not None and self.policy.lapses_on(self.last) <= self.day
        return "grace_ended" if over else None


def standing(record: Record, policy: Statuses, day: date) -> Standing:
    """The status on a day, by the policy's order of rules: the first that matches decides."""
    judge = _Judge(record, policy, day)
    questions: dict[RuleName, Callable[[], str | None]] = {
        rule: getattr(judge, rule.value) for rule in RuleName
    }
    for rule in policy.rules:
        reason = questions[rule]()
        if reason is not None:
            return Standing(_STATUSES[rule], rule, reason, judge.last)
    raise AssertionError("no rule of standing matches")


def turning_points(record: Record, versions: Versions[Statuses], after: date) -> Iterator[date]:
    """The days after a day, in order, on which a standing could change by itself."""
    found = {version.effective_from for version in versions.all}
    found |= {record.admitted_on, record.merged_on, record.erased_on} - {None}  # type: ignore[arg-type]
    ends = [term.ends_on for term in record.terms] + [e.until_on for e in record.entitlements]
    for last in filter(None, ends):
        found.add(later(last, 1))
        for version in versions.all:
            found |= {version.policy.due_from(last), version.policy.lapses_on(last)}
    facts: tuple[tuple[Dated, ...], ...] = (
        record.terms,
        record.entitlements,
        record.suspensions,
        record.endings,
    )
    found |= {day for kind in facts for fact in kind for day in fact.days}
    for registration in record.registrations:
        found |= {check.checked_on for check in registration.checks}
    yield from sorted(day for day in found if day > after)


def next_change(
    record: Record, versions: Versions[Statuses], day: date
) -> tuple[date, Standing] | None:
    """When the status changes next if nothing else happens, and to what; None when it stays."""
    now = standing(record, versions.on(day).policy, day).status
    for coming in turning_points(record, versions, day):
        then = standing(record, versions.on(coming).policy, coming)
        if then.status is not now:
            return coming, then
    return None
