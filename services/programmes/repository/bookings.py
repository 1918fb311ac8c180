"""Bookings, the waiting lists they make, and the places of sessions.

A place is a document of its own, and to take one is a single write that finds a free one by itself:
however many ask at once, nobody waits for anybody, and no place is taken twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.programmes.domain.attendance import Attendance
from services.programmes.domain.booking import Booking, BookingState
from services.programmes.repository.keys import TURN, turn_key
from shared.repository import Index, Repository, Store, store_errors

_QUEUE = "queue_key"
# A call takes far less; what is older was broken off, and the clock goes on with it.
_PATIENCE = timedelta(minutes=1)
_TAKEN, _GONE = "taken", "gone"


class Bookings(Repository[Booking]):
    """Bookings; those that wait have a key that sorts them, those a call left half done a turn."""

    collection = "bookings"
    aggregate = Booking
    untracked = frozenset({_QUEUE, TURN})
    indexes = (
        Index(("session_id", "id")),
        Index(("member_id", "id")),
        Index(_QUEUE, unique=True, sparse=True),
        Index(TURN, unique=True, sparse=True),
    )

    def _state(self, aggregate: Booking) -> dict[str, Any]:
        state = super()._state(aggregate)
        if aggregate.state is BookingState.WAITING:
            state[_QUEUE] = _queue_key(aggregate)
        if aggregate.pending:
            since = aggregate.cancelled_at or aggregate.requested_at
            state[TURN] = turn_key(since + _PATIENCE, aggregate.id)
        return state

    def of(self, session_id: str, member_ids: Iterable[str]) -> Booking | None:
        """That of a member with several ids, an active one first."""
        keys = [Attendance.key(session_id, id) for id in member_ids]
        found = sorted(self.scan({"_id": {"$in": keys}}), key=lambda each: not each.active)
        return found[0] if found else None

    def head(self, line: str) -> Booking | None:
        """Who has waited longest for a place."""
        found = self.find({_QUEUE: _within(line)}, by=_QUEUE, limit=1).items
        return found[0] if found else None

    def position(self, booking: Booking) -> int | None:
        """Which a booking is on its waiting list, from 1; None where it does not wait."""
        if booking.state is not BookingState.WAITING:
            return None
        before = {**_within(booking.line), "$lt": _queue_key(booking)}
        with store_errors():
            return 1 + int(self.documents.count_documents({_QUEUE: before}))


def _queue_key(booking: Booking) -> str:
    return f"{booking.line}|{turn_key(booking.requested_at, booking.id)}"


def _within(line: str) -> dict[str, str]:
    return {"$gte": f"{line}|", "$lt": f"{line}|~"}


class Seats(Store):
    """The places of sessions, one document each; a line is one way of one session.

    ``free`` is the line's name while nobody has it, or says that it is taken, or taken away.
    ``holder`` is the ticket to which it belongs. It is unique, so no ticket has two places.
    """

    collection = "seats"
    indexes = (Index("holder", unique=True), Index("free"), Index("line"))

    def fit(self, line: str, number: int) -> int:
        """Let a line have so many places, or as many as are taken; how many it has then.

        Places are named one by one, so that who does the same at the same time does it once.
        """
        while True:
            with store_errors():
                found = {
                    each["_id"]: each["free"]
                    for each in self.documents.find({"line": {"$eq": line}})
                }
            gone = sorted(id for id, free in found.items() if free == _GONE)
            free = sorted(id for id, free in found.items() if free == line)
            there = len(found) - len(gone)
            surplus, lacking = max(0, there - number), max(0, number - there)
            if not lacking and not (surplus and free):
                return there
            for id in free[-surplus:] if surplus else ():
                self._turn(id, line, _GONE)
            for id in gone[:lacking]:
                self._turn(id, _GONE, line)
            for n in range(len(found) + 1, len(found) + 1 + lacking - len(gone)):
                seat = f"{line}:{n:05}"
                self._insert({"_id": seat, "line": line, "free": line, "holder": _none(seat)})

    def _turn(self, id: str, before: str, after: str) -> None:
        with store_errors():
            self.documents.update_one(
                {"_id": id, "free": {"$eq": before}}, {"$set": {"free": after}}
            )

    def _insert(self, document: dict[str, Any]) -> None:
        with store_errors(), suppress(DuplicateKeyError):  # the same call, at the same time
            self.documents.insert_one(document)

    def claim(self, line: str, ticket: str) -> bool:
        """Whether the ticket has a place now, perhaps since before."""
        change = {"$set": {"free": _TAKEN, "holder": ticket}}
        try:
            with store_errors():
                if self.documents.update_one({"free": {"$eq": line}}, change).matched_count:
                    return True
        except DuplicateKeyError:
            return True
        return self.held(ticket)

    def held(self, ticket: str) -> bool:
        """Whether the ticket has a place."""
        return self._of(ticket) is not None

    def hand_over(self, ticket: str, to: str) -> None:
        """Give a ticket's place, if it has one, to another that has none."""
        held = {"holder": {"$eq": ticket}}
        with suppress(DuplicateKeyError), store_errors():
            self.documents.update_one(held, {"$set": {"holder": to}})

    def release(self, ticket: str) -> None:
        """Let a ticket's place be free."""
        seat = self._of(ticket)
        if seat is not None:
            free = {"free": seat["line"], "holder": _none(seat["_id"])}
            with store_errors():
                self.documents.update_one(
                    {"_id": seat["_id"], "holder": {"$eq": ticket}}, {"$set": free}
                )

    def taken(self, line: str) -> Iterator[str]:
        """The tickets that have a place."""
        with store_errors():
            seats = list(self.documents.find({"line": {"$eq": line}}))
        return (seat["holder"] for seat in seats if seat["free"] == _TAKEN)

    def _of(self, ticket: str) -> dict[str, Any] | None:
        with store_errors():
            found: dict[str, Any] | None = self.documents.find_one({"holder": {"$eq": ticket}})
        return found


def _none(seat: str) -> str:
    """The holder of a place that nobody holds: holders are all different."""
    return f"nobody:{seat}"
