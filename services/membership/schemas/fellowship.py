"""Questions and answers about fellowship.

Who the referees are, what they wrote, and who assesses is for staff: in what an applicant is
answered those fields are null or empty, and so is what a panel recommends until it is ratified.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.membership.domain.dossier import Referee
from services.membership.domain.evidence import EvidenceItem, Shortfall
from services.membership.domain.fellowship import Fellowship
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.rounds import Clock, Conflict, Panel, Revalidation, Round
from services.membership.domain.terms import FellowshipOutcome, FellowshipState
from shared.events import integer, text

PAGE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class GetFellowship:
    """Ask for an application; with ``member_id`` as that applicant may see it."""

    fellowship_id: str = text(64)
    member_id: str | None = text(64, default=None)


@dataclass(frozen=True, kw_only=True)
class FindFellowships:
    """Ask for applications that fit all that is given.

    ``overdue`` are those not decided by their target; they come in the order of it, all others in
    that in which they were begun.
    """

    member_id: str | None = text(64, default=None)
    state: FellowshipState | None = None
    level: str | None = text(40, default=None)
    overdue: bool = False
    cursor: str | None = None
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class ReferenceView:
    """A reference that has come in; what it says is for staff."""

    received_on: date
    supportive: bool | None
    text: str | None


@dataclass(frozen=True)
class RefereeView:
    """A referee; name and address are for staff."""

    referee_id: str
    name: str | None
    email: str | None
    relationship: str
    nominated_on: date
    withdrawn_on: date | None
    reference: ReferenceView | None

    @classmethod
    def of(cls, referee: Referee) -> Self:
        came = referee.reference
        shown = (
            None if came is None else ReferenceView(came.received_on, came.supportive, came.text)
        )
        return cls(
            referee_id=referee.referee_id,
            name=referee.name,
            email=referee.email,
            relationship=referee.relationship,
            nominated_on=referee.nominated_on,
            withdrawn_on=referee.withdrawn_on,
            reference=shown,
        )

    def for_applicant(self) -> Self:
        came = self.reference and replace(self.reference, supportive=None, text=None)
        return replace(self, name=None, email=None, reference=came)


@dataclass(frozen=True)
class RoundView:
    """One way to the trustees, from submission or from an appeal on ``grounds``."""

    begun_on: date
    target_on: date
    grounds: str
    panel: Panel | None
    outcome: FellowshipOutcome | None
    ratified_on: date | None
    minute: str | None

    @classmethod
    def of(cls, each: Round) -> Self:
        ruling = each.ruling
        return cls(
            begun_on=each.begun_on,
            target_on=each.target_on,
            grounds=each.grounds,
            panel=each.panel,
            outcome=None if ruling is None else ruling.outcome,
            ratified_on=None if ruling is None else ruling.ratified_on,
            minute=None if ruling is None else ruling.minute,
        )

    def for_applicant(self) -> Self:
        told = self.panel if self.ratified_on else None
        return replace(self, panel=told and replace(told, assessors=()), minute=None)


@dataclass(frozen=True)
class FellowshipView:
    """An application with all that belongs to it, as of today.

    ``missing`` says what a draft lacks. ``appeal_by`` is there while an appeal is possible or its
    time has just passed. ``policies`` are the versions it is judged by.
    """

    fellowship_id: str
    member_id: str
    level: str
    route: str
    state: FellowshipState
    started_on: date
    submitted_on: date | None
    withdrawn_on: date | None
    appeal_by: date | None
    clock: Clock
    evidence: tuple[EvidenceItem, ...]
    referees: tuple[RefereeView, ...]
    missing: tuple[Shortfall, ...]
    rounds: tuple[RoundView, ...]
    conflicts: tuple[Conflict, ...]
    revalidations: tuple[Revalidation, ...]
    policies: dict[str, str]

    @classmethod
    def of(
        cls, kept: Fellowship, missing: Iterable[Shortfall], book: PolicyBook, today: date
    ) -> Self:
        return cls(
            fellowship_id=kept.id,
            member_id=kept.member_id,
            level=kept.level,
            route=kept.route,
            state=kept.state,
            started_on=kept.started_on,
            submitted_on=kept.submitted_on,
            withdrawn_on=kept.withdrawn_on,
            appeal_by=kept.appeal_by(book),
            clock=kept.clock(today),
            evidence=kept.evidence,
            referees=tuple(map(RefereeView.of, kept.referees)),
            missing=tuple(missing),
            rounds=tuple(map(RoundView.of, kept.rounds)),
            conflicts=kept.conflicts,
            revalidations=kept.revalidations,
            policies=kept.policies,
        )

    def for_applicant(self) -> Self:
        """The same without what is for staff."""
        return replace(
            self,
            referees=tuple(referee.for_applicant() for referee in self.referees),
            rounds=tuple(each.for_applicant() for each in self.rounds),
            conflicts=(),
        )


@dataclass(frozen=True)
class FellowshipSummary:
    """An application in a list; ``references`` have come in."""

    fellowship_id: str
    member_id: str
    level: str
    route: str
    state: FellowshipState
    started_on: date
    submitted_on: date | None
    clock: Clock
    references: int

    @classmethod
    def of(cls, kept: Fellowship, today: date) -> Self:
        return cls(
            fellowship_id=kept.id,
            member_id=kept.member_id,
            level=kept.level,
            route=kept.route,
            state=kept.state,
            started_on=kept.started_on,
            submitted_on=kept.submitted_on,
            clock=kept.clock(today),
            references=kept.references,
        )


@dataclass(frozen=True)
class FellowshipPage:
    """Some applications; ``next_cursor`` is null on the last page."""

    items: tuple[FellowshipSummary, ...]
    next_cursor: str | None
