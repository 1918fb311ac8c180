"""The passing of days: what changes by itself is told once, however many look and however late."""

from collections import Counter
from datetime import date

import pytest

from services.membership.events import (
    MemberEnteredGrace,
    MemberLapsed,
    RenewalDue,
    StandingChanged,
)
from tests.unit.membership.passing import (
    DUE,
    GRACE,
    LAPSE,
    LAST,
    LATER,
    ONE_DAY,
    all_told,
    days_of,
    in_parallel,
    joined,
    members,
    notices,
)
from tests.unit.membership.world import World, cut_at_every_write


def test_looked_at_every_day_each_notice_comes_once_on_its_day() -> None:
    """Renewal due, grace, lapse; and a day on which nothing changes looks at nobody."""
    world = joined(3)
    looked_at = Counter[date]()
    day = DUE - ONE_DAY
    while day < date(2028, 1, 5):
        world.go_to(day)
        answer = world.call("tick")
        looked_at[day] = answer.looked_at
        assert sum(answer.told.values()) == 2 * answer.looked_at
        day += ONE_DAY
    assert days_of(world) == all_told(3)
    days = {turn + n * ONE_DAY for turn in (DUE, GRACE, LAPSE) for n in range(3)}
    assert {day for day, number in looked_at.items() if number} == days


@pytest.mark.parametrize("stops", [(LATER,), (GRACE, LATER), (DUE + ONE_DAY, LAPSE, LATER)])
def test_after_long_downtime_everything_is_told_with_its_own_day(stops: tuple[date, ...]) -> None:
    """Once, in order, and a second look finds nothing."""
    world = joined(3)
    for day in stops:
        world.go_to(day)
        world.call("tick")
        assert world.call("tick").looked_at == 0
    assert days_of(world) == all_told(3)
    since = [e.since for e in world.events() if isinstance(e, StandingChanged)]
    assert len(since) == 9
    assert {DUE, GRACE, LAPSE} <= set(since)


def test_the_answer_counts_what_was_told() -> None:
    """By type of event."""
    world = joined(2)
    world.go_to(LATER)
    answer = world.call("tick")
    assert answer.told == {
        "member.entered_grace": 2,
        "member.lapsed": 2,
        "renewal.due": 2,
        "standing.changed": 6,
    }
    assert (answer.on, answer.looked_at, answer.skipped, answer.dry_run) == (LATER, 2, False, False)


@pytest.mark.parametrize("at", [{1}, {2}, {3}, {1, 2, 3}, {1, 3}])
@pytest.mark.parametrize("instances", [1, 3])
def test_many_instances_at_once_tell_each_change_once(at: set[int], instances: int) -> None:
    """Though none of them keeps off: others tick whole right before one saves what it saw."""
    world = joined(3)
    world.go_to(LATER)
    others = [world.another() for _ in range(instances)]

    def tick_all() -> None:
        for other in others:
            world.database["leases"].delete_many({})
            other.app.tick_now()

    in_parallel(world, tick_all, at)
    world.app.tick_now()
    for other in others:
        other.app.tick_now()
    assert days_of(world) == all_told(3)
    standings = Counter(type(event) for event in world.events())
    assert standings[StandingChanged] == 9


def test_a_renewal_that_comes_between_is_not_overtaken() -> None:
    """Who renews while the clock looks at them has not lapsed."""
    world = joined(1)
    [member_id] = members(world)
    world.pay(member_id, 116_000)
    world.go_to(LAPSE - ONE_DAY)
    in_parallel(world, lambda: world.another().call("renew", member_id=member_id), {1})
    world.call("tick")
    world.go_to(LAPSE)
    assert world.call("tick").told == {}
    assert world.status(member_id) == "current"
    assert MemberLapsed not in world.told(member_id)


def test_a_tick_cut_off_anywhere_is_completed_by_the_next() -> None:
    """Whether it is the same call again or another."""
    for message in ("tick", None):

        def prepare() -> World:
            world = joined(3)
            world.go_to(LATER)
            return world

        def act(world: World, message: str | None = message) -> None:
            world.clock.advance(hours=1)
            world.call("tick", message=message)

        worlds = cut_at_every_write(act, prepare)
        assert len(worlds) > 3
        for world in worlds:
            assert days_of(world) == all_told(3)


def test_what_a_write_tells_first_the_clock_does_not_tell_again() -> None:
    """Any change of a member settles what the days brought."""
    world = joined(1)
    [member_id] = members(world)
    world.go_to(LATER)
    world.call("change_contact", member_id=member_id, given_name="Mair")
    assert world.call("tick").looked_at == 0
    assert days_of(world) == all_told(1)


def test_what_the_days_brought_is_told_of_the_member_as_they_were() -> None:
    """Before a late change of grade, and on the very day of a renewal."""
    world = joined(1)
    [member_id] = members(world)
    world.pay(member_id, 200_000)
    world.go_to(GRACE + ONE_DAY)
    world.call("change_grade", member_id=member_id, grade="associate", reason="x")
    told = notices(world)[member_id]
    assert [(type(event), event.grade) for event in told] == [
        (RenewalDue, "member"),
        (MemberEnteredGrace, "member"),
    ]
    other = World()
    member_id = other.member()
    other.pay(member_id, 200_000)
    other.go_to(DUE)
    other.call("renew", member_id=member_id)
    assert notices(other)[member_id] == [RenewalDue(member_id, "member", LAST)]


def test_pages_are_walked_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though members leave the list while it is walked."""
    monkeypatch.setattr("shared.repository.MAX_PAGE", 2)
    world = joined(7)
    world.go_to(LATER)
    rehearsed = world.call("tick", dry_run=True)
    assert rehearsed.looked_at == world.call("tick").looked_at == 7
    assert days_of(world) == all_told(7)
