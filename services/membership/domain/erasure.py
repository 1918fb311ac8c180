"""The erasure of a person, and the receipt for it: what each service erased and kept, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.membership.domain.deadlines import due_on
from services.membership.domain.exports import OWN, wanting
from services.membership.domain.retention import Cause
from services.membership.domain.terms import Nation
from shared.errors import Invalid
from shared.events import Aggregate

# What membership keeps, as codes: the reasons are in the README.
KEPT = ("account_without_references", "address_hash", "awards", "grade_and_dates", "receipt")


class ErasureState(StrEnum):
    """How far an erasure has come; one that was given up is as if it had not been asked for."""

    ERASING = "erasing"
    ACKNOWLEDGING = "acknowledging"
    COMPLETE = "complete"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Acknowledgement:
    """What a service erased of one record, as numbers by kind, and what it keeps, as codes."""

    service: str
    member_id: str
    erased: dict[str, int]
    kept: tuple[str, ...]
    acknowledged_on: date


@dataclass
class Erasure(Aggregate):
    """One person's erasure; a person is erased once.

    Until membership's own part is done ``pseudonyms`` are those under which stages of selection are
    kept: the members' records, in which they stood, may be without them by then. ``merged`` are the
    records that were merged into the person's, of which each service has to be done as well.
    """

    id: str
    member_id: str
    cause: Cause
    by: str
    reason: str
    received_on: date
    requested_on: date
    due_on: date
    forced: bool = False
    state: ErasureState = ErasureState.ERASING
    pseudonyms: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    completed_on: date | None = None

    @classmethod
    def ask(
        cls,
        id: str,
        member_id: str,
        nation: Nation,
        pseudonyms: tuple[str, ...],
        *,
        cause: Cause,
        by: str,
        reason: str,
        received_on: date,
        today: date,
        forced: bool = False,
    ) -> Erasure:
        """Begin; raises Invalid naming ``received_on``."""
        if received_on > today:
            reasons = {"received_on": ["Must not be in the future."]}
            raise Invalid("It cannot have been received yet.", fields=reasons)
        return cls(
            id=id,
            member_id=member_id,
            cause=cause,
            by=by,
            reason=reason,
            received_on=received_on,
            requested_on=today,
            due_on=due_on(received_on, nation),
            forced=forced,
            pseudonyms=pseudonyms,
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The services that have not said that they are done."""
        said = {(each.service, each.member_id) for each in self.acknowledgements}
        return wanting(self.member_id, self.merged, said)

    def finish(self, records: Sequence[str], erased: Mapping[str, int], today: date) -> None:
        """Membership itself is done with these records; once however often it is said."""
        if self.state is ErasureState.ERASING:
            self.pseudonyms, self.state = (), ErasureState.ACKNOWLEDGING
            self.merged = tuple(each for each in records if each != self.member_id)
            self.acknowledge(OWN, self.member_id, erased, KEPT, today)

    def give_up(self) -> None:
        """The person may not be erased after all, because membership has gone on meanwhile."""
        if self.state is ErasureState.ERASING:
            self.pseudonyms, self.state = (), ErasureState.GIVEN_UP

    def acknowledge(
        self,
        service: str,
        member_id: str,
        erased: Mapping[str, int],
        kept: tuple[str, ...],
        today: date,
    ) -> None:
        """Note what a service says it did; the first time it says so counts."""
        before = {(each.service, each.member_id) for each in self.acknowledgements}
        if (service, member_id) not in before:
            said = Acknowledgement(service, member_id, dict(erased), kept, today)
            self.acknowledgements = (*self.acknowledgements, said)
        if self.state is ErasureState.ACKNOWLEDGING and not self.missing:
            self.state, self.completed_on = ErasureState.COMPLETE, today
