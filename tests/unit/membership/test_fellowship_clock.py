"""The references of an application for fellowship, its clock, and how it is found."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.domain.policies.book import body_of
from services.membership.domain.rounds import Clock, Round
from services.membership.errors import FellowshipOutOfOrder
from services.membership.events import FellowshipReferenced, FellowshipWithdrawn
from shared.errors import Duplicate, Invalid
from tests.unit.membership.fellowships import (
    DOMAINS,
    MINUTE,
    fill,
    in_state,
    member_of,
    nominate,
    own,
    ratify,
    reference,
    submit,
    view,
)
from tests.unit.membership.world import World


def test_assessment_begins_with_the_last_reference_that_is_needed() -> None:
    """Each is told with how many are outstanding; a further one is still taken."""
    world = World()
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id)
    nominate(world, fellowship_id, "referee.3@example.org")
    referees = submit(world, fellowship_id).referees
    states = [reference(world, fellowship_id, each.referee_id).state for each in referees]
    assert states == ["awaiting_references", "in_assessment", "in_assessment"]
    told = [e for e in world.events(fellowship_id) if isinstance(e, FellowshipReferenced)]
    assert [each.outstanding for each in told] == [1, 0, 0]


def test_a_reference_comes_once() -> None:
    """Another one of the same referee is refused, and the first stands."""
    world = World()
    fellowship_id = in_state(world, "awaiting_references")
    referee_id = view(world, fellowship_id).referees[0].referee_id
    reference(world, fellowship_id, referee_id)
    with pytest.raises(Duplicate) as refused:
        reference(world, fellowship_id, referee_id, supportive=False)
    assert refused.value.details["field"] == "referee_id"
    assert view(world, fellowship_id).referees[0].reference.supportive is True


@pytest.mark.parametrize("days", [-1, 1])
def test_a_reference_comes_after_submission_and_not_in_the_future(days: int) -> None:
    """The day it came lies between."""
    world = World()
    fellowship_id = in_state(world, "awaiting_references")
    referee_id = view(world, fellowship_id).referees[0].referee_id
    with pytest.raises(Invalid) as refused:
        reference(world, fellowship_id, referee_id, received_on=world.today + timedelta(days=days))
    assert list(refused.value.fields) == ["received_on"]


def test_a_referee_who_does_not_answer_is_replaced() -> None:
    """The one withdrawn is not heard any more; the new one's reference counts."""
    world = World()
    fellowship_id = in_state(world, "awaiting_references")
    first, second = (each.referee_id for each in view(world, fellowship_id).referees)
    reference(world, fellowship_id, first)
    own(world, "withdraw_referee", fellowship_id, referee_id=second)
    own(world, "withdraw_referee", fellowship_id, referee_id=second)  # again, harmless
    with pytest.raises(FellowshipOutOfOrder) as refused:
        reference(world, fellowship_id, second)
    assert refused.value.details["referee_id"] == second
    with pytest.raises(FellowshipOutOfOrder) as refused:
        own(world, "withdraw_referee", fellowship_id, referee_id=first)
    assert refused.value.details["referee_id"] == first
    third = nominate(world, fellowship_id, "referee.3@example.org")
    assert reference(world, fellowship_id, third).state == "in_assessment"


def test_a_policy_without_referees_lets_assessment_begin_at_once() -> None:
    """How many referees are needed is policy."""
    world = World()
    body = world.call("get_policy", kind="fellowship").fellowship
    world.call(
        "propose_policy_version",
        version="2027.1",
        effective_from=date(2027, 1, 1),
        reason="Invented.",
        fellowship={**body_of(body), "referees": 0, "target_weeks": 2},
    )
    world.call("activate_policy_version", kind="fellowship", version="2027.1", reason="Invented.")
    before = in_state(world, "awaiting_references")
    world.go_to(date(2027, 1, 1))
    fellowship_id = in_state(world, "draft")
    fill(world, fellowship_id, without=("referees",))
    shown = submit(world, fellowship_id)
    assert (shown.state, shown.clock.days_left) == ("in_assessment", 14)
    assert shown.policies["fellowship"] == "2027.1"
    referee_id = view(world, before).referees[0].referee_id
    assert reference(world, before, referee_id).state == "awaiting_references"


def test_an_application_is_taken_back() -> None:
    """The clock stops that day, and it is told."""
    world = World()
    fellowship_id = in_state(world, "awaiting_references")
    world.go_to(date(2026, 12, 3))
    shown = own(world, "withdraw_fellowship", fellowship_id, reason="Invented.")
    assert (shown.state, shown.withdrawn_on) == ("withdrawn", date(2026, 12, 3))
    world.go_to(date(2027, 6, 1))
    clock = view(world, fellowship_id).clock
    assert (clock.stopped_on, clock.days_elapsed, clock.overdue) == (date(2026, 12, 3), 10, False)
    assert world.events(fellowship_id)[-1] == FellowshipWithdrawn(
        fellowship_id, shown.member_id, date(2026, 12, 3)
    )


