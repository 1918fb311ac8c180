"""What a term of membership costs: the fee in force on its first day, whole months, reductions.

Amounts are whole pence. A month that is begun is charged whole; of a term longer than a year, as
after a rollover day, no more than a year is charged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.membership.domain.calendar import months_touched, whole_months
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.prices import Prices, half_up, prorated, reduced
from services.membership.domain.policies.terms import TermRule

_YEAR = 12


@dataclass(frozen=True)
class QuoteLine:
    """One item of a quote; what is taken off is negative."""

    code: str
    what: str
    pence: int


@dataclass(frozen=True)
class Quote:
    """What is charged for the days from ``starts_on`` to ``ends_on``, and by which policies."""

    grade: str
    starts_on: date
    ends_on: date | None
    lines: tuple[QuoteLine, ...]
    policies: dict[str, str]

    @property
    def total_pence(self) -> int:
        return sum(line.pence for line in self.lines)


def quote_term(
    book: PolicyBook,
    grade: str,
    starts_on: date,
    *,
    fellow: bool = False,
    reductions: tuple[str, ...] = (),
) -> Quote:
    """A term that begins on a day; raises Invalid naming ``grade`` or ``reductions``."""
    prices = book.prices.on(starts_on).policy
    rule = book.terms.on(starts_on).policy.of(grade)
    ends_on = rule.last_day(starts_on)
    fee = prices.fee(grade, fellow=fellow)
    lines = [QuoteLine(fee.code, fee.title, fee.annual_pence)]
    charged = _charged(fee.annual_pence, prices, rule, starts_on, ends_on)
    if charged != fee.annual_pence:
        lines.append(QuoteLine("proration", "Whole months", charged - fee.annual_pence))
    for reduction in prices.chosen(reductions):
        off = reduced(sum(line.pence for line in lines), reduction)
        lines.append(QuoteLine(reduction.code, reduction.title, -off))
    names = book.names(starts_on, "prices", "terms")
    return Quote(grade, starts_on, ends_on, tuple(lines), names)


def _charged(
    annual_pence: int, prices: Prices, rule: TermRule, starts_on: date, ends_on: date | None
) -> int:
    if ends_on is None or prices.proration == "none":
        return annual_pence
    if rule.kind == "rolling":
        return half_up(annual_pence * rule.months, _YEAR)
    return prorated(annual_pence, months_touched(starts_on, ends_on))


def quote_change(
    book: PolicyBook, before: str, after: str, on: date, ends_on: date | None, *, fellow: bool
) -> Quote:
    """A change of grade: the difference of the fees for the whole months that are left."""
    prices = book.prices.on(on).policy
    old, new = (prices.fee(grade, fellow=fellow) for grade in (before, after))
    months = whole_months(on, ends_on) if ends_on else 0
    lines = (
        QuoteLine(f"{old.code}_returned", old.title, -prorated(old.annual_pence, months)),
        QuoteLine(new.code, new.title, prorated(new.annual_pence, months)),
    )
    return Quote(after, on, ends_on, lines, book.names(on, "prices"))
