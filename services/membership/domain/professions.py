"""A profession on its way into the membership: proposed, consulted about, in a pilot, admitted.

    case = ProfessionCase.propose("pharmacy_assistant", "Pharmacy assistant", "...", None, today)
    case.open_consultation(closes_on, today)

It may be refused at any point before it is admitted, and proposed again after that, which is the
next *attempt*, with a consultation of its own. What the policy on professions must say follows from
the decisions on record here, as ``domain.enacting`` derives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.membership.domain.decisions import Decision, Step
from services.membership.domain.policies.professions import PilotLimits
from services.membership.domain.positions import (
    CaseState,
    Consultation,
    DualMembership,
    Position,
    Stance,
    Turn,
)
from services.membership.errors import (
    ConsultationNotClosed,
    PositionsMissing,
    ProfessionNotAdmitted,
    ProfessionOutOfOrder,
)
from services.membership.events import (
    ProfessionAdmitted,
    ProfessionConsultationOpened,
    ProfessionPilotStarted,
    ProfessionPositionRecorded,
    ProfessionProposed,
    ProfessionRefused,
)
from shared.errors import Invalid
from shared.events import Aggregate


@dataclass
class ProfessionCase(Aggregate):
    """One profession; ``id`` is its code.

    ``places`` is the ledger of its pilot: who has a place, and the day on which it was last asked
    for. It is kept whatever the state is: whether there is a pilot is said by the policy in force.
    """

    id: str
    title: str
    rationale: str
    regulator: str | None = None
    state: CaseState = CaseState.PROPOSED
    attempt: int = 1
    history: tuple[Turn, ...] = ()
    consultation: Consultation | None = None
    positions: tuple[Position, ...] = ()
    decisions: tuple[Decision, ...] = ()
    places: dict[str, date] = field(default_factory=dict)

    @classmethod
    def propose(
        cls, code: str, title: str, rationale: str, regulator: str | None, today: date
    ) -> ProfessionCase:
        """A profession that was not proposed before."""
        case = cls(code, title, rationale, regulator)
        case._proposed(today)
        return case

    @classmethod
    def adopt(cls, code: str, title: str, today: date) -> ProfessionCase:
        """The case of a pilot that a policy made by hand has begun; there was no consultation."""
        case = cls(code, title, "Begun by a version of the policy on professions.", None)
        case._reach(CaseState.PILOT, today, case.rationale)
        return case

    def propose_again(self, title: str, rationale: str, regulator: str | None, today: date) -> None:
        """The next attempt after a refusal."""
        self._require(CaseState.REFUSED)
        self.title, self.rationale, self.regulator = title, rationale, regulator
        self.attempt, self.consultation = self.attempt + 1, None
        self._proposed(today)

    def open_consultation(self, closes_on: date, opened_on: date, today: date) -> None:
        """Ask the professional bodies; one that was held already is entered with both its days.

        A pilot that the policy has begun without one goes on meanwhile.
        """
        adopted = self.state is CaseState.PILOT and self.consultation is None
        if not adopted:
            self._require(CaseState.PROPOSED)
        if opened_on > today:
            raise Invalid("Not yet.", fields={"opened_on": ["Must not be in the future."]})
        if closes_on < opened_on:
            reason = "Must not be before it opens, which without opened_on is today."
            raise Invalid("Closes too early.", fields={"closes_on": [reason]})
        self.consultation = Consultation(opened_on, closes_on)
        if not adopted:
            self._reach(CaseState.CONSULTING, today)
        self.record(
            ProfessionConsultationOpened(
                profession=self.id, opened_on=opened_on, closes_on=closes_on
            )
        )

    def record_position(
        self,
        body: str,
        position: Stance,
        *,
        recognises_membership: bool,
        dual_membership: DualMembership | None,
        statement: str,
        recorded_on: date,
        today: date,
    ) -> None:
        """Put on record what a body says; of several things that it said the last one counts."""
        self._require(CaseState.CONSULTING, CaseState.PILOT)
        if self.consultation is None:
            raise self._out_of_order(CaseState.CONSULTING)
        if not self.consultation.opened_on <= recorded_on <= today:
            reason = f"Must be from {self.consultation.opened_on}, when it opened, to today."
            raise Invalid("Not a day of it.", fields={"recorded_on": [reason]})
        said = Position(
            body=" ".join(body.split()),
            position=position,
            recognises_membership=recognises_membership,
            dual_membership=dual_membership,
            statement=statement,
            recorded_on=recorded_on,
            attempt=self.attempt,
        )
        self.positions = (*self.positions, said)
        self.record(
            ProfessionPositionRecorded(
                profession=self.id,
                body=said.body,
                position=position,
                recognises_membership=recognises_membership,
                recorded_on=recorded_on,
            )
        )

    @property
    def counting(self) -> tuple[Position, ...]:
        """The last position of each body in this attempt."""
        last = {said.key: said for said in self.positions if said.attempt == self.attempt}
        return tuple(last.values())

    def start_pilot(
        self, limits: PilotLimits, effective_from: date, required_positions: int, today: date
    ) -> None:
        """Let people of the profession join within limits; nobody has a place yet."""
        self._require(CaseState.CONSULTING)
        self._require_heard(required_positions, today)
        self._require_to_come(effective_from, today)
        if limits.until < effective_from:
            reason = f"Must not be before {effective_from}, when the pilot begins."
            raise Invalid("Over too early.", fields={"limits.until": [reason]})
        self.places = {}
        self._decide(Step.PILOT, effective_from, today, limits)
        self._reach(CaseState.PILOT, today)
        self.record(
            ProfessionPilotStarted(
                profession=self.id,
                effective_from=effective_from,
                until=limits.until,
                places=limits.places,
                nations=limits.nations,
                career_stages=limits.career_stages,
            )
        )

    def admit(self, effective_from: date, required_positions: int, today: date) -> None:
        """Open membership to the profession, after a pilot or without one."""
        self._require(CaseState.CONSULTING, CaseState.PILOT)
        self._require_heard(required_positions, today)
        self._require_to_come(effective_from, today)
        self._decide(Step.ADMITTED, effective_from, today)
        self._reach(CaseState.ADMITTED, today)
        self.record(ProfessionAdmitted(profession=self.id, effective_from=effective_from))

    def refuse(self, reason: str, today: date) -> None:
        """Keep membership closed to the profession; a pilot ends today."""
        self._require(CaseState.PROPOSED, CaseState.CONSULTING, CaseState.PILOT)
        if self.state is CaseState.PILOT:
            self._decide(Step.REFUSED, today, today)
        self._reach(CaseState.REFUSED, today, reason)
        self.record(ProfessionRefused(profession=self.id, refused_on=today))

    def take_place(self, member_id: str, places: int, today: date) -> None:
        """Give a place to somebody who has none; raises ProfessionNotAdmitted when none is left."""
        if member_id not in self.places and len(self.places) >= places:
            raise ProfessionNotAdmitted(profession=self.id, reason="pilot_full")
        self.places = {**self.places, member_id: today}

    def give_back(self, places: Mapping[str, date]) -> None:
        """Let others have these places, unless they were asked for again since."""
        self.places = {
            member_id: day for member_id, day in self.places.items() if places.get(member_id) != day
        }

    def _proposed(self, today: date) -> None:
        self._reach(CaseState.PROPOSED, today, self.rationale)
        self.record(
            ProfessionProposed(profession=self.id, regulator=self.regulator, proposed_on=today)
        )

    def _reach(self, state: CaseState, today: date, reason: str = "") -> None:
        self.state = state
        self.history = (*self.history, Turn(state, today, self.attempt, reason))

    def _decide(
        self, step: Step, effective_from: date, today: date, limits: PilotLimits | None = None
    ) -> None:
        number = 1 + sum(decision.step is step for decision in self.decisions)
        id = Decision.name(self.id, step, number)
        made = Decision(id, self.id, self.title, step, effective_from, today, limits)
        self.decisions = (*self.decisions, made)

    def _require(self, *states: CaseState) -> None:
        if self.state not in states:
            raise self._out_of_order(*states)

    def _out_of_order(self, *states: CaseState) -> ProfessionOutOfOrder:
        return ProfessionOutOfOrder(
            profession=self.id, state=self.state.value, possible_in=[each.value for each in states]
        )

    def _require_heard(self, required_positions: int, today: date) -> None:
        if self.consultation is None or not self.consultation.closed(today):
            closes = self.consultation.closes_on.isoformat() if self.consultation else None
            raise ConsultationNotClosed(profession=self.id, closes_on=closes)
        if len(self.counting) < required_positions:
            raise PositionsMissing(
                profession=self.id, recorded=len(self.counting), required=required_positions
            )

    @staticmethod
    def _require_to_come(effective_from: date, today: date) -> None:
        if effective_from < today:
            reason = "Must not be in the past."
            raise Invalid("Too late.", fields={"effective_from": [reason]})
