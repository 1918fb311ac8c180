"""What an applicant for fellowship shows: what it is, how old it may be, and what is still missing.

Ages count back from the day on which evidence is handed in, by calendar months: on 29 February
2028, twelve months ago was 28 February 2027.

>>> too_old(date(2027, 2, 28), 12, date(2028, 2, 29))
False
>>> too_old(date(2027, 2, 27), 12, date(2028, 2, 29))
True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from services.membership.domain.calendar import corresponding_date, later, whole_months
from services.membership.domain.policies.fellowship import (
    EvidenceKind,
    FellowshipLevel,
    FellowshipRules,
)
from services.membership.domain.policies.standards import Standards
from services.membership.domain.terms import EvidenceUse
from shared.events import items, text

Faults = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class EvidenceGiven:
    """Evidence as it is given; ``dated`` is the day it is from, or was signed off.

    Of what is done for a time ``from_on`` and ``until_on`` are the first and the last day; without
    a last day it is still being done.
    """

    kind: str = text(40, description="A code of the policy on fellowship, e.g. appraisal.")
    title: str = text(200)
    dated: date
    behaviours: tuple[str, ...] = items(
        50, default=(), description="Codes of the standards that it shows, e.g. team.1."
    )
    description: str = text(4_000, min_length=0, default="")
    signed_off_by: str | None = text(200, default=None)
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class EvidenceItem(EvidenceGiven):
    """Evidence as it is kept."""

    evidence_id: str
    added_on: date

    @classmethod
    def of(cls, given: EvidenceGiven, evidence_id: str, today: date) -> Self:
        """What was given, with an id."""
        plain = {each.name: getattr(given, each.name) for each in fields(EvidenceGiven)}
        return cls(evidence_id=evidence_id, added_on=today, **plain)

    def served_until(self, day: date) -> tuple[date, date] | None:
        """The first and last day of its time, as far as it has passed; None for none."""
        last = min(self.until_on or day, day)
        return (self.from_on, last) if self.from_on and self.from_on <= last else None


@dataclass(frozen=True)
class Shortfall:
    """Something without which an application is not complete.

    ``what`` is ``domain``, ``evidence``, ``experience``, ``referees`` or ``referee``; ``of`` says
    which one, and ``reason`` is a code.
    """

    what: str
    of: str
    reason: str


def evidence_faults(
    given: EvidenceGiven, rules: FellowshipRules, standards: Standards, today: date
) -> Faults:
    """What is wrong with evidence in itself, by field; empty when all is well."""
    faults: Faults = {}
    kind = rules.find_kind(given.kind)
    if kind is None:
        faults["kind"] = [f"Must be one of: {', '.join(each.code for each in rules.evidence)}."]
    for name in ("dated", "from_on", "until_on"):
        day = getattr(given, name)
        if day is not None and day > today:
            faults[name] = ["Must not be in the future."]
    if given.from_on and given.until_on and given.until_on < given.from_on:
        faults["until_on"] = ["Must not be before from_on."]
    seen: set[str] = set()
    for index, code in enumerate(given.behaviours):
        if code not in standards.codes:
            reason = f"There is no such behaviour in the {standards.edition} of the standards."
            faults[f"behaviours.{index}"] = [reason]
        elif code in seen:
            faults[f"behaviours.{index}"] = ["Named before."]
        seen.add(code)
    return faults if kind is None else {**faults, **_kind_faults(given, kind)}


def _kind_faults(given: EvidenceGiven, kind: EvidenceKind) -> Faults:
    faults: Faults = {}
    if kind.signed_off and not (given.signed_off_by or "").strip():
        faults["signed_off_by"] = ["Evidence of this kind has to be signed off."]
    if kind.period and given.from_on is None:
        faults["from_on"] = ["Evidence of this kind says since when."]
    for name in ("from_on", "until_on"):
        if not kind.period and getattr(given, name) is not None:
            faults[name] = ["Evidence of this kind has no first or last day."]
    return faults


def too_old(dated: date, max_age_months: int | None, on: date) -> bool:
    """Whether something dated so is older than a number of calendar months on a day."""
    return max_age_months is not None and dated < corresponding_date(on, -max_age_months)


def weakness(item: EvidenceItem, rules: FellowshipRules, on: date) -> str | None:
    """Why evidence does not count on a day, as a code; None when it counts."""
    kind = rules.find_kind(item.kind)
    if kind is None:
        return "no_such_kind"
    if kind.signed_off and not item.signed_off_by:
        return "not_signed_off"
    return "too_old" if too_old(item.dated, kind.max_age_months, on) else None


def counting(
    evidence: Iterable[EvidenceItem], rules: FellowshipRules, on: date
) -> tuple[EvidenceItem, ...]:
    """The evidence that counts on a day."""
    return tuple(item for item in evidence if weakness(item, rules, on) is None)


def kinds_missing(
    evidence: Sequence[EvidenceItem], rules: FellowshipRules, use: EvidenceUse, on: date
) -> Iterator[Shortfall]:
    """The kinds that are needed and of which none counts, with why the last of them does not."""
    for kind in rules.required(use):
        weak = [weakness(item, rules, on) for item in evidence if item.kind == kind.code]
        if None not in weak:
            yield Shortfall("evidence", kind.code, str(weak[-1]) if weak else "missing")


def level_missing(
    evidence: Iterable[EvidenceItem],
    level: FellowshipLevel,
    rules: FellowshipRules,
    standards: Standards,
    on: date,
) -> Iterator[Shortfall]:
    """The domains of a level that are not shown, and the experience that is too short."""
    counted = counting(evidence, rules, on)
    shown = {code for item in counted for code in item.behaviours}
    domains = {each.domain for each in standards.behaviours if each.code in shown}
    for domain in level.domains:
        if domain not in domains:
            yield Shortfall("domain", domain, "not_evidenced")
    if level.experience is not None:
        served = [item for item in counted if item.kind == level.experience]
        if experience_months(served, on) < level.experience_months:
            yield Shortfall("experience", level.experience, "too_short" if served else "missing")


def experience_months(evidence: Iterable[EvidenceItem], on: date) -> int:
    """Whole months up to a day; times that overlap count once, and those that touch are one."""
    spans = sorted(filter(None, (item.served_until(on) for item in evidence)))
    joined: list[tuple[date, date]] = []
    for first, last in spans:
        if joined and first <= later(joined[-1][1], 1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return sum(whole_months(first, last) for first, last in joined)
