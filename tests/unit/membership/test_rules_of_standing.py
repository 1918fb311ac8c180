"""The order of the rules of standing, and the day on which a status changes next."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.facts import (
    Ending,
    Suspension,
)
from services.membership.domain.member import Member
from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.standing import (
    next_change,
    standing,
    turning_points,
)
from services.membership.domain.terms import (
    EndingKind,
    RefusalReason,
    RuleName,
    Status,
)
from tests.unit.membership.records import (
    JOINED,
    LAST,
    ONE_DAY,
    POLICY,
    check,
    held,
    member,
    on,
    person,
    seat,
    term,
)

FACTS: dict[RuleName, dict[str, Any]] = {
    RuleName.MERGED: {"merged_on": JOINED},
    RuleName.ERASED: {"erased_on": JOINED},
    RuleName.DECEASED: {"endings": (Ending(EndingKind.DECEASED, JOINED, "x", JOINED),)},
    RuleName.REMOVED: {"endings": (Ending(EndingKind.REMOVED, JOINED, "x", JOINED),)},
    RuleName.WITHDRAWN: {"endings": (Ending(EndingKind.WITHDRAWN, JOINED, "x", JOINED),)},
    RuleName.DECLINED: {"endings": (Ending(EndingKind.DECLINED, JOINED, "x", JOINED),)},
    RuleName.SUSPENDED: {"suspensions": (Suspension(JOINED, "x", JOINED),)},
    RuleName.NOT_CHECKED: {"registrations": (held(),)},
    RuleName.REGISTRATION_REFUSED: {
        "registrations": (held(check(None, JOINED, RefusalReason.NOT_ON_REGISTER)),)
    },
    RuleName.NOT_ADMITTED: {"admitted_on": None},
    RuleName.COVERED: {},
    RuleName.DUE: {"terms": (term(JOINED, JOINED + timedelta(days=10)),)},
    RuleName.GRACE: {"terms": (term(date(2025, 1, 1), JOINED - ONE_DAY),)},
    RuleName.LAPSED: {"terms": ()},
}


def together(rules: tuple[RuleName, ...]) -> Member:
    """A member of whom all of these rules hold, as far as they can hold together."""
    merged: dict[str, Any] = {}
    for rule in rules:
        for name, value in FACTS[rule].items():
            both = isinstance(value, tuple) and name in ("endings", "suspensions")
            merged[name] = (*merged.get(name, ()), *value) if both else value
    return member(**merged)


def matching(record: Member, day: date) -> set[RuleName]:
    """The rules that hold, found by asking each of them first."""
    found = set()
    for rule in RuleName:
        others = tuple(each for each in RuleName if each is not rule)
        if on(day, record, replace(POLICY, rules=(rule, *others))).rule is rule:
            found.add(rule)
    return found


@pytest.mark.parametrize("rule", list(RuleName))
def test_each_rule_decides_where_it_alone_holds(rule: RuleName) -> None:
    """And gives the status of its name, or the one it stands for."""
    found = on(JOINED, member(**FACTS[rule]))
    assert found.rule is rule
    words = {
        RuleName.NOT_CHECKED: Status.AWAITING_VERIFICATION,
        RuleName.NOT_ADMITTED: Status.APPLICANT,
        RuleName.COVERED: Status.CURRENT,
    }
    assert found.status is words.get(rule, Status(rule.value) if rule not in words else None)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(list(RuleName)), unique=True, max_size=6),
    st.permutations(list(RuleName)),
    st.integers(-400, 800),
)
def test_the_first_rule_that_holds_decides_in_any_order(
    holding: list[RuleName], order: list[RuleName], days: int
) -> None:
    """A status always exists, whatever the facts, the day and the order of the policy."""
    record, day = together(tuple(holding)), JOINED + timedelta(days=days)
    found = on(day, record, replace(POLICY, rules=tuple(order)))
    matched = matching(record, day)
    assert matched
    assert found.rule is min(matched, key=order.index)


def test_the_seeded_order_is_the_one_that_was_meant() -> None:
    """Of each two rules that hold together the one that stands first decides; all pairs."""
    order = POLICY.rules
    sampler = random.Random(1)
    pairs = [(one, other) for one in RuleName for other in RuleName if one is not other]
    for pair in sampler.sample(pairs, len(pairs)):
        record = together(pair)
        assert on(JOINED, record).rule is min(matching(record, JOINED), key=order.index)
    assert order.index(RuleName.MERGED) < order.index(RuleName.ERASED)
    assert order.index(RuleName.DECEASED) < order.index(RuleName.WITHDRAWN)
    assert order.index(RuleName.SUSPENDED) < order.index(RuleName.REGISTRATION_REFUSED)
    assert order.index(RuleName.NOT_ADMITTED) < order.index(RuleName.COVERED)


def test_an_order_must_name_every_rule_once() -> None:
    """Else somebody could be left without a status."""
    assert list(POLICY.faults()) == []
    without = replace(POLICY, rules=tuple(r for r in RuleName if r is not RuleName.GRACE))
    assert [reason for _, reason in without.faults()] == ["Must also name: grace."]
    twice = replace(POLICY, rules=(*RuleName, RuleName.GRACE))
    assert [reason for _, reason in twice.faults()] == ["Must name each rule once."]


def versions(*dated: tuple[date, int]) -> Versions[Statuses]:
    each = (
        Version(str(n), day, replace(POLICY, grace_days=grace))
        for n, (day, grace) in enumerate(dated)
    )
    return Versions.of("statuses", each)


def test_what_comes_next_follows_the_policy_of_that_day() -> None:
    """A longer grace from a day on moves the lapse, if it comes into force in time."""
    record, only = member(), versions((date(2000, 1, 1), 30))
    assert next_change(record, only, LAST + ONE_DAY) is not None
    longer = versions((date(2000, 1, 1), 30), (LAST + timedelta(days=5), 60))
    coming = next_change(record, longer, LAST + ONE_DAY)
    assert coming is not None
    assert (coming[0], coming[1].status) == (LAST + timedelta(days=61), Status.LAPSED)
    shorter = versions((date(2000, 1, 1), 30), (LAST + timedelta(days=5), 2))
    coming = next_change(record, shorter, LAST + ONE_DAY)
    assert coming is not None
    assert (coming[0], coming[1].status) == (LAST + timedelta(days=5), Status.LAPSED)


def test_nothing_comes_next_for_who_stays_as_they_are() -> None:
    """The lapsed, the dead, and applicants."""
    only = versions((date(2000, 1, 1), 30))
    assert next_change(member(), only, date(2030, 1, 1)) is None
    assert next_change(member(**FACTS[RuleName.DECEASED]), only, JOINED) is None
    assert next_change(person(), only, JOINED) is None


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 400)), max_size=4),
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 200)), max_size=2),
    st.integers(0, 900),
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 60)), max_size=2),
)
def test_no_status_changes_on_a_day_that_is_no_turning_point(
    seats: list[tuple[int, int]],
    pauses: list[tuple[int, int]],
    ended: int,
    policies: list[tuple[int, int]],
) -> None:
    """So that looking only at those days misses nothing, and the next change is the next one."""
    day = lambda n: JOINED + timedelta(days=n)  # noqa: E731
    record = member(
        entitlements=tuple(seat(day(f), day(f + n)) for f, n in seats),
        suspensions=tuple(Suspension(day(f), "x", day(f), day(f + n)) for f, n in pauses),
        endings=(Ending(EndingKind.WITHDRAWN, day(ended), "x", JOINED),),
    )
    dated = versions((date(2000, 1, 1), 30), *((day(n), grace) for n, grace in policies))
    points = set(turning_points(record, dated, JOINED))
    before, changes = standing(record, dated.on(JOINED).policy, JOINED), []
    for n in range(1, 1400):
        now = standing(record, dated.on(day(n)).policy, day(n))
        if now != before:
            assert day(n) in points
        if now.status is not before.status:
            changes.append((day(n), now))
        before = now
    assert next_change(record, dated, JOINED) == (changes[0] if changes else None)
