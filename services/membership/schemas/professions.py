"""Questions and answers about professions on their way into the membership."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from services.membership.domain.decisions import Decision, Step
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.prices import Prices
from services.membership.domain.policies.professions import PilotLimits
from services.membership.domain.positions import (
    CaseState,
    Consultation,
    DualMembership,
    Position,
    Stance,
    Turn,
)
from services.membership.domain.professions import ProfessionCase
from services.membership.schemas.policies import PAGE_LIMIT
from shared.events import integer, text


@dataclass(frozen=True, kw_only=True)
class GetProfession:
    """Ask for the case of one profession."""

    code: str = text(60)


@dataclass(frozen=True, kw_only=True)
class FindProfessions:
    """Ask for the cases in a state, or for all, by code."""

    state: CaseState | None = None
    cursor: str | None = text(2_000, default=None)
    limit: int = integer(1, PAGE_LIMIT, default=50)


@dataclass(frozen=True)
class DualMembershipView:
    """What members of both bodies pay less; ``quotable`` says whether quotes take it off today.

    That is so when the price table in force has ``reduction`` with this percentage: then it is
    given as one of the ``reductions``.
    """

    percent: int
    reduction: str | None
    quotable: bool

    @classmethod
    def of(cls, terms: DualMembership, prices: Prices) -> Self:
        quotable = any(
            (each.code, each.percent) == (terms.reduction, terms.percent)
            for each in prices.reductions
        )
        return cls(terms.percent, terms.reduction, quotable)


@dataclass(frozen=True)
class PositionView:
    """What a professional body said; ``counts`` if it is its last word in this attempt."""

    body: str
    position: Stance
    recognises_membership: bool
    dual_membership: DualMembershipView | None
    statement: str
    recorded_on: date
    attempt: int
    counts: bool

    @classmethod
    def of(cls, said: Position, *, counts: bool, prices: Prices) -> Self:
        terms = said.dual_membership
        return cls(
            body=said.body,
            position=said.position,
            recognises_membership=said.recognises_membership,
            dual_membership=None if terms is None else DualMembershipView.of(terms, prices),
            statement=said.statement,
            recorded_on=said.recorded_on,
            attempt=said.attempt,
            counts=counts,
        )


@dataclass(frozen=True)
class DecisionView:
    """A decision, and the version of the policy on professions in force on its first day."""

    id: str
    step: Step
    effective_from: date
    decided_on: date
    limits: PilotLimits | None
    policy_version: str

    @classmethod
    def of(cls, made: Decision, book: PolicyBook) -> Self:
        return cls(
            id=made.id,
            step=made.step,
            effective_from=made.effective_from,
            decided_on=made.decided_on,
            limits=made.limits,
            policy_version=book.professions.on(made.effective_from).version,
        )


@dataclass(frozen=True)
class ProfessionView:
    """The case of a profession, and what the policy says of it today.

    ``admission`` is ``unknown`` where the policy does not name it, ``pilot`` are the limits in
    force. ``regulated`` says whether numbers of its registrants are known, ``required_positions``
    how many bodies must have been heard.
    """

    code: str
    title: str
    state: CaseState
    attempt: int
    rationale: str
    regulator: str | None
    regulated: bool
    admission: str
    policy_version: str
    pilot: PilotLimits | None
    places_taken: int
    consultation: Consultation | None
    required_positions: int
    positions: tuple[PositionView, ...]
    decisions: tuple[DecisionView, ...]
    history: tuple[Turn, ...]
    version: int

    @classmethod
    def of(cls, case: ProfessionCase, book: PolicyBook, today: date, *, regulated: bool) -> Self:
        now, prices = book.professions.on(today), book.prices.on(today).policy
        entry = now.policy.find(case.id)
        return cls(
            code=case.id,
            title=case.title,
            state=case.state,
            attempt=case.attempt,
            rationale=case.rationale,
            regulator=case.regulator,
            regulated=regulated,
            admission=entry.admission if entry else "unknown",
            policy_version=now.version,
            pilot=entry.pilot if entry else None,
            places_taken=len(case.places),
            consultation=case.consultation,
            required_positions=now.policy.required_positions,
            positions=tuple(
                PositionView.of(said, counts=said in case.counting, prices=prices)
                for said in case.positions
            ),
            decisions=tuple(DecisionView.of(made, book) for made in case.decisions),
            history=case.history,
            version=case.version,
        )


@dataclass(frozen=True)
class ProfessionSummary:
    """A case in short."""

    code: str
    title: str
    state: CaseState
    attempt: int
    since: date
    regulator: str | None
    closes_on: date | None
    bodies_heard: int
    places_taken: int

    @classmethod
    def of(cls, case: ProfessionCase) -> Self:
        return cls(
            code=case.id,
            title=case.title,
            state=case.state,
            attempt=case.attempt,
            since=case.history[-1].on,
            regulator=case.regulator,
            closes_on=case.consultation.closes_on if case.consultation else None,
            bodies_heard=len(case.counting),
            places_taken=len(case.places),
        )


@dataclass(frozen=True)
class ProfessionPage:
    """Some cases; ``next_cursor`` is null on the last page."""

    items: tuple[ProfessionSummary, ...]
    next_cursor: str | None
