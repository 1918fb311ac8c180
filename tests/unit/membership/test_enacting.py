"""What was decided about professions reaches the policy, and nothing that others did is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.decisions import Decision, Step
from services.membership.domain.enacting import next_version
from services.membership.errors import ProfessionOutOfOrder
from services.membership.events import PolicyActivated
from shared.errors import FacultyError, Invalid
from tests.unit.interleaving import SwitchingDatabase, at_once, chooser
from tests.unit.membership.builders import BOOK, TODAY
from tests.unit.membership.opening import (
    DAY,
    MANAGER,
    NAVIGATOR,
    activated,
    admission,
    admit,
    by_hand,
    consulted,
    open_to_all,
    pilot,
    policy,
    start,
)
from tests.unit.membership.world import World, cut_at_every_write

choices = st.lists(st.integers(0, 7), max_size=60)


def names(world: World) -> list[str]:
    """The versions in the order in which they come into force."""
    return [version.version for version in world.book.professions.all]


def test_two_professions_changed_for_one_day_both_are() -> None:
    """The second is another revision of that day, derived from the first."""
    world = open_to_all()
    day = world.today + 5 * DAY
    for code in (MANAGER, NAVIGATOR):
        consulted(world, code)
        admit(world, code, day)
    assert names(world) == [
        "2026.1",
        "2026.1+healthcare_manager.admitted.1",
        "2026.1+care_navigator.admitted.1",
    ]
    assert [version.revision for version in world.book.professions.all] == [0, 0, 1]
    assert [admission(world, code, day) for code in (MANAGER, NAVIGATOR)] == ["admitted"] * 2
    assert [admission(world, code, day - DAY) for code in (MANAGER, NAVIGATOR)] == ["closed", None]
    told = [event for event in world.events() if isinstance(event, PolicyActivated)]
    assert [
        (event.kind, event.effective_from) for event in told if event.kind == "professions"
    ] == [("professions", day)] * 2


def test_a_version_that_comes_later_does_not_lose_the_change() -> None:
    """Neither one made by hand nor a derived one; each gets another revision of its own day."""
    world = open_to_all()
    later, latest = world.today + 10 * DAY, world.today + 20 * DAY
    consulted(world, NAVIGATOR)
    admit(world, NAVIGATOR, latest)
    by_hand(world, "2027.1", later)
    consulted(world)
    admit(world, MANAGER, world.today + 5 * DAY)
    for day in (world.today + 5 * DAY, later, latest):
        assert admission(world, MANAGER, day) == "admitted"
    assert admission(world, NAVIGATOR, latest) == "admitted"
    assert policy(world, later).version == f"2027.1+healthcare_manager.admitted.1.{later:%Y%m%d}"
    assert policy(world, latest).policy.find("doctor").title == "2027.1"
    assert admission(world, MANAGER, world.today + 4 * DAY) == "closed"


def test_a_version_proposed_before_and_activated_after_does_not_lose_the_change() -> None:
    """Its authors did not know of it, so it is laid over what they wrote."""
    world = open_to_all()
    later = world.today + 10 * DAY
    by_hand(world, "2027.1", later, activate=False)
    consulted(world)
    admit(world, MANAGER, world.today)
    activated(world, "2027.1")
    assert admission(world, MANAGER, later) == "admitted"
    assert policy(world, later).policy.find("doctor").title == "2027.1"


def test_a_version_that_knows_of_a_decision_may_say_something_else() -> None:
    """Proposed after it, it has the last word about that profession and not about others."""
    world = open_to_all()
    later = world.today + 10 * DAY
    consulted(world)
    admit(world, MANAGER, world.today)
    by_hand(world, "2027.1", later, healthcare_manager={"admission": "closed"})
    assert admission(world, MANAGER, later - DAY) == "admitted"
    assert admission(world, MANAGER, later) == "closed"
    consulted(world, NAVIGATOR)
    admit(world, NAVIGATOR, world.today)
    assert admission(world, MANAGER, later) == "closed"
    assert admission(world, NAVIGATOR, later) == "admitted"


def test_a_version_made_by_hand_is_not_undone_by_a_decision_in_force_later() -> None:
    """What was derived from the version before it is derived anew."""
    world = open_to_all()
    soon, later = world.today + 5 * DAY, world.today + 10 * DAY
    consulted(world)
    start(world, effective_from=later)
    by_hand(world, "2027.1", soon)
    assert policy(world, later).policy.find("doctor").title == "2027.1"
    assert admission(world, MANAGER, later) == "pilot"


def test_a_refusal_known_to_a_version_by_hand_leaves_no_trace_of_the_pilot() -> None:
    """A pilot that was to begin after it and was refused before it was proposed does not begin."""
    world = open_to_all()
    soon, later = world.today + 5 * DAY, world.today + 10 * DAY
    consulted(world)
    start(world, effective_from=later)
    world.call("refuse_profession", code=MANAGER, reason="Too early.")
    by_hand(world, "2027.1", soon)
    assert policy(world, later).policy.find("doctor").title == "2027.1"
    assert admission(world, MANAGER, later) == "closed"


def test_a_day_is_taken_for_versions_made_by_hand() -> None:
    """Also by a derived version: what staff see in force is what they would replace."""
    world = open_to_all()
    pilot(world)
    with pytest.raises(Invalid) as refused:
        by_hand(world, "2027.1", world.today)
    assert list(refused.value.fields) == ["effective_from"]


def test_a_derived_version_cannot_be_proposed_by_hand() -> None:
    """Its name says what it follows from, so names of others have no plus sign."""
    world = open_to_all()
    with pytest.raises(Invalid) as refused:
        by_hand(world, "2026.1+healthcare_manager.pilot.1", world.today + DAY)
    assert list(refused.value.fields) == ["version"]


def test_a_derived_version_is_read_by_its_name() -> None:
    """It says from which version made by hand it is derived, and of what it takes account."""
    world = open_to_all()
    consulted(world)
    admit(world, MANAGER, world.today)
    name = policy(world).version
    view = world.call("get_policy", kind="professions", version=name)
    assert (view.summary.root, view.summary.revision) == ("2026.1", 0)
    assert view.summary.includes == ("healthcare_manager.admitted.1",)


def test_a_decision_that_comes_too_late_is_in_force_from_today() -> None:
    """The past is left alone, and the name says from when it is."""
    decided = Decision("x.admitted.1", "x", "X", Step.ADMITTED, TODAY - 3 * DAY, TODAY - 5 * DAY)
    wanting = next_version(BOOK.professions, [decided], TODAY)
    assert wanting is not None
    assert (wanting.effective_from, wanting.version_name) == (TODAY, "2026.1+x.admitted.1.20261123")


# Cut off


def opened(world: World) -> None:
    """Two professions, one of them in two steps, with a version by hand on the way."""
    day = date(2026, 12, 1)
    for code, step, arguments in (
        (MANAGER, "start_pilot", {"limits": {"until": date(2027, 6, 1), "places": 3}}),
        (NAVIGATOR, "admit_profession", {"effective_from": day}),
        (MANAGER, "admit_profession", {"effective_from": day}),
    ):
        world.call(step, code=code, message=f"{step} {code}", **arguments)


def ready() -> World:
    world = open_to_all()
    for code in (MANAGER, NAVIGATOR):
        consulted(world, code)
    by_hand(world, "2027.1", date(2027, 1, 1))
    return world


def said(world: World) -> dict[str, Any]:
    """What the policy says on every day of the next months."""
    days = [world.today + number * DAY for number in range(60)]
    versions = world.book.professions
    return {str(day): versions.on(day).policy for day in days}


def test_a_call_that_is_cut_off_is_completed_when_it_is_repeated() -> None:
    """After whichever write: the policy says the same on every day, and each thing is told once."""
    worlds = cut_at_every_write(opened, ready)
    assert len(worlds) > 6
    wanted = worlds[-1]
    for world in worlds:
        assert said(world) == said(wanted)
        assert names(world) == names(wanted)
        assert sorted(map(str, world.events())) == sorted(map(str, wanted.events()))


def test_what_nobody_repeats_is_completed_by_the_clock() -> None:
    """The decision was kept, so the policy follows; the trail says that the clock did it."""
    wanted = ready()
    start(wanted)
    for writes in range(1, 4):
        world = ready()
        with world.cut_off(writes):
            start(world)
        if not world.was_cut:
            break
        world.app.enact_now()
        assert said(world) == said(wanted)
    else:
        raise AssertionError("the call was always cut off")


def test_the_clock_finds_nothing_to_do_when_all_is_done() -> None:
    """It writes nothing."""
    world = ready()
    opened(world)
    before = world.database.writes
    world.app.enact_now()
    assert world.database.writes == before


# At once


@contextmanager
def two_instances() -> Iterator[tuple[World, World]]:
    world = open_to_all(SwitchingDatabase())
    yield world, world.another()


@settings(max_examples=40, deadline=None)
@given(choices)
def test_two_changes_at_once_for_one_day_both_survive(order: list[int]) -> None:
    """In whatever order the store sees the two calls, and a version by hand that is activated."""
    with two_instances() as (world, other):
        day = world.today + 3 * DAY
        for code in (MANAGER, NAVIGATOR):
            consulted(world, code)
        by_hand(world, "2027.1", day + 2 * DAY, activate=False)
        outcomes = at_once(
            [
                lambda: admit(world, MANAGER, day),
                lambda: admit(other, NAVIGATOR, day),
                lambda: activated(world.another(), "2027.1"),
            ],
            chooser(order),
        )
        assert not [each for each in outcomes if isinstance(each, FacultyError)]
        for code in (MANAGER, NAVIGATOR):
            assert admission(world, code, day) == "admitted"
            assert admission(world, code, day + 2 * DAY) == "admitted"
        assert policy(world, day + 2 * DAY).policy.find("doctor").title == "2027.1"


@settings(max_examples=40, deadline=None)
@given(choices)
def test_the_policy_follows_the_last_decision_whoever_writes_last(order: list[int]) -> None:
    """A pilot that is started and refused at once is open or closed as its case says."""
    with two_instances() as (world, other):
        consulted(world)
        outcomes = at_once(
            [
                lambda: start(world),
                lambda: other.call("refuse_profession", code=MANAGER, reason="Too early."),
            ],
            chooser(order),
        )
        case = world.call("get_profession", code=MANAGER)
        assert case.state == "refused"
        assert case.admission == "closed"
        refused = isinstance(outcomes[0], ProfessionOutOfOrder)
        assert len(case.decisions) == (0 if refused else 2)
