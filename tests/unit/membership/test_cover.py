"""Cover: stretches of days by term or entitlement, and the statuses they give."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.membership.domain.policies.statuses import Statuses
from services.membership.domain.policies.terms import TermRule
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.standing import (
    Cover,
    Standing,
    covers,
    latest_cover,
    next_change,
    turning_points,
)
from services.membership.domain.terms import (
    RuleName,
    Status,
)
from tests.unit.membership.records import (
    FOUR_YEARS,
    JOINED,
    LAST,
    ONE_DAY,
    POLICY,
    VERIFIED,
    held,
    member,
    on,
    seat,
    term,
    told,
)


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


def versions(*dated: tuple[date, int]) -> Versions[Statuses]:
    each = (
        Version(str(n), day, replace(POLICY, grace_days=grace))
        for n, (day, grace) in enumerate(dated)
    )
    return Versions.of("statuses", each)
