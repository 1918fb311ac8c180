"""The passing of days: what changes by itself is told once, however many look and however late."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.member import Member
from services.membership.events import (
    MemberEnteredGrace,
    MemberLapsed,
    RenewalDue,
    StandingChanged,
)
from services.membership.handlers import ticking
from shared.errors import Invalid, Unavailable
from tests.unit.membership.builders import TODAY
from tests.unit.membership.world import SETTINGS, World, cut_at_every_write

LAST = date(2027, 11, 22)  # of a year from TODAY
DUE, GRACE, LAPSE = date(2027, 9, 24), date(2027, 11, 23), date(2027, 12, 23)
LATER = date(2028, 6, 1)
ONE_DAY = timedelta(days=1)
NOTICES = (RenewalDue, MemberEnteredGrace, MemberLapsed)
AHEAD = replace(SETTINGS, tick_ahead=1)


def joined(number: int, **options: Any) -> World:
    """A world with so many members who joined a day after one another."""
    world = World(**options)
    for n in range(number):
        world.go_to(TODAY + n * ONE_DAY)
        world.member()
    return world


def members(world: World) -> list[str]:
    return [document["_id"] for document in world.database["members"].find({})]


def notices(world: World) -> dict[str, list[Any]]:
    """The notices of each member, in order."""
    return {
        id: [event for event in world.events(id) if isinstance(event, NOTICES)]
        for id in members(world)
    }


def all_told(number: int) -> list[list[Any]]:
    """What is told of so many who joined a day after one another and never renewed."""
    later = [n * ONE_DAY for n in range(number)]
    return [[("due", LAST + n), ("ended", LAST + n), ("lapsed", LAPSE + n)] for n in later]


def days_of(world: World) -> list[list[Any]]:
    names = {RenewalDue: "due", MemberEnteredGrace: "ended", MemberLapsed: "lapsed"}
    fields = {RenewalDue: "due_on", MemberEnteredGrace: "ended_on", MemberLapsed: "lapsed_on"}
    return [
        [(names[type(event)], getattr(event, fields[type(event)])) for event in told]
        for told in notices(world).values()
    ]


def in_parallel(world: World, others: Callable[[], object], at: set[int]) -> None:
    """Let others do something right before the n-th of the world's own writes of members."""
    documents, number = world.database["members"], [0]
    replace_one, busy = documents.replace_one, [False]

    def interrupted(*arguments: Any, **options: Any) -> Any:
        if not busy[0]:
            number[0] += 1
            if number[0] in at:
                busy[0] = True
                others()
                busy[0] = False
        return replace_one(*arguments, **options)

    documents.replace_one = interrupted


# Told once


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
    monkeypatch.setattr(ticking, "MAX_PAGE", 2)
    world = joined(7)
    world.go_to(LATER)
    rehearsed = world.call("tick", dry_run=True)
    assert rehearsed.looked_at == world.call("tick").looked_at == 7
    assert days_of(world) == all_told(7)


# Policies


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


# Rehearsed


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


# Leases and trouble


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
    world.app.tick_now()
    last = world.members.trail(member_id)[-1]
    assert (last.by, last.action) == ("clock", "tick")
    world.app.tick_now()
    assert world.members.trail(member_id)[-1] == last
