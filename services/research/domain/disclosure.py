"""What may be shown of a table of two groups so that no small number of people can be found in it.

The table has four cells: those of ``group`` and of ``reference`` who did and did not reach a stage,
of those who had reached an earlier one, its base.

- 0 stays 0, 1 to 7 is suppressed, 8 and more is rounded to the nearest 5.
- One suppressed cell suppresses all four. Programmes publishes how many applied and how many were
  shortlisted, so the columns' totals may be known from outside; with them and a row any cell of a
  table of two by two follows from its neighbours. Nor is it told which of the four is small.
- Totals, rates and all that follows are computed from the cells as shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

SMALLEST_SHOWN = 8
ROUNDED_TO = 5
APPLIED = "submitted"
_PROPOSED = "proposed:"


def proposal(round_id: str) -> str:
    """What stands for a stage of those to whom a round would make offers, before it is released."""
    return f"{_PROPOSED}{round_id}"


def proposed_in(stage: str) -> str | None:
    """The id of the round whose proposal this is, or None for a stage of selection."""
    return stage.removeprefix(_PROPOSED) if stage.startswith(_PROPOSED) else None


def is_small(count: int) -> bool:
    """Whether a count is of somebody, but of too few to be shown."""
    return 0 < count < SMALLEST_SHOWN


def rounded(count: int) -> int:
    """The nearest multiple of 5."""
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


@dataclass(frozen=True)
class Cells:
    """How many of a group, of those at the base, did and did not reach a stage."""

    reached: int
    not_reached: int

    @property
    def total(self) -> int:
        return self.reached + self.not_reached

    @property
    def counts(self) -> tuple[int, int]:
        return self.reached, self.not_reached


@dataclass(frozen=True)
class Row:
    """A group, by its codes in order, and the stage that it did or did not reach from the base."""

    members: tuple[str, ...]
    stage: str
    base: str = APPLIED

    def holds(self, tally: Tally) -> bool:
        """Whether the row is of these people."""
        return tally.code in self.members and self.base in tally.stages


@dataclass(frozen=True)
class Table:
    """Two groups to compare at a stage, among those who reached the base."""

    group: tuple[str, ...]
    reference: tuple[str, ...]
    stage: str
    base: str = APPLIED

    @property
    def rows(self) -> tuple[Row, Row]:
        group, reference = (
            Row(each, self.stage, self.base) for each in (self.group, self.reference)
        )
        return group, reference


@dataclass(frozen=True)
class Tally:
    """How many people gave one code and reached exactly these stages."""

    code: str
    stages: tuple[str, ...]
    people: int


@dataclass(frozen=True)
class Snapshot:
    """Everything known of a cohort and a characteristic at one time, in counts, without ids."""

    as_of: datetime
    tallies: tuple[Tally, ...]
    proposals: tuple[str, ...] = ()
    """The proposals that it knows, by what stands for a stage."""

    @classmethod
    def take(
        cls,
        as_of: datetime,
        journeys: Mapping[str, frozenset[str]],
        answers: Mapping[str, str],
        unknown: Iterable[str],
    ) -> Snapshot:
        """Count those with a known answer; both mappings are by pseudonym."""
        left_out = set(unknown)
        counts = Counter(
            (answers[person], tuple(sorted(stages)))
            for person, stages in journeys.items()
            if person in answers and answers[person] not in left_out
        )
        tallies = (Tally(code, stages, n) for (code, stages), n in sorted(counts.items()))
        every = {stage for stages in journeys.values() for stage in stages}
        proposals = (stage for stage in sorted(every) if proposed_in(stage) is not None)
        return cls(as_of, tuple(tallies), tuple(proposals))

    def knows(self, rows: Iterable[Row]) -> bool:
        """Whether it is of a time when every proposal among these was there.

        One from before would take everybody for not proposed, which is worse than out of date.
        """
        stages = {row.stage for row in rows if proposed_in(row.stage) is not None}
        return stages <= set(self.proposals)

    def cells(self, row: Row) -> Cells:
        """How many of the row's group did and did not reach its stage."""
        mine = [tally for tally in self.tallies if row.holds(tally)]
        reached = sum(tally.people for tally in mine if row.stage in tally.stages)
        return Cells(reached, sum(tally.people for tally in mine) - reached)

    def parts(self, rows: Iterable[Row]) -> dict[frozenset[Tally], int]:
        """The people in each smallest part that the cells of ``rows`` cut one another into."""
        cut: dict[frozenset[tuple[Row, bool]], set[Tally]] = {}
        asked = tuple(rows)
        for tally in self.tallies:
            mine = [row for row in asked if row.holds(tally)]
            if mine:
                signature = frozenset((row, row.stage in tally.stages) for row in mine)
                cut.setdefault(signature, set()).add(tally)
        return {frozenset(part): sum(tally.people for tally in part) for part in cut.values()}


def published(group: Cells, reference: Cells) -> tuple[Cells, Cells] | None:
    """The cells as they may be shown, or None where they are suppressed."""
    if any(is_small(count) for count in (*group.counts, *reference.counts)):
        return None
    shown = (Cells(*map(rounded, cells.counts)) for cells in (group, reference))
    return next(shown), next(shown)
