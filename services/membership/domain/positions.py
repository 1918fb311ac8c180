"""What is put on record of a profession's way: its states, the consultation, what bodies said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.events import integer, text


class CaseState(StrEnum):
    """How far a profession has come."""

    PROPOSED = "proposed"
    CONSULTING = "consulting"
    PILOT = "pilot"
    ADMITTED = "admitted"
    REFUSED = "refused"


class Stance(StrEnum):
    """The position of a professional body; ``conditions`` are said in its statement."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    NEUTRAL = "neutral"
    CONDITIONS = "conditions"


@dataclass(frozen=True)
class Turn:
    """A state that was reached, and why."""

    state: CaseState
    on: date
    attempt: int
    reason: str = ""


@dataclass(frozen=True)
class Consultation:
    """Open from a first to a last day."""

    opened_on: date
    closes_on: date

    def closed(self, today: date) -> bool:
        return self.closes_on < today


@dataclass(frozen=True, kw_only=True)
class DualMembership:
    """What members of both bodies pay less, in per cent of the fee.

    ``reduction`` is the code in the price table under which it is taken off in quotes.
    """

    percent: int = integer(1, 100)
    reduction: str | None = text(40, default=None)


@dataclass(frozen=True)
class Position:
    """What a professional body said; without ``dual_membership`` nothing was agreed."""

    body: str
    position: Stance
    recognises_membership: bool
    dual_membership: DualMembership | None
    statement: str
    recorded_on: date
    attempt: int

    @property
    def key(self) -> str:
        """The same for one body, however its name was typed."""
        return " ".join(self.body.casefold().split())
