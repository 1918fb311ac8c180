"""Completions that were recorded by mistake: the passport forgets them, and the cover ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from services.membership.subscriptions import AlumniJoined, AlumniRemoved
from shared import telemetry
from tests.unit.membership.world import World

COMPLETED, REMOVED = date(2026, 8, 31), date(2026, 10, 15)


def joined(member_id: str, turn: int = 1, on: date = COMPLETED) -> AlumniJoined:
    return AlumniJoined(member_id, "p-1", "cohort-1", "Invented scheme", on, turn)


def removed(member_id: str, turn: int = 1, on: date = REMOVED) -> AlumniRemoved:
    return AlumniRemoved(member_id, "cohort-1", turn, on)


def tell(world: World, event: Any) -> None:
    """Each event is a message of its own, the same one whenever it comes."""
    name = f"event:{type(event).__name__}-{event.turn}"
    with telemetry.activate(telemetry.Context.start(message_id=name, seed=telemetry.fresh_id())):
        world.app.follow_learning(event)


def cover(world: World, member_id: str) -> list[tuple[date, date | None]]:
    return [(each.from_on, each.until_on) for each in world.members.get(member_id).entitled]


def completions(world: World, member_id: str) -> list[date]:
    view = world.call("get_leadership_passport", member_id=member_id)
    return [each.completed_on for each in view.completions]


def test_the_cover_of_who_is_no_alumnus_ends() -> None:
    """On the day it was found out: until then it was acted upon."""
    world = World()
    member_id = world.member()
    tell(world, joined(member_id))
    assert cover(world, member_id) == [(COMPLETED, date(2027, 8, 30))]
    tell(world, removed(member_id))
    assert cover(world, member_id) == [(COMPLETED, REMOVED)]
    assert completions(world, member_id) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_was_recorded_last_counts(order: Sequence[int]) -> None:
    """Joined, removed and joined again come in any order and twice."""
    world = World()
    member_id = world.member()
    again = date(2026, 9, 30)
    events = [joined(member_id), removed(member_id), joined(member_id, 2, again)]
    for index in (*order, *order):
        tell(world, events[index])
    assert completions(world, member_id) == [again]
    assert (again, date(2027, 9, 29)) in cover(world, member_id)


def test_a_removal_that_comes_first_leaves_no_cover() -> None:
    """Joining that is told late is of something taken back already."""
    world = World()
    member_id = world.member()
    tell(world, removed(member_id))
    tell(world, joined(member_id))
    assert (cover(world, member_id), completions(world, member_id)) == ([], [])


def test_cover_that_has_run_out_is_left_alone() -> None:
    """There is nothing to end."""
    world = World()
    member_id = world.member()
    tell(world, joined(member_id, on=date(2020, 8, 31)))
    before = cover(world, member_id)
    tell(world, removed(member_id))
    assert cover(world, member_id) == before
    assert completions(world, member_id) == []
