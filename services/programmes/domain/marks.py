"""The marks in a sheet: what kind of numbers they are, on which scale, and whose."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.programmes.domain.terms import SNAKE_CASE, Faults, blank_faults
from shared.events import Pattern, integer, items, text

MAX_ROWS = 5_000
HIGHEST_MARK = 1_000_000
_NUMBER = Pattern(
    r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$",
    "a number of at most nine digits and six decimals, such as 71.5",
)


class ColumnKind(StrEnum):
    """What the numbers of a column are; it must be said."""

    SCORE = "score"
    RANK = "rank"


@dataclass(frozen=True, kw_only=True)
class Column:
    """The column of a sheet; a rank of 1 is the best unless ``higher_is_better``."""

    kind: ColumnKind
    lowest: int = integer(-HIGHEST_MARK, HIGHEST_MARK)
    highest: int = integer(-HIGHEST_MARK, HIGHEST_MARK)
    higher_is_better: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """The mark of an application, a decimal number as it stands in the sheet."""

    application_id: str = text(64)
    value: str = text(20, pattern=_NUMBER)

    @property
    def number(self) -> Fraction:
        return Fraction(self.value)


@dataclass(frozen=True, kw_only=True)
class SheetOfMarks:
    """What is imported: whose marks, by which instrument, and all of them."""

    name: str = text(60, pattern=SNAKE_CASE, description="Names the sheet in its cohort.")
    marked_by: str = text(200)
    instrument: str = text(200)
    column: Column
    rows: tuple[Row, ...] = items(MAX_ROWS, min_length=1)

    def faults(self) -> Faults:
        """What its schema alone does not see, by field."""
        faults = blank_faults({"marked_by": self.marked_by, "instrument": self.instrument})
        if self.column.highest <= self.column.lowest:
            faults["column.highest"] = ["Must be above lowest."]
        return {f"sheet.{path}": why for path, why in faults.items()}

    def out_of_range(self) -> Faults:
        """A reason for each value that is not on the scale."""
        lowest, highest = self.column.lowest, self.column.highest
        return {
            f"sheet.rows.{place}.value": [f"Must be from {lowest} to {highest}."]
            for place, row in enumerate(self.rows)
            if not lowest <= row.number <= highest
        }

    def repeated(self) -> list[str]:
        """The applications that have several rows."""
        counted = Counter(row.application_id for row in self.rows)
        return [id for id, number in counted.items() if number > 1]

    def marks(self) -> dict[str, Fraction]:
        """By application, so that higher is better."""
        sign = 1 if self.column.higher_is_better else -1
        return {row.application_id: sign * row.number for row in self.rows}

    def shares(self) -> dict[str, Fraction]:
        """By application, how far up the scale a mark is: 1 is the best that there can be."""
        lowest, highest = self.column.lowest, self.column.highest
        found = {r.application_id: (r.number - lowest) / (highest - lowest) for r in self.rows}
        return found if self.column.higher_is_better else {id: 1 - v for id, v in found.items()}

    def distribution(self) -> tuple[tuple[str, int], ...]:
        """How often each value stands there, the lowest first."""
        counted = Counter(row.number for row in self.rows)
        texts = {row.number: row.value for row in self.rows}
        return tuple((texts[value], counted[value]) for value in sorted(counted))
