"""A round of offers: planned, approved by one person, released by another, taken back by two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.programmes.domain.gate import Finding, blocking
from services.programmes.domain.matching import Method
from services.programmes.errors import (
    ReasonNeeded,
    ReleaseBlocked,
    RoundReversed,
    SecondPersonNeeded,
    WrongRoundState,
)
from services.programmes.events import RoundProposed, RoundReleased
from services.programmes.events import RoundReversed as RoundReversedEvent
from shared.events import Aggregate


class RoundState(StrEnum):
    """How far a round has come; ``releasing`` and ``reversing`` are completed by the clock."""

    PREPARED = "prepared"
    APPROVED = "approved"
    RELEASING = "releasing"
    RELEASED = "released"
    REVERSING = "reversing"
    REVERSED = "reversed"
    DISCARDED = "discarded"


UNDER_WAY = frozenset(
    {RoundState.PREPARED, RoundState.APPROVED, RoundState.RELEASING, RoundState.REVERSING}
)


@dataclass(frozen=True)
class Line:
    """An offer that a round would make; ``replaces`` is the offer that it would improve on.

    ``choice`` is which tier of the applicant's preferences the post is in, 1 being the first.
    """

    application_id: str
    member_id: str
    post_id: str
    rank: int
    choice: int
    why: str
    replaces: str | None = None


@dataclass(frozen=True)
class Skipped:
    """An applicant who gets nothing by a round though otherwise they would, and why."""

    application_id: str
    reason: str


NO_PLACE = "no_place"


@dataclass
class OfferRound(Aggregate):
    """The lines of a round in selection order, and who had which part in it.

    ``kept`` are the applications of the lines that are carried out, decided once when the release
    begins, less those for which there is no place any more; ``number`` counts the rounds of a
    cohort, discarded ones too.
    """

    id: str
    cohort_id: str
    number: int
    method: Method
    digest: str
    """Of the ranking and the preferences that it was planned by."""
    state: RoundState
    lines: tuple[Line, ...]
    skipped: tuple[Skipped, ...]
    prepared_by: str
    prepared_at: datetime
    match_id: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    released_by: str | None = None
    released_at: datetime | None = None
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    """What the gate found when it was released."""
    kept: tuple[str, ...] | None = None
    dropped: tuple[Skipped, ...] = field(default_factory=tuple)
    reversal_by: str | None = None
    reversal_at: datetime | None = None
    reversed_by: str | None = None
    reversed_at: datetime | None = None
    spared: tuple[Skipped, ...] = field(default_factory=tuple)
    """Whose offers were not taken back, as a placement had begun meanwhile."""

    def propose(self, shortlisted: Sequence[str]) -> None:
        """Tell whom it would make offers to, and who all was shortlisted, by member id."""
        members = tuple(line.member_id for line in self.lines)
        self.record(RoundProposed(self.id, self.cohort_id, members, tuple(shortlisted)))

    @property
    def carried_out(self) -> tuple[Line, ...]:
        """The lines that are carried out; none before the release began."""
        kept = frozenset(self.kept or ())
        return tuple(line for line in self.lines if line.application_id in kept)

    def discard(self) -> None:
        """Give up what was not released; raises WrongRoundState and RoundReversed."""
        if self.state is not RoundState.DISCARDED:
            self._require(RoundState.PREPARED, RoundState.APPROVED)
            self.state = RoundState.DISCARDED

    def approve(self, by: str, now: datetime) -> None:
        """One person has looked at it; raises WrongRoundState and RoundReversed."""
        self._require(RoundState.PREPARED)
        self.state, self.approved_by, self.approved_at = RoundState.APPROVED, by, now

    def start_release(
        self, by: str, reason: str, findings: Sequence[Finding], now: datetime
    ) -> None:
        """Another person lets the offers be made.

        Doing so again goes on where it was cut off. Raises WrongRoundState, RoundReversed,
        SecondPersonNeeded, ReleaseBlocked and ReasonNeeded.
        """
        if self.state is RoundState.RELEASING and by == self.released_by:
            return
        self._require(RoundState.APPROVED)
        earlier = {self.prepared_by, self.approved_by}
        if by in earlier:
            raise SecondPersonNeeded(by=sorted(filter(None, earlier)))
        if found := [each.code.value for each in findings if blocking(each)]:
            raise ReleaseBlocked(findings=found)
        if findings and not reason.strip():
            raise ReasonNeeded(findings=[each.code.value for each in findings])
        self.findings = tuple(findings)
        self.state, self.released_by, self.released_at = RoundState.RELEASING, by, now

    def decide(self, kept: Sequence[str], dropped: Sequence[Skipped]) -> None:
        """Which lines are carried out; what was decided before stays."""
        if self.state is RoundState.RELEASING and self.kept is None:
            self.kept, self.dropped = tuple(kept), tuple(dropped)

    def drop(self, application_ids: Collection[str]) -> None:
        """There are no places any more for what was to be carried out."""
        if self.state is RoundState.RELEASING and self.kept is not None:
            gone = [id for id in self.kept if id in application_ids]
            self.kept = tuple(id for id in self.kept if id not in gone)
            self.dropped = (*self.dropped, *(Skipped(id, NO_PLACE) for id in gone))

    def finish_release(self) -> None:
        """Every offer is made."""
        if self.state is RoundState.RELEASING and self.released_at is not None:
            self.state = RoundState.RELEASED
            made = len(self.kept or ())
            self.record(RoundReleased(self.id, self.cohort_id, self.number, made, self.released_at))

    def request_reversal(self, by: str, now: datetime) -> None:
        """One person wants all of it taken back; raises WrongRoundState and RoundReversed."""
        self._require(RoundState.RELEASED)
        self.reversal_by, self.reversal_at = by, now

    def start_reversal(self, by: str, now: datetime) -> None:
        """Another person agrees; doing so again goes on where it was cut off.

        Raises WrongRoundState, RoundReversed and SecondPersonNeeded.
        """
        if self.state is RoundState.REVERSING and by == self.reversed_by:
            return
        self._require(RoundState.RELEASED)
        if self.reversal_by is None:
            raise WrongRoundState(
                "Its reversal was not requested; request_reversal comes first, by somebody else.",
                round_id=self.id,
                state=self.state.value,
                needed=[RoundState.RELEASED.value],
            )
        if by == self.reversal_by:
            raise SecondPersonNeeded(by=[by])
        self.state, self.reversed_by, self.reversed_at = RoundState.REVERSING, by, now

    def finish_reversal(self, spared: Sequence[Skipped]) -> None:
        """Every offer is taken back but these."""
        if self.state is RoundState.REVERSING and self.reversed_at is not None:
            self.state, self.spared = RoundState.REVERSED, tuple(spared)
            self.record(RoundReversedEvent(self.id, self.cohort_id, self.number, self.reversed_at))

    def _require(self, *states: RoundState) -> None:
        if self.state in states:
            return
        if self.state in {RoundState.REVERSING, RoundState.REVERSED}:
            since = self.reversed_at.isoformat() if self.reversed_at else None
            raise RoundReversed(round_id=self.id, since=since)
        raise WrongRoundState(
            round_id=self.id, state=self.state.value, needed=[each.value for each in states]
        )
