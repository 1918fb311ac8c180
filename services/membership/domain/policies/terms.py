"""How long membership runs: a year from joining, a calendar year with a rollover day, or for life.

>>> rule = TermRule(kind="fixed")
>>> rule.last_day(date(2018, 8, 31)), rule.last_day(date(2018, 9, 1))
(datetime.date(2018, 12, 31), datetime.date(2019, 12, 31))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.membership.domain.calendar import ONE_DAY, add_months
from shared.events import Pattern, choice, integer, items, text

_ANY_YEAR = 2001  # not a leap year: a year that began on 29 February would not exist in most
_DAY = Pattern(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "month and day of a year, such as 09-01")


@dataclass(frozen=True, kw_only=True)
class TermRule:
    """The term of some grades; one that lists none is for all the others.

    ``months`` is the length of a rolling term. A fixed one begins on ``year_start`` (month-day)
    each year; who joins on ``rollover`` or later is covered to the end of the next.
    """

    kind: str = choice(("rolling", "fixed", "lifetime"))
    grades: tuple[str, ...] = items(50, default=())
    months: int = integer(1, 120, default=12)
    year_start: str = text(5, pattern=_DAY, default="01-01")
    rollover: str = text(5, pattern=_DAY, default="09-01")

    def last_day(self, first: date) -> date | None:
        """The last day of a term that begins on ``first``; None for life."""
        if self.kind == "lifetime":
            return None
        if self.kind == "rolling":
            return add_months(first, self.months) - ONE_DAY
        start = _latest(self.year_start, first)
        years = 2 if first >= _next(self.rollover, start) else 1
        return date(start.year + years, start.month, start.day) - ONE_DAY

    def faults(self) -> Iterator[tuple[str, str]]:
        """Days that do not exist every year, and a rollover that would double every year."""
        if self.kind == "fixed" and self.rollover == self.year_start:
            yield "rollover", "Must be another day than that on which the year starts."
        for name in ("year_start", "rollover"):
            try:
                _on(getattr(self, name), _ANY_YEAR)
            except ValueError:
                yield name, "There is no such day in every year."


def _on(month_day: str, year: int) -> date:
    month, day = map(int, month_day.split("-"))
    return date(year, month, day)


def _latest(month_day: str, day: date) -> date:
    this_year = _on(month_day, day.year)
    return this_year if this_year <= day else _on(month_day, day.year - 1)


def _next(month_day: str, day: date) -> date:
    this_year = _on(month_day, day.year)
    return this_year if this_year >= day else _on(month_day, day.year + 1)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms by grade, and whether they are paid for in advance.

    Who completes a programme is covered for ``alumni_months``; 0 is no cover.
    """

    rules: tuple[TermRule, ...] = items(50, min_length=1)
    payment_before_admission: bool = False
    payment_before_renewal: bool = True
    alumni_months: int = integer(0, 120, default=0)

    def of(self, grade: str) -> TermRule:
        """The rule that names the grade, else the one that names none."""
        return next(
            (rule for rule in self.rules if grade in rule.grades),
            next(rule for rule in self.rules if not rule.grades),
        )

    def alumni_until(self, completed_on: date) -> date | None:
        """The last day of cover for a programme completed on a day; None for no cover."""
        months = self.alumni_months
        return add_months(completed_on, months) - ONE_DAY if months else None

    def faults(self) -> Iterator[tuple[str, str]]:
        """Days that do not exist, and no or several rules for all other grades."""
        for index, rule in enumerate(self.rules):
            for name, reason in rule.faults():
                yield f"rules.{index}.{name}", reason
        if sum(not rule.grades for rule in self.rules) != 1:
            yield "rules", "Exactly one rule must list no grades."
