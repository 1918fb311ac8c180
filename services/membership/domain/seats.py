"""Seats bought and seats given out: two numbers that change from day to day.

>>> days = date(2027, 1, 1), date(2027, 12, 31)
>>> [level.free for level in levels([Block(2, *days, "invoice 1", days[0])], [], *days)]
[2]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.membership.domain.calendar import ONE_DAY
from shared.errors import Invalid

_REMEMBERED = timedelta(days=31)


@dataclass(frozen=True)
class Block:
    """Seats bought for some days, first and last included; given back, the number is negative."""

    seats: int
    from_on: date
    until_on: date
    reference: str
    recorded_on: date


@dataclass(frozen=True)
class Seat:
    """A seat given to a member; it is taken up to ``until_on``.

    While it is being released ``ends_on`` is to be the member's last day; the seat stays taken
    until the member's record says so too. One that ends before it begins was never used.
    """

    member_id: str
    from_on: date
    until_on: date
    allocated_on: date
    ends_on: date | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it may cover the member."""
        return self.until_on if self.ends_on is None else self.ends_on

    @property
    def unused(self) -> bool:
        """Whether it was released before it began."""
        return self.until_on < self.from_on

    def over(self, day: date) -> bool:
        """Whether it is of no more account on a day."""
        return self.until_on < day or self.unused

    def long_over(self, day: date) -> bool:
        """Whether nobody asks for it any more, not even a call that was cut off and repeated."""
        return self.ends_on is None and self.until_on < day - _REMEMBERED

    def meets(self, first: date, last: date) -> bool:
        """Whether it is taken on any of these days."""
        return max(first, self.from_on) <= min(last, self.until_on)


@dataclass(frozen=True)
class Level:
    """How many seats there are on a day, and how many are taken."""

    day: date
    bought: int
    used: int

    @property
    def free(self) -> int:
        return self.bought - self.used


def levels(blocks: Iterable[Block], seats: Iterable[Seat], first: date, last: date) -> list[Level]:
    """The numbers on the first day, and on each later one up to the last on which they change."""
    bought: Counter[date] = Counter()
    used: Counter[date] = Counter()
    for block in blocks:
        _count(bought, block.from_on, block.until_on, block.seats, first)
    for seat in seats:
        _count(used, seat.from_on, seat.until_on, 1, first)
    found = [Level(first, bought.pop(first, 0), used.pop(first, 0))]
    for day in sorted(day for day in {*bought, *used} if day <= last):
        before = found[-1]
        found.append(Level(day, before.bought + bought[day], before.used + used[day]))
    return found


def _count(changes: Counter[date], from_on: date, until_on: date, number: int, first: date) -> None:
    begins = max(from_on, first)
    if begins <= until_on:
        changes[begins] += number
        if until_on < date.max:
            changes[until_on + ONE_DAY] -= number


def check_days(from_on: date, until_on: date | None, earliest: date | None = None) -> None:
    """Raises Invalid naming the day that is too early or out of order."""
    if earliest is not None and from_on < earliest:
        raise Invalid("Too early.", fields={"from_on": ["Must not be in the past."]})
    if until_on is not None and until_on < from_on:
        reason = "Must not be before the first day."
        raise Invalid("The days are not in order.", fields={"until_on": [reason]})
