"""What membership costs, in whole pence, by dated price table.

>>> prorated(58_000, 5)
24167
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.membership.domain.policies.faults import Faults
from services.membership.domain.terms import CODE
from shared.errors import Invalid
from shared.events import choice, integer, items, text

PENCE_LIMIT = 100_000_000
_MONTHS = 12
_PERCENT = 100


def half_up(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole penny, halves away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def prorated(annual_pence: int, months: int) -> int:
    """The share of an annual fee for whole months; more than twelve cost no more than twelve."""
    return half_up(annual_pence * min(months, _MONTHS), _MONTHS)


@dataclass(frozen=True, kw_only=True)
class Fee:
    """The annual fee of some grades, or of fellows whatever their grade."""

    code: str = text(40, pattern=CODE)
    title: str = text(100)
    annual_pence: int = integer(0, PENCE_LIMIT)
    grades: tuple[str, ...] = items(50, default=())
    for_fellows: bool = False
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """A percentage off the fee, granted on application."""

    code: str = text(40, pattern=CODE)
    title: str = text(100)
    percent: int = integer(1, 100)
    source: str = text(300)


@dataclass(frozen=True, kw_only=True)
class Prices:
    """A price table; the first fee that fits applies."""

    currency: str = choice(("GBP",))
    fees: tuple[Fee, ...] = items(100, min_length=1)
    reductions: tuple[Reduction, ...] = items(100, default=())
    proration: str = choice(("whole_months", "none"))

    def fee(self, grade: str, *, fellow: bool) -> Fee:
        """The fee of a grade, or of a fellow; raises Invalid naming ``grade``."""
        for fee in self.fees:
            if (fellow and fee.for_fellows) or grade in fee.grades:
                return fee
        raise Invalid(
            "The price table has no fee for this grade.", fields={"grade": ["It has no fee."]}
        )

    def chosen(self, codes: Iterable[str]) -> tuple[Reduction, ...]:
        """The reductions by code, in the table's order; raises Invalid naming ``reductions``."""
        wanted = set(codes)
        known = {reduction.code for reduction in self.reductions}
        if wanted - known:
            reason = f"Must be among: {', '.join(sorted(known))}."
            raise Invalid("There is no such reduction.", fields={"reductions": [reason]})
        return tuple(each for each in self.reductions if each.code in wanted)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Codes used twice."""
        yield from Faults.repeated("fees", "code", [fee.code for fee in self.fees])
        yield from Faults.repeated("reductions", "code", [each.code for each in self.reductions])


def reduced(pence: int, reduction: Reduction) -> int:
    """What a reduction takes off an amount, in pence."""
    return half_up(pence * reduction.percent, _PERCENT)
