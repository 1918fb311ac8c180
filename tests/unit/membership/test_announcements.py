"""Every change of status is told once, dated by the day it happened, however late it is noticed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.membership.domain.member import Member
from services.membership.domain.policies.book import PolicyBook
from services.membership.domain.policies.versions import Version, Versions
from services.membership.domain.terms import (
    EntitlementKind,
    RegisterStatus,
    ReviewOutcome,
    RuleName,
    Status,
)
from services.membership.events import (
    MemberDeceased,
    MemberEnteredGrace,
    MemberLapsed,
    MemberReinstated,
    MemberRemoved,
    MemberSuspended,
    MemberWithdrawn,
    RenewalDue,
    StandingChanged,
)
from tests.unit.membership.builders import BOOK, REGULATORS, TODAY, applicant, entry

LAST = date(2027, 11, 22)  # of a year from TODAY
DUE, GRACE, LAPSE = date(2027, 9, 24), date(2027, 11, 23), date(2027, 12, 23)
ONE_DAY = timedelta(days=1)
KEY = "GMC:0712345"


def admitted(**changes: Any) -> Member:
    """A member admitted today, with what was told so far forgotten."""
    member = applicant(**changes)
    if member.registrations:
        member.check(KEY, entry(), "r-1", TODAY)
    member.settle(BOOK, TODAY)
    member.admit(BOOK, TODAY)
    member.settle(BOOK, TODAY)
    member.forget_recorded()
    return member


def settled(member: Member, day: date, book: PolicyBook = BOOK) -> tuple[Any, ...]:
    """What settling on a day tells."""
    member.forget_recorded()
    member.settle(book, day)
    return member.recorded


def changed(status: str, reason: str, since: date) -> StandingChanged:
    return StandingChanged("m-1", status, reason, since)


def with_statuses(*dated: tuple[date, dict[str, Any]]) -> PolicyBook:
    first = BOOK.statuses.all[0]
    later = (
        Version(f"v{n}", day, replace(first.policy, **changes))
        for n, (day, changes) in enumerate(dated, 2)
    )
    return replace(BOOK, statuses=Versions.of("statuses", iter([first, *later])))


ALL_OF_IT = (
    changed("due", "renewal_due", DUE),
    RenewalDue("m-1", "member", LAST),
    changed("grace", "cover_ended", GRACE),
    MemberEnteredGrace("m-1", "member", LAST, LAPSE),
    changed("lapsed", "grace_ended", LAPSE),
    MemberLapsed("m-1", "member", LAPSE),
)


def test_a_year_passes_and_everything_is_told_on_its_day() -> None:
    """Renewal due, grace and lapse, each with the change of standing, and nothing in between."""
    member = admitted()
    told: list[Any] = []
    for n in range(800):
        today = TODAY + timedelta(days=n)
        news = settled(member, today)
        assert all(event.since == today for event in news if isinstance(event, StandingChanged))
        told += news
    assert tuple(told) == ALL_OF_IT


@pytest.mark.parametrize("days", [(300, 400, 800), (799,), (305, 366), (395, 396), (304,)])
def test_after_any_gap_the_same_is_told(days: tuple[int, ...]) -> None:
    """With the dates on which it happened, in order, each once; a repetition adds nothing."""
    member, told = admitted(), ()
    for n in days:
        told += settled(member, TODAY + timedelta(days=n))
        assert settled(member, TODAY + timedelta(days=n)) == ()
    last = TODAY + timedelta(days=days[-1])
    assert told == tuple(e for e in ALL_OF_IT if _happened(e) <= last)


def _happened(event: Any) -> date:
    days = {RenewalDue: DUE, MemberEnteredGrace: GRACE, MemberLapsed: LAPSE}
    return days.get(type(event)) or event.since


def test_admission_is_told_by_its_own_event_alone() -> None:
    """Who now is a member has no change of standing to be told of."""
    member = applicant()
    member.check(KEY, entry(), "r-1", TODAY)
    assert settled(member, TODAY) == ()
    member.admit(BOOK, TODAY)
    assert settled(member, TODAY) == ()
    assert member.settled is not None
    assert (member.settled.status, member.settled.since) == (Status.CURRENT, TODAY)


def test_what_changed_before_admission_is_no_change_of_a_membership() -> None:
    """Though it is noticed only after it: a policy had asked in another order meanwhile."""
    rules = BOOK.statuses.all[0].policy.rules
    order = (RuleName.NOT_ADMITTED, *(rule for rule in rules if rule is not RuleName.NOT_ADMITTED))
    other, later = with_statuses((TODAY + ONE_DAY, {"rules": order})), TODAY + 5 * ONE_DAY
    member = applicant()
    member.check(KEY, entry(), "r-1", later)
    member.admit(other, later)
    assert settled(member, later, other) == ()


def test_who_is_admitted_while_suspended_is_told_as_suspended() -> None:
    """Else others would take the admission for a good standing."""
    member = applicant()
    member.check(KEY, entry(), "r-1", TODAY)
    member.declare_sanction(KEY, "a warning elsewhere", "r-2", TODAY)
    member.decide_review("r-2", ReviewOutcome.SUSPENDED, "x", "chair", None, TODAY)
    member.settle(BOOK, TODAY)
    member.admit(BOOK, TODAY)
    assert settled(member, TODAY) == (
        changed("suspended", "committee", TODAY),
        MemberSuspended("m-1", "committee", TODAY),
    )


def test_a_member_who_awaits_verification_is_told_in_and_out() -> None:
    """One whose new grade needs a registration, until the register has it."""
    member = admitted(
        career_stage="student", regulator=None, registration_number=None, profession="doctor"
    )
    graduated, checked = TODAY + timedelta(days=30), TODAY + timedelta(days=40)
    member.change_grade(BOOK, "trainee", graduated)
    assert settled(member, graduated) == (
        changed("awaiting_verification", "registration_not_checked", graduated),
    )
    member.add_registration(REGULATORS.registered("GMC", "0712345", "wales"), checked)
    member.check(KEY, entry(), "r-1", checked)
    assert settled(member, checked) == (changed("current", "covered", checked),)


def test_applicants_have_no_standing_to_tell() -> None:
    """What happens to an application has events of its own."""
    member = applicant()
    member.check(KEY, None, "r-1", TODAY)
    assert settled(member, TODAY) == ()
    member.check(KEY, entry(), "r-2", TODAY)
    member.withdraw(BOOK, TODAY, TODAY)
    assert settled(member, TODAY + timedelta(days=900)) == ()


def test_a_renewal_in_time_is_no_reinstatement() -> None:
    """Due becomes current; the next year's notices come next year."""
    member = admitted()
    settled(member, DUE)
    member.pay(200_000, "payment", "p-1", DUE)
    member.renew(BOOK, DUE)
    assert settled(member, DUE) == (changed("current", "covered", DUE),)
    later = settled(member, date(2028, 11, 22))
    assert later == (
        changed("due", "renewal_due", date(2028, 9, 24)),
        RenewalDue("m-1", "member", date(2028, 11, 22)),
    )


