"""The tick of several instances, of members that cannot be settled, of a store that is away."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.member import Member
from services.membership.events import StandingChanged
from shared.errors import Unavailable
from shared.timers import Lease, Leases
from tests.unit.interleaving import SwitchingDatabase, at_once, chooser
from tests.unit.membership.passing import (
    DUE,
    GRACE,
    LATER,
    ONE_DAY,
    all_told,
    days_of,
    in_parallel,
    joined,
    members,
    notices,
)


def test_one_instance_at_a_time_is_enough() -> None:
    """Another is skipped while the first is at it, and goes on after it or when it has vanished."""
    world = joined(1)
    world.go_to(DUE)
    other = world.another()
    answers: list[Any] = []
    in_parallel(world, lambda: answers.append(other.call("tick")), {1})
    assert not world.call("tick").skipped
    assert [answer.skipped for answer in answers] == [True]
    assert not other.call("tick").skipped
    with world.cut_off(1):
        world.call("tick")
    assert world.was_cut
    assert other.call("tick").skipped
    world.clock.advance(hours=2)
    assert not other.call("tick").skipped


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 2), max_size=200), st.integers(0, 2))
def test_in_whatever_order_instances_get_to_the_store_each_change_is_told_once(
    choices: list[int], renewing: int
) -> None:
    """Three that all think they alone are at it, and a renewal among them."""
    world = joined(2, database=SwitchingDatabase())
    [first, second] = members(world)
    world.pay(first, 116_000)
    world.go_to(GRACE + ONE_DAY)
    others = [world.another(), world.another()]
    calls: list[Any] = [world.app.tick_now, *(other.app.tick_now for other in others)]
    calls.insert(renewing, lambda: world.another().call("renew", member_id=first))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            Leases,
            "take",
            lambda self, name, _: Lease(self.documents, world.clock, name, "", world.clock()),
        )
        patched.setattr(Lease, "renew", lambda self, _: True)
        outcomes = at_once(calls, chooser(choices))
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert [len(notices(world)[id]) for id in (first, second)] == [2, 2]
    standings = [e.status for e in world.events(first) if isinstance(e, StandingChanged)]
    assert standings == ["due", "grace", "current"]
    assert world.status(first) == "current"


def test_a_tick_that_takes_longer_than_its_lease_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between one member and the next, so that nobody else begins the same."""
    world = joined(4)
    world.go_to(LATER)
    other, settle = world.another(), Member.settle
    skipped: list[bool] = []

    def slow(self: Member, book: Any, today: date) -> None:
        settle(self, book, today)
        if len(skipped) < 4:
            world.clock.advance(seconds=25)
            skipped.append(other.call("tick").skipped)

    monkeypatch.setattr(Member, "settle", slow)
    assert world.call("tick").looked_at == 4
    assert skipped == [True] * 4


def test_one_who_cannot_be_settled_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told; the one is tried again."""
    world = joined(3)
    broken, settle = members(world)[1], Member.settle

    def fail(self: Member, book: Any, today: date) -> None:
        if self.id == broken:
            raise RuntimeError("broken")
        settle(self, book, today)

    world.go_to(LATER)
    monkeypatch.setattr(Member, "settle", fail)
    rehearsed, answer = world.call("tick", dry_run=True), world.call("tick")
    assert rehearsed.looked_at == answer.looked_at == 2
    assert [len(told) for told in notices(world).values()] == [3, 0, 3]
    monkeypatch.undo()
    assert world.call("tick").looked_at == 1
    assert days_of(world) == all_told(3)


def test_a_store_that_is_away_puts_the_tick_off() -> None:
    """The call says so, the clock only notes it; the lease is free for the next."""
    world = joined(1)
    world.go_to(LATER)
    documents = world.database["members"]
    replace_one = documents.replace_one

    def away(*arguments: Any, **options: Any) -> Any:
        raise Unavailable("The store cannot be reached.")

    documents.replace_one = away
    with pytest.raises(Unavailable):
        world.call("tick")
    world.app.tick_now()
    documents.replace_one = replace_one
    answer = world.call("tick")
    assert (answer.skipped, answer.looked_at) == (False, 1)


def test_the_clock_signs_what_it_tells() -> None:
    """The trail says that nobody asked for it."""
    world = joined(1)
    [member_id] = members(world)
    world.go_to(LATER)
    world.let_the_clock("tick_by_the_clock")
    last = world.members.trail(member_id)[-1]
    assert (last.by, last.action) == ("clock", "tick_by_the_clock")
    world.let_the_clock("tick_by_the_clock")
    assert world.members.trail(member_id)[-1] == last
