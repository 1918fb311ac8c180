"""Sheets of marks that were given elsewhere: their versions, and what is odd about them.

A rank column imported as scores has turned a national selection upside down. So a column says what
it is, one that is odd, or that nothing shows the right way up, is held until somebody else confirms
it, and one that is said to hold scores but looks like ranks is not taken at all, unless somebody
else overrides that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from services.programmes.domain.marks import ColumnKind, SheetOfMarks
from services.programmes.domain.parts import INTERVIEW
from services.programmes.domain.selection_rules import SelectionRules
from services.programmes.domain.suspicion import (
    agreement,
    direction_doubt,
    disagreement,
    rank_evidence,
    spread_evidence,
)
from services.programmes.errors import SecondPersonNeeded, WrongSheetState
from shared.events import Aggregate


class AlarmCode(StrEnum):
    """What can be odd about a sheet."""

    LOOKS_LIKE_RANKS = "looks_like_ranks"
    NOT_LIKE_RANKS = "not_like_ranks"
    LITTLE_SPREAD = "little_spread"
    INVERTED = "inverted"
    DIRECTION_NOT_SHOWN = "direction_not_shown"


@dataclass(frozen=True)
class Suspicion:
    """Something odd; ``against`` names what the sheet disagrees with, ``review`` or a sheet."""

    code: AlarmCode
    detail: str
    against: str = ""

    @property
    def kind(self) -> tuple[AlarmCode, str]:
        """What is the same about one that is found again."""
        return self.code, self.against


def suspicions(
    sheet: SheetOfMarks, others: Mapping[str, Mapping[str, Fraction]], rules: SelectionRules
) -> Iterator[Suspicion]:
    """All that is odd about a sheet beside other marks of the same cohort, by their name."""
    values = [row.number for row in sheet.rows]
    ranks = rank_evidence(values, rules)
    if sheet.column.kind is ColumnKind.SCORE and ranks:
        yield Suspicion(AlarmCode.LOOKS_LIKE_RANKS, ranks)
    if sheet.column.kind is ColumnKind.RANK and not ranks and len(values) >= rules.nearly_from:
        yield Suspicion(AlarmCode.NOT_LIKE_RANKS, "The values are not a row of places.")
    if spread := spread_evidence(values, rules):
        yield Suspicion(AlarmCode.LITTLE_SPREAD, spread)
    yield from _beside(sheet, others, rules)


def _beside(
    sheet: SheetOfMarks, others: Mapping[str, Mapping[str, Fraction]], rules: SelectionRules
) -> Iterator[Suspicion]:
    """What disagrees, or that nothing shows a direction.

    An interview can show one, but nothing is held for disagreeing with it: it is of the few that
    were chosen by the rest, among whom scores agree less than among all.
    """
    mine = sheet.marks()
    found = {name: agreement(mine, marks) for name, marks in others.items()}
    upside_down = {
        name: odd
        for name, each in found.items()
        if name != INTERVIEW and (odd := disagreement(each, rules))
    }
    for name, odd in upside_down.items():
        yield Suspicion(AlarmCode.INVERTED, odd, name)
    if not upside_down and (doubt := direction_doubt(found.values(), rules)):
        yield Suspicion(AlarmCode.DIRECTION_NOT_SHOWN, doubt)


class SheetState(StrEnum):
    """Whether a sheet may be used: accepted and confirmed ones may."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


_OUT = frozenset({SheetState.REFUSED, SheetState.DISCARDED})


@dataclass(frozen=True)
class Confirmation:
    """Who let a sheet count in spite of which alarms, when and why."""

    by: str
    at: datetime
    reason: str
    alarms: tuple[Suspicion, ...]


