"""How an application for fellowship was decided: panel, trustees, and the clock beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.membership.domain.evidence import EvidenceItem
from services.membership.domain.terms import FellowshipOutcome


@dataclass(frozen=True)
class Conflict:
    """An interest for which somebody must not assess an application."""

    assessor_id: str
    reason: str
    declared_on: date


@dataclass(frozen=True)
class Panel:
    """What a panel of members recommends to the trustees."""

    assessors: tuple[str, ...]
    outcome: FellowshipOutcome
    reasons: str
    domains_met: tuple[str, ...]
    decided_on: date


@dataclass(frozen=True)
class Ruling:
    """What the trustees decided, and in which minute it stands."""

    outcome: FellowshipOutcome
    ratified_on: date
    minute: str


@dataclass(frozen=True)
class Round:
    """One way from submission, or an appeal on ``grounds``, to the trustees."""

    begun_on: date
    target_on: date
    grounds: str = ""
    panel: Panel | None = None
    ruling: Ruling | None = None

    def without_words(self) -> Round:
        """The same with nothing that anybody wrote."""
        panel, ruling = self.panel, self.ruling
        return replace(
            self,
            grounds="",
            panel=None if panel is None else replace(panel, reasons=""),
            ruling=None if ruling is None else replace(ruling, minute=""),
        )


@dataclass(frozen=True)
class Revalidation:
    """A confirmation of the award that was due on a day, with what was shown for it."""

    due_on: date
    revalidated_on: date
    revalidate_by: date
    notice_on: date
    evidence: tuple[EvidenceItem, ...]
    policy: str


@dataclass(frozen=True)
class Clock:
    """How long a decision has taken, and may take: from submission, or an appeal, to the trustees.

    ``days_left`` falls below 0 after the target. Before submission there are no days.
    """

    started_on: date | None = None
    target_on: date | None = None
    stopped_on: date | None = None
    days_elapsed: int = 0
    days_left: int | None = None
    overdue: bool = False

    @classmethod
    def of(cls, latest: Round, stopped_on: date | None, today: date) -> Clock:
        """The clock of a round, as of a day or of when it stopped."""
        day = today if stopped_on is None else stopped_on
        return cls(
            started_on=latest.begun_on,
            target_on=latest.target_on,
            stopped_on=stopped_on,
            days_elapsed=(day - latest.begun_on).days,
            days_left=(latest.target_on - day).days,
            overdue=day > latest.target_on,
        )
