"""An organisation, and the ledger of the seats it bought for members and gave out.

On no day are more seats taken than bought. The days before today are over: seats are neither given
out nor given back for them, so that only what lies ahead has to add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from services.membership.domain.calendar import ONE_DAY
from services.membership.domain.profile import OrganisationProfile
from services.membership.domain.seats import Block, Level, Seat, check_days, levels
from services.membership.errors import NoSeatFree, SeatHeld, SeatsInUse
from services.membership.events import SeatAllocated, SeatReleased, SeatsBought, SeatsReturned
from shared.errors import Duplicate, Invalid, NotFound

_PUT_AWAY_AT_ONCE = 200


@dataclass
class Organisation(OrganisationProfile):
    """An organisation; ``seats`` by id, in the order in which they were given out.

    Seats that have long been over are put away: what is taken out of ``seats`` is kept elsewhere
    by the repository.
    """

    blocks: tuple[Block, ...] = ()
    seats: dict[str, Seat] = field(default_factory=dict)

    def level(self, day: date) -> Level:
        """How many seats there are on a day, and how many are taken."""
        return levels(self.blocks, self.seats.values(), day, day)[0]

    def buy(self, seats: int, from_on: date, until_on: date, reference: str, today: date) -> None:
        """Add seats for some days; a reference counts once."""
        block = Block(seats, from_on, until_on, reference, today)
        if self._entered(block):
            return
        check_days(from_on, until_on)
        self.blocks = (*self.blocks, block)
        self.record(
            SeatsBought(organisation_id=self.id, seats=seats, from_on=from_on, until_on=until_on)
        )

    def give_back(
        self, seats: int, from_on: date, until_on: date, reference: str, today: date
    ) -> None:
        """Take seats off again that nobody has on any of the days; a reference counts once.

        Raises SeatsInUse naming the first day on which they are not free.
        """
        block = Block(-seats, from_on, until_on, reference, today)
        if self._entered(block):
            return
        check_days(from_on, until_on, earliest=today)
        for level in levels(self.blocks, self.seats.values(), from_on, until_on):
            if level.free < seats:
                raise SeatsInUse(on=level.day.isoformat(), bought=level.bought, used=level.used)
        self.blocks = (*self.blocks, block)
        self.record(
            SeatsReturned(organisation_id=self.id, seats=seats, from_on=from_on, until_on=until_on)
        )

    def _entered(self, block: Block) -> bool:
        """Whether the very same was entered before; Duplicate when something else was."""
        known = next((each for each in self.blocks if each.reference == block.reference), None)
        if known is None or replace(known, recorded_on=block.recorded_on) == block:
            return known is not None
        reason = "Already used for other seats."
        raise Duplicate(
            "There is already an entry with this reference.",
            field="reference",
            fields={"reference": [reason]},
        )

    def allocate(
        self, seat_id: str, member_id: str, from_on: date | None, until_on: date | None, today: date
    ) -> None:
        """Give a seat to a member, without a last day for as long as one stays free.

        Asked for again, what the member has is left as it is. Raises SeatHeld when they have a seat
        for other days among these, NoSeatFree naming the first day without one.
        """
        if self.as_asked(member_id, from_on, until_on, today) is not None:
            return
        first = from_on or today
        check_days(first, until_on, earliest=today)
        for seat in self._seats_of(member_id):
            if seat.meets(first, until_on or date.max):
                raise SeatHeld(
                    member_id=member_id,
                    from_on=seat.from_on.isoformat(),
                    until_on=seat.until_on.isoformat(),
                )
        full = self._first_full(first, until_on or date.max)
        if full is not None and (full == first or until_on is not None):
            level = self.level(full)
            raise NoSeatFree(on=full.isoformat(), bought=level.bought, used=level.used)
        last = until_on or (date.max if full is None else full - ONE_DAY)
        self._put_away(today)
        self.seats = {**self.seats, seat_id: Seat(member_id, first, last, today)}
        self.record(
            SeatAllocated(
                organisation_id=self.id, member_id=member_id, from_on=first, until_on=last
            )
        )

    def as_asked(
        self, member_id: str, from_on: date | None, until_on: date | None, today: date
    ) -> str | None:
        """The id of a seat that the member has, if it is what would be given them."""
        for id, seat in self.seats.items():
            mine = seat.member_id == member_id and seat.ends_on is None and not seat.unused
            begins = seat.from_on == from_on if from_on else seat.from_on <= today <= seat.until_on
            if mine and begins and until_on in (None, seat.until_on):
                return id
        return None

    def end_seats(self, member_id: str, last_day: date, today: date) -> None:
        """Begin to release what a member has after a day; nothing is free yet.

        Said again, or when it was done before, nothing changes. Raises NotFound when they have
        nothing, Invalid when the day was before yesterday.
        """
        if last_day < today - ONE_DAY:
            reason = "Must be yesterday or later: what was covered was covered."
            raise Invalid("Too early.", fields={"last_day": [reason]})
        mine = {id: seat for id, seat in self.seats.items() if seat.member_id == member_id}
        longer = {
            id: replace(seat, ends_on=max(last_day, seat.from_on - ONE_DAY))
            for id, seat in mine.items()
            if seat.last_day > last_day and seat.last_day >= seat.from_on
        }
        done = any(s.ends_on is not None or s.until_on == last_day for s in mine.values())
        if not longer and not done:
            raise NotFound("The member has no such seat.", member_id=member_id)
        self.seats = {**self.seats, **longer}

    def free_seats(self, member_id: str, covered: Mapping[date, date], today: date) -> None:
        """Complete the release of those seats of which the member's record says it too.

        ``covered`` is what ``cover_of`` said when that record was written.
        """
        freed = {
            id: replace(seat, until_on=seat.ends_on, ends_on=None)
            for id, seat in self.seats.items()
            if seat.member_id == member_id
            and seat.ends_on is not None
            and covered.get(seat.from_on) == seat.ends_on
        }
        self.seats = {**self.seats, **freed}
        for seat in freed.values():
            self.record(
                SeatReleased(
                    organisation_id=self.id,
                    member_id=member_id,
                    from_on=seat.from_on,
                    until_on=seat.until_on,
                )
            )
        self._put_away(today)

    def cover_of(self, member_id: str) -> dict[date, date]:
        """First and last days for which seats cover a member; of equal firsts the latest given."""
        return {seat.from_on: seat.last_day for seat in self._seats_of(member_id)}

    def _seats_of(self, member_id: str) -> Iterator[Seat]:
        return (seat for seat in self.seats.values() if seat.member_id == member_id)

    def _first_full(self, first: date, last: date) -> date | None:
        ahead = levels(self.blocks, self.seats.values(), first, last)
        return next((level.day for level in ahead if level.free < 1), None)

    def _put_away(self, today: date) -> None:
        """Take out what has long been over, some at a time, so that no single write is large."""
        past = (id for id, seat in self.seats.items() if seat.long_over(today))
        gone = set(islice(past, _PUT_AWAY_AT_ONCE))
        if gone:
            self.seats = {id: seat for id, seat in self.seats.items() if id not in gone}
