"""What the places of sessions must do, on every store: inherit it and give ``database``."""

from __future__ import annotations

from typing import Any

import pytest

from services.programmes.repository import Seats
from shared.testing.behaviour.things import at_once


class SeatsBehaviour:
    """Places on a store of its own."""

    @pytest.fixture
    def seats(self, database: Any) -> Seats:
        seats = Seats(database)
        seats.prepare()
        return seats

    def test_as_many_tickets_have_a_place_as_there_are(self, seats: Seats) -> None:
        """However many come at once, for one line as for another."""
        seats.fit("a:online", 20)
        seats.fit("b:online", 1)
        won = at_once(
            lambda ticket=f"t{number}": seats.claim("a:online", ticket)  # type: ignore[misc]
            for number in range(60)
        )
        assert (won.count(True), won.count(False)) == (20, 40)
        assert len(set(seats.taken("a:online"))) == 20
        assert seats.claim("b:online", "other")

    def test_a_ticket_has_one_place(self, seats: Seats) -> None:
        """Claimed many times at once, each says that it has one, and one is taken."""
        seats.fit("a:online", 5)
        assert at_once(lambda: seats.claim("a:online", "t") for _ in range(8)) == [True] * 8
        assert list(seats.taken("a:online")) == ["t"]

    def test_places_are_made_once(self, seats: Seats) -> None:
        """Made again, even at the same time, those that are taken stay so."""
        seats.fit("a:online", 3)
        seats.claim("a:online", "t")
        at_once(lambda: seats.fit("a:online", 5) for _ in range(4))
        assert seats.held("t")
        won = [seats.claim("a:online", f"t{number}") for number in range(5)]
        assert won == [True] * 4 + [False]

    def test_a_place_is_handed_to_one(self, seats: Seats) -> None:
        """Of many to whom it is given at once; who has one keeps it and gets no other."""
        seats.fit("a:online", 2)
        seats.claim("a:online", "t")
        at_once(
            lambda to=f"to{number}": seats.hand_over("t", to)  # type: ignore[misc]
            for number in range(8)
        )
        [holder] = seats.taken("a:online")
        assert holder.startswith("to")
        seats.claim("a:online", "other")
        seats.hand_over("other", holder)
        assert set(seats.taken("a:online")) == {"other", holder}

    def test_a_place_given_back_is_for_others(self, seats: Seats) -> None:
        """It is one place however often it is given back, and only its holder's."""
        seats.fit("a:online", 1)
        assert seats.claim("a:online", "one")
        assert not seats.claim("a:online", "other")
        at_once(lambda: seats.release("one") for _ in range(8))
        seats.release("other")
        assert seats.claim("a:online", "other")
        seats.release("one")
        assert list(seats.taken("a:online")) == ["other"]
