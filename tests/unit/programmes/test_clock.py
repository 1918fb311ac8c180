"""The clock: what it does regularly, and how a trial puts it forward."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.programmes.errors import NoTrial
from services.programmes.events import CohortClosed
from services.programmes.handlers.ticking import take_steps, tick
from services.programmes.handlers.turns import Due, Pace
from shared import health
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
    early, late = "2027-01-01T00:59:00+00:00", "2027-01-01T01:00:00+00:00"
    assert error.fields == {"to": [f"Is {early}, and it is {late} already."]}
    assert error_of(lambda: other.submitted(cohort_id)).code == "programmes.outside_window"


def test_a_trial_that_is_where_it_was_put_goes_on() -> None:
    """Whoever asks for the same instant again, by whatever instance, has it already."""
    world = rehearsal()
    advance(world, JANUARY)
    world.clock.advance(minutes=5)
    assert advance(world.another(), JANUARY).now == JANUARY + timedelta(minutes=5)
    assert advance(world, JANUARY + timedelta(minutes=5)).now == JANUARY + timedelta(minutes=5)
    world.clock.advance(minutes=1)
    assert isinstance(error_of(lambda: advance(world, JANUARY)), Invalid)


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


def test_a_step_that_fails_holds_up_no_other(world: World) -> None:
    """But for a store that is away, which fails them all."""
    taken = []

    def fail(error: Exception) -> Any:
        taken.append("failed")
        raise error

    def take() -> Due[Any]:
        taken.append("b")
        return Due(world.repository("cohorts"), world.clock(), fail)

    take_steps({"a": lambda: fail(ValueError()), "b": take}, Pace())
    assert taken == ["failed", "b"]
    with pytest.raises(Unavailable):
        take_steps({"a": lambda: fail(Unavailable()), "b": take}, Pace())
    assert taken == ["failed", "b", "failed"]


def test_what_cannot_be_read_holds_up_no_other(world: World) -> None:
    """A document that is broken is left to whoever mends it; the clock goes on."""
    broken, sound = world.cohort(), world.cohort()
    world.database["cohorts"].update_one({"_id": broken}, {"$set": {"posts": "rubbish"}})
    world.pass_time(days=60)
    assert [each.cohort_id for each in world.events(CohortClosed)] == [sound]


class Closing:
    """Cohorts that are due, and what a step does with them; ``closed`` is their order."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.closed: list[str] = []
        self.failing: set[str] = set()
        self.seconds = 0
        self.ids = [world.cohort() for _ in range(number)]
        world.clock.now = JANUARY

    def step(self) -> Due[Any]:
        """Close what is due, at once or after a while."""
        return Due(self.world.repository("cohorts"), self.world.clock(), self._close)

    def _close(self, cohort: Any) -> None:
        self.closed.append(cohort.id)
        self.world.clock.advance(seconds=self.seconds)
        if cohort.id in self.failing:
            raise ValueError
        cohorts = self.world.repository("cohorts")
        cohorts.change(cohort.id, lambda found: found.close(self.world.clock()))

    def tick(self, pace: Pace, **more: Any) -> list[str]:
        """What one tick went over."""
        self.closed = []
        leases = Leases(self.world.database, self.world.clock)
        steps = {"close": self.step, **more}
        tick(steps=steps, leases=leases, lease=timedelta(minutes=2), pace=pace)
        return self.closed


def left(step: str) -> float:
    """What the metric says of a step."""
    return float(health.TURNS_LEFT.labels(step)._value.get())


def test_a_tick_takes_so_many_turns_and_the_next_goes_on(world: World) -> None:
    """No step holds up the others for long; how much is left is told."""
    closing, pace, others = Closing(world, 5), Pace(2), []

    def other() -> Due[Any]:
        others.append(len(closing.closed))
        return Due(world.repository("cohorts"), datetime(2000, 1, 1, tzinfo=UTC), print)

    ticks, told = [], []
    for _ in range(4):
        ticks.append(closing.tick(pace, other=other))
        told.append(left("close"))
    assert [len(each) for each in ticks] == [2, 2, 1, 0]
    assert sorted(id for each in ticks for id in each) == sorted(closing.ids)
    assert told == [3, 1, 0, 0]
    assert others == [2, 2, 1, 0]


def test_turns_that_fail_hold_up_no_other_however_many(world: World) -> None:
    """The next tick goes on behind them; when all were met they are tried again."""
    closing, pace = Closing(world, 5), Pace(2)
    broken, sound = closing.ids[:3], closing.ids[3:]
    closing.failing = set(broken)
    met = [closing.tick(pace) for _ in range(3)]
    assert sorted(id for each in met for id in each) == sorted(closing.ids)
    assert sorted(each.cohort_id for each in world.events(CohortClosed)) == sorted(sound)
    assert left("close") == 3
    closing.failing = set()
    again = [closing.tick(pace) for _ in range(2)]
    assert sorted(id for each in again for id in each) == sorted(broken)
    assert left("close") == 0


def test_a_trial_takes_all_turns_at_once() -> None:
    """However many there are, for whoever put the clock forward wants to see what came of it."""
    world = World(settings=replace(SETTINGS, trial_clock=1, tick_turns=1))
    for _ in range(3):
        world.cohort()
    advance(world, JANUARY)
    assert len(world.events(CohortClosed)) == 3


def test_a_step_that_takes_longer_than_the_lease_keeps_it(world: World) -> None:
    """Nobody else begins while it is at it."""
    closing, others = Closing(world, 8), []
    closing.seconds = 50
    leases = Leases(world.database, world.clock)
    close = closing._close

    def watched(cohort: Any) -> None:
        close(cohort)
        others.append(leases.take("tick", timedelta(minutes=2)))

    step = lambda: Due(world.repository("cohorts"), world.clock(), watched)  # noqa: E731
    tick(steps={"close": step}, leases=leases, lease=timedelta(minutes=2), pace=Pace())
    assert others == [None] * 8
    assert leases.take("tick", timedelta(minutes=2)) is not None


def test_who_lost_the_lease_stops_at_the_next_turn(world: World) -> None:
    """Held up beyond its end, it does not go on beside the instance that began anew."""
    closing = Closing(world, 4)
    closing.seconds = 121
    leases = Leases(world.database, world.clock)
    close = closing._close

    def overtaken(cohort: Any) -> None:
        close(cohort)
        assert leases.take("tick", timedelta(minutes=2)) is not None

    step = lambda: Due(world.repository("cohorts"), world.clock(), overtaken)  # noqa: E731
    more = {"other": closing.step}
    steps = {"close": step, **more}
    tick(steps=steps, leases=leases, lease=timedelta(minutes=2), pace=Pace())
    assert len(closing.closed) == 1
    assert leases.take("tick", timedelta(minutes=2)) is None
