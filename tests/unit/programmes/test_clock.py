"""The clock: what it does regularly, and how a trial puts it forward."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.programmes.errors import NoTrial
from services.programmes.events import CohortClosed
from services.programmes.handlers.ticking import take_steps
from shared.errors import Invalid, Unavailable
from shared.testing import error_of
from shared.timers import Leases
from tests.unit.programmes.world import SETTINGS, World

JANUARY = datetime(2027, 1, 1, tzinfo=UTC)


def rehearsal() -> World:
    """A service on trial."""
    return World(settings=replace(SETTINGS, trial_clock=1))


def advance(world: World, to: datetime) -> Any:
    return world.call("advance_clock", by="ops", to=to.isoformat())


def test_a_trial_goes_forward_for_all_instances() -> None:
    """What is due by then is done; from there the time goes on."""
    world = rehearsal()
    cohort_id = world.cohort()
    assert advance(world, JANUARY).now == JANUARY
    assert [each.cohort_id for each in world.events(CohortClosed)] == [cohort_id]
    world.clock.advance(hours=1)
    other = world.another()
    error = error_of(lambda: advance(other, JANUARY + timedelta(minutes=59)))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["to"]
    assert error_of(lambda: other.submitted(cohort_id)).code == "programmes.outside_window"


def test_real_time_is_put_forward_by_nobody(world: World) -> None:
    """Without the setting the call is refused, and nothing has changed."""
    assert isinstance(error_of(lambda: advance(world, JANUARY)), NoTrial)
    assert world.events() == []


def test_one_instance_at_a_time_takes_the_steps(world: World) -> None:
    """While another holds the lease nothing is done; after it was given back it is."""
    world.cohort()
    world.clock.now = JANUARY
    leases = Leases(world.database, world.clock)
    held = leases.take("tick", timedelta(minutes=5))
    assert held is not None
    world.let_the_clock("tick")
    assert world.events(CohortClosed) == []
    held.give_back()
    world.let_the_clock("tick")
    assert len(world.events(CohortClosed)) == 1


def test_a_step_that_fails_holds_up_no_other() -> None:
    """But for a store that is away, which fails them all."""
    taken = []

    def fail(error: Exception) -> None:
        taken.append("failed")
        raise error

    take_steps({"a": lambda: fail(ValueError()), "b": lambda: taken.append("b")})
    assert taken == ["failed", "b"]
    with pytest.raises(Unavailable):
        take_steps({"a": lambda: fail(Unavailable()), "b": lambda: taken.append("c")})
    assert taken == ["failed", "b", "failed"]


def test_what_cannot_be_read_holds_up_no_other(world: World) -> None:
    """A document that is broken is left to whoever mends it; the clock goes on."""
    broken, sound = world.cohort(), world.cohort()
    world.database["cohorts"].update_one({"_id": broken}, {"$set": {"posts": "rubbish"}})
    world.pass_time(days=60)
    assert [each.cohort_id for each in world.events(CohortClosed)] == [sound]