@dataclass
class Sheet(Aggregate):
    """A version of a sheet; its marks never change, a correction is another version."""

    id: str
    cohort_id: str
    number: int
    marks: SheetOfMarks
    rules: str
    """The version of the rules by which it was looked at."""
    state: SheetState
    imported_by: str
    imported_at: datetime
    alarms: tuple[Suspicion, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    used_in: tuple[str, ...] = field(default_factory=tuple)
    """What final rankings were made from, by the id of their basis."""

    @property
    def name(self) -> str:
        return self.marks.name

    @property
    def standing(self) -> bool:
        """Whether it is a version of its sheet, and not one that was refused or given up."""
        return self.state not in _OUT

    def shown(self, application_id: str) -> dict[str, Any] | None:
        """The mark of an application as whoever applied may read it, if it has or had one."""
        row = next((r for r in self.marks.rows if r.application_id == application_id), None)
        if row is None or not self.standing:
            return None
        return {
            "application_id": application_id,
            "sheet": self.name,
            "number": self.number,
            "instrument": self.marks.instrument,
            "kind": self.marks.column.kind.value,
            "value": row.value,
            "used": bool(self.used_in),
        }

    def look(self, found: Sequence[Suspicion]) -> None:
        """Note what is odd about it; what nobody has confirmed yet holds it back.

        A new one that looks like ranks is refused; one that was kept before is held in any case, so
        that the version before it does not take its place unseen.
        """
        known = {each.kind for each in self.alarms}
        fresh = tuple(each for each in found if each.kind not in known)
        if not fresh:
            return
        self.alarms = (*self.alarms, *fresh)
        ranks = any(each.code is AlarmCode.LOOKS_LIKE_RANKS for each in fresh)
        refused = ranks and self.version == 0
        self.state = SheetState.REFUSED if refused else SheetState.HELD

    def confirm(self, by: str, reason: str, now: datetime) -> None:
        """Let a held one count; raises WrongSheetState and SecondPersonNeeded."""
        self._settle(SheetState.HELD, by, reason, now)

    def override(self, by: str, reason: str, now: datetime) -> None:
        """Let one count that looks like ranks; raises WrongSheetState and SecondPersonNeeded."""
        self._settle(SheetState.REFUSED, by, reason, now)

    def _settle(self, state: SheetState, by: str, reason: str, now: datetime) -> None:
        self._require(state)
        if by == self.imported_by:
            raise SecondPersonNeeded(by=[self.imported_by])
        self.state = SheetState.CONFIRMED
        made = Confirmation(by, now, reason, self.alarms)
        self.confirmations = (*self.confirmations, made)

    def discard(self) -> None:
        """Give it up, so that the version before it is the latest; raises WrongSheetState."""
        if self.state is not SheetState.DISCARDED:
            if self.used_in:
                raise WrongSheetState(
                    "The sheet was used; import a correction, which takes its place.",
                    sheet_id=self.id,
                    state=self.state.value,
                    needed=["unused"],
                )
            self.state = SheetState.DISCARDED

    def use(self, basis_id: str) -> None:
        """Note what it was used for."""
        if basis_id not in self.used_in:
            self.used_in = (*self.used_in, basis_id)

    def _require(self, state: SheetState) -> None:
        if self.state is not state:
            raise WrongSheetState(sheet_id=self.id, state=self.state.value, needed=[state.value])


@dataclass(frozen=True)
class Alarm:
    """Something odd about a sheet in use; without ``confirmed_by`` nobody has looked at it."""

    name: str
    number: int
    code: AlarmCode
    confirmed_by: str | None = None

    def __str__(self) -> str:
        """In a line, as a finding about a round of offers shows it."""
        confirmed = f", confirmed by {self.confirmed_by}" if self.confirmed_by else ""
        return f"{self.name} {self.number}: {self.code.value}{confirmed}"


def alarms_of(sheet: Sheet, found: Sequence[Suspicion]) -> Iterator[Alarm]:
    """The alarms of a sheet, those found only now as well, and who confirmed them."""
    known = {each.kind: each for each in (*found, *sheet.alarms)}
    for kind, each in known.items():
        made = next(
            (c for c in reversed(sheet.confirmations) if kind in {a.kind for a in c.alarms}), None
        )
        yield Alarm(sheet.name, sheet.number, each.code, made.by if made else None)
