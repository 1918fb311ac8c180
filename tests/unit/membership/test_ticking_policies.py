"""The tick when a policy comes into force, and rehearsed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.membership.events import (
    MemberLapsed,
    StandingChanged,
)
from shared.errors import Invalid
from tests.unit.membership.builders import TODAY
from tests.unit.membership.passing import (
    DUE,
    GRACE,
    LAPSE,
    LAST,
    LATER,
    ONE_DAY,
    all_told,
    days_of,
    joined,
    members,
)
from tests.unit.membership.world import SETTINGS, World

AHEAD = replace(SETTINGS, tick_ahead=1)


def activate(world: World, version: str, effective_from: date, **changes: Any) -> None:
    statuses = {
        "rules": [rule.value for rule in world.book.statuses.on(world.today).policy.rules],
        "renewal_window_days": 60,
        "grace_days": 30,
        "source": "test",
    }
    world.call(
        "propose_policy_version",
        version=version,
        effective_from=effective_from,
        reason="test",
        statuses={**statuses, **changes},
    )
    world.call("activate_policy_version", kind="statuses", version=version, reason="test")


def test_a_policy_activated_in_between_is_applied_from_its_day() -> None:
    """Members whose turn it is not by the old one are found all the same."""
    world = joined(2)
    world.go_to(date(2027, 6, 1))
    activate(world, "early", date(2027, 7, 1), renewal_window_days=200)
    world.go_to(date(2027, 6, 30))
    assert world.call("tick").looked_at == 0
    world.go_to(date(2027, 7, 1))
    answer = world.call("tick")
    assert answer.told == {"renewal.due": 2, "standing.changed": 2}
    assert world.call("tick").looked_at == 0
    since = [e.since for e in world.events() if isinstance(e, StandingChanged)]
    assert since == [date(2027, 7, 1)] * 2
    world.go_to(DUE)
    assert world.call("tick").looked_at == 0


def test_a_policy_that_comes_into_force_during_downtime_changes_nothing_before() -> None:
    """Grace ended by the old policy before the new one; by the new one after it."""
    world = joined(2)
    activate(world, "short", LAST + 6 * ONE_DAY, grace_days=10)
    world.go_to(LATER)
    world.call("tick")
    lapses = [e.lapsed_on for e in world.events() if isinstance(e, MemberLapsed)]
    assert lapses == [LAST + 11 * ONE_DAY, LAST + 12 * ONE_DAY]


def test_members_judged_by_another_policy_are_looked_at_once() -> None:
    """Those whose turn it is too, together with the others."""
    world = joined(4)
    activate(world, "same", LAST, grace_days=30)
    world.go_to(DUE)
    assert world.call("tick").looked_at == 1
    world.go_to(LAST)
    rehearsed = world.call("tick", dry_run=True)
    answer = world.call("tick")
    assert rehearsed.looked_at == answer.looked_at == 4
    assert rehearsed.told == answer.told == {"renewal.due": 3, "standing.changed": 3}
    assert {m.settled.policy for m in world.members.scan({})} == {"same"}
    assert world.call("tick").looked_at == 0


@pytest.mark.parametrize("day", [DUE, GRACE, LAPSE, LATER, TODAY + 5 * ONE_DAY])
@pytest.mark.parametrize("policy", [False, True])
def test_a_dry_run_tells_the_same_numbers_and_changes_nothing(day: date, policy: bool) -> None:
    """With a policy activated in between too; asked before that day or on it."""
    world = joined(5)
    world.go_to(TODAY + 5 * ONE_DAY)
    if policy:
        activate(world, "other", DUE - ONE_DAY, renewal_window_days=90, grace_days=5)
    writes, stored = world.database.writes, [world.document("members", id) for id in members(world)]
    ahead = world.call("tick", on=day, dry_run=True)
    world.go_to(day)
    rehearsed = world.call("tick", dry_run=True)
    assert world.database.writes == writes
    assert [world.document("members", id) for id in members(world)] == stored
    told = len(world.events())
    answer = world.call("tick")
    assert (ahead.looked_at, ahead.told) == (rehearsed.looked_at, rehearsed.told)
    assert (rehearsed.looked_at, rehearsed.told) == (answer.looked_at, answer.told)
    assert rehearsed.dry_run
    assert len(world.events()) - told == sum(answer.told.values())


def test_a_dry_run_needs_no_lease() -> None:
    """It may be asked for while another instance is at it."""
    world = joined(1)
    world.database["leases"].insert_one({"_id": "tick", "until": 10**15})
    world.go_to(LATER)
    assert world.call("tick").skipped
    rehearsed = world.call("tick", dry_run=True)
    assert (rehearsed.skipped, rehearsed.looked_at) == (False, 1)


def test_days_to_come_are_told_only_in_a_dry_run_or_in_trials() -> None:
    """What is told cannot be taken back."""
    world = joined(1)
    with pytest.raises(Invalid) as refused:
        world.call("tick", on=LATER)
    assert list(refused.value.fields) == ["on"]
    trial = joined(1, settings=AHEAD)
    assert trial.call("tick", on=LATER).told["member.lapsed"] == 1
    assert trial.call("tick").looked_at == 0
    assert days_of(trial) == all_told(1)


def test_a_past_day_can_be_caught_up_with() -> None:
    """Up to it and no further."""
    world = joined(1)
    world.go_to(LATER)
    assert world.call("tick", on=DUE).told == {"renewal.due": 1, "standing.changed": 1}
    assert world.call("tick").told["member.lapsed"] == 1
    assert days_of(world) == all_told(1)
