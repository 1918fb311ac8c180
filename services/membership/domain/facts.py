"""What is put on record of a membership: dated facts, each with the day it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.membership.domain.calendar import later
from services.membership.domain.terms import EndingKind, EntitlementKind, ReviewOutcome


@dataclass(frozen=True)
class Term:
    """A stretch of membership by subscription; ``ends_on`` is its last day, None for life."""

    starts_on: date
    ends_on: date | None
    grade: str
    fee_pence: int
    recorded_on: date
    policies: dict[str, str]

    @property
    def days(self) -> Iterator[date]:
        yield from (self.starts_on, self.recorded_on)


@dataclass(frozen=True)
class Entitlement:
    """Cover from elsewhere, such as an organisation's seat; ``until_on`` is its last day.

    ``replaced_on`` is the day from which it no longer counts, because it was given other dates.
    """

    kind: EntitlementKind
    source_id: str
    from_on: date
    recorded_on: date
    until_on: date | None = None
    replaced_on: date | None = None

    def on_record(self, day: date) -> bool:
        """Whether it was known on a day, with these dates."""
        return self.recorded_on <= day and (self.replaced_on is None or day < self.replaced_on)

    @property
    def days(self) -> Iterator[date]:
        yield from (self.from_on, self.recorded_on)
        if self.replaced_on:
            yield self.replaced_on


@dataclass(frozen=True)
class Requirement:
    """Whether a registration was needed, up to the day before ``until``, when that changed."""

    needed: bool
    until: date


@dataclass(frozen=True)
class Suspension:
    """A suspension by the body itself; one that follows from a register is not recorded here."""

    from_on: date
    reason: str
    recorded_on: date
    until_on: date | None = None

    def stands(self, day: date) -> bool:
        begun = max(self.from_on, self.recorded_on) <= day
        return begun and (self.until_on is None or day <= self.until_on)

    @property
    def days(self) -> Iterator[date]:
        yield from (self.from_on, self.recorded_on)
        if self.until_on:
            yield later(self.until_on, 1)


@dataclass(frozen=True)
class Ending:
    """How and when it ended; ``reversed_on`` is the day from which it no longer counts."""

    kind: EndingKind
    on: date
    reason: str
    recorded_on: date
    reversed_on: date | None = None

    def stands(self, kind: EndingKind, day: date) -> bool:
        begun = max(self.on, self.recorded_on) <= day
        return self.kind is kind and begun and (self.reversed_on is None or day < self.reversed_on)

    @property
    def days(self) -> Iterator[date]:
        yield from (self.on, self.recorded_on)
        if self.reversed_on:
            yield self.reversed_on


@dataclass(frozen=True)
class Posting:
    """An entry of the account, in pence: what is owed is negative, what was paid positive."""

    on: date
    pence: int
    what: str
    reference: str


@dataclass(frozen=True)
class Review:
    """A declared or registered sanction before the committee; open until there is an outcome."""

    id: str
    registration_key: str
    opened_on: date
    source: str
    detail: str = ""
    outcome: ReviewOutcome | None = None
    decided_on: date | None = None
    decided_by: str = ""
    reason: str = ""

    def open_on(self, day: date) -> bool:
        """Whether the committee had still to decide at the end of a day."""
        return self.opened_on <= day and (self.decided_on is None or day < self.decided_on)