def test_a_suspension_between_repeats_no_notice() -> None:
    """Renewal is due once for each last day of cover."""
    member = admitted()
    settled(member, DUE)
    member.declare_sanction(KEY, "x", "r-2", DUE)
    until = DUE + timedelta(days=9)
    member.decide_review("r-2", ReviewOutcome.SUSPENDED, "x", "chair", until, DUE)
    assert settled(member, DUE) == (
        changed("suspended", "committee", DUE),
        MemberSuspended("m-1", "committee", DUE),
    )
    again = until + timedelta(days=1)
    assert settled(member, GRACE - timedelta(days=1)) == (
        changed("due", "renewal_due", again),
        MemberReinstated("m-1", "suspended", "due", again),
    )


def test_other_cover_has_notices_of_its_own() -> None:
    """A seat that goes on after the term moves them to its own end."""
    member = admitted()
    settled(member, DUE)
    member.entitle(EntitlementKind.SEAT, "org", DUE, date(2028, 3, 31), DUE)
    assert [type(event) for event in settled(member, DUE)] == [StandingChanged]
    told = settled(member, date(2028, 4, 1))
    assert [event for event in told if not isinstance(event, StandingChanged)] == [
        RenewalDue("m-1", "member", date(2028, 3, 31)),
        MemberEnteredGrace("m-1", "member", date(2028, 3, 31), date(2028, 5, 1)),
    ]


def test_endings_are_told_in_their_own_words() -> None:
    """Withdrawn on the day announced, removed and deceased on the day recorded."""
    leaving = TODAY + timedelta(days=100)
    member = admitted()
    member.withdraw(BOOK, leaving, TODAY)
    assert settled(member, TODAY) == ()
    assert settled(member, leaving) == (
        changed("withdrawn", "withdrawn", leaving),
        MemberWithdrawn("m-1", leaving),
    )
    member = admitted()
    member.check(KEY, entry(RegisterStatus.ERASED), "r-2", TODAY)
    told = settled(member, TODAY)
    assert told == (
        changed("removed", "registration_erased", TODAY),
        MemberRemoved("m-1", "registration_erased", TODAY),
    )
    member = admitted()
    member.record_death(TODAY - timedelta(days=3), TODAY)
    assert settled(member, TODAY) == (
        changed("deceased", "deceased", TODAY),
        MemberDeceased("m-1", TODAY),
    )


