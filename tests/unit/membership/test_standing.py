"""Where a person stands on a day: one rule decides, and a status always exists."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.membership.domain.checks import RegistrationCheck
from services.membership.domain.facts import (
    Ending,
    Entitlement,
    Requirement,
    Review,
    Suspension,
    Term,
)
from services.membership.domain.member import Member
from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.policies.terms import TermRule
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.registrant import HeldRegistration
from services.membership.domain.standing import (
    Cover,
    Standing,
    covers,
    latest_cover,
    next_change,
    standing,
    turning_points,
)
from services.membership.domain.terms import (
    EndingKind,
    EntitlementKind,
    Outcome,
    RefusalReason,
    RegisterStatus,
    ReviewOutcome,
    RuleName,
    Status,
)
from tests.unit.membership.builders import BOOK, applicant

ONE_DAY = timedelta(days=1)
JOINED, LAST = date(2026, 3, 1), date(2027, 2, 28)
POLICY = BOOK.statuses.all[0].policy
FOUR_YEARS = [date(2023, 1, 1) + timedelta(days=n) for n in range(1461)]


def term(first: date = JOINED, last: date | None = LAST, recorded: date | None = None) -> Term:
    return Term(first, last, "member", 0, recorded or first, {})


def seat(
    first: date, last: date | None, recorded: date | None = None, replaced: date | None = None
) -> Entitlement:
    return Entitlement(EntitlementKind.SEAT, "org-1", first, recorded or first, last, replaced)


def check(
    status: RegisterStatus | None, on: date, reason: RefusalReason | None = None
) -> RegistrationCheck:
    outcome = Outcome.REFUSED if reason else Outcome.VERIFIED
    return RegistrationCheck("GMC", outcome, on, register_status=status, reason=reason)


VERIFIED = check(RegisterStatus.REGISTERED, JOINED)


def held(*checks: RegistrationCheck, number: int = 1, added: date = JOINED) -> HeldRegistration:
    return HeldRegistration("GMC", f"{number}", f"GMC:{number}", added, checks)


def person(**facts: Any) -> Member:
    """Somebody who has only applied, on the day of joining."""
    made = replace(applicant(), received_on=JOINED, registrations=(held(),), settled=None)
    return replace(made, **facts)


def member(**facts: Any) -> Member:
    """A verified member for a year."""
    sound = {"admitted_on": JOINED, "terms": (term(),), "registrations": (held(VERIFIED),)}
    return person(**{**sound, **facts})


def on(day: date, record: Member, policy: Statuses = POLICY) -> Standing:
    return standing(record, policy, day)


def told(day: date, record: Member) -> tuple[str, str]:
    found = on(day, record)
    return found.status.value, found.reason


# Before admission


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("awaiting_verification", "registration_not_checked")),
        ({"registrations": ()}, ("awaiting_verification", "registration_not_checked")),
        (
            {"registration_required": False},
            ("awaiting_verification", "registration_not_checked"),
        ),
        (
            {"registration_required": False, "registrations": ()},
            ("applicant", "registration_not_required"),
        ),
        ({"registrations": (held(VERIFIED),)}, ("applicant", "registration_verified")),
        (
            {"registrations": (held(), held(VERIFIED, number=2))},
            ("applicant", "registration_verified"),
        ),
        (
            {"registrations": (held(check(None, JOINED, RefusalReason.NOT_ON_REGISTER)),)},
            ("registration_refused", "not_on_register"),
        ),
        (
            {
                "registrations": (
                    held(check(None, JOINED, RefusalReason.NAME_DIFFERS)),
                    held(VERIFIED, number=2),
                )
            },
            ("applicant", "registration_verified"),
        ),
        (
            {"registrations": (held(check(None, JOINED, RefusalReason.SUSPENDED)),)},
            ("registration_refused", "suspended"),
        ),
        (
            {
                "registrations": (
                    held(VERIFIED),
                    held(check(None, JOINED, RefusalReason.SUSPENDED), number=2),
                )
            },
            ("registration_refused", "suspended"),
        ),
        (
            {
                "registrations": (held(VERIFIED),),
                "reviews": (Review("r", "GMC:1", JOINED, "declaration"),),
            },
            ("applicant", "declaration_under_review"),
        ),
        (
            {"endings": (Ending(EndingKind.DECLINED, JOINED, "declined", JOINED),)},
            ("declined", "declined"),
        ),
        (
            {"suspensions": (Suspension(JOINED, "committee", JOINED),)},
            ("awaiting_verification", "registration_not_checked"),
        ),
        ({"terms": (term(),)}, ("awaiting_verification", "registration_not_checked")),
    ],
)
def test_an_applicant_stands_by_registration_and_decision(
    facts: dict[str, Any], expected: tuple[str, str]
) -> None:
    """Cover and suspensions count once somebody is admitted, and not before."""
    record = person(**facts)
    assert told(JOINED, record) == expected
    assert on(JOINED, record).covered_to is None


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_a_refusal_gives_the_registers_reason(reason: RefusalReason) -> None:
    """Whatever it is, for somebody who needs a registration."""
    record = person(registrations=(held(check(None, JOINED, reason)),))
    assert told(JOINED, record) == ("registration_refused", reason.value)


def test_a_registration_given_up_does_not_matter_where_none_is_needed() -> None:
    """A retired member's, for example; one erased or suspended does, and no register's does not."""
    for reason, status in (
        (RefusalReason.RELINQUISHED, "applicant"),
        (RefusalReason.ERASED, "registration_refused"),
        (RefusalReason.SUSPENDED, "registration_refused"),
        (RefusalReason.NOT_ON_REGISTER, "registration_refused"),
    ):
        record = person(
            registration_required=False, registrations=(held(check(None, JOINED, reason)),)
        )
        assert told(JOINED, record)[0] == status


def test_a_member_without_need_of_a_registration_loses_nothing_by_adding_one() -> None:
    """Neither while it is unchecked nor when no register has it; an erased one does count."""
    sound: dict[str, Any] = {"registration_required": False}
    assert told(JOINED, member(**sound, registrations=(held(),))) == ("current", "covered")
    for reason, status in (
        (RefusalReason.NOT_ON_REGISTER, "current"),
        (RefusalReason.NAME_DIFFERS, "current"),
        (RefusalReason.RELINQUISHED, "current"),
        (RefusalReason.ERASED, "registration_refused"),
        (RefusalReason.SUSPENDED, "suspended"),
    ):
        record = member(**sound, registrations=(held(check(None, JOINED, reason)),))
        assert told(JOINED, record)[0] == status


def test_a_member_who_comes_to_need_a_registration_awaits_it_from_that_day() -> None:
    """Not from the day they joined: what was told before stays true."""
    changed = date(2026, 6, 1)
    record = member(
        registrations=(), registration_required=True, requirements=(Requirement(False, changed),)
    )
    assert told(changed - ONE_DAY, record) == ("current", "covered")
    assert told(changed, record) == ("awaiting_verification", "registration_not_checked")


# Cover


def test_every_day_of_a_membership_has_its_status() -> None:
    """Current, due in the last 60 days, grace for 30 more, then lapsed; nothing before joining."""
    record = member()
    assert told(JOINED - ONE_DAY, record)[0] == "awaiting_verification"
    for day in (JOINED + timedelta(days=n) for n in range(800)):
        left = (LAST - day).days
        status, reason = told(day, record)
        if left >= 60:
            assert (status, reason) == ("current", "covered")
        elif left >= 0:
            assert (status, reason) == ("due", "renewal_due")
        elif left >= -30:
            assert (status, reason) == ("grace", "cover_ended")
        else:
            assert (status, reason) == ("lapsed", "grace_ended")
        assert on(day, record).covered_to == LAST


def test_whoever_joins_on_any_day_of_four_years_passes_each_status_once_in_order() -> None:
    """The turns come on the days that follow from the last day of cover, leap day or not."""
    versions = Versions.of("statuses", iter([Version("1", date(2000, 1, 1), POLICY)]))
    for joined in FOUR_YEARS:
        last = TermRule(kind="rolling").last_day(joined)
        assert last is not None
        record = member(
            admitted_on=joined,
            terms=(term(joined, last),),
            registrations=(held(replace(VERIFIED, checked_on=joined), added=joined),),
        )
        turns, day = [], joined
        assert on(joined, record).status is Status.CURRENT
        while (coming := next_change(record, versions, day)) is not None:
            day = coming[0]
            turns.append((day, coming[1].status))
            assert on(day - ONE_DAY, record).status is not coming[1].status
        assert turns == [
            (last - timedelta(days=59), Status.DUE),
            (last + ONE_DAY, Status.GRACE),
            (last + timedelta(days=31), Status.LAPSED),
        ]


@pytest.mark.parametrize(("window", "grace"), [(0, 0), (1, 1), (365, 365), (0, 30), (60, 0)])
def test_window_and_grace_may_have_any_length(window: int, grace: int) -> None:
    """Also none at all; somebody with less cover than the window is due from the first day."""
    policy = replace(POLICY, renewal_window_days=window, grace_days=grace)
    record = member()
    days = [JOINED + timedelta(days=n) for n in range(800)]
    statuses = [on(day, record, policy).status for day in days]
    assert statuses.count(Status.DUE) == min(window, (LAST - JOINED).days + 1)
    assert statuses.count(Status.GRACE) == grace
    order = [Status.CURRENT, Status.DUE, Status.GRACE, Status.LAPSED]
    assert statuses == sorted(statuses, key=order.index)


def test_cover_without_an_end_is_never_due() -> None:
    """A life membership stays current."""
    record = member(terms=(term(JOINED, None),))
    assert on(date(2100, 1, 1), record) == Standing(
        Status.CURRENT, RuleName.COVERED, "covered", None
    )


def test_a_member_who_was_never_covered_has_lapsed() -> None:
    """Also while cover is still to come."""
    assert told(JOINED, member(terms=())) == ("lapsed", "never_covered")
    later = member(terms=(), entitlements=(seat(JOINED + ONE_DAY, None, JOINED),))
    assert told(JOINED, later) == ("lapsed", "never_covered")
    assert told(JOINED + ONE_DAY, later) == ("current", "covered")


def test_stretches_of_cover_that_touch_are_one() -> None:
    """A gap of a day parts them; one within another adds nothing; no end has the last word."""
    after = LAST + ONE_DAY
    for entitlement, expected in (
        (seat(after, date(2027, 6, 30)), [Cover(JOINED, date(2027, 6, 30))]),
        (seat(JOINED + ONE_DAY, LAST - ONE_DAY), [Cover(JOINED, LAST)]),
        (seat(date(2026, 1, 1), date(2026, 4, 1)), [Cover(date(2026, 1, 1), LAST)]),
        (seat(after, None), [Cover(JOINED, None)]),
        (
            seat(after + ONE_DAY, date(2027, 6, 30)),
            [Cover(JOINED, LAST), Cover(after + ONE_DAY, date(2027, 6, 30))],
        ),
        (seat(after + 30 * ONE_DAY, LAST), [Cover(JOINED, LAST)]),
    ):
        assert covers(member(entitlements=(entitlement,)), date(2030, 1, 1)) == expected


def test_an_open_end_swallows_what_comes_later() -> None:
    """Nothing begins anew while cover goes on."""
    record = member(terms=(term(JOINED, None),), entitlements=(seat(LAST, date(2029, 1, 1)),))
    assert covers(record, date(2030, 1, 1)) == [Cover(JOINED, None)]


def test_cover_to_the_last_day_there_is_has_an_end_nobody_sees() -> None:
    """31 December 9999 is taken as it is."""
    record = member(terms=(term(JOINED, date.max),), entitlements=(seat(LAST, date.max),))
    assert told(date(2500, 1, 1), record) == ("current", "covered")
    versions = Versions.of("statuses", iter([Version("1", date(2000, 1, 1), POLICY)]))
    assert max(turning_points(record, versions, JOINED)) == date.max


def test_a_past_day_is_judged_by_what_was_on_record() -> None:
    """A term paid for late, in grace, does not change that there was grace."""
    paid = LAST + timedelta(days=10)
    record = member(terms=(term(), term(LAST + ONE_DAY, date(2028, 2, 29), paid)))
    assert told(paid - ONE_DAY, record) == ("grace", "cover_ended")
    assert told(paid, record) == ("current", "covered")
    assert on(paid - ONE_DAY, record).covered_to == LAST


def test_an_entitlement_counts_with_the_dates_it_had() -> None:
    """Shortened or prolonged since, what was known then stays true."""
    changed = date(2026, 6, 15)
    record = member(
        terms=(),
        entitlements=(
            seat(JOINED, date(2026, 5, 31), replaced=changed),
            seat(JOINED, date(2026, 12, 31), recorded=changed),
        ),
    )
    assert told(changed - ONE_DAY, record) == ("grace", "cover_ended")
    assert told(changed, record) == ("current", "covered")
    shortened = (
        seat(JOINED, date(2026, 12, 31), replaced=changed),
        seat(JOINED, date(2026, 5, 31), recorded=changed),
    )
    record = member(terms=(), entitlements=shortened)
    assert told(changed - ONE_DAY, record) == ("current", "covered")
    assert told(changed, record) == ("grace", "cover_ended")


def test_the_cover_of_a_day_is_the_last_that_has_begun() -> None:
    """One still to come is not counted yet."""
    record = member(entitlements=(seat(date(2028, 1, 1), None, JOINED),))
    assert latest_cover(record, LAST) == Cover(JOINED, LAST)
    assert latest_cover(record, date(2027, 12, 31)) == Cover(JOINED, LAST)
    assert latest_cover(record, date(2028, 1, 1)) == Cover(date(2028, 1, 1), None)
    assert latest_cover(record, JOINED - ONE_DAY) is None


# Endings, suspensions, reviews


def test_an_ending_counts_from_its_day_once_recorded_until_it_is_reversed() -> None:
    """A death recorded late does not change what was told before."""
    died, recorded, reversed_on = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
    record = member(endings=(Ending(EndingKind.DECEASED, died, "deceased", recorded, reversed_on),))
    assert told(recorded - ONE_DAY, record)[0] == "current"
    assert told(recorded, record) == ("deceased", "deceased")
    assert told(reversed_on - ONE_DAY, record)[0] == "deceased"
    assert told(reversed_on, record)[0] == "current"


def test_a_suspension_counts_to_its_last_day() -> None:
    """And has no end where none was set."""
    begun, last = date(2026, 5, 1), date(2026, 6, 30)
    record = member(suspensions=(Suspension(begun, "committee", begun, last),))
    assert told(begun - ONE_DAY, record)[0] == "current"
    assert told(begun, record) == told(last, record) == ("suspended", "committee")
    assert told(last + ONE_DAY, record)[0] == "current"
    assert told(date(2099, 1, 1), member(suspensions=(Suspension(begun, "committee", begun),))) == (
        "suspended",
        "committee",
    )


def test_a_regulators_suspension_goes_before_the_bodys_own() -> None:
    """The reason says whose it is."""
    record = member(
        registrations=(held(VERIFIED, check(None, JOINED, RefusalReason.SUSPENDED)),),
        suspensions=(Suspension(JOINED, "committee", JOINED),),
    )
    assert told(JOINED, record) == ("suspended", "registration_suspended")


def test_only_the_last_look_at_each_register_counts() -> None:
    """On the day it was made and after."""
    suspended = check(RegisterStatus.SUSPENDED, date(2026, 5, 1), RefusalReason.SUSPENDED)
    restored = check(RegisterStatus.REGISTERED, date(2026, 6, 1))
    record = member(registrations=(held(VERIFIED, suspended, restored),))
    assert told(date(2026, 4, 30), record)[0] == "current"
    assert told(date(2026, 5, 1), record)[0] == told(date(2026, 5, 31), record)[0] == "suspended"
    assert told(date(2026, 6, 1), record)[0] == "current"


def test_a_review_is_open_until_the_day_of_the_decision() -> None:
    """As was told on each day."""
    opened, decided = date(2026, 3, 5), date(2026, 3, 20)
    review = Review("r", "GMC:1", opened, "declaration", "", ReviewOutcome.CLEARED, decided)
    record = person(registrations=(held(VERIFIED),), reviews=(review,))
    assert told(opened - ONE_DAY, record)[1] == "registration_verified"
    assert told(opened, record)[1] == told(decided - ONE_DAY, record)[1]
    assert told(opened, record)[1] == "declaration_under_review"
    assert told(decided, record)[1] == "registration_verified"


# The order of the rules

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


# What comes next


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