DAYS = st.dates(date(2026, 1, 1), date(2040, 1, 1))


@given(DAYS, st.integers(1, 200), st.integers(0, 2_000))
def test_the_clock_counts_every_day_once(begun: date, weeks: int, days: int) -> None:
    """Days elapsed and days left are together the weeks of the target; overdue is the day after."""
    target = begun + timedelta(weeks=weeks)
    today = begun + timedelta(days=days)
    running = Clock.of(Round(begun, target), None, today)
    stopped = Clock.of(Round(begun, target), today, today + timedelta(days=1))
    for clock in (running, stopped):
        assert clock.days_left is not None
        assert clock.days_elapsed + clock.days_left == 7 * weeks
        assert clock.overdue == (clock.days_left < 0)
        assert clock.days_elapsed == days


def test_the_clock_runs_until_the_trustees_decide() -> None:
    """A panel's decision does not stop it; ratification does, on its day."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    world.go_to(date(2027, 3, 2))
    clock = view(world, fellowship_id).clock
    assert (clock.days_elapsed, clock.days_left, clock.overdue) == (99, -1, True)
    ratify(world, fellowship_id, ratified_on=date(2027, 3, 1))
    world.go_to(date(2027, 4, 1))
    assert view(world, fellowship_id).clock == Clock(
        date(2026, 11, 23), date(2027, 3, 1), date(2027, 3, 1), 98, 0, False
    )


def test_overdue_applications_are_found_in_the_order_of_their_targets() -> None:
    """Only those whose target has passed and which are not decided, a page at a time."""
    world = World()
    late = [in_state(world, "awaiting_references") for _ in range(3)]
    decided = in_state(world, "awarded")
    world.go_to(date(2026, 11, 24))
    later = in_state(world, "in_assessment")
    in_state(world, "draft")
    world.go_to(date(2027, 3, 1))
    assert world.pages("find_fellowships", overdue=True) == []
    world.go_to(date(2027, 3, 2))
    assert ids_of(world.pages("find_fellowships", overdue=True, limit=2)) == late
    world.go_to(date(2027, 3, 3))
    found = world.pages("find_fellowships", overdue=True, limit=1)
    assert ids_of(found) == [*late, later]
    assert decided not in ids_of(found)
    assert all(each.clock.overdue for each in found)
    filters = {"overdue": True, "state": "in_assessment"}
    assert ids_of(world.pages("find_fellowships", **filters)) == [later]


def ids_of(found: list[Any]) -> list[str]:
    return [each.fellowship_id for each in found]


def test_applications_are_found_by_state_level_and_member() -> None:
    """Filters go together; without any, all are found in the order in which they were begun."""
    world = World()
    states = ("draft", "awarded", "declined")
    made = {(s, level): in_state(world, s, level) for s in states for level in DOMAINS}
    everything = [
        each for each in world.pages("find_fellowships", limit=2) if each.route == "standard"
    ]
    assert ids_of(everything) == list(made.values())
    drafts = ids_of(world.pages("find_fellowships", state="draft", limit=1))
    assert drafts == [made["draft", level] for level in DOMAINS]
    filters = {"state": "declined", "level": "fellow"}
    assert ids_of(world.pages("find_fellowships", **filters)) == [made["declined", "fellow"]]
    member_id = member_of(world, drafts[0])
    assert ids_of(world.pages("find_fellowships", member_id=member_id)) == drafts[:1]
    assert world.pages("find_fellowships", member_id=member_id, state="awarded") == []


def test_the_history_of_a_member_tells_of_their_applications() -> None:
    """Every write of an application stands beside those of the member, with who did it."""
    world = World()
    fellowship_id = in_state(world, "panel_decided")
    ratify(world, fellowship_id, by="trustees.office")
    member_id = member_of(world, fellowship_id)
    entries = [
        each
        for each in world.pages("get_history", member_id=member_id)
        if each.record == "fellowship"
    ]
    assert {each.record_id for each in entries} == {fellowship_id}
    assert [each.action for each in entries][-1] == "start_fellowship"
    assert entries[0].action == "ratify"
    assert entries[0].by == "trustees.office"
    granted = [
        each
        for each in world.pages("get_history", member_id=member_id)
        if any(change.field == "awards" for change in each.changes)
    ]
    assert [(each.record, each.by) for each in granted] == [("member", "trustees.office")]
    assert MINUTE in str(entries[0].changes)