def test_from_one_rest_to_another_nobody_comes_back() -> None:
    """Who leaves while suspended has left, and no more."""
    member = admitted()
    member.check(KEY, entry(RegisterStatus.SUSPENDED), "r-2", TODAY)
    settled(member, TODAY)
    member.withdraw(BOOK, TODAY, TODAY)
    assert settled(member, TODAY) == (
        changed("withdrawn", "withdrawn", TODAY),
        MemberWithdrawn("m-1", TODAY),
    )


@pytest.mark.parametrize("ended", ["withdraw", "record_death"])
def test_who_comes_back_is_reinstated(ended: str) -> None:
    """With the status before and the one now."""
    member = admitted()
    if ended == "withdraw":
        member.withdraw(BOOK, TODAY, TODAY)
    else:
        member.record_death(TODAY, TODAY)
    settled(member, TODAY)
    again = TODAY + timedelta(days=5)
    member.reinstate(BOOK, again)
    was = "withdrawn" if ended == "withdraw" else "deceased"
    assert settled(member, again) == (
        changed("current", "covered", again),
        MemberReinstated("m-1", was, "current", again),
    )


def test_a_policy_that_comes_into_force_during_downtime_counts_from_its_day() -> None:
    """Days before it are told by the one before: grace begins by the old and ends by the new."""
    shorter = with_statuses((GRACE + timedelta(days=5), {"grace_days": 10}))
    told = settled(admitted(), date(2028, 6, 1), shorter)
    assert told[:4] == ALL_OF_IT[:4]
    assert told[4:] == (
        changed("lapsed", "grace_ended", GRACE + timedelta(days=10)),
        MemberLapsed("m-1", "member", GRACE + timedelta(days=10)),
    )


def test_a_policy_that_ends_a_grace_that_is_over_by_it_counts_on_its_first_day() -> None:
    """Not on a day before it was in force."""
    on = GRACE + timedelta(days=20)
    told = settled(admitted(), date(2028, 6, 1), with_statuses((on, {"grace_days": 10})))
    assert told[-1] == MemberLapsed("m-1", "member", on)


def test_a_longer_grace_takes_a_lapse_back_and_repeats_no_notice() -> None:
    """Lapsed again later is a change of standing, told as such."""
    on = LAPSE + timedelta(days=5)
    told = settled(admitted(), date(2028, 6, 1), with_statuses((on, {"grace_days": 60})))
    assert told[:6] == ALL_OF_IT
    assert told[6:] == (
        changed("grace", "cover_ended", on),
        MemberReinstated("m-1", "lapsed", "grace", on),
        changed("lapsed", "grace_ended", GRACE + timedelta(days=60)),
    )


def test_what_is_stored_says_when_to_look_again() -> None:
    """The next day on which the status changes by itself, none once it cannot."""
    member = admitted()
    for day, upcoming in ((TODAY, DUE), (DUE, GRACE), (GRACE, LAPSE), (LAPSE, None)):
        member.settle(BOOK, day)
        assert member.settled is not None
        assert (member.settled.next_on, member.settled.looked_on) == (upcoming, day)
        assert member.settled.covered_to == LAST
        assert member.settled.policy == BOOK.statuses.all[0].version


def test_what_is_stored_says_since_when_however_late_it_was_looked_at() -> None:
    """The day on which the status became what it is."""
    for day, since in ((DUE + ONE_DAY, DUE), (LAPSE - ONE_DAY, GRACE), (date(2030, 1, 1), LAPSE)):
        member = admitted()
        member.settle(BOOK, day)
        assert member.settled is not None
        assert member.settled.since == since


def test_a_clock_that_goes_back_tells_nothing_twice() -> None:
    """What was told up to a day stays told."""
    member = admitted()
    settled(member, LAPSE)
    assert settled(member, DUE) == ()
    assert member.settled is not None
    assert member.settled.looked_on == LAPSE


def test_another_reason_alone_is_noted_and_not_told() -> None:
    """A regulator's suspension during the committee's changes nothing for others."""
    member = admitted()
    member.declare_sanction(KEY, "x", "r-2", TODAY)
    member.decide_review("r-2", ReviewOutcome.SUSPENDED, "x", "chair", None, TODAY)
    settled(member, TODAY)
    member.check(KEY, entry(RegisterStatus.SUSPENDED), "r-3", TODAY)
    told = settled(member, TODAY)
    assert [event for event in told if isinstance(event, StandingChanged | MemberSuspended)] == []
    assert member.settled is not None
    assert member.settled.reason == "registration_suspended"
